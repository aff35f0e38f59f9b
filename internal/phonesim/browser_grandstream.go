package phonesim

import (
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
)

// grandstreamApp is a page of the XML application (GXP21xx from 2130, GRP26xx).
// Names are case-sensitive; what is unknown makes the page unreadable.
type grandstreamApp struct {
	XMLName xml.Name `xml:"xmlapp"`
	Title   string   `xml:"title,attr"`
	View    struct {
		Sections []struct {
			Parts []grandstreamPart `xml:",any"`
		} `xml:"section"`
	} `xml:"view"`
	Softkeys struct {
		Keys []struct {
			Action string `xml:"action,attr"`
			Label  string `xml:"label,attr"`
			Args   string `xml:"commandArgs,attr"`
		} `xml:"Softkey"`
	} `xml:"Softkeys"`
}

type grandstreamPart struct {
	XMLName xml.Name
	Label   string `xml:"label,attr"`
	Name    string `xml:"name,attr"`
	Type    string `xml:"type,attr"`
	Value   string `xml:"value,attr"`
}

func (grandstream) read(body []byte) (s shown, err error) {
	var app grandstreamApp
	if err := xml.Unmarshal(body, &app); err != nil {
		return s, err
	}
	s.Title = app.Title
	var names, texts []string
	for _, section := range app.View.Sections {
		for _, part := range section.Parts {
			switch part.XMLName.Local {
			case "text":
				texts = append(texts, part.Label)
			case "input":
				if part.Name == "" || part.Type != "" && part.Type != "number" && part.Type != "password" {
					return s, fmt.Errorf("input %q of type %q", part.Name, part.Type)
				}
				names = append(names, part.Name)
				s.Inputs = append(s.Inputs, Input{part.Label, part.Value, part.Type == "password"})
			case "image":
			default:
				return s, fmt.Errorf("%s in a section is unknown", part.XMLName.Local)
			}
		}
	}
	s.Text = strings.Join(texts, " ")
	s.focus = empty(s.Inputs)
	for _, k := range app.Softkeys.Keys {
		switch k.Action {
		case "UseURL":
			s.Items = append(s.Items, Item{k.Label, k.Args})
		case "QuitApp":
			s.Items = append(s.Items, Item{k.Label, "SoftKey:Exit"})
		case "AppendInputURL":
			if len(names) == 0 || k.Args == "" {
				return s, errors.New("inputs are appended where there are none, or to nothing")
			}
			s.target = addressed(k.Args, names)
		default:
			return s, fmt.Errorf("action %q is unknown", k.Action)
		}
	}
	if len(names) > 0 && s.target == nil {
		return s, errors.New("a form that goes nowhere")
	}
	return s, nil
}
