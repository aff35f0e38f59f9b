package phone

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tischlein/internal/provision"
	"tischlein/internal/provision/drivers"
	"tischlein/internal/telephony"
)

var update = flag.Bool("update", false, "write the golden files anew")

var noon = time.Date(2026, 11, 23, 14, 5, 0, 0, time.UTC)

// screen is what that vendor's driver makes of one line.
func screen(t testing.TB, vendor, model string, l telephony.Line, up map[int]bool) provision.Screen {
	t.Helper()
	drv, err := drivers.All().Get(vendor)
	if err != nil {
		t.Fatal(err)
	}
	l.Port, l.SIPUser, l.Place, l.Language = 1, "c1", "Empfang", "de"
	d := telephony.Desired{Driver: vendor, Model: model, Language: "de", LoginCode: "901", LogoutCode: "902",
		Hotdesking: l.State != telephony.LineLinked, Lines: []telephony.Line{l}}
	if model == "W70B" {
		for port := 2; port < 6; port++ {
			d.Lines = append(d.Lines, telephony.Line{Port: port, State: telephony.LineFree, Place: "Halle " + strconv.Itoa(port), Desk: "471" + strconv.Itoa(port)})
		}
	}
	return provision.ScreenOf(drv, d, "").Live(up, noon)
}

var (
	linked  = telephony.Line{State: telephony.LineLinked, Name: "Anna Schmidt", Number: "101"}
	guest   = telephony.Line{State: telephony.LineHotdesk, Name: "Jan de Vries", Number: "102"}
	free    = telephony.Line{State: telephony.LineFree}
	refused = telephony.Line{State: telephony.LineRefused, Address: "203.0.113.7"}
	unused  = telephony.Line{State: telephony.LineUnused}
	up      = map[int]bool{1: true, 2: true, 3: false}
	down    = map[int]bool{1: false}
)

func TestU06_Goldens(t *testing.T) {
	for name, s := range map[string]provision.Screen{
		"t46u_linked":      screen(t, "yealink", "T46U", linked, up),
		"t46u_free":        screen(t, "yealink", "T46U", free, up),
		"t46u_refused":     screen(t, "yealink", "T46U", refused, up),
		"t46u_unused":      screen(t, "yealink", "T46U", unused, nil),
		"t48u_guest":       screen(t, "yealink", "T48U", guest, up),
		"t41s_free":        screen(t, "yealink", "T41S", free, nil),
		"t19p_down":        screen(t, "yealink", "T19P_E2", linked, down),
		"w70b":             screen(t, "yealink", "W70B", guest, up),
		"cp920":            screen(t, "yealink", "CP920", linked, up),
		"ax83h":            screen(t, "yealink", "AX83H", linked, up),
		"d785_guest":       screen(t, "snom", "D785", guest, up),
		"d735_free":        screen(t, "snom", "D735", free, up),
		"d725_down":        screen(t, "snom", "D725", linked, down),
		"linphone_linked":  screen(t, "linphone", "", linked, up),
		"linphone_refused": screen(t, "linphone", "", refused, down),
		"generic":          screen(t, "generic", "", linked, up),
	} {
		// One element a line, so that a difference can be read.
		got := strings.ReplaceAll(SVG(s, Options{}), "><", ">\n<") + "\n"
		path := filepath.Join("testdata", name+".svg")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs; look at it, then run with -update", path)
		}
	}
}

// element is what the checks below need of the drawing.
type element struct {
	name  string
	attrs map[string]string
	text  string
}

// parse reads a drawing, strictly.
func parse(t testing.TB, svg string) []element {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader(svg))
	var all []element
	var open []int
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, svg)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			e := element{name: tok.Name.Local, attrs: map[string]string{}}
			for _, a := range tok.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			open = append(open, len(all))
			all = append(all, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			all[open[len(open)-1]].text += string(tok)
		}
	}
}

// harmless: only drawing elements and attributes, which the page's security
// policy lets through, and a name that a screen reader finds.
func harmless(t testing.TB, svg string) []element {
	t.Helper()
	all := parse(t, svg)
	elements := []string{"svg", "title", "desc", "rect", "circle", "line", "path", "text"}
	attributes := []string{"xmlns", "class", "role", "viewBox", "width", "height", "aria-labelledby", "aria-describedby", "id",
		"x", "y", "rx", "cx", "cy", "r", "x1", "y1", "x2", "y2", "d", "transform", "font-size", "text-anchor", "direction", "unicode-bidi"}
	for _, e := range all {
		if !slices.Contains(elements, e.name) {
			t.Errorf("a <%s>", e.name)
		}
		for a, v := range e.attrs {
			if !slices.Contains(attributes, a) || strings.Contains(v, "NaN") || strings.Contains(v, "Inf") {
				t.Errorf("<%s %s=%q>", e.name, a, v)
			}
		}
	}
	root := all[0]
	if root.attrs["role"] != "img" || root.attrs["aria-labelledby"] != all[1].attrs["id"] ||
		root.attrs["aria-describedby"] != all[2].attrs["id"] || all[1].name != "title" || all[1].text == "" || all[2].name != "desc" {
		t.Errorf("the picture has no name: %+v", all[:3])
	}
	return all
}

func TestU06_EveryModelInEveryState(t *testing.T) {
	for _, drv := range drivers.All().Drivers() {
		for _, m := range drv.Info().Models {
			for _, l := range []telephony.Line{linked, guest, free, refused, unused} {
				for _, seen := range []map[int]bool{nil, up, down} {
					all := harmless(t, SVG(screen(t, drv.Info().Vendor, m.Name, l, seen), Options{ID: "cpe-7"}))
					inBounds(t, m.Name, all)
				}
			}
		}
	}
}

// inBounds: what is drawn outside the view box would be cut off.
func inBounds(t *testing.T, model string, all []element) {
	t.Helper()
	get := func(e element, name string) float64 {
		f, _ := strconv.ParseFloat(e.attrs[name], 64)
		return f
	}
	w, h := get(all[0], "width"), get(all[0], "height")
	if w < 100 || w > 800 || h < 100 || h > 800 {
		t.Errorf("%s is %v x %v", model, w, h)
	}
	for _, e := range all[1:] {
		if e.name == "rect" || e.name == "svg" {
			if x, y := get(e, "x"), get(e, "y"); x < 0 || y < -1 || x+get(e, "width") > w || y+get(e, "height") > h ||
				get(e, "width") <= 0 || get(e, "height") <= 0 {
				t.Errorf("%s (%v x %v): %+v", model, w, h, e.attrs)
			}
		}
	}
}

func TestU06_DrawsWhoSitsThere(t *testing.T) {
	for _, c := range []struct {
		vendor, model string
		line          telephony.Line
		up            map[int]bool
		texts         []string
		class         string
	}{
		{"yealink", "T46U", linked, up, []string{"Anna Schmidt 101", "14:05", "Mo 23.11."}, "phone phone--desk phone--linked phone--up"},
		{"yealink", "T46U", free, down, []string{"Freier Platz Empfang", "Anmelden"}, "phone phone--desk phone--free phone--down"},
		{"yealink", "T46U", refused, up, []string{"Adresse 203.0.113.7", "nicht freigegeben"}, "phone phone--desk phone--refused phone--up"},
		{"snom", "D785", guest, nil, []string{"Jan de Vries 102", "Abmelden"}, "phone phone--desk phone--hotdesk"},
		{"linphone", "", linked, up, []string{"Anna Schmidt"}, "phone phone--softphone phone--linked phone--up"},
		{"generic", "", linked, up, []string{"Anna Schmidt 101"}, "phone phone--desk phone--linked phone--up phone--assumed"},
	} {
		svg := SVG(screen(t, c.vendor, c.model, c.line, c.up), Options{})
		all := parse(t, svg)
		for _, want := range c.texts {
			if !slices.ContainsFunc(all, func(e element) bool { return e.name == "text" && e.text == want }) {
				t.Errorf("%s %s %s: %q is not drawn", c.vendor, c.model, c.line.State, want)
			}
		}
		if all[0].attrs["class"] != c.class {
			t.Errorf("class %q, want %q", all[0].attrs["class"], c.class)
		}
		lit := strings.Contains(svg, "ph-led--green") || strings.Contains(svg, "ph-led--red")
		if keys := c.vendor == "yealink"; keys && lit == (c.line.State == telephony.LineFree) {
			t.Errorf("%s %s: lit %v", c.vendor, c.line.State, lit)
		}
	}
}

func TestU06_OptionsAndSummary(t *testing.T) {
	s := screen(t, "yealink", "T46U", free, up)
	if got := Summary(s); got != "Freier Platz Empfang · Anmelden" {
		t.Errorf("summary %q", got)
	}
	all := harmless(t, SVG(s, Options{ID: `x" onload="alert(1)`, Title: `A <b> & "B"`, Desc: "C"}))
	if all[1].text != `A <b> & "B"` || all[1].attrs["id"] != "xonloadalert1-title" || all[2].text != "C" {
		t.Errorf("%+v", all[1:3])
	}
	// Every id is prefixed: two pictures on one page do not share one.
	for _, e := range all {
		if id, ok := e.attrs["id"]; ok && !strings.HasPrefix(id, "xonloadalert1-") {
			t.Errorf("id %q", id)
		}
	}
}

func FuzzSVG(f *testing.F) {
	for _, name := range []string{"Anna", `</text></svg><script>alert(1)</script>`, `" style="x" onclick="y`, "]]>&#0;&lt;\x00\x1b\ufffe",
		"👩‍💻🇩🇪é", "\u202eשרה", strings.Repeat("W", 300), "\xff\xfe", "a\nb", "٠١"} {
		f.Add(name, "101")
	}
	models := [][2]string{{"yealink", "T46U"}, {"yealink", "T48U"}, {"yealink", "W70B"}, {"snom", "D785"}, {"linphone", ""}}
	f.Fuzz(func(t *testing.T, name, number string) {
		for _, m := range models {
			s := screen(t, m[0], m[1], telephony.Line{State: telephony.LineHotdesk, Name: name, Number: number}, up)
			// A driver cleans its labels; the drawing does not lean on that.
			s.Vendor, s.Model, s.Header.Time = name, number, name
			for n := range s.Keys {
				s.Keys[n].Label = name + number
			}
			s.Text = append(s.Text, name)
			harmless(t, SVG(s, Options{ID: name, Title: "x" + name, Desc: number}))
		}
	})
}
