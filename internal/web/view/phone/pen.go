package phone

import (
	"encoding/xml"
	"math"
	"strconv"
	"strings"

	"tischlein/internal/provision"
)

// pen writes elements. Every text and every attribute is escaped here and
// nowhere else.
type pen struct{ b strings.Builder }

func (p *pen) open(name string, attrs ...string) {
	p.start(name, attrs)
	p.b.WriteByte('>')
}

func (p *pen) close(name string) { p.b.WriteString("</" + name + ">") }

func (p *pen) empty(name string, attrs ...string) {
	p.start(name, attrs)
	p.b.WriteString("/>")
}

func (p *pen) element(name, text string, attrs ...string) {
	p.open(name, attrs...)
	p.b.WriteString(escape(text))
	p.close(name)
}

func (p *pen) start(name string, attrs []string) {
	p.b.WriteString("<" + name)
	for i := 0; i+1 < len(attrs); i += 2 {
		p.b.WriteString(" " + attrs[i] + `="` + escape(attrs[i+1]) + `"`)
	}
}

// escape is for elements and attributes alike. provision.Clean takes out what
// XML cannot hold and what would turn the text around it.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(provision.Clean(s))) // a Builder takes every write
	return b.String()
}

// box is a place on the drawing.
type box struct{ x, y, w, h float64 }

// in is the box with a margin inside.
func (b box) in(dx, dy float64) box { return box{b.x + dx, b.y + dy, b.w - 2*dx, b.h - 2*dy} }

func (b box) midX() float64 { return b.x + b.w/2 }
func (b box) midY() float64 { return b.y + b.h/2 }

func (p *pen) rect(class string, b box, r float64) {
	p.empty("rect", "class", class, "x", number(b.x), "y", number(b.y), "width", number(b.w), "height", number(b.h), "rx", number(r))
}

func (p *pen) circle(class string, x, y, r float64) {
	p.empty("circle", "class", class, "cx", number(x), "cy", number(y), "r", number(r))
}

func (p *pen) line(class string, x1, y1, x2, y2 float64) {
	p.empty("line", "class", class, "x1", number(x1), "y1", number(y1), "x2", number(x2), "y2", number(y2))
}

// path draws d moved to x, y.
func (p *pen) path(class string, x, y float64, d string) {
	p.empty("path", "class", class, "transform", "translate("+number(x)+" "+number(y)+")", "d", d)
}

// inside draws within a box and cuts off what leaves it. Coordinates start at
// its corner. A nested <svg> clips without an id that would have to be unique.
func (p *pen) inside(class string, b box, draw func()) {
	p.open("svg", "class", class, "x", number(b.x), "y", number(b.y), "width", number(b.w), "height", number(b.h))
	draw()
	p.close("svg")
}

func number(f float64) string { return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64) }
