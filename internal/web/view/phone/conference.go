package phone

import "tischlein/internal/provision"

// conference stands in the middle of a table.
func conference(p *pen, s provision.Screen) (w, h float64) {
	const r = 168.0
	x, y := r+4, r+4
	p.circle("ph-body", x, y, r)
	p.circle("ph-cradle", x, y, r-14)
	for i := range 3 {
		p.path("ph-mesh", x, y, arc(r-24-float64(i)*9))
	}
	glass := box{x - 104, y - 96, 208, 112}
	p.rect("ph-glass", glass, 10)
	one := s
	one.Body.Soft = make([]provision.SoftKey, 3)
	display(p, one, glass.in(8, 8), nil)
	for i, digit := range digits {
		k := box{x - 66 + float64(i%3)*46, y + 26 + float64(i/3)*25, 40, 19}
		p.rect("ph-key", k, 6)
		p.put("ph-digit", k, 11, centre, digit)
	}
	return 2 * x, 2 * y
}

// arc is two bows left and right of a centre, over a third of the circle.
func arc(r float64) string {
	dx, dy := r*0.89, r*0.45
	right := "M" + number(dx) + " " + number(-dy) + " A" + number(r) + " " + number(r) + " 0 0 1 " + number(dx) + " " + number(dy)
	return right + " M" + number(-dx) + " " + number(-dy) + " A" + number(r) + " " + number(r) + " 0 0 0 " + number(-dx) + " " + number(dy)
}
