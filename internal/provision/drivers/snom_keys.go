package drivers

import (
	"strconv"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// snomKey is one programmable key in use.
type snomKey struct {
	value, label string
	port         int
	kind         provision.KeyKind
}

// snomLongestKey: a setting holds 255 characters.
const snomLongestKey = 250

// snomKeyList is the keys in use: each line, then its login or logout key (H02).
// On a linked line there is none (S04, H06).
func snomKeyList(d telephony.Desired) []snomKey {
	var keys []snomKey
	for _, l := range d.Lines {
		face := provision.FaceOf(d, l)
		if face.Label == "" {
			continue
		}
		keys = append(keys, snomKey{"line", face.Label, l.Port, provision.KeyLine})
		k := snomKey{"", face.Key, l.Port, provision.KeyLogin}
		if face.LogsOut {
			k.kind = provision.KeyLogout
		}
		switch u := face.Page.Reveal(); {
		case u != "" && len(u) <= snomLongestKey:
			k.value = "url " + u
		case face.Code != "":
			k.value = "speed " + face.Code
		}
		if k.label != "" && k.value != "" {
			keys = append(keys, k)
		}
	}
	return keys
}

// snomKeys writes every key; those that are not in use are plain line keys again.
func snomKeys(s *provision.Sheet, d telephony.Desired, m provision.Model) {
	keys := snomKeyList(d)
	for n := 0; n < m.Keys; n++ {
		k := snomKey{value: "line"}
		if n < len(keys) {
			k = keys[n]
		}
		k.set(s, n)
	}
}

// set writes key n, counted from 0; a key without a port is for the line in use.
func (k snomKey) set(s *provision.Sheet, n int) {
	context := "active"
	if k.port > 0 {
		context = strconv.Itoa(k.port)
	}
	p := "fkey." + strconv.Itoa(n)
	s.Set(p, k.value)
	s.Set(p+".context", context)
	s.Set(p+".label", k.label)
}

// PageKey is a function key of type url: the XML that comes opens the browser.
func (snom) PageKey(n, port int, label, url string) ([]provision.Setting, bool) {
	if len(url) > snomLongestKey {
		return nil, false
	}
	s := snomCatalogue.Sheet(3)
	snomKey{value: "url " + url, label: label, port: port}.set(s, n)
	settings, err := s.Settings()
	return settings, err == nil
}

// snomLabel is the idle text of an identity; on a phone without keys it also says
// what to dial.
func snomLabel(f provision.Face, m provision.Model) string {
	if m.Keys > 0 {
		return f.Label
	}
	return f.WithHint(f.Label, 80)
}
