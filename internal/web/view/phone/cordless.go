package phone

import (
	"strconv"

	"tischlein/internal/provision"
)

// mostHandsets are drawn beside a base; the rest are counted.
const mostHandsets = 3

// dect draws a base with the handset of each used line; a cordless phone without
// a base is one handset.
func dect(p *pen, s provision.Screen) (w, h float64) {
	const high, wide, apart = 300.0, 124.0, 18.0
	x := 4.0
	if s.Body.Shape == provision.ShapeDECT {
		base(p, s, box{x, 118, 148, 178})
		x += 148 + 26
	}
	lines := s.Lines
	if len(lines) == 0 {
		lines = []provision.ScreenLine{{}}
	}
	for _, l := range lines[:min(len(lines), mostHandsets)] {
		cordless(p, s, l, box{x, 24, wide, high - 28})
		x += wide + apart
	}
	if more := len(lines) - mostHandsets; more > 0 {
		p.put("ph-more", box{x, 130, 60, 40}, 20, left, "+"+strconv.Itoa(more))
		x += 60
	}
	return x - apart + 8, high + 4
}

// base stands; its lights are the lines in use.
func base(p *pen, s provision.Screen, b box) {
	p.path("ph-wire", b.x+b.w-24, b.y+6, "M0 0 v-84")
	p.circle("ph-body", b.x+b.w-24, b.y-78, 5)
	p.rect("ph-body", b, 16)
	p.rect("ph-cradle", b.in(14, 14), 10)
	p.put("ph-brand", box{b.x + 24, b.y + 26, b.w - 48, 14}, 11, left, fit(s.Vendor, b.w-48, 11))
	p.put("ph-brand", box{b.x + 24, b.y + 42, b.w - 48, 14}, 11, left, fit(s.Model, b.w-48, 11))
	for i, l := range s.Lines[:min(len(s.Lines), 20)] {
		led := provision.LEDOff
		if l.Signal == provision.SignalUp {
			led = provision.LEDGreen
		}
		light(p, box{b.x + 26 + float64(i%5)*21, b.y + 100 + float64(i/5)*16, 12, 5}, led)
	}
}

// cordless is one handset that shows one line.
func cordless(p *pen, s provision.Screen, l provision.ScreenLine, b box) {
	p.rect("ph-handset", b, 26)
	p.line("ph-slot", b.midX()-12, b.y+13, b.midX()+12, b.y+13)
	show := box{b.x + 11, b.y + 24, b.w - 22, 104}
	p.rect("ph-glass", box{show.x - 4, show.y - 4, show.w + 8, show.h + 8}, 8)
	one := s
	one.Text, one.Lines, one.Header.Label, one.Keys = nil, nil, "", nil
	one.Body.Left, one.Body.Right = 0, 0
	one.Body.Soft = make([]provision.SoftKey, 2)
	if l.Port > 0 {
		one.Lines, one.Text = []provision.ScreenLine{l}, []string{l.Label}
	}
	display(p, one, show, nil)
	ring := box{b.midX() - 22, show.y + show.h + 12, 44, 32}
	p.rect("ph-key", box{b.x + 13, ring.y + 5, 22, 22}, 8)
	p.path("ph-icon ph-icon--call", b.x+24, ring.midY(), symbols["handset"])
	p.rect("ph-ring", ring, 14)
	p.rect("ph-key", ring.in(12, 8), 8)
	p.rect("ph-key", box{b.x + b.w - 35, ring.y + 5, 22, 22}, 8)
	p.path("ph-icon ph-icon--end", b.x+b.w-24, ring.midY()-1, "M-6 2.5 c3 -4.5 9 -4.5 12 0 l-2.2 1.4 l-2.2 -2 v-1.8 h-3.2 v1.8 l-2.2 2 z")
	small := box{b.x + 15, ring.y + ring.h + 11, b.w - 30, b.y + b.h - ring.y - ring.h - 24}
	w, h := (small.w-12)/3, (small.h-15)/4
	for i, digit := range digits {
		k := box{small.x + float64(i%3)*(w+6), small.y + float64(i/3)*(h+5), w, h}
		p.rect("ph-key", k, 5)
		p.put("ph-digit", k, 10, centre, digit)
	}
}
