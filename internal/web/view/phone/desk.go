package phone

import "tischlein/internal/provision"

// Distances of the desk phone, in drawing units.
const (
	perInch  = 64.0 // scale of the display
	narrow   = 196.0
	capW     = 30.0 // key beside the display
	capH     = 15.0
	gap      = 16.0
	lowerH   = 178.0 // keypad and what stands beside it
	padW     = 138.0
	navW     = 112.0
	columnW  = 146.0 // a column of keys with their labels
	columnsW = 124.0 // the same where there are several
	perCol   = 10
	handsetW = 72.0
)

// deskPlan is where everything stands.
type deskPlan struct {
	body, glass, show box
	lower             box
	side              float64 // width of the key columns in the glass
	columns           int
	keysW             float64 // what the columns take, their gaps included
}

func planDesk(b provision.Body) deskPlan {
	d := displaySize(b.Display)
	var side float64
	if b.Left+b.Right > 0 && !b.Display.Touch {
		side = capW + 12
	}
	rows := float64(max(b.Left, b.Right))
	// Small displays are drawn a little taller than they are: their text must
	// be legible.
	d.h = max(d.h, headerH+softH+6+rows*(capH+3), 78)
	columns := (b.Column + perCol - 1) / perCol
	keysW := columnW + gap
	if columns > 1 {
		keysW = columnsW + gap
	}
	keysW *= float64(columns)
	// Where nothing stands beside it, the display grows into the room.
	room := padW + gap + navW
	if side == 0 && d.w+16 < room {
		d.h *= min((room-16)/d.w, 1.25)
		d.w = min(room-16, d.w*1.25)
	}
	glassW := max(d.w+2*side+16, room)
	soft := 0.0
	if len(b.Soft) > 0 {
		soft = 26
	}
	p := deskPlan{side: side, columns: columns, keysW: keysW}
	p.body = box{handsetW + 4, 4, glassW + keysW + 2*gap + 26, gap + d.h + 16 + soft + 18 + lowerH + gap + 6}
	p.glass = box{p.body.x + gap + 26, p.body.y + gap, glassW, d.h + 16}
	p.show = box{p.glass.midX() - d.w/2, p.glass.y + 8, d.w, d.h}
	p.lower = box{p.glass.x, p.glass.y + p.glass.h + soft + 18, glassW, lowerH}
	return p
}

// halves are the places of keypad and navigation.
func (d deskPlan) halves() (pad, nav box) {
	room := d.lower.w
	pad = box{d.lower.x, d.lower.y, min(max(room*0.53, padW), 196), d.lower.h}
	nav = box{0, d.lower.y, min(room-pad.w-gap, 150), d.lower.h}
	rest := room - pad.w - nav.w
	nav.x = pad.x + pad.w + rest
	return pad, nav
}

// displaySize turns pixels and inches into drawing units.
func displaySize(d provision.Display) box {
	w, h := float64(max(d.Width, 1)), float64(max(d.Height, 1))
	diagonal := max(float64(d.Tenths)/10, 2) * perInch
	scale := diagonal / hypot(w, h)
	if w*scale < narrow {
		scale = narrow / w
	}
	return box{w: w * scale, h: h * scale}
}

// desk draws a desk phone: handset, glass with display and line keys, soft keys,
// keypad, navigation, and the keys that stand beside the keypad.
func desk(p *pen, s provision.Screen) (w, h float64) {
	d := planDesk(s.Body)
	handsetOnHook(p, box{4, 18, handsetW, d.body.h - 28}, d.body)
	p.rect("ph-body", d.body, 18)
	p.rect("ph-cradle", box{d.body.x + 8, d.body.y + 26, 18, d.body.h - 52}, 9)
	p.rect("ph-glass", d.glass, 10)
	rows := keyRows(s, d.show)
	display(p, s, d.show, rows)
	sideKeys(p, s, d, rows)
	softKeys(p, s, d)
	pad, nav := d.halves()
	keypad(p, pad)
	navigation(p, nav)
	brand := box{nav.x - 8, nav.y + nav.h - 14, nav.w + 8, 14}
	p.put("ph-brand", brand, 10, right, fit(name(s), brand.w, 10))
	columnKeys(p, s, d)
	return d.body.x + d.body.w + 4, d.body.y + d.body.h + 22
}

// row is one key with its place on the display.
type row struct {
	key   provision.ScreenKey
	at    box // on the display, relative to its corner
	right bool
	pages int // > 0: this key turns the page
}

// keyRows places the keys whose labels stand on the display.
func keyRows(s provision.Screen, show box) []row {
	b := s.Body
	n := max(b.Left, b.Right)
	if n == 0 {
		return nil
	}
	area := box{0, headerH + 2, show.w, show.h - headerH - softH - 4}
	if len(b.Soft) == 0 {
		area.h += softH - 4
	}
	step := area.h / float64(n)
	keys, pages := firstPage(s, b.Left+b.Right)
	rows := make([]row, 0, b.Left+b.Right)
	for i := range b.Left + b.Right {
		r := row{at: box{0, area.y, show.w, step}}
		if i < b.Left {
			r.at.y += float64(i) * step
		} else {
			r.right = true
			r.at.y += float64(i-b.Left) * step
		}
		if i < len(keys) {
			r.key = keys[i]
		}
		if pages > 1 && i == b.Left+b.Right-1 {
			r.pages, r.key = pages, provision.ScreenKey{}
		}
		rows = append(rows, r)
	}
	return rows
}

// firstPage are the keys that one sees without turning the page. pages is 1
// where no key in sight turns it.
func firstPage(s provision.Screen, slots int) (keys []provision.ScreenKey, pages int) {
	pages = 1
	if n := len(s.Keys); s.Body.PageKey && n > slots && slots > 1 {
		slots--
		pages = (n + slots - 1) / slots
	}
	return s.Keys[:min(len(s.Keys), slots)], pages
}

// sideKeys are the caps in the glass, level with their labels.
func sideKeys(p *pen, s provision.Screen, d deskPlan, rows []row) {
	if d.side == 0 {
		return
	}
	for _, r := range rows {
		x := d.show.x - 7 - capW
		if r.right {
			x = d.show.x + d.show.w + 7
		}
		keyCap(p, box{x, d.show.y + r.at.midY() - capH/2, capW, capH}, r.key.LED, r.right)
	}
}

// keyCap is a key with its light on the side of the display.
func keyCap(p *pen, b box, led provision.LED, ledLeft bool) {
	p.rect("ph-key", b, 4)
	l := box{b.x + b.w - 8, b.y + 3.5, 3.5, b.h - 7}
	if ledLeft {
		l.x = b.x + 4.5
	}
	light(p, l, led)
}

func light(p *pen, b box, led provision.LED) {
	class := "ph-led"
	switch led {
	case provision.LEDGreen:
		class += " ph-led--green"
	case provision.LEDRed:
		class += " ph-led--red"
	}
	p.rect(class, b, min(b.w, b.h)/2)
}

// softKeys are the caps under the display.
func softKeys(p *pen, s provision.Screen, d deskPlan) {
	n := len(s.Body.Soft)
	if n == 0 {
		return
	}
	step := d.show.w / float64(n)
	for i := range n {
		p.rect("ph-key", box{d.show.x + float64(i)*step + step/2 - 17, d.glass.y + d.glass.h + 8, 34, 13}, 5)
	}
}

// columnKeys stand right of everything else and have labels of their own.
func columnKeys(p *pen, s provision.Screen, d deskPlan) {
	if d.columns == 0 {
		return
	}
	keys, _ := firstPage(s, s.Body.Column)
	rows := (s.Body.Column + d.columns - 1) / d.columns
	bottom := d.lower.y + d.lower.h
	step := min((bottom-d.glass.y)/float64(rows), 27)
	wide := d.keysW/float64(d.columns) - gap
	for c := range d.columns {
		n := min(rows, s.Body.Column-c*rows)
		strip := box{d.glass.x + d.glass.w + gap + float64(c)*(wide+gap), bottom - step*float64(rows), wide - capW - 7, step * float64(n)}
		p.rect("ph-strip", strip, 5)
		for i := range n {
			at := box{strip.x, strip.y + float64(i)*step, strip.w, step}
			if i > 0 {
				p.line("ph-rule", at.x+6, at.y, at.x+at.w-6, at.y)
			}
			var key provision.ScreenKey
			if k := c*rows + i; k < len(keys) {
				key = keys[k]
			}
			p.write("ph-strip-text", at.in(6, 0), 9.5, left, key.Label)
			keyCap(p, box{at.x + at.w + 7, at.midY() - capH/2, capW, capH}, key.LED, true)
		}
	}
}
