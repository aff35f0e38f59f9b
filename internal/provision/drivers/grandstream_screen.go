package drivers

import (
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// Screen reads the same faces and keys as the configuration does. Phones with keys
// show the accounts there, the others in the middle; an adapter shows nothing, its
// ports are drawn with the name that callers see.
func (grandstream) Screen(d telephony.Desired, model string) provision.Screen {
	s := provision.IdleScreen(grandstreamInfo, d, model, grandstreamBody)
	m, _ := grandstreamInfo.Model(s.Model)
	family, _ := grandstreamKind(m)
	for n, l := range s.Lines {
		face := provision.FaceAt(d, l.Port)
		label := grandstreamCatalogue.Shown("P270", face.LabelOn(m))
		if !family.displays() {
			label = grandstreamCatalogue.Shown("P3", face.Display)
		}
		s.Lines[n].Label = label
		if m.Keys == 0 {
			s.Text = append(s.Text, label)
		}
	}
	if m.Keys > 0 && s.Body.Display.Colour && len(s.Lines) > 0 {
		s.Header.Label = s.Lines[0].Label
	}
	return s.WithKeys(provision.ScreenKeys(grandstreamFor(m), d, m, func(k provision.PlacedKey) string {
		return grandstreamCatalogue.Shown("P1465", k.Label)
	}))
}

var grandstreamBodies = []bodyRow{
	{"GRP2614 GRP2616", provision.Display{Width: 320, Height: 240, Tenths: 28, Colour: true}, 2, 2, 10},
	{"GRP2612 GRP2612P GRP2612W", provision.Display{Width: 320, Height: 240, Tenths: 24, Colour: true}, 2, 2, 0},
	{"GRP2613 GRP2613W GXP2130", provision.Display{Width: 320, Height: 240, Tenths: 28, Colour: true}, 3, 3, 0},
	{"GRP2615 GXP2140 GXP2160", provision.Display{Width: 480, Height: 272, Tenths: 43, Colour: true}, 5, 5, 0},
	{"GXP2170", provision.Display{Width: 480, Height: 272, Tenths: 43, Colour: true}, 6, 6, 0},
	{"GXP2135", provision.Display{Width: 320, Height: 240, Tenths: 28, Colour: true}, 4, 4, 0},
	{"GRP2624 GRP2634 GRP2636", provision.Display{Width: 480, Height: 272, Tenths: 43, Colour: true}, 4, 4, 0},
	{"GRP2650 GRP2670", provision.Display{Width: 1024, Height: 600, Tenths: 70, Colour: true, Touch: true}, 6, 6, 0},
	{"GRP2601 GRP2601P GRP2601W GRP2602 GRP2602P GRP2602W GXP1620 GXP1625", provision.Display{Width: 132, Height: 48, Tenths: 22}, 1, 1, 0},
	{"GRP2603 GRP2603P GRP2604 GRP2604P", provision.Display{Width: 132, Height: 64, Tenths: 25}, 3, 0, 10},
	{"GXP1628 GXP1630", provision.Display{Width: 132, Height: 64, Tenths: 25}, 3, 0, 8},
	{"GXP1760 GXP1760W GXP1780 GXP1782", provision.Display{Width: 200, Height: 80, Tenths: 33}, 4, 4, 0},
	{"GXP1400 GXP1405 GXP1450 GXP1610 GXP1615 GXP2100 GXP2110 GXP2120 GXP2124", provision.Display{Width: 180, Height: 60, Tenths: 30}, 0, 0, 0},
	{"GXP2200 GXV3240 GXV3275 GXV3350 GXV3370 GXV3380", provision.Display{Width: 1024, Height: 600, Tenths: 70, Colour: true, Touch: true}, 0, 0, 0},
	{"WP810 WP820 WP825 DP750 DP752", provision.Display{Width: 240, Height: 320, Tenths: 24, Colour: true}, 0, 0, 0},
	{"HT801 HT802 HT812 HT814 HT818", provision.Display{Width: 240, Height: 120, Tenths: 24}, 0, 0, 0},
}

func grandstreamBody(m provision.Model) provision.Body {
	b := drawn(provision.Body{PageKey: true}, grandstreamBodies, m)
	switch {
	case strings.HasPrefix(m.Name, "DP"), strings.HasPrefix(m.Name, "HT"):
		b.Shape = provision.ShapeDECT // an adapter is drawn as a base with its handsets
	case strings.HasPrefix(m.Name, "WP"):
		b.Shape = provision.ShapeHandset
	default:
		b.Shape = provision.ShapeDesk
		if !b.Display.Touch {
			b.Soft = usualSoft()
		}
	}
	return b
}
