package drivers

import (
	"bytes"
	"encoding/xml"
	"strconv"

	"tischlein/internal/provision"
)

// RenderPage writes Aastra's XML objects, which all of these phones speak. They are
// not kept when they were left. Older firmware does not like indented elements.
func (mitel) RenderPage(p provision.Page) (provision.File, error) {
	p, err := p.Checked()
	if err != nil {
		return provision.File{}, err
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	switch {
	case len(p.Fields) > 0:
		mitelForm(&b, p)
	case len(p.Choices) > 0:
		b.WriteString(`<AastraIPPhoneTextMenu destroyOnExit="yes" style="none">` + "\n")
		element(&b, "", `Title wrap="yes"`, p.Heading())
		for _, c := range p.Choices {
			b.WriteString("<MenuItem>\n")
			element(&b, "", "Prompt", c.Label)
			element(&b, "", "URI", c.URL)
			b.WriteString("</MenuItem>\n")
		}
		mitelSoftKey(&b, 1, "OK", "SoftKey:Select")
		mitelLeave(&b, p)
		b.WriteString("</AastraIPPhoneTextMenu>\n")
	default:
		timeout := ""
		if p.Seconds > 0 {
			timeout = ` Timeout="` + strconv.Itoa(p.Seconds) + `"`
		}
		b.WriteString(`<AastraIPPhoneTextScreen destroyOnExit="yes"` + timeout + ">\n")
		element(&b, "", `Title wrap="yes"`, p.Title)
		element(&b, "", "Text", p.Text)
		mitelLeave(&b, p)
		b.WriteString("</AastraIPPhoneTextScreen>\n")
	}
	return provision.PageFile(typeXML, b.Bytes())
}

// mitelForm: the phone adds the fields to the URL.
func mitelForm(b *bytes.Buffer, p provision.Page) {
	b.WriteString(`<AastraIPPhoneInputScreen type="number" destroyOnExit="yes" displayMode="condensed" defaultIndex="` + strconv.Itoa(p.Focus()) + `">` + "\n")
	element(b, "", `Title wrap="yes"`, p.Heading())
	element(b, "", "URL", p.Target)
	for _, f := range p.Fields {
		secret := ""
		if f.Secret {
			secret = ` password="yes"`
		}
		b.WriteString(`<InputField type="number"` + secret + ">\n")
		element(b, "", "Prompt", f.Label+":")
		element(b, "", "Parameter", f.Name)
		element(b, "", "Default", f.Default)
		b.WriteString("</InputField>\n")
	}
	mitelSoftKey(b, 1, "OK", "SoftKey:Submit")
	mitelSoftKey(b, 2, "<", "SoftKey:BackSpace")
	mitelSoftKey(b, 4, "X", "SoftKey:Exit")
	b.WriteString("</AastraIPPhoneInputScreen>\n")
}

func mitelLeave(b *bytes.Buffer, p provision.Page) {
	if p.Leave != "" {
		mitelSoftKey(b, 4, p.Leave, "SoftKey:Exit")
	}
}

func mitelSoftKey(b *bytes.Buffer, n int, label, uri string) {
	b.WriteString(`<SoftKey index="` + strconv.Itoa(n) + `">` + "\n")
	element(b, "", "Label", label)
	element(b, "", "URI", uri)
	b.WriteString("</SoftKey>\n")
}
