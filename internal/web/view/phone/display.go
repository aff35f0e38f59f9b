package phone

import (
	"strconv"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

const (
	headerH = 18.0
	softH   = 19.0
)

// look is how a display is inked.
func look(s provision.Screen) string {
	c := "ph-display ph-display--mono"
	if s.Body.Display.Colour {
		c = "ph-display ph-display--colour"
	}
	return c
}

// display draws the main display with everything on it.
func display(p *pen, s provision.Screen, at box, rows []row) {
	p.inside(look(s), at, func() {
		all := box{0, 0, at.w, at.h}
		p.rect("ph-back", all, 3)
		if s.Body.Display.Colour {
			p.circle("ph-wave", at.w*0.86, at.h*1.08, at.h*0.62)
			p.circle("ph-wave", at.w*0.62, at.h*1.24, at.h*0.62)
		}
		header(p, s, box{0, 0, at.w, headerH})
		used := headerH
		for i, r := range rows {
			if r.key.Label != "" {
				used = max(used, r.at.y+r.at.h)
			}
			keyLabel(p, s, r, rows, i)
		}
		bottom := at.h - 4
		if len(s.Body.Soft) > 0 {
			bottom = at.h - softH
			softBar(p, s, box{0, bottom, at.w, softH})
		}
		middle(p, s, box{10, used + 2, at.w - 20, bottom - used - 4}, rows)
		if s.Assumed {
			p.rect("ph-assumed", all.in(2, 2), 3)
		}
	})
}

// header is the top row: account or date, and the time.
func header(p *pen, s provision.Screen, b box) {
	p.rect("ph-header", b, 0)
	label := s.Header.Label
	if label == "" {
		label = s.Header.Date
	}
	clock := measure(s.Header.Time) * 10
	p.write("ph-header-text", box{8, 0, b.w - 22 - clock, b.h}, 10, left, label)
	p.write("ph-header-text", box{b.w - 8 - clock - 6, 0, clock + 6, b.h}, 10, right, s.Header.Time)
}

// keyLabel is what stands beside a key. It may run across the display where the
// key on the other side has nothing to say.
func keyLabel(p *pen, s provision.Screen, r row, rows []row, i int) {
	size := min(max(r.at.h*0.62, 10), 12)
	half := r.at.w/2 - 4
	field := box{4, r.at.y + 1, half, r.at.h - 2}
	if s.Body.Display.Touch {
		field.w = r.at.w * 0.34
	}
	if r.right {
		field.x = r.at.w - 4 - field.w
	}
	if r.pages > 0 {
		if s.Body.Display.Touch {
			p.rect("ph-tile ph-tile--empty", field, 3)
		}
		p.put("ph-page", field.in(6, 0), size, right, "1/"+strconv.Itoa(r.pages))
		return
	}
	if r.key.Label == "" {
		if s.Body.Display.Touch {
			p.rect("ph-tile ph-tile--empty", field, 3)
		}
		return
	}
	room := field.w
	if !s.Body.Display.Touch && !taken(rows, i) {
		room = r.at.w - 8
	}
	width := min(room, measure(r.key.Label)*size+30)
	if s.Body.Display.Touch {
		width = field.w
	}
	tile := box{field.x, field.y, width, field.h}
	if r.right {
		tile.x = field.x + field.w - width
	}
	p.rect("ph-tile", tile, 3)
	icon, text := box{tile.x + 5, tile.y, 14, tile.h}, box{tile.x + 21, tile.y, tile.w - 25, tile.h}
	a := left
	if r.right {
		icon.x, text.x, a = tile.x+tile.w-19, tile.x+4, right
	}
	keySymbol(p, s, r.key, icon.midX(), icon.midY())
	p.write("ph-label", text, size, a, r.key.Label)
}

// taken: the key on the other side of the same row says something.
func taken(rows []row, i int) bool {
	for n, r := range rows {
		if n != i && r.right != rows[i].right && r.at.y == rows[i].at.y {
			return r.key.Label != "" || r.pages > 0
		}
	}
	return false
}

// keySymbol says what a key is, and of a line, whether it is registered.
func keySymbol(p *pen, s provision.Screen, k provision.ScreenKey, x, y float64) {
	if k.Kind == provision.KeyLogin || k.Kind == provision.KeyLogout {
		p.path("ph-icon", x, y, symbols[string(k.Kind)])
		return
	}
	if l, ok := s.Line(k.Port); ok {
		signal(p, l, x, y)
	}
}

// signal is the state of a line as a shape: a handset when it is reachable, a
// struck one when not, a warning when its login is refused.
func signal(p *pen, l provision.ScreenLine, x, y float64) {
	switch {
	case l.State == telephony.LineRefused:
		p.path("ph-icon ph-icon--bad", x, y, "M0 -5.5 L6 5 H-6 Z M0 -1.6 v3.1 M0 3.2 v0.1")
	case l.Signal == provision.SignalDown:
		p.path("ph-icon ph-icon--dim", x, y, symbols["handset"])
		p.path("ph-icon ph-icon--down", x, y, "M-5.5 5.5 L5.5 -5.5")
	case l.Signal == provision.SignalUp && l.State == telephony.LineFree:
		p.path("ph-icon ph-icon--free", x, y, symbols["handset"])
	case l.Signal == provision.SignalUp:
		p.path("ph-icon ph-icon--ok", x, y, symbols["handset"])
	default:
		p.path("ph-icon ph-icon--dim", x, y, symbols["handset"])
	}
}

// softBar is the bottom row: what the keys beneath do.
func softBar(p *pen, s provision.Screen, b box) {
	p.rect("ph-softbar", b, 0)
	step := b.w / float64(len(s.Body.Soft))
	for i, k := range s.Body.Soft {
		at := box{b.x + float64(i)*step, b.y, step, b.h}
		if i > 0 {
			p.line("ph-split", at.x, at.y+4, at.x, at.y+at.h-4)
		}
		if k.Label != "" {
			p.write("ph-soft", at.in(4, 0), 10, centre, k.Label)
		} else if d, ok := symbols[string(k.Symbol)]; ok {
			p.path("ph-icon", at.midX(), at.midY(), d)
		}
	}
}

// middle is what the display says in the room that the key labels leave: its own
// text, else the reason of a refusal in full, else clock and date.
func middle(p *pen, s provision.Screen, b box, rows []row) {
	if b.h < 13 {
		return
	}
	for _, r := range rows { // beside the paging key
		if r.pages > 0 && !s.Body.Display.Touch && b.h < r.at.h*2 {
			b.w -= 26
		}
	}
	if s.Body.Display.Touch && len(rows) > 0 {
		b = box{b.x - 10 + b.w*0.37, headerH + 4, b.w * 0.32, b.y + b.h - headerH - 8}
	}
	if len(s.Text) > 0 {
		block(p, s, b, s.Text)
		return
	}
	for _, l := range s.Lines {
		if l.State == telephony.LineRefused {
			block(p, s, b, []string{l.Label})
			return
		}
	}
	clock(p, s, b)
}

// block sets texts large and centred, smaller until they fit. A text that is a
// line's label bears the line's sign: beside it, or above on a narrow display.
func block(p *pen, s provision.Screen, b box, texts []string) {
	const sign = 18.0
	above := b.w < 130 && b.h > 50
	room := b.w - 2*sign
	if above {
		room = b.w
	}
	var set [][]string
	size, high := 17.0, 0.0
	for ; ; size-- {
		set, high = nil, 0
		cut, tall := false, 0
		for _, t := range texts {
			head := 0.0
			if above && lineOf(s, t).Port > 0 {
				head = sign
			}
			most := max(1, int((b.h/float64(len(texts))-head)/(size*1.3)))
			lines := balance(t, room/bold, size, most)
			set = append(set, lines)
			tall = max(tall, len(lines))
			high += head + float64(len(lines))*size*1.3
			cut = cut || strings.HasSuffix(strings.Join(lines, ""), "…") && !strings.HasSuffix(t, "…")
		}
		// Rather two smaller lines than three.
		if size <= 11 || high <= b.h && !cut && (tall <= 2 || size <= 14) {
			break
		}
	}
	y := b.y + max(0, (b.h-high)/2)
	for n, lines := range set {
		l := lineOf(s, texts[n])
		for i, text := range lines {
			at := box{b.midX() - room/2, y, room, size * 1.3}
			switch {
			case i > 0 || l.Port == 0:
			case above:
				signal(p, l, b.midX(), y+sign/2)
				at.y += sign
			default:
				at.x += sign / 2
				signal(p, l, at.midX()-min(measure(text)*size, room)/2-sign/2-2, at.midY())
			}
			p.write("ph-text", at, size, centre, text)
			y = at.y + at.h
		}
	}
}

// lineOf is the line that a text names.
func lineOf(s provision.Screen, text string) provision.ScreenLine {
	for _, l := range s.Lines {
		if l.Label == text {
			return l
		}
	}
	return provision.ScreenLine{}
}

func clock(p *pen, s provision.Screen, b box) {
	if s.Header.Time == "" || b.h < 24 {
		return
	}
	size := min(b.h*0.5, b.w*0.3, 44)
	at := box{b.x, b.midY() - size*0.72, b.w, size}
	p.put("ph-clock", at, size, centre, s.Header.Time)
	if b.h > 44 {
		p.put("ph-date", box{b.x, at.y + size, b.w, 14}, 11, centre, s.Header.Date)
	}
}
