package drivers

import (
	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// grandstreamLongestKey: no source says what a key holds; more is not tried.
const grandstreamLongestKey = 250

// grandstreamKeys writes every key of the model, nothing on those that are not in
// use. The application of the phone's own soft key is the first page of a key.
func grandstreamKeys(s *provision.Sheet, d telephony.Desired, m provision.Model) {
	info := grandstreamFor(m)
	keys, _ := provision.LayKeys(info, d)
	if m.Keys > 0 { // account 1; no source names the others' numbers
		s.Set("P6752", d.Pickup() != "")
		s.Set("P1347", d.Pickup())
	}
	app, label := "", ""
	for n := range m.Keys {
		if n >= len(keys) {
			grandstreamSetKey(s, grandstreamKeyAt(m, n), grandstreamNone, 0, "", "")
			continue
		}
		k := keys[n]
		mode, value := grandstreamDial, k.Value
		switch {
		case k.Page != "":
			mode, value = grandstreamPages, k.Page.Reveal()
			if app == "" {
				app, label = value, k.Label
			}
		case k.Kind == provision.KeyLine:
			mode = grandstreamLine
		case k.Kind == provision.KeyWatch:
			mode = grandstreamWatch
		}
		grandstreamSetKey(s, grandstreamKeyAt(m, n), mode, k.Port-1, value, k.Label)
	}
	if info.XMLBrowser {
		s.Set("P337", app)
		s.Set("P352", label)
	}
}

// grandstreamKeyAt is the numbers of key n, from 0: first the keys beside the
// display, then the others.
func grandstreamKeyAt(m provision.Model, n int) grandstreamKey {
	if _, beside := grandstreamKind(m); n >= beside {
		return grandstreamMPK(n - beside + 1)
	}
	return grandstreamVPK(n + 1)
}

// grandstreamSetKey writes one key; accounts are counted from 0.
func grandstreamSetKey(s *provision.Sheet, k grandstreamKey, mode string, account int, value, label string) {
	s.Set(k.mode, mode)
	s.Set(k.account, account)
	s.Set(k.label, label)
	s.Set(k.value, value)
}

// PageKey is key n beside the display, from 1, as an XML application.
func (grandstream) PageKey(n, port int, label, url string) ([]provision.Setting, bool) {
	if len(url) > grandstreamLongestKey {
		return nil, false
	}
	s := grandstreamCatalogue.Sheet(4)
	grandstreamSetKey(s, grandstreamVPK(max(n, 1)), grandstreamPages, port-1, url, label)
	settings, err := s.Settings()
	return settings, err == nil
}
