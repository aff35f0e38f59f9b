package provision

import (
	"cmp"
	"slices"

	"tischlein/internal/telephony"
)

// PlacedKey is one programmable key in use. All texts may be foreign.
type PlacedKey struct {
	Kind  KeyKind
	Port  int    // its line
	Label string // KeyLine: the label of the line
	// Page is what a KeyLogin or KeyLogout opens, "" = it dials Value.
	Page  telephony.Secret
	Value string // dialled; KeyWatch: number of the extension that is watched
}

// LeftKey is a key for which the model has no room.
type LeftKey struct {
	Port int
	Key  telephony.Key
}

// LayKeys lays out the keys of a device: first each used line with the key for
// logging in or out there (H02), then the keys of the people, by line, as many as
// the model has (P08). On a linked line there is no such key (S04, H06). The key
// for logging in stands where the person wants it and never falls off the end.
// There are never more than the model has; the rest are the model's empty keys.
func LayKeys(i Info, d telephony.Desired) (keys []PlacedKey, left []LeftKey) {
	model, _ := i.Model(d.Model)
	type desk struct {
		line telephony.Line
		key  *PlacedKey // for logging in or out, nil = none or placed
	}
	var desks []desk
	for _, l := range d.Lines {
		face := FaceOf(d, l)
		if face.Label == "" {
			continue
		}
		if !i.FixedLineKeys {
			keys = append(keys, PlacedKey{Kind: KeyLine, Port: l.Port, Label: face.Label})
		}
		k := face.hotdeskKey(i, l.Port)
		if k != nil && !slices.ContainsFunc(l.Keys, func(k telephony.Key) bool { return k.Kind == telephony.KeyHotdesk }) {
			keys, k = append(keys, *k), nil
		}
		desks = append(desks, desk{l, k})
	}
	keys = keys[:min(len(keys), model.Keys)]
	room := model.Keys - len(keys)
	for n, at := range desks {
		owed := 0 // keys for logging in that later lines still have to get
		for _, later := range desks[n+1:] {
			if later.key != nil {
				owed++
			}
		}
		for _, k := range at.line.Keys {
			if k.Kind == telephony.KeyHotdesk {
				if at.key != nil && room > 0 {
					keys, room, at.key = append(keys, *at.key), room-1, nil
				}
				continue
			}
			kept := owed
			if at.key != nil {
				kept++
			}
			if room <= kept {
				left = append(left, LeftKey{at.line.Port, k})
				continue
			}
			keys, room = append(keys, PlacedKey{Kind: KeyKind(k.Kind), Port: at.line.Port, Label: cmp.Or(k.Label, k.Value), Value: k.Value}), room-1
		}
	}
	return keys, left
}

// hotdeskKey is the key for logging in or out at a line, nil where there is none:
// it opens a page if the phone takes one of that length, else dials the code.
func (f Face) hotdeskKey(i Info, port int) *PlacedKey {
	k := PlacedKey{Kind: KeyLogin, Port: port, Label: f.Key, Value: f.Code}
	if f.LogsOut {
		k.Kind = KeyLogout
	}
	if i.XMLBrowser && (i.PageURLMax == 0 || len(f.Page) <= i.PageURLMax) {
		k.Page = f.Page
	}
	if k.Label == "" || k.Page == "" && k.Value == "" {
		return nil
	}
	return &k
}

// ScreenKeys are the keys of a device as they are drawn as a model, empty ones
// too. label says what a key's label becomes on these phones.
func ScreenKeys(i Info, d telephony.Desired, m Model, label func(PlacedKey) string) []ScreenKey {
	drawn := make([]ScreenKey, m.Keys)
	d.Model = m.Name
	keys, _ := LayKeys(i, d)
	for n, k := range keys {
		drawn[n] = ScreenKey{Kind: k.Kind, Port: k.Port, Label: label(k)}
	}
	return drawn
}
