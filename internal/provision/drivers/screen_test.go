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
	withCase(t, func(t *testing.T, drv provision.Driver, c vendorCase) {
		models := append([]string{""}, c.draw...)
		if c.small != "" && !slices.Contains(models, c.small) {
			models = append(models, c.small)
		}
		for _, s := range scenarios(c.vendor) {
			for _, model := range models {
				for _, lang := range []string{"", "de", "en", "nl"} {
					d := s.desired
					d.Lines = slices.Clone(d.Lines)
					if model != "" {
						d.Model = model
					}
					if lang != "" {
						d.Language, d.Lines[0].Language = lang, lang
					}
					want := c.reads(settingsOf(t, drv, d), d)
					same(t, c.vendor+" "+s.name+" "+d.Model+" "+lang, shownBy(provision.ScreenOf(drv, d, "")), want)
				}
			}
		}
	})
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
	for _, drv := range under() {
		vendor := drv.Info().Vendor
		for _, at := range []struct {
			edit  func(*telephony.Desired)
			login string
		}{
			{func(*telephony.Desired) {}, "Anmelden"},
			{linked, ""},
			{func(d *telephony.Desired) { login(d, telephony.LineHotdesk, "102", "Jan de Vries") }, "Abmelden"},
		} {
			s := provision.ScreenOf(drv, desk(vendor, at.edit), "")
			label, want := "", at.login
			for _, k := range s.Keys {
				if k.Kind == provision.KeyLogin || k.Kind == provision.KeyLogout {
					label = k.Label
				}
			}
			if cases[vendor].keys == nil {
				want = ""
			}
			if len(s.Lines) != 1 || s.Lines[0].Label == "" || label != want {
				t.Errorf("%s: %+v, login key %q, want %q", vendor, s.Lines, label, want)
			}
			if s.Assumed != (vendor == "generic") {
				t.Errorf("%s: assumed %v", vendor, s.Assumed)
			}
		}
	}
	s := provision.ScreenOf(driverOf("generic"), desk("generic", linked), "")
	if len(s.Lines) != 1 || s.Lines[0].Label != "Anna Schmidt 101" {
		t.Errorf("generic: %+v", s.Lines)
	}
}

func TestU06_LightsFollowTheSignal(t *testing.T) {
	at := time.Date(2026, 11, 23, 14, 5, 0, 0, time.UTC)
	edit := map[string]func(*telephony.Desired){
		"free":   func(*telephony.Desired) {},
		"linked": func(d *telephony.Desired) { login(d, telephony.LineLinked, "101", "Anna Schmidt") },
		"refused": func(d *telephony.Desired) {
			d.Lines[0].State, d.Lines[0].Address = telephony.LineRefused, "203.0.113.7"
		},
	}
	withKeys(t, func(t *testing.T, drv provision.Driver, c vendorCase) {
		for _, l := range []struct {
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
			before := provision.ScreenOf(drv, desk(c.vendor, edit[l.name]), "")
			s := before.Live(l.up, at)
			n := slices.IndexFunc(s.Keys, func(k provision.ScreenKey) bool { return k.Kind == provision.KeyLine })
			if (n < 0) != drv.Info().FixedLineKeys {
				t.Fatalf("no key of a line is drawn: %+v", s.Keys)
			}
			if n >= 0 && s.Keys[n].LED != l.led || s.Header.Time != "14:05" || s.Header.Date != "Mo 23.11." {
				t.Errorf("%s %v: %+v %+v", l.name, l.up, s.Keys, s.Header)
			}
			if before.Header.Time != "" || before.Lines[0].Signal != provision.SignalUnknown {
				t.Error("Live has changed the screen it started from")
			}
		}
	})
}

func TestU06_EveryModelHasABody(t *testing.T) {
	for _, drv := range under() {
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
	for _, drv := range under() {
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
