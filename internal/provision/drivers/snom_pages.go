package drivers

import (
	"bytes"
	"encoding/xml"
	"net/url"
	"strconv"

	"tischlein/internal/provision"
)

const (
	snomClose = "snom://mb_exit"
	// snomTyped stands in the URL where the phone puts what was typed.
	snomTyped = "__X__"
)

// RenderPage writes the objects of the minibrowser. It asks for one thing at a
// time: the first field that is not given, with the given ones in its URL. Pages
// are not tracked, so that "back" never repeats what was sent.
func (snom) RenderPage(p provision.Page) (provision.File, error) {
	p, err := p.Checked()
	if err != nil {
		return provision.File{}, err
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if len(p.Fields) > 0 {
		snomForm(&b, p)
		return provision.PageFile(typeXML, b.Bytes())
	}
	b.WriteString(`<SnomIPPhoneText track="no">` + "\n")
	element(&b, "  ", "Title", p.Title)
	element(&b, "  ", "Text", p.Text)
	for n, c := range p.Choices {
		snomSoftKey(&b, n+1, c.Short, c.URL)
	}
	if p.Leave != "" {
		snomSoftKey(&b, provision.MostChoices+1, p.Leave, snomClose)
	}
	if p.Seconds > 0 && len(p.Choices) == 0 {
		element(&b, "  ", `fetch mil="`+strconv.Itoa(p.Seconds*1000)+`"`, snomClose)
	}
	b.WriteString("</SnomIPPhoneText>\n")
	return provision.PageFile(typeXML, b.Bytes())
}

func snomForm(b *bytes.Buffer, p provision.Page) {
	var ask provision.Field
	query := ""
	for _, f := range p.Fields {
		if f.Given {
			query += f.Name + "=" + url.QueryEscape(f.Default) + "&"
		} else if ask.Name == "" {
			ask = f
		}
	}
	flags := "n"
	if ask.Secret {
		flags = "np"
	}
	b.WriteString(`<SnomIPPhoneInput track="no">` + "\n")
	element(b, "  ", "Title", p.Heading())
	element(b, "  ", "Prompt", ask.Label)
	element(b, "  ", "URL", p.Target+"?"+query+ask.Name+"="+snomTyped)
	b.WriteString("  <InputItem>\n")
	element(b, "    ", "DisplayName", ask.Label)
	element(b, "    ", "InputToken", snomTyped)
	element(b, "    ", "DefaultValue", ask.Default)
	element(b, "    ", "InputFlags", flags)
	b.WriteString("  </InputItem>\n</SnomIPPhoneInput>\n")
}

func snomSoftKey(b *bytes.Buffer, n int, label, url string) {
	b.WriteString("  <SoftKeyItem>\n")
	element(b, "    ", "Name", "F"+strconv.Itoa(n))
	element(b, "    ", "Label", label)
	element(b, "    ", "URL", url)
	b.WriteString("  </SoftKeyItem>\n")
}
