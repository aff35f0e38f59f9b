package drivers

import (
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// Screen reads the same faces and keys as the configuration does: the title in
// the top row, the labels beside the keys. Without keys, the title is all.
func (fanvil) Screen(d telephony.Desired, model string) provision.Screen {
	s := provision.IdleScreen(fanvilInfo, d, model, fanvilBody)
	m, _ := fanvilInfo.Model(s.Model)
	title := fanvilCatalogue.Shown("phone.display.LCDTitle", fanvilTitle(d, m))
	for n, l := range s.Lines {
		if m.Keys > 0 {
			s.Lines[n].Label = fanvilCatalogue.Shown("dsskey.internal.1.Fkey.1.Title", provision.FaceAt(d, l.Port).Label)
		} else {
			s.Lines[n].Label = title
		}
	}
	if m.Keys == 0 && title != "" {
		s.Text = []string{title}
	} else {
		s.Header.Label = title
	}
	return s.WithKeys(provision.ScreenKeys(fanvilInfo, d, m, func(k provision.PlacedKey) string {
		return fanvilCatalogue.Shown("dsskey.internal.1.Fkey.1.Title", k.Label)
	}))
}

var fanvilBodies = []bodyRow{
	{"X4*", provision.Display{Width: 320, Height: 240, Tenths: 28, Colour: true}, 0, 3, 6},
	{"X5*", provision.Display{Width: 480, Height: 272, Tenths: 35, Colour: true}, 0, 4, 6},
	{"X6*", provision.Display{Width: 480, Height: 272, Tenths: 43, Colour: true}, 0, 5, 12},
	{"X7*", provision.Display{Width: 800, Height: 480, Tenths: 70, Colour: true, Touch: true}, 6, 6, 0},
	{"X210*", provision.Display{Width: 480, Height: 272, Tenths: 43, Colour: true}, 5, 5, 20},
	{"X3*", provision.Display{Width: 320, Height: 240, Tenths: 28, Colour: true}, 0, 3, 0},
	{"X2* W6*", provision.Display{Width: 240, Height: 320, Tenths: 24, Colour: true}, 0, 0, 0},
	{"V62*", provision.Display{Width: 320, Height: 240, Tenths: 27, Colour: true}, 2, 3, 0},
	{"V63* V64*", provision.Display{Width: 320, Height: 240, Tenths: 35, Colour: true}, 3, 4, 0},
	{"V65*", provision.Display{Width: 480, Height: 272, Tenths: 43, Colour: true}, 4, 5, 0},
	{"V67*", provision.Display{Width: 1024, Height: 600, Tenths: 70, Colour: true, Touch: true}, 5, 5, 0},
}

func fanvilBody(m provision.Model) provision.Body {
	b := drawn(provision.Body{Shape: provision.ShapeDesk, PageKey: true, Display: provision.Display{Width: 128, Height: 64, Tenths: 23}}, fanvilBodies, m)
	if strings.HasPrefix(m.Name, "W") {
		b.Shape = provision.ShapeHandset
	}
	if b.Shape == provision.ShapeDesk && !b.Display.Touch {
		b.Soft = usualSoft()
	}
	return b
}
