package drivers

import (
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// Screen reads the same faces and keys as the configuration does: a desk phone
// shows its accounts' names, a handset the display name of its own.
func (gigaset) Screen(d telephony.Desired, model string) provision.Screen {
	s := provision.IdleScreen(gigasetInfo, d, model, gigasetBody)
	m, _ := gigasetInfo.Model(s.Model)
	shown := "SIP.Account.0.AccountName"
	if m.Ports > 1 {
		shown = "SIP.Account.0.DisplayName"
	}
	for n, l := range s.Lines {
		s.Lines[n].Label = gigasetCatalogue.Shown(shown, gigasetLabel(provision.FaceAt(d, l.Port), m))
		s.Text = append(s.Text, s.Lines[n].Label)
	}
	return s.WithKeys(provision.ScreenKeys(gigasetInfo, d, m, func(k provision.PlacedKey) string {
		return gigasetCatalogue.Shown("PhoneUI.Keys.FunctionKeys.0.DisplayName", k.Label)
	}))
}

func gigasetBody(m provision.Model) provision.Body {
	if !strings.HasPrefix(m.Name, "Maxwell") {
		return provision.Body{Shape: provision.ShapeDECT, Display: provision.Display{Width: 240, Height: 320, Tenths: 24, Colour: true}}
	}
	b := provision.Body{Shape: provision.ShapeDesk, Display: provision.Display{Width: 320, Height: 240, Tenths: 35, Colour: true}}
	switch m.Name {
	case "Maxwell Basic":
		b.Display = provision.Display{Width: 128, Height: 48, Tenths: 27}
	case "Maxwell 4":
		b.Display = provision.Display{Width: 800, Height: 480, Tenths: 50, Colour: true, Touch: true}
		b.Left, b.Right = 4, 4
	default:
		b.Column = 8
	}
	b.Soft = []provision.SoftKey{{Symbol: provision.SoftHistory}, {Symbol: provision.SoftContacts}, {Symbol: provision.SoftMenu}}
	return b
}
