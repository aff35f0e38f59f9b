package drivers

import (
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// Screen reads the same faces and keys as the configuration does. The idle display
// shows the two rows of the line in use.
func (mitel) Screen(d telephony.Desired, model string) provision.Screen {
	s := provision.IdleScreen(mitelInfo, d, model, mitelBody)
	m, _ := mitelInfo.Model(s.Model)
	for n, l := range s.Lines {
		first, second := mitelRows(provision.FaceAt(d, l.Port), m)
		s.Lines[n].Label = strings.TrimSpace(first + " " + second)
		if n > 0 {
			continue
		}
		for _, row := range []string{first, second} {
			if row != "" {
				s.Text = append(s.Text, row)
			}
		}
	}
	return s.WithKeys(provision.ScreenKeys(mitelAsked(m), d, m, func(k provision.PlacedKey) string {
		return mitelCatalogue.Shown("topsoftkey1 label", mitelPlain(k.Label))
	}))
}

var mitelBodies = []bodyRow{
	{"6930 6930w", provision.Display{Width: 480, Height: 272, Tenths: 43, Colour: true}, 6, 6, 0},
	{"6920 6920w", provision.Display{Width: 320, Height: 240, Tenths: 35, Colour: true}, 3, 3, 0},
	{"6940 6940w 6873i", provision.Display{Width: 800, Height: 480, Tenths: 70, Colour: true, Touch: true}, 6, 6, 0},
	{"6869i", provision.Display{Width: 480, Height: 272, Tenths: 43, Colour: true}, 5, 5, 0},
	{"6867i", provision.Display{Width: 320, Height: 240, Tenths: 35, Colour: true}, 0, 6, 0},
	{"6915 6915d", provision.Display{Width: 320, Height: 240, Tenths: 28, Colour: true}, 3, 3, 0},
	{"6970", provision.Display{Width: 320, Height: 240, Tenths: 35, Colour: true}, 0, 0, 0},
	{"6739i", provision.Display{Width: 640, Height: 480, Tenths: 57, Colour: true, Touch: true}, 5, 5, 0},
	{"6737i 6757i 9480i", provision.Display{Width: 144, Height: 128, Tenths: 36}, 3, 3, 0},
	{"6735i 6755i", provision.Display{Width: 144, Height: 75, Tenths: 32}, 0, 0, 6},
	{"6730i 6731i 6751i 6753i 9143i", provision.Display{Width: 128, Height: 48, Tenths: 27}, 0, 0, 8},
	{"6863i 6865i 6905 6910", provision.Display{Width: 128, Height: 48, Tenths: 28}, 0, 0, 8},
}

func mitelBody(m provision.Model) provision.Body {
	b := drawn(provision.Body{Shape: provision.ShapeDesk, PageKey: true}, mitelBodies, m)
	if m.Name == "6970" {
		b.Shape = provision.ShapeConference
	}
	if mitelFamily(m.Name) != mitelProgrammable {
		b.Soft = make([]provision.SoftKey, 4)
	}
	return b
}
