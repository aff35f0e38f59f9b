package phonesim

import (
	"encoding/xml"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// mitelObject is any object of the vendor's XML interface.
type mitelObject struct {
	XMLName  xml.Name
	Timeout  string `xml:"Timeout,attr"`
	Focus    string `xml:"defaultIndex,attr"`
	Password string `xml:"password,attr"`
	Title    string `xml:"Title"`
	Text     string `xml:"Text"`
	URL      string `xml:"URL"`
	Prompt   string `xml:"Prompt"`
	// A form of one field may have it in the root.
	Parameter string `xml:"Parameter"`
	Default   string `xml:"Default"`
	Fields    []struct {
		Kind      string `xml:"type,attr"`
		Password  string `xml:"password,attr"`
		Prompt    string `xml:"Prompt"`
		Parameter string `xml:"Parameter"`
		Default   string `xml:"Default"`
	} `xml:"InputField"`
	Items []struct {
		Prompt string `xml:"Prompt"`
		URI    string `xml:"URI"`
	} `xml:"MenuItem"`
	SoftKeys []struct {
		Index string `xml:"index,attr"`
		Label string `xml:"Label"`
		URI   string `xml:"URI"`
	} `xml:"SoftKey"`
}

// read knows text screens, menus and input screens. A page stays 45 seconds, or
// as long as it says; 0 is for ever.
func (mitel) read(body []byte) (s shown, err error) {
	var o mitelObject
	if err := xml.Unmarshal(body, &o); err != nil {
		return s, err
	}
	s.Title, s.Text = strings.TrimSpace(o.Title), strings.TrimSpace(o.Text)
	if s.stays, err = lasts(o.Timeout, 45*time.Second); err != nil {
		return s, err
	}
	switch o.XMLName.Local {
	case "AastraIPPhoneTextScreen":
	case "AastraIPPhoneTextMenu":
		for _, i := range o.Items {
			s.Items = append(s.Items, Item{i.Prompt, strings.TrimSpace(i.URI)})
		}
		if len(s.Items) == 0 || len(s.Items) > 30 {
			return s, fmt.Errorf("a menu of %d items", len(s.Items))
		}
	case "AastraIPPhoneInputScreen":
		if err := o.form(&s); err != nil {
			return s, err
		}
	default:
		return s, fmt.Errorf("object %s is unknown", o.XMLName.Local)
	}
	for _, k := range o.SoftKeys {
		to := strings.TrimSpace(k.URI)
		if n, err := strconv.Atoi(k.Index); err != nil || n < 1 || n > 6 {
			return s, fmt.Errorf("a soft key %q", k.Index)
		}
		if !strings.HasPrefix(to, "SoftKey:") || to == "SoftKey:Exit" {
			s.Items = append(s.Items, Item{k.Label, to})
		}
	}
	return s, nil
}

func (o *mitelObject) form(s *shown) error {
	var names []string
	for _, f := range o.Fields {
		if f.Kind == "empty" {
			continue
		}
		masked := f.Password == "yes" || f.Password == "" && o.Password == "yes"
		s.Inputs = append(s.Inputs, Input{f.Prompt, f.Default, masked})
		names = append(names, f.Parameter)
	}
	if len(o.Fields) == 0 && o.Parameter != "" {
		s.Inputs, names = []Input{{o.Prompt, o.Default, o.Password == "yes"}}, []string{o.Parameter}
	}
	if len(s.Inputs) == 0 || strings.TrimSpace(o.URL) == "" {
		return errors.New("a form without fields or URL")
	}
	if n, err := strconv.Atoi(o.Focus); err == nil && n >= 1 && n <= len(s.Inputs) {
		s.focus = n - 1
	}
	s.target = addressed(o.URL, names)
	return nil
}
