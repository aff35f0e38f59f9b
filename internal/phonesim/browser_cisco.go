package phonesim

import (
	"encoding/xml"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ciscoObject is any object of the XML browser.
type ciscoObject struct {
	XMLName xml.Name
	Title   string `xml:"Title"`
	Prompt  string `xml:"Prompt"`
	Text    string `xml:"Text"`
	URL     string `xml:"URL"`
	Inputs  []struct {
		DisplayName string `xml:"DisplayName"`
		Param       string `xml:"QueryStringParam"`
		Flags       string `xml:"InputFlags"`
		Default     string `xml:"DefaultValue"`
	} `xml:"InputItem"`
	Items []struct {
		Name string `xml:"Name"`
		URL  string `xml:"URL"`
	} `xml:"MenuItem"`
	Keys []struct {
		Name     string `xml:"Name"`
		URL      string `xml:"URL"`
		Position string `xml:"Position"`
	} `xml:"SoftKeyItem"`
}

const ciscoMostInputs = 5

// read knows text, menu and input. Soft keys that submit or select are the
// phone's own business.
func (cisco) read(body []byte) (s shown, err error) {
	var o ciscoObject
	if err := xml.Unmarshal(body, &o); err != nil {
		return s, err
	}
	s.Title, s.Text = strings.TrimSpace(o.Title), strings.TrimSpace(o.Text)
	if s.Text == "" {
		s.Text = strings.TrimSpace(o.Prompt)
	}
	submits := len(o.Keys) == 0
	for _, k := range o.Keys {
		if n, err := strconv.Atoi(strings.TrimSpace(k.Position)); err != nil || n < 1 {
			return s, fmt.Errorf("soft key %q at position %q", k.Name, k.Position)
		}
		to := strings.TrimSpace(k.URL)
		submits = submits || to == "SoftKey:Submit"
		if !strings.HasPrefix(to, "SoftKey:") || exits(to) {
			s.Items = append(s.Items, Item{k.Name, to})
		}
	}
	switch o.XMLName.Local {
	case "CiscoIPPhoneText":
	case "CiscoIPPhoneMenu":
		for _, i := range o.Items {
			s.Items = append(s.Items, Item{i.Name, strings.TrimSpace(i.URL)})
		}
		if len(o.Items) == 0 {
			return s, errors.New("a menu without items")
		}
	case "CiscoIPPhoneInput":
		to := strings.TrimSpace(o.URL)
		if len(o.Inputs) == 0 || len(o.Inputs) > ciscoMostInputs || to == "" || !submits {
			return s, fmt.Errorf("a form of %d fields to %q, a key that submits: %v", len(o.Inputs), to, submits)
		}
		var names []string
		for _, i := range o.Inputs {
			if strings.Trim(i.Flags, "ATNEULP") != "" || i.Param == "" {
				return s, fmt.Errorf("a field %q with flags %q", i.Param, i.Flags)
			}
			s.Inputs, names = append(s.Inputs, Input{i.DisplayName, i.Default, strings.Contains(i.Flags, "P")}), append(names, i.Param)
		}
		s.target = addressed(to, names)
	default:
		return s, fmt.Errorf("object %s is unknown", o.XMLName.Local)
	}
	return s, nil
}

// buttons are line keys that are no line's, and soft keys of the idle screen.
func (cisco) buttons(s settings) []Button {
	var list []Button
	for n := 1; n <= 60; n++ {
		k := "_" + strconv.Itoa(n) + "_"
		if strings.EqualFold(s.get("Extension"+k), "Disabled") {
			list = ciscoFunction(list, s.get("Extended_Function"+k))
		}
	}
	if isYes(s.get("Programmable_Softkey_Enable")) {
		for _, name := range strings.Split(s.get("Idle_Key_List"), ";") {
			name, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(name)), "|")
			if n, psk := strings.CutPrefix(name, "psk"); psk {
				list = ciscoFunction(list, s.get("PSK_"+n))
			}
		}
	}
	return list
}

// ciscoFunction adds a key that dials or opens: fnc=sd;ext=901@$PROXY;nme=Login.
func ciscoFunction(list []Button, function string) []Button {
	args := map[string]string{}
	for _, kv := range strings.Split(function, ";") {
		k, v, _ := strings.Cut(kv, "=")
		args[strings.ToLower(strings.TrimSpace(k))] = strings.TrimSpace(v)
	}
	b := Button{Label: args["nme"]}
	switch args["fnc"] {
	case "sd":
		b.Dials, _, _ = strings.Cut(args["ext"], "@")
	case "xml":
		b.Opens = args["url"]
	}
	if b.Dials+b.Opens == "" {
		return list
	}
	return append(list, b)
}
