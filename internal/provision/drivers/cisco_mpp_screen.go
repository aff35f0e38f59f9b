package drivers

import (
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// Screen reads the same faces and keys as the configuration does.
func (c ciscoMPP) Screen(d telephony.Desired, model string) provision.Screen {
	return c.screen(ciscoMPPInfo, d, model, ciscoMPPBody)
}

var ciscoMPPBodies = []bodyRow{
	{"8851 8841 8845 8861 8865", provision.Display{Width: 800, Height: 480, Tenths: 50, Colour: true}, 5, 5, 0},
	{"8811", provision.Display{Width: 800, Height: 480, Tenths: 50}, 5, 5, 0},
	{"6871", provision.Display{Width: 480, Height: 272, Tenths: 43, Colour: true}, 3, 3, 0},
	{"6841 6851 6861 7841", provision.Display{Width: 396, Height: 162, Tenths: 35}, 2, 2, 0},
	{"6821", provision.Display{Width: 240, Height: 120, Tenths: 25}, 2, 0, 0},
	{"7821", provision.Display{Width: 396, Height: 162, Tenths: 35}, 2, 0, 0},
	{"7861", provision.Display{Width: 396, Height: 162, Tenths: 35}, 0, 0, 16},
	{"7811", provision.Display{Width: 384, Height: 106, Tenths: 32}, 0, 0, 0},
	{"7832", provision.Display{Width: 384, Height: 128, Tenths: 34}, 0, 0, 0},
	{"8832", provision.Display{Width: 480, Height: 128, Tenths: 39, Colour: true}, 0, 0, 0},
}

func ciscoMPPBody(m provision.Model) provision.Body {
	b := drawn(provision.Body{Shape: provision.ShapeDesk}, ciscoMPPBodies, m)
	if strings.HasSuffix(m.Name, "32") {
		b.Shape = provision.ShapeConference
	}
	b.Soft = []provision.SoftKey{{Symbol: provision.SoftHistory}, {Symbol: provision.SoftContacts},
		{Symbol: provision.SoftNone}, {Symbol: provision.SoftQuiet}}
	return b
}
