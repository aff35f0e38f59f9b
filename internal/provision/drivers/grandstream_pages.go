package drivers

import (
	"bytes"
	"cmp"
	"encoding/xml"

	"tischlein/internal/provision"
)

const grandstreamPage = "application/xml; charset=utf-8"

// RenderPage writes an XML application: a view with texts and inputs, and soft
// keys. AppendInputURL asks for the URL with what was typed behind it. Names are
// case-sensitive.
func (grandstream) RenderPage(p provision.Page) (provision.File, error) {
	p, err := p.Checked()
	if err != nil {
		return provision.File{}, err
	}
	var b bytes.Buffer
	b.WriteString(xml.Header + "<xmlapp")
	attribute(&b, "title", p.Title)
	b.WriteString(">\n  <view>\n    <section>\n")
	if p.Text != "" {
		grandstreamTag(&b, "      ", "text", "label", p.Text)
	}
	for _, f := range p.Fields {
		kind := "number"
		if f.Secret {
			kind = "password"
		}
		attributes := []string{"label", f.Label, "name", f.Name, "type", kind, "maxLength", "40"}
		if f.Default != "" {
			attributes = append(attributes, "value", f.Default)
		}
		grandstreamTag(&b, "      ", "input", attributes...)
	}
	for _, c := range p.Choices {
		label := c.Label
		if c.Short != c.Label {
			label = c.Short + ": " + c.Label
		}
		grandstreamTag(&b, "      ", "text", "label", label)
	}
	b.WriteString("    </section>\n  </view>\n  <Softkeys>\n")
	leave := cmp.Or(p.Leave, "X") // a form has no word for it
	grandstreamTag(&b, "    ", "Softkey", "action", "QuitApp", "label", leave)
	if len(p.Fields) > 0 {
		grandstreamTag(&b, "    ", "Softkey", "action", "AppendInputURL", "label", "OK", "commandArgs", p.Target)
	}
	for _, c := range p.Choices {
		grandstreamTag(&b, "    ", "Softkey", "action", "UseURL", "label", c.Short, "commandArgs", c.URL)
	}
	b.WriteString("  </Softkeys>\n</xmlapp>\n")
	return provision.PageFile(grandstreamPage, b.Bytes())
}

// grandstreamTag writes an empty element with attributes, as pairs.
func grandstreamTag(b *bytes.Buffer, indent, name string, pairs ...string) {
	b.WriteString(indent + "<" + name)
	for n := 0; n+1 < len(pairs); n += 2 {
		attribute(b, pairs[n], pairs[n+1])
	}
	b.WriteString("/>\n")
}
