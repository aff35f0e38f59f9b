package drivers

import (
	"strconv"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// yealinkKey is one line key.
type yealinkKey struct {
	kind, line   int
	value, label string
	logsOut      bool
}

// yealinkKeyList is the keys in use: each line, then its login or logout key
// (H02). On a linked line there is none (S04, H06).
func yealinkKeyList(d telephony.Desired) []yealinkKey {
	var keys []yealinkKey
	for _, l := range d.Lines {
		face := provision.FaceOf(d, l)
		if face.Label == "" {
			continue
		}
		keys = append(keys, yealinkKey{kind: yealinkKeyLine, line: l.Port})
		k := yealinkKey{yealinkKeyDial, l.Port, face.Code, face.Key, face.LogsOut}
		if u := face.Page.Reveal(); u != "" && len(u) <= yealinkLongestKey {
			k.kind, k.value = yealinkKeyPage, u
		}
		if k.label != "" && k.value != "" {
			keys = append(keys, k)
		}
	}
	return keys
}

// yealinkLongestKey: what is longer is cut by the phone.
const yealinkLongestKey = 99

// yealinkKeys writes every line key, nothing on those that are not in use, so
// that no key of the last person and no hot desking key survives.
func yealinkKeys(s *provision.Sheet, d telephony.Desired, m provision.Model) {
	keys := yealinkKeyList(d)
	for n := 1; n <= m.Keys; n++ {
		k := yealinkKey{kind: yealinkKeyNone}
		if n <= len(keys) {
			k = keys[n-1]
		}
		k.set(s, n)
	}
}

func (k yealinkKey) set(s *provision.Sheet, n int) {
	p := "linekey." + strconv.Itoa(n) + "."
	s.Set(p+"type", k.kind)
	s.Set(p+"line", k.line)
	s.Set(p+"value", k.value)
	s.Set(p+"label", k.label)
}

// PageKey is a line key of type XML browser.
func (yealink) PageKey(n, port int, label, url string) ([]provision.Setting, bool) {
	if len(url) > yealinkLongestKey {
		return nil, false
	}
	s := yealinkCatalogue.Sheet(4)
	yealinkKey{kind: yealinkKeyPage, line: port, value: url, label: label}.set(s, n)
	settings, err := s.Settings()
	return settings, err == nil
}
