package drivers

import (
	"bytes"
	"encoding/xml"
	"strconv"

	"tischlein/internal/provision"
)

// flatMostTitle is what the objects' schema allows a title, a prompt or the name
// of a field.
const flatMostTitle = 32

// RenderPage writes the objects of the XML services. A form's own soft keys are
// left to the phone; its URL gets the fields added by the phone.
func (flatDialect) RenderPage(p provision.Page) (provision.File, error) {
	p, err := p.Checked()
	if err != nil {
		return provision.File{}, err
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if len(p.Fields) > 0 {
		flatForm(&b, p)
		return provision.PageFile(typeXML, b.Bytes())
	}
	b.WriteString("<CiscoIPPhoneText>\n")
	element(&b, "  ", "Title", provision.Clip(p.Title, flatMostTitle))
	element(&b, "  ", "Text", p.Text)
	for n, c := range p.Choices {
		flatSoftKey(&b, n+1, c.Short, c.URL)
	}
	if p.Leave != "" {
		flatSoftKey(&b, provision.MostChoices+1, p.Leave, "SoftKey:Exit")
	}
	b.WriteString("</CiscoIPPhoneText>\n")
	return provision.PageFile(typeXML, b.Bytes())
}

// flatForm asks for everything at once. What was typed before stands there, and
// what went wrong beneath it.
func flatForm(b *bytes.Buffer, p provision.Page) {
	b.WriteString("<CiscoIPPhoneInput>\n")
	element(b, "  ", "Title", provision.Clip(p.Title, flatMostTitle))
	element(b, "  ", "Prompt", provision.Clip(p.Heading(), flatMostTitle))
	element(b, "  ", "URL", p.Target)
	for _, f := range p.Fields {
		flags := "N"
		if f.Secret {
			flags = "NP"
		}
		b.WriteString("  <InputItem>\n")
		element(b, "    ", "DisplayName", provision.Clip(f.Label, flatMostTitle))
		element(b, "    ", "QueryStringParam", f.Name)
		element(b, "    ", "DefaultValue", f.Default)
		element(b, "    ", "InputFlags", flags)
		b.WriteString("  </InputItem>\n")
	}
	b.WriteString("</CiscoIPPhoneInput>\n")
}

func flatSoftKey(b *bytes.Buffer, n int, label, url string) {
	b.WriteString("  <SoftKeyItem>\n")
	element(b, "    ", "Name", label)
	element(b, "    ", "URL", url)
	element(b, "    ", "Position", strconv.Itoa(n))
	b.WriteString("  </SoftKeyItem>\n")
}
