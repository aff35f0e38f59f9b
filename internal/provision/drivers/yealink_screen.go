package drivers

import (
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// Screen reads the same faces and keys as the configuration does. Phones with a
// colour display name the account in the top row, the others show the logo text;
// one without line keys shows its accounts in the middle.
func (yealink) Screen(d telephony.Desired, model string) provision.Screen {
	s := provision.IdleScreen(yealinkInfo, d, model, yealinkBody)
	m, _ := yealinkInfo.Model(s.Model)
	for n, l := range s.Lines {
		if m.Ports > 1 {
			s.Lines[n].Label = yealinkCatalogue.Shown("handset.1.name", yealinkHandsetName(d, lineAt(d, l.Port)))
		} else {
			s.Lines[n].Label = yealinkCatalogue.Shown("account.1.label", provision.FaceAt(d, l.Port).LabelOn(m))
		}
	}
	switch {
	case m.Keys == 0:
		for _, l := range s.Lines {
			s.Text = append(s.Text, l.Label)
		}
	case s.Body.Display.Colour && len(s.Lines) > 0:
		s.Header.Label = s.Lines[0].Label
	case !s.Body.Display.Colour:
		if logo := yealinkCatalogue.Shown("phone_setting.lcd_logo.text", yealinkLogo(d)); logo != "" {
			s.Text = []string{logo}
		}
	}
	return s.WithKeys(provision.ScreenKeys(yealinkInfo, d, m, func(k provision.PlacedKey) string {
		if k.Kind == provision.KeyLine { // it bears the account's
			line, _ := s.Line(k.Port)
			return line.Label
		}
		return yealinkCatalogue.Shown("linekey.1.label", k.Label)
	}))
}

var yealinkBodies = []bodyRow{
	{"T46U T46G T46S T29G T54S T54W T74U T74W", provision.Display{Width: 480, Height: 272, Tenths: 43, Colour: true}, 5, 5, 0},
	{"T38G", provision.Display{Width: 480, Height: 272, Tenths: 43, Colour: true}, 3, 3, 0},
	{"T48G T48S T48U T57W T77U", provision.Display{Width: 800, Height: 480, Tenths: 70, Colour: true, Touch: true}, 5, 5, 0},
	{"T56A T58A T58V T58W T87W", provision.Display{Width: 1024, Height: 600, Tenths: 70, Colour: true, Touch: true}, 5, 5, 0},
	{"T49G VP59 VP530P T88W T88V", provision.Display{Width: 1280, Height: 800, Tenths: 80, Colour: true, Touch: true}, 5, 5, 0},
	{"T85W", provision.Display{Width: 1280, Height: 720, Tenths: 50, Colour: true}, 5, 5, 0},
	{"T43U T53 T53W", provision.Display{Width: 360, Height: 160, Tenths: 37}, 4, 4, 0},
	{"T27G T27P", provision.Display{Width: 240, Height: 120, Tenths: 37}, 4, 4, 0},
	{"T28P", provision.Display{Width: 320, Height: 160, Tenths: 37}, 0, 6, 0},
	{"T44W T52S T73U T73W", provision.Display{Width: 320, Height: 240, Tenths: 28, Colour: true}, 4, 4, 0},
	{"T33P T33G T34W", provision.Display{Width: 320, Height: 240, Tenths: 24, Colour: true}, 2, 2, 0},
	{"T32G", provision.Display{Width: 320, Height: 240, Tenths: 24, Colour: true}, 0, 3, 0},
	{"T41P T41S T42G T42S T42U", provision.Display{Width: 192, Height: 64, Tenths: 27}, 3, 3, 0},
	{"T40P T40G T22P T23G T23P T26P", provision.Display{Width: 132, Height: 64, Tenths: 23}, 0, 3, 0},
	{"T20P T21P_E2 T31P T31G T31W", provision.Display{Width: 132, Height: 64, Tenths: 23}, 0, 2, 0},
	{"T19P_E2", provision.Display{Width: 132, Height: 64, Tenths: 23}, 0, 0, 0},
	{"CP860 CP920 CP925", provision.Display{Width: 248, Height: 120, Tenths: 31}, 0, 0, 0},
	{"CP960 CP965", provision.Display{Width: 1280, Height: 720, Tenths: 50, Colour: true, Touch: true}, 0, 0, 0},
	{"W52P W56P W60B W70B W75DM W80DM W80B W90DM AX83H AX86R", provision.Display{Width: 240, Height: 320, Tenths: 24, Colour: true}, 0, 0, 0},
}

func yealinkBody(m provision.Model) provision.Body {
	b := drawn(provision.Body{PageKey: true}, yealinkBodies, m)
	switch {
	case m.Ports > 1:
		b.Shape = provision.ShapeDECT
	case strings.HasPrefix(m.Name, "AX"):
		b.Shape = provision.ShapeHandset
	case strings.HasPrefix(m.Name, "CP"):
		b.Shape = provision.ShapeConference
	default:
		b.Shape = provision.ShapeDesk
	}
	if b.Shape == provision.ShapeDesk && !b.Display.Touch {
		b.Soft = usualSoft()
	}
	return b
}
