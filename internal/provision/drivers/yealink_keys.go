package drivers

import (
	"strconv"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// The types of line keys that are used.
const (
	yealinkKeyNone  = 0
	yealinkKeyDial  = 13 // speed dial: dials a code
	yealinkKeyLine  = 15
	yealinkKeyWatch = 16 // BLF
	yealinkKeyPage  = 27 // XML browser: opens a URL
)

// yealinkLongestKey: what is longer is cut by the phone.
const yealinkLongestKey = 99

// yealinkKeys writes every line key, nothing on those that are not in use, so
// that no key of the last person and no hot desking key survives.
func yealinkKeys(s *provision.Sheet, d telephony.Desired, m provision.Model) {
	keys, _ := provision.LayKeys(yealinkInfo, d)
	s.Set("features.pickup.direct_pickup_enable", d.Pickup() != "")
	s.Set("features.pickup.direct_pickup_code", d.Pickup()) // dialled before the number that is watched
	for n := range m.Keys {
		if n >= len(keys) {
			yealinkSetKey(s, n+1, yealinkKeyNone, 0, "", "")
			continue
		}
		switch k := keys[n]; {
		case k.Page != "":
			yealinkSetKey(s, n+1, yealinkKeyPage, k.Port, k.Page.Reveal(), k.Label)
		case k.Kind == provision.KeyLine:
			yealinkSetKey(s, n+1, yealinkKeyLine, k.Port, "", "") // it bears the account's label
		case k.Kind == provision.KeyWatch:
			yealinkSetKey(s, n+1, yealinkKeyWatch, k.Port, k.Value, k.Label)
		default:
			yealinkSetKey(s, n+1, yealinkKeyDial, k.Port, k.Value, k.Label)
		}
	}
}

func yealinkSetKey(s *provision.Sheet, n, kind, port int, value, label string) {
	p := "linekey." + strconv.Itoa(n) + "."
	s.Set(p+"type", kind)
	s.Set(p+"line", port)
	s.Set(p+"value", value)
	s.Set(p+"label", label)
}

// PageKey is a line key of type XML browser.
func (yealink) PageKey(n, port int, label, url string) ([]provision.Setting, bool) {
	if len(url) > yealinkLongestKey {
		return nil, false
	}
	s := yealinkCatalogue.Sheet(4)
	yealinkSetKey(s, n, yealinkKeyPage, port, url, label)
	settings, err := s.Settings()
	return settings, err == nil
}
