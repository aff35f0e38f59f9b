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

func TestH06_KeysGoneFromALinkedDevice(t *testing.T) {
	withKeys(t, func(t *testing.T, drv provision.Driver, c vendorCase) {
		for _, hotdesking := range []bool{false, true} { // true: another line of the device is free
			for _, pages := range []telephony.Secret{testPages, ""} {
				m := settingsOf(t, drv, desk(c.vendor, func(d *telephony.Desired) {
					login(d, telephony.LineLinked, "101", "Anna Schmidt")
					d.Hotdesking, d.PagesURL = hotdesking, pages
				}))
				if keys := c.inUse(m); len(keys) > 0 {
					t.Errorf("linked, and there are keys: %v", keys)
				}
				for name, v := range m {
					if v == "Anmelden" || v == "Abmelden" || strings.Contains(v, "/k/") {
						t.Errorf("linked, and %s = %q", name, v)
					}
				}
			}
		}
		m := settingsOf(t, drv, desk(c.vendor, func(d *telephony.Desired) { d.Hotdesking = false }))
		if keys := c.inUse(m); len(keys) > 0 {
			t.Errorf("hotdesking is off, and there are keys: %v", keys)
		}
	})
}

func TestH02_KeysFollowWhoSitsThere(t *testing.T) {
	long := "https://" + strings.Repeat("p", 300) + ".example.net/k/0123456789abkeyskeyskeyskeyskeyskeys/"
	withKeys(t, func(t *testing.T, drv provision.Driver, c vendorCase) {
		i := drv.Info()
		for _, k := range []struct {
			state        telephony.LineState
			lang         string
			pages        string
			opens, dials string
			label        string
		}{
			{state: telephony.LineFree, lang: "de", pages: testPages, opens: "1/login", dials: "901", label: "Anmelden"},
			{state: telephony.LineHotdesk, lang: "de", pages: testPages, opens: "1/logout", dials: "902", label: "Abmelden"},
			{state: telephony.LineHotdesk, lang: "nl", pages: testPages, opens: "1/logout", dials: "902", label: "Afmelden"},
			{state: telephony.LineFree, lang: "en", pages: testPages, opens: "1/login", dials: "901", label: "Log in"},
			{state: telephony.LineFree, lang: "de", dials: "901", label: "Anmelden"},
			{state: telephony.LineHotdesk, lang: "de", dials: "902", label: "Abmelden"},
			{state: telephony.LineFree, lang: "de", pages: long, opens: "1/login", dials: "901", label: "Anmelden"},
		} {
			// Rather the code than a URL that the phone would cut.
			want := "dials " + k.dials
			if i.XMLBrowser && k.pages != "" && (i.PageURLMax == 0 || len(k.pages+k.opens) <= i.PageURLMax) {
				want = "opens " + k.pages + k.opens
			}
			keys := c.inUse(settingsOf(t, drv, desk(c.vendor, func(d *telephony.Desired) {
				login(d, k.state, "101", "Anna")
				d.Lines[0].Language, d.PagesURL = k.lang, telephony.Secret(k.pages)
			})))
			if len(keys) != 1 || keys[want] != k.label {
				t.Errorf("%s %s %q: %v, want %q labelled %q", k.state, k.lang, k.pages, keys, want, k.label)
			}
		}
		// A customer without codes still has the form.
		keys := c.inUse(settingsOf(t, drv, desk(c.vendor, func(d *telephony.Desired) { d.LoginCode = "" })))
		if i.XMLBrowser && keys["opens "+testPages+"1/login"] != "Anmelden" || !i.XMLBrowser && len(keys) > 0 {
			t.Errorf("without a code: %v", keys)
		}
	})
}

// Two lines, two people: each key is for its own line.
func TestH02_EachLineHasItsOwnKey(t *testing.T) {
	withKeys(t, func(t *testing.T, drv provision.Driver, c vendorCase) {
		d := desk(c.vendor, func(d *telephony.Desired) {
			d.Lines = append(d.Lines,
				telephony.Line{Port: 2, State: telephony.LineLinked, SIPUser: "c2", Secret: "s2-geheim", Number: "202", Name: "Berta"},
				telephony.Line{Port: 3, State: telephony.LineHotdesk, SIPUser: "c3", Secret: "s3-geheim", Number: "203", Name: "Carla"})
		})
		want := map[string]string{"dials 901": "Anmelden", "dials 902": "Abmelden"}
		if drv.Info().XMLBrowser {
			want = map[string]string{"opens " + testPages + "1/login": "Anmelden", "opens " + testPages + "3/logout": "Abmelden"}
		}
		keys := c.inUse(settingsOf(t, drv, d))
		for what, label := range want {
			if len(keys) != 2 || keys[what] != label {
				t.Errorf("%v, want %v", keys, want)
			}
		}
	})
}

func TestP08_KeysOfThePersonReachTheFile(t *testing.T) {
	withKeys(t, func(t *testing.T, drv provision.Driver, c vendorCase) {
		mine := []telephony.Key{{Kind: telephony.KeyWatch, Label: "Jan", Value: "102"}, {Kind: telephony.KeyDial, Value: "+49301234567"}}
		m := settingsOf(t, drv, desk(c.vendor, func(d *telephony.Desired) {
			login(d, telephony.LineLinked, "101", "Anna")
			d.Lines[0].Keys = mine
		}))
		keys := c.inUse(m)
		if len(keys) != 2 || keys["watches 102"] != "Jan" || keys["dials +49301234567"] != "+49301234567" {
			t.Errorf("%v", keys)
		}
		for _, k := range c.keys(m) {
			if k.does != "" && k.port != 1 {
				t.Errorf("%+v is not a key of line 1", k)
			}
		}
		// Whoever comes next finds none of them.
		m = settingsOf(t, drv, desk(c.vendor, func(d *telephony.Desired) { login(d, telephony.LineLinked, "102", "Berta") }))
		if keys := c.inUse(m); len(keys) > 0 {
			t.Errorf("%v", keys)
		}
	})
}

// What has no key says what to dial, and only while somebody may.
func TestH04_WithoutAKeyTheScreenShowsTheCode(t *testing.T) {
	withCase(t, func(t *testing.T, drv provision.Driver, c vendorCase) {
		for _, at := range c.dialled {
			free := desk(c.vendor, func(d *telephony.Desired) { d.Model, d.Lines[0].Desk = at.model, "4711" })
			if got := settingsOf(t, drv, free)[at.setting]; got != at.want {
				t.Errorf("%s: %s = %q, want %q", at.model, at.setting, got, at.want)
			}
			for name, edit := range map[string]func(*telephony.Desired){
				"linked": func(d *telephony.Desired) { login(d, telephony.LineLinked, "101", "Anna") },
				"off":    func(d *telephony.Desired) { d.Hotdesking = false },
			} {
				d := desk(c.vendor, func(d *telephony.Desired) { d.Model = at.model; edit(d) })
				for setting, v := range settingsOf(t, drv, d) {
					if strings.Contains(v, "901") {
						t.Errorf("%s, %s: %s = %q", at.model, name, setting, v)
					}
				}
			}
		}
	})
}

func TestS03_PhoneSideWaysAreLocked(t *testing.T) {
	withCase(t, func(t *testing.T, drv provision.Driver, c vendorCase) {
		for _, s := range scenarios(c.vendor) {
			m := settingsOf(t, drv, s.desired)
			for name, want := range c.locked {
				if m[name] != want {
					t.Errorf("%s: %s = %q, want %q", s.name, name, m[name], want)
				}
			}
			for name, v := range m {
				if c.never != nil && c.never(name, v) {
					t.Errorf("%s: %s = %q", s.name, name, v)
				}
			}
		}
	})
}

func TestP07_NextPersonFindsNoTraces(t *testing.T) {
	withCase(t, func(t *testing.T, drv provision.Driver, c vendorCase) {
		anna := desk(c.vendor, func(d *telephony.Desired) { login(d, telephony.LineHotdesk, "101", "Anna Schmidt") })
		berta := desk(c.vendor, func(d *telephony.Desired) { login(d, telephony.LineHotdesk, "102", "Berta Kurz") })
		before, after := settingsOf(t, drv, anna), settingsOf(t, drv, berta)
		for name, v := range after {
			if strings.Contains(v, "Anna") || v == "101" {
				t.Errorf("%s = %q", name, v)
			}
			if _, ok := before[name]; !ok {
				t.Errorf("%s was not written before and would survive", name)
			}
		}
		for name, want := range c.cleared {
			if v, ok := after[name]; !ok || v != want {
				t.Errorf("%s = %q, want %q", name, v, want)
			}
		}
	})
	// What is not cleared is named, and so is what nobody can close.
	for _, drv := range under() {
		i := drv.Info()
		named := func(what string) bool {
			return slices.ContainsFunc(i.Traces, func(tr provision.Trace) bool { return tr.What == what })
		}
		for _, what := range []string{"call log", "do not disturb", "contacts"} {
			if i.Fetches() && !named(what) {
				t.Errorf("%s does not say whether it clears: %s", i.Vendor, what)
			}
		}
		reset := slices.ContainsFunc(i.Ways, func(w provision.Way) bool { return w.What == "factory reset" && !w.Closed })
		if i.Fetches() && len(i.OUIs) > 0 && !reset {
			t.Errorf("%s does not say that a factory reset cannot be prevented", i.Vendor)
		}
	}
}

func TestH05_PhoneShowsWhoSitsThere(t *testing.T) {
	withCase(t, func(t *testing.T, drv provision.Driver, c vendorCase) {
		check := func(name string, edit func(*telephony.Desired), want sitting) {
			t.Helper()
			if c.oneName {
				want.label = want.display
			}
			if c.shortest > 0 {
				want.label = provision.Clip(want.label, c.shortest)
			}
			want.user = "c7k2m9x4q1" // the AOR is the channel's, whoever sits there
			if got := c.sits(settingsOf(t, drv, desk(c.vendor, edit))); got != want {
				t.Errorf("%s: %+v, want %+v", name, got, want)
			}
		}
		check("linked", func(d *telephony.Desired) { login(d, telephony.LineLinked, "101", "Anna Schmidt") },
			sitting{label: "Anna Schmidt 101", display: "Anna Schmidt"})
		check("free", func(d *telephony.Desired) { d.Hotdesking = false },
			sitting{label: "Freier Platz Empfang", display: "Freier Platz"})
		check("refused", func(d *telephony.Desired) {
			d.Lines[0].State, d.Lines[0].Address = telephony.LineRefused, "203.0.113.7"
		}, sitting{label: "Adresse 203.0.113.7 nicht freigegeben", display: "Adresse 203.0.113.7 nicht freigegeben"})
	})
}

func TestP09_CheckSyncDoesNotReboot(t *testing.T) {
	withCase(t, func(t *testing.T, drv provision.Driver, c vendorCase) {
		n, ok := drv.(provision.Notifier)
		if ok != (c.checkSync != "") {
			t.Fatalf("can be pushed: %v", ok)
		}
		if ok && (n.CheckSync() != c.checkSync || n.Reboot() != c.reboot || c.checkSync == c.reboot) {
			t.Errorf("%q, %q, want %q, %q", n.CheckSync(), n.Reboot(), c.checkSync, c.reboot)
		}
	})
	for _, drv := range under() {
		if _, ok := drv.(provision.Notifier); ok && !drv.Info().Fetches() {
			t.Errorf("%s is told to fetch and has nothing to", drv.Info().Vendor)
		}
	}
}

func TestD27_GenericFetchesNothing(t *testing.T) {
	drv := driverOf("generic")
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
	withCase(t, func(t *testing.T, drv provision.Driver, c vendorCase) {
		bodies := map[string]string{}
		for _, s := range scenarios(c.vendor) {
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
	})
}
