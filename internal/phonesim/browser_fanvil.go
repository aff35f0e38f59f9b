package phonesim

import (
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
)

// fanvilObject is any object of the vendor's XML browser.
type fanvilObject struct {
	XMLName xml.Name
	Timeout string `xml:"Timeout,attr"`
	Title   string `xml:"Title"`
	Text    string `xml:"Text"`
	Prompt  string `xml:"Prompt"`
	URL     string `xml:"URL"`
	Fields  []struct {
		Password  string `xml:"password,attr"`
		Prompt    string `xml:"Prompt"`
		Parameter string `xml:"Parameter"`
		Default   string `xml:"Default"`
	} `xml:"InputField"`
	Items []struct {
		Prompt string `xml:"Prompt"`
		Name   string `xml:"Name"`
		URI    string `xml:"URI"`
		URL    string `xml:"URL"`
	} `xml:"MenuItem"`
}

// read knows texts, menus and forms. One field of a form is proven; several are
// likely, as its relatives have them.
func (fanvil) read(body []byte) (s shown, err error) {
	var o fanvilObject
	if err := xml.Unmarshal(body, &o); err != nil {
		return s, err
	}
	s.Title, s.Text = strings.TrimSpace(o.Title), strings.TrimSpace(o.Text)
	if s.stays, err = lasts(o.Timeout, 0); err != nil {
		return s, err
	}
	switch o.XMLName.Local {
	case "FanvilIPPhoneText", "FanvilIPPhoneTextScreen":
	case "FanvilIPPhoneMenu", "FanvilIPPhoneTextMenu":
		for _, i := range o.Items {
			s.Items = append(s.Items, Item{i.Prompt + i.Name, i.URI + i.URL})
		}
		if len(s.Items) == 0 {
			return s, errors.New("a menu without items")
		}
	case "FanvilIPPhoneInputScreen":
		if len(o.Fields) == 0 || o.URL == "" {
			return s, errors.New("a form without fields or URL")
		}
		if s.Text == "" {
			s.Text = strings.TrimSpace(o.Prompt)
		}
		var names []string
		for n, f := range o.Fields {
			if f.Parameter == "" {
				return s, errors.New("a field without a parameter")
			}
			if f.Default != "" && s.focus == n && n+1 < len(o.Fields) {
				s.focus++ // what stands there already is not typed again
			}
			s.Inputs, names = append(s.Inputs, Input{f.Prompt, f.Default, f.Password == "yes"}), append(names, f.Parameter)
		}
		s.target = addressed(o.URL, names)
	default:
		return s, fmt.Errorf("object %s is unknown", o.XMLName.Local)
	}
	return s, nil
}
