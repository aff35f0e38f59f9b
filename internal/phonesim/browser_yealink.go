package phonesim

import (
	"encoding/xml"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// yealinkObject is any object of the vendor's XML browser.
type yealinkObject struct {
	XMLName xml.Name
	Timeout string `xml:"Timeout,attr"`
	Focus   string `xml:"defaultIndex,attr"`
	Title   string `xml:"Title"`
	Text    string `xml:"Text"`
	URL     string `xml:"URL"`
	Fields  []struct {
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
}

func (yealink) read(body []byte) (shown, error) { return readObject(body, "Yealink") }

// readObject knows text screens, menus and input screens that go under one of the
// makers' names. A page stays 45 seconds, or as long as it says; 0 is for ever.
func readObject(body []byte, makers ...string) (s shown, err error) {
	var o yealinkObject
	if err := xml.Unmarshal(body, &o); err != nil {
		return s, err
	}
	maker, kind, _ := strings.Cut(o.XMLName.Local, "IPPhone")
	if !slices.Contains(makers, maker) {
		return s, fmt.Errorf("object %s is unknown", o.XMLName.Local)
	}
	s.Title, s.Text = strings.TrimSpace(o.Title), strings.TrimSpace(o.Text)
	if s.stays, err = lasts(o.Timeout, 45*time.Second); err != nil {
		return s, err
	}
	switch kind {
	case "TextScreen":
	case "TextMenu":
		for _, i := range o.Items {
			s.Items = append(s.Items, Item{i.Prompt, i.URI})
		}
		if len(s.Items) == 0 || len(s.Items) > 30 {
			return s, fmt.Errorf("a menu of %d items", len(s.Items))
		}
	case "InputScreen":
		if len(o.Fields) == 0 || o.URL == "" {
			return s, errors.New("a form without fields or URL")
		}
		for _, f := range o.Fields {
			s.Inputs = append(s.Inputs, Input{f.Prompt, f.Default, f.Password == "yes"})
		}
		if n, err := strconv.Atoi(o.Focus); err == nil && n >= 1 && n <= len(s.Inputs) {
			s.focus = n - 1
		}
		s.target = func(values []string) string {
			var q []string
			for n, f := range o.Fields {
				q = append(q, f.Parameter+"="+url.QueryEscape(values[n]))
			}
			return strings.TrimSpace(o.URL) + "?" + strings.Join(q, "&")
		}
	default:
		return s, fmt.Errorf("object %s is unknown", o.XMLName.Local)
	}
	return s, nil
}
