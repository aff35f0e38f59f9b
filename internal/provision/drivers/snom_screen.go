package drivers

import (
	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// Screen reads the same faces and keys as the configuration does. The idle
// display shows the idle text of each identity.
func (snom) Screen(d telephony.Desired, model string) provision.Screen {
	s := provision.IdleScreen(snomInfo, d, model, snomBody)
	m, _ := snomInfo.Model(s.Model)
	for n, l := range s.Lines {
		label := snomCatalogue.Shown("user_idle_text.1", provision.FaceAt(d, l.Port).LabelOn(m))
		s.Lines[n].Label = label
		s.Text = append(s.Text, label)
	}
	return s.WithKeys(provision.ScreenKeys(snomInfo, d, m, func(k provision.PlacedKey) string {
		return snomCatalogue.Shown("fkey.1.label", k.Label)
	}))
}

var snomBodies = []bodyRow{
	{"D785", provision.Display{Width: 480, Height: 272, Tenths: 43, Colour: true}, 0, 0, 6},
	{"D385", provision.Display{Width: 480, Height: 272, Tenths: 43, Colour: true}, 0, 0, 12},
	{"D865", provision.Display{Width: 1280, Height: 720, Tenths: 50, Colour: true}, 5, 5, 0},
	{"D862", provision.Display{Width: 800, Height: 480, Tenths: 50, Colour: true}, 4, 4, 0},
	{"D815", provision.Display{Width: 480, Height: 272, Tenths: 43, Colour: true}, 5, 5, 0},
	{"D735 D335", provision.Display{Width: 320, Height: 240, Tenths: 27, Colour: true}, 4, 4, 0},
	{"D717", provision.Display{Width: 426, Height: 240, Tenths: 28, Colour: true}, 0, 3, 0},
	{"D713 D812", provision.Display{Width: 396, Height: 162, Tenths: 29}, 2, 2, 0},
	{"D745", provision.Display{Width: 256, Height: 128, Tenths: 32}, 0, 0, 8},
	{"D345", provision.Display{Width: 256, Height: 128, Tenths: 32}, 0, 0, 12},
	{"D375 821", provision.Display{Width: 480, Height: 272, Tenths: 43, Colour: true}, 0, 0, 12},
	{"870", provision.Display{Width: 480, Height: 272, Tenths: 43, Colour: true, Touch: true}, 4, 4, 0},
	{"D765 760", provision.Display{Width: 320, Height: 240, Tenths: 35, Colour: true}, 0, 0, 16},
	{"D725 725 720", provision.Display{Width: 256, Height: 128, Tenths: 32}, 0, 0, 18},
	{"D710 D712 D715 D305 D315 710 715", provision.Display{Width: 256, Height: 128, Tenths: 32}, 0, 0, 5},
	{"320 370", provision.Display{Width: 240, Height: 128, Tenths: 39}, 0, 0, 12},
	{"300", provision.Display{Width: 192, Height: 64, Tenths: 27}, 0, 0, 6},
	{"D140 D150", provision.Display{Width: 132, Height: 64, Tenths: 23}, 0, 0, 5},
	{"D120", provision.Display{Width: 132, Height: 64, Tenths: 23}, 0, 0, 0},
}

func snomBody(m provision.Model) provision.Body {
	b := drawn(provision.Body{Shape: provision.ShapeDesk}, snomBodies, m)
	b.Soft = []provision.SoftKey{{Symbol: provision.SoftContacts}, {Symbol: provision.SoftHistory},
		{Symbol: provision.SoftQuiet}, {Symbol: provision.SoftMenu}}
	return b
}
