package drivers

import (
	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// htekKeys writes every key of the model, nothing on those that are not in use.
// Accounts are counted from 0.
func htekKeys(s *provision.Sheet, d telephony.Desired, m provision.Model) {
	keys, _ := provision.LayKeys(htekInfo, d)
	for n := range m.Keys {
		at, k, kind := htekKeyAt(n+1), provision.PlacedKey{Port: 1}, htekNone
		if n < len(keys) {
			k = keys[n]
			switch k.Kind {
			case provision.KeyLine:
				kind = htekLine
			case provision.KeyWatch:
				kind = htekWatch
			default:
				kind = htekDial
			}
		}
		s.Set(at.kind, kind)
		s.Set(at.mode, false)
		s.Set(at.value, k.Value)
		s.Set(at.label, k.Label)
		s.Set(at.account, k.Port-1)
		s.Clear(at.pickup)
	}
}
