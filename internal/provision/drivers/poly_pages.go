package drivers

import (
	"bytes"
	"cmp"

	"tischlein/internal/provision"
)

const polyPage = "text/html; charset=utf-8"

// RenderPage writes what the microbrowser reads of HTML: paragraphs, links, one
// form, and soft keys, of which the one that submits stands inside the form. What
// was typed before is carried in the form itself.
func (poly) RenderPage(p provision.Page) (provision.File, error) {
	p, err := p.Checked()
	if err != nil {
		return provision.File{}, err
	}
	var b bytes.Buffer
	b.WriteString("<html>\n<head>\n")
	element(&b, "  ", "title", p.Title)
	b.WriteString("</head>\n<body>\n")
	if p.Text != "" {
		element(&b, "  ", "p", p.Text)
	}
	leave := cmp.Or(p.Leave, "X") // a form has no word for it
	if len(p.Fields) > 0 {
		polyForm(&b, p, leave)
	} else {
		for _, c := range p.Choices {
			b.WriteString("  <p><a")
			attribute(&b, "href", c.URL)
			b.WriteByte('>')
			provision.EscapeXML(&b, c.Label)
			b.WriteString("</a></p>\n")
		}
		polySoft(&b, "1", leave, "Exit")
	}
	b.WriteString("</body>\n</html>\n")
	return provision.PageFile(polyPage, b.Bytes())
}

func polyForm(b *bytes.Buffer, p provision.Page, leave string) {
	b.WriteString("  <form")
	attribute(b, "action", p.Target)
	attribute(b, "method", "get")
	b.WriteString(">\n")
	input := func(kind, name, value string) {
		b.WriteString("<input")
		attribute(b, "type", kind)
		if name != "" {
			attribute(b, "name", name)
		}
		if value != "" {
			attribute(b, "value", value)
		}
		b.WriteString("/>")
	}
	for _, f := range p.Fields {
		switch {
		case f.Given:
			b.WriteString("  ")
			input("hidden", f.Name, f.Default)
			b.WriteByte('\n')
			continue
		case f.Secret:
			b.WriteString("  <p>")
			provision.EscapeXML(b, f.Label+": ")
			input("password", f.Name, "")
		default:
			b.WriteString("  <p>")
			provision.EscapeXML(b, f.Label+": ")
			input("text", f.Name, f.Default)
		}
		b.WriteString("</p>\n")
	}
	b.WriteString("  <p>")
	input("submit", "", "OK")
	b.WriteString("</p>\n")
	polySoft(b, "1", "OK", "Submit")
	polySoft(b, "2", leave, "Exit")
	b.WriteString("  </form>\n")
}

func polySoft(b *bytes.Buffer, index, label, action string) {
	b.WriteString("  <softkey")
	attribute(b, "index", index)
	attribute(b, "label", label)
	attribute(b, "action", "SoftKey:"+action)
	b.WriteString("/>\n")
}
