package phonesim

import (
	"encoding/xml"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// snomObject is any object of the vendor's minibrowser; old firmware knows the
// names with "Snom" only.
type snomObject struct {
	XMLName xml.Name
	Title   string `xml:"Title"`
	Prompt  string `xml:"Prompt"`
	Text    string `xml:"Text"`
	URL     string `xml:"URL"`
	Inputs  []struct {
		DisplayName string `xml:"DisplayName"`
		Token       string `xml:"InputToken"`
		Param       string `xml:"QueryStringParam"`
		Default     string `xml:"DefaultValue"`
		Flags       string `xml:"InputFlags"`
	} `xml:"InputItem"`
	Items []struct {
		Name string `xml:"Name"`
		URL  string `xml:"URL"`
	} `xml:"MenuItem"`
	Keys []struct {
		Name  string `xml:"Name"`
		Label string `xml:"Label"`
		URL   string `xml:"URL"`
	} `xml:"SoftKeyItem"`
	Fetch []struct {
		Millis int    `xml:"mil,attr"`
		URL    string `xml:",chardata"`
	} `xml:"fetch"`
}

// read knows text, menu and input; a form has one field.
func (snom) read(body []byte) (s shown, err error) {
	var o snomObject
	if err := xml.Unmarshal(body, &o); err != nil {
		return s, err
	}
	s.Title, s.Text = strings.TrimSpace(o.Title), strings.TrimSpace(o.Text)
	for _, k := range o.Keys {
		if len(k.Name) != 2 || k.Name[0] != 'F' || k.Name[1] < '1' || k.Name[1] > '4' {
			return s, fmt.Errorf("there is no soft key %q", k.Name)
		}
		s.Items = append(s.Items, Item{k.Label, k.URL})
	}
	for _, f := range o.Fetch {
		if !exits(strings.TrimSpace(f.URL)) {
			return s, errors.New("this phone fetches nothing by itself but the end")
		}
		s.stays = time.Duration(f.Millis) * time.Millisecond
	}
	switch strings.TrimPrefix(o.XMLName.Local, "Snom") {
	case "IPPhoneText":
	case "IPPhoneMenu":
		for _, i := range o.Items {
			s.Items = append(s.Items, Item{i.Name, i.URL})
		}
	case "IPPhoneInput":
		if len(o.Inputs) != 1 || o.URL == "" {
			return s, fmt.Errorf("a form of %d fields", len(o.Inputs))
		}
		in := o.Inputs[0]
		s.Inputs = []Input{{in.DisplayName, in.Default, strings.Contains(in.Flags, "p")}}
		s.target = func(values []string) string {
			typed, to := url.QueryEscape(values[0]), strings.TrimSpace(o.URL)
			if in.Token != "" {
				return strings.ReplaceAll(to, in.Token, typed)
			}
			return to + "?" + in.Param + "=" + typed
		}
	default:
		return s, fmt.Errorf("object %s is unknown", o.XMLName.Local)
	}
	return s, nil
}
