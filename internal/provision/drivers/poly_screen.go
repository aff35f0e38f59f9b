package drivers

import (
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// Screen reads the same faces and keys as the configuration does. Phones with keys
// show the first line in the top row, the others all lines in the middle; the key
// for logging in or out also stands beneath the display.
func (poly) Screen(d telephony.Desired, model string) provision.Screen {
	s := provision.IdleScreen(polyInfo, d, model, polyBody)
	m, _ := polyInfo.Model(s.Model)
	for n, l := range s.Lines {
		face := provision.FaceAt(d, l.Port)
		s.Lines[n].Label = polyCatalogue.Shown("reg.1.label", face.LabelOn(m))
		if m.Keys == 0 {
			s.Text = append(s.Text, s.Lines[n].Label)
		}
	}
	if m.Keys > 0 && len(s.Lines) > 0 {
		s.Header.Label = s.Lines[0].Label
	}
	if label, _ := polySoftAction(polyFor(m), d); label != "" && len(s.Body.Soft) > 0 {
		s.Body.Soft[0].Label = label
	}
	return s.WithKeys(provision.ScreenKeys(polyFor(m), d, m, func(k provision.PlacedKey) string {
		if k.Kind == provision.KeyLine { // it bears the registration's
			line, _ := s.Line(k.Port)
			return line.Label
		}
		return polyCatalogue.Shown("efk.efklist.1.label", k.Label)
	}))
}

var polyBodies = []bodyRow{
	{"VVX450 EdgeE400 EdgeE450", provision.Display{Width: 480, Height: 272, Tenths: 43, Colour: true}, 6, 6, 0},
	{"VVX101", provision.Display{Width: 132, Height: 64, Tenths: 25}, 0, 2, 0},
	{"VVX150 VVX201 EdgeE100", provision.Display{Width: 132, Height: 64, Tenths: 25}, 1, 1, 0},
	{"VVX250 EdgeE220", provision.Display{Width: 320, Height: 240, Tenths: 28, Colour: true}, 2, 2, 0},
	{"VVX300 VVX301 VVX310 VVX311", provision.Display{Width: 208, Height: 104, Tenths: 32}, 3, 3, 0},
	{"VVX350 EdgeE300 EdgeE320 EdgeE350 CCX350", provision.Display{Width: 320, Height: 240, Tenths: 35, Colour: true}, 4, 4, 0},
	{"VVX400 VVX401 VVX410 VVX411", provision.Display{Width: 320, Height: 240, Tenths: 35, Colour: true}, 6, 6, 0},
	{"VVX500 VVX501", provision.Display{Width: 320, Height: 240, Tenths: 35, Colour: true, Touch: true}, 6, 6, 0},
	{"VVX600 VVX601 EdgeE500 EdgeE550", provision.Display{Width: 480, Height: 272, Tenths: 43, Colour: true, Touch: true}, 8, 8, 0},
	{"VVX1500", provision.Display{Width: 800, Height: 480, Tenths: 70, Colour: true, Touch: true}, 3, 3, 0},
	{"CCX400 CCX500 CCX505 CCX600 CCX700", provision.Display{Width: 1280, Height: 720, Tenths: 50, Colour: true, Touch: true}, 6, 6, 0},
	{"SPIP321 SPIP331 SPIP335", provision.Display{Width: 102, Height: 33, Tenths: 22}, 0, 0, 0},
	{"SPIP450 SPIP550 SPIP560 SPIP650 SPIP670", provision.Display{Width: 320, Height: 160, Tenths: 37}, 0, 0, 0},
	{"SSIP5000 SSIP6000 SSIP7000", provision.Display{Width: 248, Height: 68, Tenths: 31}, 0, 0, 0},
	{"Trio8300 Trio8500 Trio8800 TrioC60", provision.Display{Width: 854, Height: 480, Tenths: 50, Colour: true, Touch: true}, 0, 0, 0},
}

func polyBody(m provision.Model) provision.Body {
	b := drawn(provision.Body{Shape: provision.ShapeDesk, PageKey: true}, polyBodies, m)
	if strings.HasPrefix(m.Name, "SSIP") || strings.HasPrefix(m.Name, "Trio") {
		b.Shape = provision.ShapeConference
	}
	if b.Shape == provision.ShapeDesk && !b.Display.Touch {
		b.Soft = []provision.SoftKey{{}, {Symbol: provision.SoftContacts}, {Symbol: provision.SoftQuiet}, {Symbol: provision.SoftMenu}}
	}
	return b
}
