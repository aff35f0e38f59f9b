package drivers

import (
	"strconv"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// flatLongestPage: no source says how much an extended function holds; this much
// is in use.
const flatLongestPage = 200

// keys writes every line key of the model. A key is a line or has an extended
// function; those not in use are neither.
func (f flatDialect) keys(s *provision.Sheet, placed []provision.PlacedKey, m provision.Model) {
	for n := range m.Keys {
		if n >= len(placed) {
			flatKey(s, n+1, "Disabled", "", "")
			continue
		}
		switch k := placed[n]; {
		case k.Page != "":
			flatKey(s, n+1, "Disabled", k.Label, flatFunction(k.Port, k.Label, "xml", "url="+k.Page.Reveal()))
		case k.Kind == provision.KeyLine:
			flatKey(s, n+1, strconv.Itoa(k.Port), k.Label, "")
		case k.Kind == provision.KeyWatch:
			at := flatNumber(k.Value) + "@$PROXY"
			flatKey(s, n+1, "Disabled", k.Label, flatFunction(k.Port, k.Label, "blf+sd", "sub="+at+";ext="+at))
		default:
			flatKey(s, n+1, "Disabled", k.Label, flatFunction(k.Port, k.Label, "sd", "ext="+flatNumber(k.Value)+"@$PROXY"))
		}
	}
}

func flatKey(s *provision.Sheet, n int, line, label, function string) {
	at := "." + strconv.Itoa(n)
	s.Set("Extension"+at, line)
	s.Set("Short_Name"+at, flatLabel(label))
	s.Set("Share_Call_Appearance"+at, "private")
	s.Set("Extended_Function"+at, function)
}

// flatFunction is what a key does, for which line, and under which name.
func flatFunction(port int, label, does, with string) string {
	return "fnc=" + does + ";" + with + ";vid=" + strconv.Itoa(port) + ";nme=" + flatLabel(label)
}

// flatLabel is a text that can stand in an extended function: a semicolon would
// begin another part of it, a dollar sign a macro.
func flatLabel(label string) string {
	return provision.Clip(provision.Clean(flatUnsafe.Replace(label)), flatMostLabel)
}

const flatMostLabel = 80

var flatUnsafe = strings.NewReplacer(";", ",", "$", "")

// flatNumber keeps what can be dialled.
func flatNumber(number string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', strings.ContainsRune("*#+.-_", r):
			return r
		}
		return -1
	}, number)
}

// PageKey is a line key with the function xml.
func (f flatDialect) PageKey(n, port int, label, url string) ([]provision.Setting, bool) {
	if len(url) > flatLongestPage || strings.ContainsAny(url, ";$") {
		return nil, false
	}
	s := f.catalogue.Sheet(4)
	flatKey(s, n, "Disabled", label, flatFunction(port, label, "xml", "url="+url))
	settings, err := s.Settings()
	return settings, err == nil
}

// screen is that of a desk phone: its name in the top row, labels beside the keys.
// Without keys the name is all there is.
func (f flatDialect) screen(i provision.Info, d telephony.Desired, model string, body func(provision.Model) provision.Body) provision.Screen {
	s := provision.IdleScreen(i, d, model, body)
	m, _ := i.Model(s.Model)
	name := f.catalogue.Shown("Station_Name", flatFirst(d, m))
	for n := range s.Lines {
		if m.Keys == 0 {
			s.Lines[n].Label = name
		} else {
			s.Lines[n].Label = f.catalogue.Shown("Short_Name.1", flatLabel(s.Lines[n].Label))
		}
	}
	switch {
	case name == "":
	case m.Keys == 0:
		s.Text = []string{name}
	default:
		s.Header.Label = name
	}
	return s.WithKeys(provision.ScreenKeys(i, d, m, func(k provision.PlacedKey) string {
		return f.catalogue.Shown("Short_Name.1", flatLabel(k.Label))
	}))
}
