package drivers

import (
	"strconv"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// mitelLongestKey: no source says more of the URL of a key than that it is a string.
const mitelLongestKey = 255

// mitelAsked is the vendor as one of its models is: sets with keys beside paper
// have displays of three lines, which cannot ask for two things on one page. Their
// key dials the code.
func mitelAsked(m provision.Model) provision.Info {
	i := mitelInfo
	i.XMLBrowser = mitelFamily(m.Name) != mitelProgrammable
	return i
}

// mitelKeys writes every key, "none" on those that are not in use: so there is no
// key for "do not disturb" either, and without one the phone has none.
func mitelKeys(s *provision.Sheet, d telephony.Desired, m provision.Model) {
	keys, _ := provision.LayKeys(mitelAsked(m), d)
	family := mitelFamily(m.Name)
	s.Set("directed call pickup", d.Pickup() != "")
	if p := d.Pickup(); p != "" {
		s.Set("directed call pickup prefix", p)
	} else {
		s.Clear("directed call pickup prefix")
	}
	for n := range m.Keys {
		if n >= len(keys) {
			mitelSetKey(s, family, n+1, "none", 0, "", "")
			continue
		}
		switch k := keys[n]; {
		case k.Page != "":
			mitelSetKey(s, family, n+1, "xml", k.Port, k.Page.Reveal(), k.Label)
		case k.Kind == provision.KeyWatch:
			mitelSetKey(s, family, n+1, "blf", k.Port, k.Value, k.Label)
		default:
			mitelSetKey(s, family, n+1, "speeddial", k.Port, k.Value, k.Label)
		}
	}
}

func mitelSetKey(s *provision.Sheet, family string, n int, kind string, port int, value, label string) {
	p := family + strconv.Itoa(n) + " "
	s.Set(p+"type", kind)
	s.Set(p+"value", mitelPlain(value))
	s.Set(p+"label", mitelPlain(label))
	if port > 0 {
		s.Set(p+"line", port)
	} else {
		s.Clear(p + "line")
	}
	if family == mitelSoft {
		s.Set(p+"states", "idle")
	}
}

// PageKey is a key of type xml, on the phones whose browser asks for two things.
func (mitel) PageKey(n, port int, label, url string) ([]provision.Setting, bool) {
	if n < 1 || len(url) > mitelLongestKey {
		return nil, false
	}
	s := mitelCatalogue.Sheet(4)
	mitelSetKey(s, mitelTop, n, "xml", port, url, label)
	settings, err := s.Settings()
	return settings, err == nil
}
