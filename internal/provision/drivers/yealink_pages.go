package drivers

import (
	"bytes"
	"encoding/xml"
	"strconv"

	"tischlein/internal/provision"
)

// yealinkPatience is how many seconds a form or a question stands when nobody
// types.
const yealinkPatience = 90

// RenderPage writes the objects of the XML browser. Soft keys are left to the
// phone, which labels them in its own language. A form has no room for a text but
// its title, and the browser adds "?" and the fields to the URL whatever is in it.
func (yealink) RenderPage(p provision.Page) (provision.File, error) {
	p, err := p.Checked()
	if err != nil {
		return provision.File{}, err
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	switch {
	case len(p.Fields) > 0:
		yealinkForm(&b, p)
	case len(p.Choices) > 0:
		yealinkOpen(&b, "TextMenu", yealinkPatience, ` style="none"`)
		element(&b, "  ", `Title wrap="yes"`, p.Heading())
		for _, c := range p.Choices {
			b.WriteString("  <MenuItem>\n")
			element(&b, "    ", "Prompt", c.Label)
			element(&b, "    ", "URI", c.URL)
			b.WriteString("  </MenuItem>\n")
		}
		b.WriteString("</YealinkIPPhoneTextMenu>\n")
	default:
		wait := p.Seconds
		if wait == 0 {
			wait = yealinkPatience
		}
		yealinkOpen(&b, "TextScreen", wait, "")
		element(&b, "  ", `Title wrap="yes"`, p.Title)
		element(&b, "  ", "Text", p.Text)
		b.WriteString("</YealinkIPPhoneTextScreen>\n")
	}
	return provision.PageFile(typeXML, b.Bytes())
}

func yealinkForm(b *bytes.Buffer, p provision.Page) {
	yealinkOpen(b, "InputScreen", yealinkPatience, ` defaultIndex="`+strconv.Itoa(p.Focus())+`"`)
	element(b, "  ", `Title wrap="yes"`, p.Heading())
	element(b, "  ", "URL", p.Target)
	for _, f := range p.Fields {
		secret := "no"
		if f.Secret {
			secret = "yes"
		}
		b.WriteString(`  <InputField type="number" password="` + secret + `" editable="yes">` + "\n")
		element(b, "    ", "Prompt", f.Label)
		element(b, "    ", "Parameter", f.Name)
		element(b, "    ", "Default", f.Default)
		b.WriteString("  </InputField>\n")
	}
	b.WriteString("</YealinkIPPhoneInputScreen>\n")
}

// yealinkOpen begins an object. It is not kept when it was left, so that nobody
// finds it again.
func yealinkOpen(b *bytes.Buffer, object string, seconds int, more string) {
	b.WriteString(`<YealinkIPPhone` + object + ` Beep="no" LockIn="no" destroyOnExit="yes" Timeout="` + strconv.Itoa(seconds) + `"` + more + ">\n")
}
