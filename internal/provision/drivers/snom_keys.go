package drivers

import (
	"strconv"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// snomLongestKey: a setting holds 255 characters.
const snomLongestKey = 250

// snomKey is what a function key holds.
func snomKey(d telephony.Desired, k provision.PlacedKey) string {
	switch {
	case k.Page != "":
		return "url " + k.Page.Reveal()
	case k.Kind == provision.KeyLine:
		return "line"
	case k.Kind == provision.KeyWatch && d.Pickup() != "":
		return "blf sip:" + k.Value + "@" + d.SIP.Realm + "|" + d.Pickup()
	case k.Kind == provision.KeyWatch:
		return "blf sip:" + k.Value + "@" + d.SIP.Realm
	}
	return "speed " + k.Value
}

// snomKeys writes every key; those that are not in use are plain line keys again.
func snomKeys(s *provision.Sheet, d telephony.Desired, m provision.Model) {
	keys, _ := provision.LayKeys(snomInfo, d)
	for n := range m.Keys {
		if n < len(keys) {
			snomSetKey(s, n, keys[n].Port, snomKey(d, keys[n]), keys[n].Label)
		} else {
			snomSetKey(s, n, 0, "line", "")
		}
	}
}

// snomSetKey writes key n, counted from 0; a key without a port is for the line
// in use.
func snomSetKey(s *provision.Sheet, n, port int, value, label string) {
	context := "active"
	if port > 0 {
		context = strconv.Itoa(port)
	}
	p := "fkey." + strconv.Itoa(n)
	s.Set(p, value)
	s.Set(p+".context", context)
	s.Set(p+".label", label)
}

// PageKey is a function key of type url: the XML that comes opens the browser.
func (snom) PageKey(n, port int, label, url string) ([]provision.Setting, bool) {
	if len(url) > snomLongestKey {
		return nil, false
	}
	s := snomCatalogue.Sheet(3)
	snomSetKey(s, n, port, "url "+url, label)
	settings, err := s.Settings()
	return settings, err == nil
}
