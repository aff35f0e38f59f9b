package phone

import "tischlein/internal/provision"

// softphone is a window with the account, a field to dial and a keypad.
func softphone(p *pen, s provision.Screen) (w, h float64) {
	win := box{4, 4, 272, 388}
	p.rect("ph-window", win, 12)
	p.path("ph-rule", win.x, win.y+32, "M0 0 h"+number(win.w))
	p.put("ph-window-title", box{win.x + 16, win.y, win.w - 90, 32}, 11, left, fit(s.Model, win.w-90, 11))
	for i := range 3 {
		p.circle("ph-dot", win.x+win.w-18-float64(i)*15, win.y+16, 4)
	}
	p.rect("ph-account", box{win.x + 14, win.y + 46, win.w - 28, 56}, 10)
	p.circle("ph-avatar", win.x+44, win.y+74, 17)
	p.path("ph-avatar-mark", win.x+44, win.y+74, symbols["person"])
	text := box{win.x + 72, win.y + 52, win.w - 72 - 44, 44}
	if len(s.Lines) > 0 {
		l := s.Lines[0]
		lines := wrap(l.Label, text.w/bold, 13, 2)
		for i, t := range lines {
			high := text.h / float64(len(lines))
			p.write("ph-window-text", box{text.x, text.y + float64(i)*high, text.w, high}, 13, left, t)
		}
		p.inside("ph-display ph-display--window", box{win.x + win.w - 42, win.y + 62, 24, 24}, func() { signal(p, l, 12, 12) })
	}
	field := box{win.x + 14, win.y + 116, win.w - 28, 36}
	p.rect("ph-field", field, 8)
	p.line("ph-caret", field.x+13, field.y+10, field.x+13, field.y+field.h-10)
	pad := box{win.x + 34, win.y + 164, win.w - 68, 164}
	for i, digit := range digits {
		x, y := pad.x+pad.w*(float64(i%3)+0.5)/3, pad.y+pad.h*(float64(i/3)+0.5)/4
		p.circle("ph-key", x, y, 18)
		p.put("ph-digit", box{x - 18, y - 18, 36, 36}, 14, centre, digit)
	}
	call := box{win.midX() - 58, win.y + win.h - 50, 116, 34}
	p.rect("ph-call", call, 17)
	p.path("ph-call-mark", call.midX(), call.midY(), symbols["handset"])
	return win.w + 8, win.h + 8
}
