package phonesim

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

func (poly) hypertext() {}

// polyPage gathers what the microbrowser finds in a page. It knows a part of HTML
// and passes over the elements that it does not know, not over broken ones.
type polyPage struct {
	shown
	action string
	names  []string
	inForm bool
	submit bool
	title  bool   // inside of title
	link   string // of the open a
	text   []string
	label  string // text before the next input
}

// polyEnds are what a soft key may do by itself.
var polyEnds = map[string]bool{"SoftKey:Home": true, "SoftKey:Back": true, "SoftKey:Exit": true}

func (poly) read(body []byte) (s shown, err error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var p polyPage
	html := false
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return s, err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			html = html || strings.EqualFold(t.Name.Local, "html")
			if err := p.begin(strings.ToLower(t.Name.Local), attributes(t)); err != nil {
				return s, err
			}
		case xml.CharData:
			p.write(strings.Join(strings.Fields(string(t)), " "))
		case xml.EndElement:
			p.end(strings.ToLower(t.Name.Local))
		}
	}
	return p.done(html)
}

func (p *polyPage) begin(name string, attr map[string]string) error {
	switch name {
	case "title":
		p.title = true
	case "a":
		p.link = attr["href"]
	case "form":
		if m := attr["method"]; m != "" && !strings.EqualFold(m, "get") {
			return fmt.Errorf("a form with method %q", m)
		}
		p.inForm, p.action = true, attr["action"]
	case "input":
		return p.input(attr)
	case "softkey":
		return p.softkey(attr)
	}
	return nil
}

func (p *polyPage) input(attr map[string]string) error {
	if !p.inForm {
		return errors.New("an input outside of a form")
	}
	switch kind := strings.ToLower(attr["type"]); kind {
	case "", "text", "password":
		if attr["name"] == "" {
			return errors.New("an input without a name")
		}
		p.names = append(p.names, attr["name"])
		p.Inputs = append(p.Inputs, Input{strings.TrimRight(p.label, ": "), attr["value"], kind == "password"})
		p.label = ""
	case "hidden":
		if p.action == "" {
			return errors.New("a form that goes nowhere")
		}
		p.action = addressed(p.action, []string{attr["name"]})([]string{attr["value"]})
	case "submit":
		p.submit = true
	default:
		return fmt.Errorf("input type %q", kind)
	}
	return nil
}

func (p *polyPage) softkey(attr map[string]string) error {
	if n := attr["index"]; len(n) != 1 || n < "1" || n > "8" || attr["label"] == "" {
		return fmt.Errorf("soft key %q at %q", attr["label"], n)
	}
	switch action := attr["action"]; {
	case action == "SoftKey:Submit" || action == "SoftKey:Reset":
		if !p.inForm {
			return fmt.Errorf("%s outside of a form", action)
		}
		p.submit = p.submit || action == "SoftKey:Submit"
	case polyEnds[action]:
		p.Items = append(p.Items, Item{attr["label"], "SoftKey:Exit"})
	case action == "SoftKey:Refresh":
	case strings.HasPrefix(action, "http://"), strings.HasPrefix(action, "https://"):
		p.Items = append(p.Items, Item{attr["label"], action})
	default:
		return fmt.Errorf("soft key action %q", action)
	}
	return nil
}

func (p *polyPage) write(text string) {
	switch {
	case text == "":
	case p.title:
		p.Title = text
	case p.link != "":
		p.Items = append(p.Items, Item{text, p.link})
	case p.inForm:
		p.loose()
		p.label = text
	default:
		p.text = append(p.text, text)
	}
}

func (p *polyPage) end(name string) {
	switch name {
	case "title":
		p.title = false
	case "a":
		p.link = ""
	case "form":
		p.loose()
		p.inForm = false
	}
}

// loose: what stood before no input is text like any other.
func (p *polyPage) loose() {
	if p.label != "" {
		p.text, p.label = append(p.text, p.label), ""
	}
}

func (p *polyPage) done(html bool) (shown, error) {
	p.Text = strings.Join(p.text, " ")
	switch {
	case !html:
		return shown{}, errors.New("no HTML")
	case len(p.Inputs) == 0:
		return p.shown, nil
	case !p.submit || p.action == "":
		return shown{}, errors.New("a form that goes nowhere")
	}
	p.focus = empty(p.Inputs)
	p.target = addressed(p.action, p.names)
	return p.shown, nil
}
