package drivers

import (
	"strconv"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// polyLongestKey: no source says what an action holds; more is not tried.
const polyLongestKey = 250

// polyKeys writes every line key of the model, nothing on those that are not in
// use, and the key for logging in or out once more beneath the display: every
// model has soft keys, also those without line keys that can do something.
func polyKeys(s *provision.Sheet, d telephony.Desired, m provision.Model) {
	info := polyFor(m)
	s.Set("feature.enhancedFeatureKeys.enabled", true)
	polySoftKey(s, info, d)
	if m.Keys == 0 {
		return
	}
	s.Set("feature.EFKLineKey.enabled", true)
	s.Set("lineKey.reassignment.enabled", true)
	keys, _ := provision.LayKeys(info, d)
	s.Set("call.directedCallPickupMethod", "legacy") // it dials, rather than to take over by itself
	s.Set("call.directedCallPickupString", d.Pickup())
	watched := 0
	for n := range m.Keys {
		if n >= len(keys) {
			polySetKey(s, n+1, "Unassigned", 0)
			continue
		}
		switch k := keys[n]; {
		case k.Page != "":
			polyAction(s, n+1, k.Label, k.Page.Reveal())
		case k.Kind == provision.KeyLine:
			polySetKey(s, n+1, "Line", k.Port) // it bears the registration's label
		case k.Kind == provision.KeyWatch:
			watched++
			polySetKey(s, n+1, "BLF", 0) // the next of the list
			p := "attendant.resourceList." + strconv.Itoa(watched) + "."
			s.Set(p+"address", polyDigits(k.Value)+"@"+d.SIP.Realm)
			s.Set(p+"label", k.Label)
			s.Set(p+"type", "normal")
			if watched == 1 {
				s.Set("attendant.reg", k.Port)
			}
		default:
			polyAction(s, n+1, k.Label, polyDial(k.Value))
		}
	}
}

func polySetKey(s *provision.Sheet, n int, category string, index int) {
	p := "lineKey." + strconv.Itoa(n) + "."
	s.Set(p+"category", category)
	s.Set(p+"index", index)
}

// polyAction puts a macro on line key n: what it dials, or the URL it opens.
func polyAction(s *provision.Sheet, n int, label, action string) {
	polySetKey(s, n, "EFK", n)
	p := "efk.efklist." + strconv.Itoa(n) + "."
	s.Set(p+"mname", "key"+strconv.Itoa(n))
	s.Set(p+"status", true)
	s.Set(p+"label", label)
	s.Set(p+"action.string", action)
}

// polySoftKey is the key for logging in or out beneath the display.
func polySoftKey(s *provision.Sheet, info provision.Info, d telephony.Desired) {
	label, action := polySoftAction(info, d)
	s.Set("softkey.1.enable", label != "")
	s.Set("softkey.1.label", label)
	s.Set("softkey.1.action", action)
	s.Set("softkey.1.use.idle", label != "")
	s.Set("softkey.1.precede", false) // 0: the leftmost place that is free
}

// polySoftAction is what that key does for the first line that has one, "" where
// nobody may log in or out.
func polySoftAction(info provision.Info, d telephony.Desired) (label, action string) {
	for _, l := range d.Lines {
		face := provision.FaceOf(d, l)
		switch {
		case face.Key == "":
		case info.XMLBrowser && face.Page != "" && len(face.Page) <= polyLongestKey:
			return face.Key, face.Page.Reveal()
		case face.Code != "":
			return face.Key, polyDial(face.Code)
		}
	}
	return "", ""
}

// polyDial is the action that calls a number.
func polyDial(number string) string { return polyDigits(number) + "$Tinvite$" }

// polyDigits keeps what can be dialled: a "$" or "!" would be an action of its own.
func polyDigits(number string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("$!@;, ", r) {
			return -1
		}
		return r
	}, provision.Clean(number))
}

// PageKey is line key n, from 1, with a macro that opens the URL.
func (poly) PageKey(n, _ int, label, url string) ([]provision.Setting, bool) {
	if len(url) > polyLongestKey {
		return nil, false
	}
	s := polyCatalogue.Sheet(6)
	polyAction(s, n, label, url)
	settings, err := s.Settings()
	return settings, err == nil
}
