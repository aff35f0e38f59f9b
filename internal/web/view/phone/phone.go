// Package phone draws a provision.Screen as SVG: line art that the style sheet
// colours, with no style of its own, no script, and nothing that is not escaped.
// It knows shapes, never vendors, and must not say a word that is not in the
// screen or in its options.
package phone

import (
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// Options are what the page adds to a screen.
type Options struct {
	ID    string // prefix of the ids, unique in its page; "" = "phone"
	Title string // accessible name; "" = vendor and model
	Desc  string // what the picture shows, in words; "" = the screen's own texts
}

// SVG is the drawing: one <svg> element, well-formed, with role img, title and
// description. One unit is one CSS pixel at its natural size.
func SVG(s provision.Screen, o Options) string {
	p := &pen{}
	var w, h float64
	switch s.Body.Shape {
	case provision.ShapeDECT, provision.ShapeHandset:
		w, h = dect(p, s)
	case provision.ShapeConference:
		w, h = conference(p, s)
	case provision.ShapeSoftphone:
		w, h = softphone(p, s)
	default:
		w, h = desk(p, s)
	}
	id := clean(o.ID)
	if id == "" {
		id = "phone"
	}
	out := &pen{}
	out.open("svg", "xmlns", "http://www.w3.org/2000/svg", "class", classes(s), "role", "img",
		"viewBox", "0 0 "+number(w)+" "+number(h), "width", number(w), "height", number(h),
		"aria-labelledby", id+"-title", "aria-describedby", id+"-desc")
	out.element("title", or(o.Title, name(s)), "id", id+"-title")
	out.element("desc", or(o.Desc, Summary(s)), "id", id+"-desc")
	out.b.WriteString(p.b.String())
	out.close("svg")
	return out.b.String()
}

// Summary is every text on the display and its keys, joined: what one would read
// out of the picture.
func Summary(s provision.Screen) string {
	var parts []string
	add := func(text string) {
		if text != "" && (len(parts) == 0 || parts[len(parts)-1] != text) {
			parts = append(parts, text)
		}
	}
	for _, l := range s.Lines {
		add(l.Label)
	}
	for _, k := range s.Keys {
		if k.Kind == provision.KeyLogin || k.Kind == provision.KeyLogout {
			add(k.Label)
		}
	}
	return strings.Join(parts, " · ")
}

// classes name the shape, and the state of the first line.
func classes(s provision.Screen) string {
	state, signal := telephony.LineUnused, provision.SignalUnknown
	if len(s.Lines) > 0 {
		state, signal = s.Lines[0].State, s.Lines[0].Signal
	}
	c := "phone phone--" + clean(string(s.Body.Shape)) + " phone--" + clean(string(state))
	if signal != provision.SignalUnknown {
		c += " phone--" + clean(string(signal))
	}
	if s.Assumed {
		c += " phone--assumed"
	}
	return c
}

// name is what stands on the device.
func name(s provision.Screen) string {
	if s.Assumed || s.Model == s.Vendor {
		return s.Vendor
	}
	return s.Vendor + " " + s.Model
}

// clean leaves what can stand in an id or a class.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return -1
	}, s)
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
