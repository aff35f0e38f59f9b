package phone

import "math"

func hypot(a, b float64) float64 { return math.Hypot(a, b) }

// handsetOnHook lies to the left of the body; its cord runs beneath.
func handsetOnHook(p *pen, b, body box) {
	cord(p, b.midX(), b.y+b.h-6, body.x+44, body.y+body.h)
	p.rect("ph-handset", b, 22)
	end := min(b.h*0.27, 88)
	for _, y := range []float64{b.y, b.y + b.h - end} {
		p.rect("ph-ear", box{b.x + 7, y + 7, b.w - 14, end - 14}, 15)
	}
	p.rect("ph-grip", box{b.x + 15, b.y + end + 4, b.w - 30, b.h - 2*end - 8}, 13)
	slots(p, b.midX(), b.y+end/2)
	slots(p, b.midX(), b.y+b.h-end/2)
}

// slots are the holes one speaks into, or listens at.
func slots(p *pen, x, y float64) {
	for _, dy := range []float64{-7, 0, 7} {
		w := 11.0
		if dy != 0 {
			w = 7
		}
		p.line("ph-slot", x-w, y+dy, x+w, y+dy)
	}
}

// cord hangs from the handset and coils away under the body.
func cord(p *pen, x1, y1, x2, y2 float64) {
	const turn = 6.5
	sag := y2 - y1 + 9
	d := "M0 0 V" + number(sag-9) + " q0 9 8 9"
	n := int((x2 - x1 - 8) / turn)
	for range n {
		d += " c5.5 0 7 -9 3 -9 c-4 0 -2 9 3.5 9"
	}
	p.path("ph-cord", x1, y1, d+" q9 0 9 -"+number(sag+y1-y2))
}

var digits = [12]string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"}

// keypad is twelve keys.
func keypad(p *pen, b box) {
	const dx, dy = 8.0, 9.0
	w, h := (b.w-2*dx)/3, (b.h-3*dy)/4
	for i, digit := range digits {
		k := box{b.x + float64(i%3)*(w+dx), b.y + float64(i/3)*(h+dy), w, h}
		p.rect("ph-key", k, 8)
		p.put("ph-digit", k, 14, centre, digit)
	}
}

// navigation is the ring with its key, volume, and the two keys below.
func navigation(p *pen, b box) {
	r := min(b.w/2-8, 44)
	x, y := b.midX(), b.y+r+2
	p.circle("ph-ring", x, y, r)
	p.circle("ph-key", x, y, r*0.42)
	for _, a := range []struct{ dx, dy float64 }{{0, -1}, {1, 0}, {0, 1}, {-1, 0}} {
		cx, cy := x+a.dx*r*0.72, y+a.dy*r*0.72
		// An arrow head that points outwards.
		p.path("ph-mark", cx, cy, "M"+number(-3.5*a.dy-2*a.dx)+" "+number(-3.5*a.dx-2*a.dy)+
			" L"+number(2*a.dx)+" "+number(2*a.dy)+" L"+number(3.5*a.dy-2*a.dx)+" "+number(3.5*a.dx-2*a.dy))
	}
	row := box{b.x, b.y + 2*r + 18, b.w, 20}
	w := (b.w - 8) / 2
	p.rect("ph-key", box{row.x, row.y, w, row.h}, 8)
	p.path("ph-mark", row.x+w/2, row.midY(), symbols["headset"])
	p.rect("ph-key", box{row.x + w + 8, row.y, w, row.h}, 8)
	p.path("ph-mark", row.x+w+8+w/2, row.midY(), symbols["mute"])
	row.y += 30
	p.rect("ph-key", box{row.x, row.y, row.w, row.h}, 10)
	p.path("ph-mark", row.x+16, row.midY(), "M-4 0 h8")
	p.path("ph-mark", row.x+row.w-16, row.midY(), "M-4 0 h8 M0 -4 v8")
	p.path("ph-mark", row.midX(), row.midY(), symbols["speaker"])
}

// symbols are line drawings of about 14 units around 0, 0.
var symbols = map[string]string{
	"history":  "M-5.5 0 a5.5 5.5 0 1 0 1.8 -4.1 M-5.5 -5.5 v3.2 h3.2 M0 -3 v3.2 l2.3 1.4",
	"contacts": "M-4.5 -5.5 h9 v11 h-9 z M-6 -2.5 h2 M-6 0 h2 M-6 2.5 h2 M0 -2.6 a1.4 1.4 0 1 1 -0.01 0 M-2.3 3 a2.4 2.4 0 0 1 4.6 0",
	"quiet":    "M0 -5.5 a5.5 5.5 0 1 1 -0.01 0 M-2.7 0 h5.4",
	"menu":     "M-5 -3.7 h10 M-5 0 h10 M-5 3.7 h10",
	"headset":  "M-5 3 v-2.5 a5 5 0 0 1 10 0 v2.5 M-5 0.5 h2 v3.5 h-2 z M5 0.5 h-2 v3.5 h2 z",
	"mute":     "M-1.8 -5 h3.6 v6 h-3.6 z M-4 -0.5 v0.5 a4 3.6 0 0 0 8 0 v-0.5 M0 3.8 v2 M-5.5 -5 l11 10.5",
	"speaker":  "M-5 -2 h2.5 l3 -2.8 v9.6 l-3 -2.8 h-2.5 z M3 -2.4 a3.2 3.2 0 0 1 0 4.8",
	"login":    "M-0.5 -5 h5 v10 h-5 M-6 0 h7 M-1.5 -2.6 l2.6 2.6 l-2.6 2.6",
	"logout":   "M0.5 -5 h-5 v10 h5 M-1 0 h7 M3.4 -2.6 l2.6 2.6 l-2.6 2.6",
	"handset":  "M-4.6 -4.6 c-1.2 4.8 4.4 10.4 9.2 9.2 l0.6 -2.8 l-2.9 -1.4 l-1.4 1.2 c-1.2 -0.4 -2.1 -1.3 -2.5 -2.5 l1.2 -1.4 l-1.4 -2.9 z",
	"person":   "M0 -5.5 a2.8 2.8 0 1 1 -0.01 0 M-5 5.5 a5 5 0 0 1 10 0",
}
