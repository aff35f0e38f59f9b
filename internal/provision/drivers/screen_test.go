package drivers

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// told is what a device's own file makes it show, read back from the bytes.
type told struct {
	labels map[int]string // by port
	keys   []string       // kind:port:label
	text   []string
	header string
}

// readers know each vendor's files, and nothing of its driver.
var readers = map[string]func(m map[string]string, d telephony.Desired) told{
	"yealink": func(m map[string]string, d telephony.Desired) told {
		get := func(name string) string { return exactly(m[name], "%NULL%") }
		r := told{labels: map[int]string{}}
		for n := 1; m["account."+strconv.Itoa(n)+".enable"] != ""; n++ {
			p := strconv.Itoa(n)
			if m["account."+p+".enable"] != "1" {
				continue
			}
			r.labels[n] = get("account." + p + ".label")
			if name, dect := m["handset."+p+".name"]; dect {
				r.labels[n] = exactly(name, "%NULL%")
			}
		}
		for n := 1; m["linekey."+strconv.Itoa(n)+".type"] != ""; n++ {
			p := "linekey." + strconv.Itoa(n) + "."
			port, _ := strconv.Atoi(m[p+"line"])
			switch m[p+"type"] {
			case "15":
				r.keys = append(r.keys, "line:"+m[p+"line"]+":"+r.labels[port])
			case "16":
				r.keys = append(r.keys, "blf:"+m[p+"line"]+":"+get(p+"label"))
			case "13", "27":
				r.keys = append(r.keys, kindOf(get(p+"value"))+":"+m[p+"line"]+":"+get(p+"label"))
			default:
				r.keys = append(r.keys, ":0:")
			}
		}
		switch d.Model {
		case "T41S":
			if logo := get("phone_setting.lcd_logo.text"); logo != "" {
				r.text = []string{logo}
			}
		case "T19P_E2", "W70B":
			for n := range 20 {
				if l, ok := r.labels[n]; ok {
					r.text = append(r.text, l)
				}
			}
		default:
			r.header = r.labels[1]
		}
		return r
	},
	"snom": func(m map[string]string, _ telephony.Desired) told {
		r := told{labels: map[int]string{}}
		for n := 1; m["user_active."+strconv.Itoa(n)] != ""; n++ {
			if m["user_active."+strconv.Itoa(n)] == "on" {
				r.labels[n] = m["user_idle_text."+strconv.Itoa(n)]
				r.text = append(r.text, r.labels[n])
			}
		}
		for n := 0; m["fkey."+strconv.Itoa(n)] != ""; n++ {
			p := "fkey." + strconv.Itoa(n)
			switch {
			case m[p+".context"] == "active":
				r.keys = append(r.keys, ":0:")
			case m[p] == "line":
				r.keys = append(r.keys, "line:"+m[p+".context"]+":"+m[p+".label"])
			default:
				r.keys = append(r.keys, kindOf(m[p])+":"+m[p+".context"]+":"+m[p+".label"])
			}
		}
		return r
	},
	"linphone": func(m map[string]string, _ telephony.Desired) told {
		if m["sip/default_proxy"] != "0" {
			return told{}
		}
		_, quoted, _ := strings.Cut(m["proxy_0/reg_identity"], `"`)
		name, _, _ := strings.Cut(quoted, `"`)
		return told{labels: map[int]string{1: name}, text: []string{name}}
	},
	"acme": func(m map[string]string, _ telephony.Desired) told {
		if m["active"] != "yes" {
			return told{}
		}
		return told{labels: map[int]string{1: m["screen"]}, text: []string{m["screen"]}}
	},
}

// kindOf tells the keys apart by what they dial or open.
func kindOf(value string) string {
	switch {
	case strings.HasSuffix(value, "902") || strings.HasSuffix(value, "/logout"):
		return "logout"
	case strings.HasSuffix(value, "901") || strings.HasSuffix(value, "/login"):
		return "login"
	case strings.HasPrefix(value, "blf "):
		return "blf"
	}
	return "speed_dial"
}

// exactly is s, or "" where the file says that it is empty.
func exactly(s, null string) string {
	if s == null {
		return ""
	}
	return s
}

func shownBy(s provision.Screen) told {
	r := told{text: s.Text, header: s.Header.Label}
	for _, l := range s.Lines {
		if r.labels == nil {
			r.labels = map[int]string{}
		}
		r.labels[l.Port] = l.Label
	}
	for _, k := range s.Keys {
		r.keys = append(r.keys, string(k.Kind)+":"+strconv.Itoa(k.Port)+":"+k.Label)
	}
	return r
}

func TestU06_ScreenShowsWhatTheFileSets(t *testing.T) {
	models := map[string][]string{"yealink": {"", "T41S", "T19P_E2", "T48U"}, "snom": {"", "D717", "D120"}}
	seen := 0
	for _, drv := range All().Drivers() {
		vendor := drv.Info().Vendor
		if !drv.Info().Fetches() {
			continue
		}
		for _, s := range scenarios(vendor) {
			for _, model := range append([]string{""}, models[vendor]...) {
				for _, lang := range []string{"", "de", "en", "nl"} {
					d := s.desired
					d.Lines = slices.Clone(d.Lines)
					if model != "" {
						d.Model = model
					}
					if lang != "" {
						d.Language, d.Lines[0].Language = lang, lang
					}
					seen++
					want := readers[vendor](settingsOf(t, drv, d), d)
					got := shownBy(provision.ScreenOf(drv, d, ""))
					if vendor == "acme" { // its file cuts at 32, which nobody has told the usual screen
						for port, l := range got.labels {
							got.labels[port] = provision.Clip(l, 32)
							got.text = []string{provision.Clip(l, 32)}
						}
					}
					same(t, vendor+" "+s.name+" "+d.Model+" "+lang, got, want)
				}
			}
		}
	}
	if seen < 300 {
		t.Fatalf("only %d cases", seen)
	}
}

func same(t *testing.T, name string, got, want told) {
	t.Helper()
	if len(got.labels) != len(want.labels) || got.header != want.header ||
		!slices.Equal(got.text, want.text) || !slices.Equal(got.keys, want.keys) {
		t.Errorf("%s\n got %+v\nwant %+v", name, got, want)
	}
	for port, l := range want.labels {
		if got.labels[port] != l {
			t.Errorf("%s: line %d shows %q, the file sets %q", name, port, got.labels[port], l)
		}
	}
}

func TestH06_ScreenOffersLoginOnlyWhereOneMay(t *testing.T) {
	linked := func(d *telephony.Desired) { login(d, telephony.LineLinked, "101", "Anna Schmidt") }
	guest := func(d *telephony.Desired) { login(d, telephony.LineHotdesk, "102", "Jan de Vries") }
	for _, c := range []struct {
		vendor string
		edit   func(*telephony.Desired)
		line   string
		login  string
	}{
		{"yealink", func(*telephony.Desired) {}, "Freier Platz Empfang", "Anmelden"},
		{"yealink", linked, "Anna Schmidt 101", ""},
		{"yealink", guest, "Jan de Vries 102", "Abmelden"},
		{"snom", func(*telephony.Desired) {}, "Freier Platz Empfang", "Anmelden"},
		{"snom", linked, "Anna Schmidt 101", ""},
		{"linphone", func(*telephony.Desired) {}, "Freier Platz Empfang · Anmelden: 901", ""},
		{"linphone", linked, "Anna Schmidt", ""},
		{"generic", linked, "Anna Schmidt 101", ""},
	} {
		drv, _ := All().Get(c.vendor)
		s := provision.ScreenOf(drv, desk(c.vendor, c.edit), "")
		label := ""
		for _, k := range s.Keys {
			if k.Kind == provision.KeyLogin || k.Kind == provision.KeyLogout {
				label = k.Label
			}
		}
		if len(s.Lines) != 1 || s.Lines[0].Label != c.line || label != c.login {
			t.Errorf("%s: %+v, login key %q", c.vendor, s.Lines, label)
		}
		if s.Assumed != (c.vendor == "generic") {
			t.Errorf("%s: assumed %v", c.vendor, s.Assumed)
		}
	}
}

func TestU06_LightsFollowTheSignal(t *testing.T) {
	drv, _ := All().Get("yealink")
	at := time.Date(2026, 11, 23, 14, 5, 0, 0, time.UTC)
	edit := map[string]func(*telephony.Desired){
		"free":   func(*telephony.Desired) {},
		"linked": func(d *telephony.Desired) { login(d, telephony.LineLinked, "101", "Anna Schmidt") },
		"refused": func(d *telephony.Desired) {
			d.Lines[0].State, d.Lines[0].Address = telephony.LineRefused, "203.0.113.7"
		},
	}
	for _, c := range []struct {
		name string
		up   map[int]bool
		led  provision.LED
	}{
		{"free", map[int]bool{1: true}, provision.LEDOff},
		{"linked", map[int]bool{1: true}, provision.LEDGreen},
		{"linked", map[int]bool{1: false}, provision.LEDOff},
		{"linked", nil, provision.LEDOff},
		{"refused", map[int]bool{1: true}, provision.LEDRed},
	} {
		before := provision.ScreenOf(drv, desk("yealink", edit[c.name]), "")
		if s := before.Live(c.up, at); s.Keys[0].LED != c.led || s.Header.Time != "14:05" || s.Header.Date != "Mo 23.11." {
			t.Errorf("%s %v: %+v %+v", c.name, c.up, s.Keys[0], s.Header)
		}
		if before.Header.Time != "" || before.Lines[0].Signal != provision.SignalUnknown {
			t.Error("Live has changed the screen it started from")
		}
	}
}

func TestU06_EveryModelHasABody(t *testing.T) {
	for _, drv := range All().Drivers() {
		for _, m := range drv.Info().Models {
			s := provision.ScreenOf(drv, desk(drv.Info().Vendor, func(*telephony.Desired) {}), m.Name)
			b := s.Body
			if s.Model != m.Name || s.Guessed || b.Shape == "" || b.Display.Width == 0 || b.Display.Height == 0 || b.Display.Tenths == 0 {
				t.Errorf("%s %s: %+v", drv.Info().Vendor, m.Name, b)
			}
			if _, ok := drv.(provision.Screened); ok && len(s.Keys) != m.Keys {
				t.Errorf("%s %s shows %d keys of %d", drv.Info().Vendor, m.Name, len(s.Keys), m.Keys)
			}
			if m.Keys > 0 && b.Shape == provision.ShapeDesk && b.Left+b.Right+b.Column == 0 && !s.Assumed {
				t.Errorf("%s %s has keys that are drawn nowhere", drv.Info().Vendor, m.Name)
			}
		}
	}
}

func TestX01_ScreenHoldsNoSecret(t *testing.T) {
	for _, drv := range All().Drivers() {
		d := desk(drv.Info().Vendor, func(*telephony.Desired) {})
		text, err := json.Marshal(provision.ScreenOf(drv, d, ""))
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range append(provision.SecretsOf(d), telephony.Secret(d.Lines[0].SIPUser)) {
			if strings.Contains(string(text), secret.Reveal()) {
				t.Errorf("%s: %s", drv.Info().Vendor, text)
			}
		}
	}
}
