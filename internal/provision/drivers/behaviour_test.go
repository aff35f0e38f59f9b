package drivers

import (
	"slices"
	"strings"
	"testing"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// settingsOf is the device's configuration as name -> value.
func settingsOf(t *testing.T, drv provision.Driver, d telephony.Desired) map[string]string {
	t.Helper()
	f, err := drv.Render(d, provision.KindConfig)
	if err != nil {
		t.Fatal(err)
	}
	list, err := drv.(provision.Catalogued).Parse(f)
	if err != nil {
		t.Fatal(err)
	}
	m := make(map[string]string, len(list))
	for _, s := range list {
		m[s.Name] = s.Value
	}
	return m
}

// withKeys calls f for the vendors whose phones have programmable keys.
func withKeys(t *testing.T, f func(t *testing.T, drv provision.Driver, vendor string)) {
	for _, vendor := range []string{"snom", "yealink"} {
		drv, err := All().Get(vendor)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(vendor, func(t *testing.T) { f(t, drv, vendor) })
	}
}

// keyed finds the login and logout keys in a configuration: what each does, and
// its label.
func keyed(m map[string]string) map[string]string {
	keys := map[string]string{}
	for name, v := range m {
		label := m[name+".label"]
		if strings.HasPrefix(name, "linekey.") && strings.HasSuffix(name, ".value") {
			n := strings.TrimSuffix(name, "value")
			label = m[n+"label"]
			switch m[n+"type"] {
			case "27":
				keys["opens "+v] = label
				continue
			case "13":
				keys["dials "+v] = label
				continue
			}
		}
		if url, ok := strings.CutPrefix(v, "url "); ok && strings.HasPrefix(name, "fkey.") {
			keys["opens "+url] = label
		}
		if code, ok := strings.CutPrefix(v, "speed "); ok && strings.HasPrefix(name, "fkey.") {
			keys["dials "+code] = label
		}
	}
	return keys
}

func TestH06_KeysGoneFromALinkedDevice(t *testing.T) {
	withKeys(t, func(t *testing.T, drv provision.Driver, vendor string) {
		for _, hotdesking := range []bool{false, true} { // true: another line of the device is free
			for _, pages := range []telephony.Secret{testPages, ""} {
				m := settingsOf(t, drv, desk(vendor, func(d *telephony.Desired) {
					login(d, telephony.LineLinked, "101", "Anna Schmidt")
					d.Hotdesking, d.PagesURL = hotdesking, pages
				}))
				if keys := keyed(m); len(keys) > 0 {
					t.Errorf("linked, and there are keys: %v", keys)
				}
				for name, v := range m {
					if v == "Anmelden" || v == "Abmelden" || strings.Contains(v, "/k/") {
						t.Errorf("linked, and %s = %q", name, v)
					}
				}
			}
		}
		m := settingsOf(t, drv, desk(vendor, func(d *telephony.Desired) { d.Hotdesking = false }))
		if keys := keyed(m); len(keys) > 0 {
			t.Errorf("hotdesking is off, and there are keys: %v", keys)
		}
	})
}

func TestH02_KeysFollowWhoSitsThere(t *testing.T) {
	long := "https://" + strings.Repeat("p", 300) + ".example.net/k/0123456789abkeyskeyskeyskeyskeyskeys/"
	withKeys(t, func(t *testing.T, drv provision.Driver, vendor string) {
		for _, c := range []struct {
			state      telephony.LineState
			lang       string
			pages      string
			key, label string
		}{
			{telephony.LineFree, "de", testPages, "opens " + testPages + "1/login", "Anmelden"},
			{telephony.LineHotdesk, "de", testPages, "opens " + testPages + "1/logout", "Abmelden"},
			{telephony.LineHotdesk, "nl", testPages, "opens " + testPages + "1/logout", "Afmelden"},
			{telephony.LineFree, "en", testPages, "opens " + testPages + "1/login", "Log in"},
			{telephony.LineFree, "de", "", "dials 901", "Anmelden"},
			{telephony.LineHotdesk, "de", "", "dials 902", "Abmelden"},
			{telephony.LineFree, "de", long, "dials 901", "Anmelden"}, // rather the code than a URL that is cut
		} {
			keys := keyed(settingsOf(t, drv, desk(vendor, func(d *telephony.Desired) {
				login(d, c.state, "101", "Anna")
				d.Lines[0].Language, d.PagesURL = c.lang, telephony.Secret(c.pages)
			})))
			if len(keys) != 1 || keys[c.key] != c.label {
				t.Errorf("%s %s %q: %v, want %q labelled %q", c.state, c.lang, c.pages, keys, c.key, c.label)
			}
		}
		// A customer without codes still has the form.
		keys := keyed(settingsOf(t, drv, desk(vendor, func(d *telephony.Desired) { d.LoginCode = "" })))
		if keys["opens "+testPages+"1/login"] != "Anmelden" {
			t.Errorf("without a code: %v", keys)
		}
	})
}

// Two lines, two people: each key is for its own line.
func TestH02_EachLineHasItsOwnKey(t *testing.T) {
	withKeys(t, func(t *testing.T, drv provision.Driver, vendor string) {
		d := desk(vendor, func(d *telephony.Desired) {
			d.Lines = append(d.Lines,
				telephony.Line{Port: 2, State: telephony.LineLinked, SIPUser: "c2", Secret: "s2-geheim", Number: "202", Name: "Berta"},
				telephony.Line{Port: 3, State: telephony.LineHotdesk, SIPUser: "c3", Secret: "s3-geheim", Number: "203", Name: "Carla"})
		})
		keys := keyed(settingsOf(t, drv, d))
		if len(keys) != 2 || keys["opens "+testPages+"1/login"] != "Anmelden" || keys["opens "+testPages+"3/logout"] != "Abmelden" {
			t.Errorf("%v", keys)
		}
	})
}

// What has no key says what to dial, and only while somebody may.
func TestH04_WithoutAKeyTheScreenShowsTheCode(t *testing.T) {
	for _, c := range []struct{ vendor, model, name, want string }{
		{"yealink", "T19P_E2", "account.1.label", "Freier Platz 4711 · Empfang · Anmelden: 901"},
		{"yealink", "W70B", "handset.1.name", "Platz 4711 frei · 901"},
		{"snom", "D120", "user_idle_text.1", "Freier Platz 4711 · Empfang · Anmelden: 901"},
		{"linphone", "", "proxy_0/reg_identity", `"Freier Platz 4711 · Empfang · Anmelden: 901" <sip:c7k2m9x4q1@sip.example.net>`},
		{"yealink", "T46U", "account.1.label", "Freier Platz 4711 · Empfang"}, // it has a key
		{"yealink", "T41S", "phone_setting.lcd_logo.text", "Platz 4711 frei"},
	} {
		drv, _ := All().Get(c.vendor)
		free := desk(c.vendor, func(d *telephony.Desired) { d.Model, d.Lines[0].Desk = c.model, "4711" })
		if got := settingsOf(t, drv, free)[c.name]; got != c.want {
			t.Errorf("%s %s: %s = %q, want %q", c.vendor, c.model, c.name, got, c.want)
		}
		for name, edit := range map[string]func(*telephony.Desired){
			"linked": func(d *telephony.Desired) { login(d, telephony.LineLinked, "101", "Anna") },
			"off":    func(d *telephony.Desired) { d.Hotdesking = false },
		} {
			d := desk(c.vendor, func(d *telephony.Desired) { d.Model = c.model; edit(d) })
			for setting, v := range settingsOf(t, drv, d) {
				if strings.Contains(v, "901") {
					t.Errorf("%s %s, %s: %s = %q", c.vendor, c.model, name, setting, v)
				}
			}
		}
	}
}

func TestS03_PhoneSideWaysAreLocked(t *testing.T) {
	lock := map[string]map[string]string{
		"yealink": {
			"phone_setting.logon_wizard": "0", "hotdesking.dsskey_username_enable": "0", "static.zero_touch.enable": "0",
			"static.auto_provision.pnp_enable": "0", "features.action_uri.enable": "0", "static.security.user_password": "var:Geheim-Admin-4711",
		},
		"snom": {
			"logon_wizard": "off", "admin_mode": "off", "pnp_config": "off",
			"admin_mode_password": "Geheim-Admin-4711", "http_pass": "Geheim-Admin-4711",
		},
		"linphone": {"ui/hide_account_settings": "1", "ui/max_account": "1", "ui/assistant_disable_qr_code": "1"},
	}
	for vendor := range lock {
		drv, err := All().Get(vendor)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range scenarios(vendor) {
			m := settingsOf(t, drv, s.desired)
			for name, want := range lock[vendor] {
				if m[name] != want {
					t.Errorf("%s %s: %s = %q, want %q", vendor, s.name, name, m[name], want)
				}
			}
			for name, v := range m {
				if strings.HasPrefix(name, "linekey.") && strings.HasSuffix(name, ".type") && v == "34" {
					t.Errorf("%s is a hot desking key", name)
				}
			}
		}
	}
}

func TestP07_NextPersonFindsNoTraces(t *testing.T) {
	for _, vendor := range []string{"yealink", "snom"} {
		drv, _ := All().Get(vendor)
		anna := desk(vendor, func(d *telephony.Desired) { login(d, telephony.LineHotdesk, "101", "Anna Schmidt") })
		berta := desk(vendor, func(d *telephony.Desired) { login(d, telephony.LineHotdesk, "102", "Berta Kurz") })
		before, after := settingsOf(t, drv, anna), settingsOf(t, drv, berta)
		for name, v := range after {
			if strings.Contains(v, "Anna") || v == "101" {
				t.Errorf("%s: %s = %q", vendor, name, v)
			}
			if _, ok := before[name]; !ok {
				t.Errorf("%s: %s was not written before and would survive", vendor, name)
			}
			off := map[string]string{"yealink": "0", "snom": "off"}[vendor]
			isSwitch := strings.HasSuffix(name, "dnd.enable") || strings.HasPrefix(name, "dnd_mode") ||
				strings.Contains(name, "fwd") && strings.Contains(name, "enable") || strings.HasPrefix(name, "forward.") && strings.HasSuffix(name, ".enable")
			if isSwitch && v != off {
				t.Errorf("%s: %s = %q, want %q", vendor, name, v, off)
			}
		}
	}
	// What is not cleared is named.
	for _, drv := range All().Drivers() {
		var named []string
		for _, tr := range drv.Info().Traces {
			named = append(named, tr.What)
		}
		for _, what := range []string{"call log", "do not disturb", "contacts"} {
			if drv.Info().Fetches() && !slices.Contains(named, what) {
				t.Errorf("%s does not say whether it clears: %s", drv.Info().Vendor, what)
			}
		}
	}
}

func TestH05_PhoneShowsWhoSitsThere(t *testing.T) {
	type shown struct{ label, display, user string }
	read := map[string]func(map[string]string) shown{
		"yealink": func(m map[string]string) shown {
			return shown{m["account.1.label"], m["account.1.display_name"], m["account.1.user_name"]}
		},
		"snom": func(m map[string]string) shown {
			return shown{m["user_idle_text.1"], m["user_realname.1"], m["user_name.1"]}
		},
	}
	for vendor, get := range read {
		drv, _ := All().Get(vendor)
		check := func(name string, edit func(*telephony.Desired), want shown) {
			t.Helper()
			want.user = "c7k2m9x4q1" // the AOR is the channel's, whoever sits there
			if got := get(settingsOf(t, drv, desk(vendor, edit))); got != want {
				t.Errorf("%s %s: %+v, want %+v", vendor, name, got, want)
			}
		}
		check("linked", func(d *telephony.Desired) { login(d, telephony.LineLinked, "101", "Anna Schmidt") },
			shown{label: "Anna Schmidt 101", display: "Anna Schmidt"})
		check("free", func(*telephony.Desired) {}, shown{label: "Freier Platz Empfang", display: "Freier Platz"})
		check("refused", func(d *telephony.Desired) {
			d.Lines[0].State, d.Lines[0].Address = telephony.LineRefused, "203.0.113.7"
		}, shown{label: "Adresse 203.0.113.7 nicht freigegeben", display: "Adresse 203.0.113.7 nicht freigegeben"})
	}
}

func TestP09_CheckSyncDoesNotReboot(t *testing.T) {
	pushable := map[string]bool{"yealink": true, "snom": true, "linphone": false, "generic": false}
	for vendor, want := range pushable {
		drv, err := All().Get(vendor)
		if err != nil {
			t.Fatal(err)
		}
		n, ok := drv.(provision.Notifier)
		if ok != want {
			t.Errorf("%s can be pushed: %v", vendor, ok)
		}
		if ok && (n.CheckSync() != "check-sync;reboot=false" || n.Reboot() != "check-sync;reboot=true") {
			t.Errorf("%s: %q, %q", vendor, n.CheckSync(), n.Reboot())
		}
	}
	// Yealink reboots at every check-sync until a configuration says otherwise.
	drv, _ := All().Get("yealink")
	for _, s := range scenarios("yealink") {
		if got := settingsOf(t, drv, s.desired)["sip.notify_reboot_enable"]; got != "0" {
			t.Errorf("%s: sip.notify_reboot_enable = %q", s.name, got)
		}
	}
}

func TestD27_GenericFetchesNothing(t *testing.T) {
	drv, err := All().Get("generic")
	if err != nil {
		t.Fatal(err)
	}
	if drv.Info().Fetches() || drv.Info().Evidence != provision.EvidenceRegister {
		t.Errorf("%+v", drv.Info())
	}
	if _, err := drv.Render(desk("generic", func(*telephony.Desired) {}), provision.KindConfig); telephony.CodeOf(err) != telephony.NotFound {
		t.Errorf("rendering: %v", err)
	}
}

func TestP06_RevisionSeesWhatTheFileSees(t *testing.T) {
	// Two states of a device that give different bytes must give different
	// revisions, or the phone would never be told.
	for _, drv := range All().Drivers() {
		if !drv.Info().Fetches() {
			continue
		}
		bodies := map[string]string{}
		for _, s := range scenarios(drv.Info().Vendor) {
			f, err := drv.Render(s.desired, provision.KindConfig)
			if err != nil {
				t.Fatal(err)
			}
			rev := s.desired.Revision(drv.Info().Version)
			if other, ok := bodies[rev]; ok && other != string(f.Body) {
				t.Errorf("%s: one revision, two files", s.name)
			}
			bodies[rev] = string(f.Body)
		}
	}
}
