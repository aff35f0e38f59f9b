package drivers

import (
	"fmt"
	"strconv"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// The types of keys that are used.
const (
	fanvilKeyNone    = 0
	fanvilKeyMemory  = 1 // dials or watches
	fanvilKeyLine    = 2
	fanvilKeyOldPage = 7
	fanvilKeyPage    = 21 // opens the XML browser
)

// fanvilLongestKey: no source says how much a key holds; this much it does.
const fanvilLongestKey = 127

// fanvilKeys writes every key, nothing on those that are not in use.
func fanvilKeys(s *provision.Sheet, d telephony.Desired, m provision.Model) {
	keys, _ := provision.LayKeys(fanvilInfo, d)
	row := fanvilType(m.Name)
	for n := range m.Keys {
		name := fanvilKeyName(row, n+1)
		if n >= len(keys) {
			fanvilSetKey(s, name, fanvilKeyNone, "", "")
			continue
		}
		switch k := keys[n]; {
		case k.Page != "":
			fanvilSetKey(s, name, fanvilPageType(row), k.Page.Reveal(), k.Label)
		case k.Kind == provision.KeyLine:
			fanvilSetKey(s, name, fanvilKeyLine, "SIP"+strconv.Itoa(k.Port), k.Label)
		case k.Kind == provision.KeyWatch:
			fanvilSetKey(s, name, fanvilKeyMemory, fmt.Sprintf("%s@%d/ba", k.Value, k.Port), k.Label)
		default:
			fanvilSetKey(s, name, fanvilKeyMemory, fmt.Sprintf("%s@%d/f", k.Value, k.Port), k.Label)
		}
	}
}

// fanvilKeyName is key n of a model, from 1: first those beside the display, page
// by page, then the others.
func fanvilKeyName(row, n int) string {
	t, kind := fanvilTypes[row], "dssSide"
	per := t.side
	if beside := t.side * t.sides; n > beside {
		n, kind, per = n-beside, "internal", t.keys
	}
	per = max(per, 1)
	return fmt.Sprintf("dsskey.%s.%d.Fkey.%d.", kind, max(n-1, 0)/per+1, max(n-1, -1)%per+1)
}

func fanvilPageType(row int) int {
	if fanvilTypes[row].form == fanvilOld {
		return fanvilKeyOldPage
	}
	return fanvilKeyPage
}

func fanvilSetKey(s *provision.Sheet, name string, kind int, value, label string) {
	s.Set(name+"Type", kind)
	s.Set(name+"Value", value)
	s.Set(name+"Title", label)
}

// PageKey is a key of type XML browser, as on the first model.
func (fanvil) PageKey(n, _ int, label, url string) ([]provision.Setting, bool) {
	if len(url) > fanvilLongestKey {
		return nil, false
	}
	s := fanvilCatalogue.Sheet(3)
	fanvilSetKey(s, fanvilKeyName(0, n), fanvilKeyPage, url, label)
	settings, err := s.Settings()
	return settings, err == nil
}
