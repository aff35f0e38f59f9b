package drivers

import (
	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// Screen reads the same faces and keys as the configuration does. Phones with keys
// show the accounts there, the others in the middle.
func (htek) Screen(d telephony.Desired, model string) provision.Screen {
	s := provision.IdleScreen(htekInfo, d, model, htekBody)
	m, _ := htekInfo.Model(s.Model)
	for n, l := range s.Lines {
		label := htekCatalogue.Shown("P20000", provision.FaceAt(d, l.Port).LabelOn(m))
		s.Lines[n].Label = label
		if m.Keys == 0 {
			s.Text = append(s.Text, label)
		}
	}
	return s.WithKeys(provision.ScreenKeys(htekInfo, d, m, func(k provision.PlacedKey) string {
		return htekCatalogue.Shown("P41400", k.Label)
	}))
}

var htekBodies = []bodyRow{
	{"UC926 UC926E", provision.Display{Width: 480, Height: 272, Tenths: 43, Colour: true}, 6, 6, 0},
	{"UC924 UC924E", provision.Display{Width: 480, Height: 320, Tenths: 35, Colour: true}, 4, 4, 0},
	{"UC923 UC912 UC912E UC912G", provision.Display{Width: 320, Height: 240, Tenths: 28, Colour: true}, 3, 3, 0},
	{"UC862 UC860 UC860P", provision.Display{Width: 320, Height: 240, Tenths: 35, Colour: true}, 3, 3, 0},
	{"UC842 UC840 UC840P", provision.Display{Width: 320, Height: 240, Tenths: 28, Colour: true}, 2, 2, 0},
	{"UC903 UC806 UC806T UC806G UC804 UC804T UC804G", provision.Display{Width: 192, Height: 64, Tenths: 31}, 2, 2, 0},
}

func htekBody(m provision.Model) provision.Body {
	b := drawn(provision.Body{Shape: provision.ShapeDesk, PageKey: true, Display: provision.Display{Width: 132, Height: 64, Tenths: 25},
		Soft: usualSoft()}, htekBodies, m)
	return b
}
