package drivers

import (
	"bytes"
	"encoding/xml"
	"net/url"

	"tischlein/internal/provision"
)

// RenderPage writes the objects of the XML browser. A form has several fields;
// a phone that sends only the first is asked for the next one, with the first in
// the form's address.
func (fanvil) RenderPage(p provision.Page) (provision.File, error) {
	p, err := p.Checked()
	if err != nil {
		return provision.File{}, err
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	switch {
	case len(p.Fields) > 0:
		fanvilInput(&b, p)
	case len(p.Choices) > 0:
		b.WriteString("<FanvilIPPhoneMenu>\n")
		element(&b, "  ", "Title", p.Heading())
		for _, c := range p.Choices {
			b.WriteString("  <MenuItem>\n")
			element(&b, "    ", "Name", c.Label)
			element(&b, "    ", "URL", c.URL)
			b.WriteString("  </MenuItem>\n")
		}
		b.WriteString("</FanvilIPPhoneMenu>\n")
	default:
		b.WriteString("<FanvilIPPhoneText>\n")
		element(&b, "  ", "Title", p.Title)
		element(&b, "  ", "Text", p.Text)
		b.WriteString("</FanvilIPPhoneText>\n")
	}
	return provision.PageFile(typeXML, b.Bytes())
}

func fanvilInput(b *bytes.Buffer, p provision.Page) {
	target, sep := p.Target, "?"
	var ask []provision.Field
	for _, f := range p.Fields {
		if f.Given {
			target, sep = target+sep+f.Name+"="+url.QueryEscape(f.Default), "&"
		} else {
			ask = append(ask, f)
		}
	}
	b.WriteString("<FanvilIPPhoneInputScreen>\n")
	element(b, "  ", "Title", p.Heading())
	element(b, "  ", "Prompt", ask[0].Label)
	element(b, "  ", "URL", target)
	for _, f := range ask {
		masked := "no"
		if f.Secret {
			masked = "yes"
		}
		b.WriteString(`  <InputField type="number" password="` + masked + `" editable="yes">` + "\n")
		element(b, "    ", "Prompt", f.Label)
		element(b, "    ", "Parameter", f.Name)
		element(b, "    ", "Default", f.Default)
		b.WriteString("  </InputField>\n")
	}
	b.WriteString("</FanvilIPPhoneInputScreen>\n")
}
