package drivers

import (
	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// Screen reads the same faces and keys as the configuration does. The accounts are
// shown in the middle, since their keys are drawn as nothing that we set.
func (alcatel) Screen(d telephony.Desired, model string) provision.Screen {
	s := provision.IdleScreen(alcatelInfo, d, model, alcatelBody)
	m, _ := alcatelInfo.Model(s.Model)
	for n, l := range s.Lines {
		s.Lines[n].Label = alcatelCatalogue.Shown("Account1Label", provision.FaceAt(d, l.Port).LabelOn(m))
		s.Text = append(s.Text, s.Lines[n].Label)
	}
	return s.WithKeys(provision.ScreenKeys(alcatelInfo, d, m, func(k provision.PlacedKey) string {
		return alcatelCatalogue.Shown("ProgramKey1Label", k.Label)
	}))
}

// alcatelBody is drawn from looking at the phones; nothing that reaches a phone
// depends on it.
func alcatelBody(m provision.Model) provision.Body {
	b := provision.Body{Shape: provision.ShapeDesk, PageKey: true, Display: provision.Display{Width: 480, Height: 272, Tenths: 43, Colour: true}, Left: 4, Right: 4,
		Soft: usualSoft()}
	switch m.Name {
	case "M3":
		b.Display, b.Left, b.Right = provision.Display{Width: 320, Height: 240, Tenths: 28, Colour: true}, 2, 2
	case "M8":
		b.Display, b.Left, b.Right, b.Soft = provision.Display{Width: 1280, Height: 800, Tenths: 80, Colour: true, Touch: true}, 0, 0, nil
	}
	return b
}
