package phone

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
)

func labels(d *atDesk) []string {
	var l []string
	for _, b := range d.Buttons() {
		l = append(l, b.Label)
	}
	return l
}

func TestH02_LoginByKeyAtEachVendorsPhone(t *testing.T) {
	vendorPhones(t, func(t *testing.T, d *atDesk) {
		if got := labels(d); !slices.Equal(got, []string{"Anmelden"}) {
			t.Fatalf("keys %q", got)
		}
		d.shows("Freier Platz 4711 · Empfang", "[Anmelden]")
		first := d.opens("Anmelden")
		if first.Title != "Anmelden" || first.Inputs[0].Label != "Nebenstelle" || first.Inputs[0].Masked {
			t.Fatalf("%+v", first)
		}
		last := d.types("101", "4713")
		if last.Title != "Anmelden" || last.Text != "Sie sind angemeldet, Erika Weber." {
			t.Fatalf("%+v", last)
		}
		if a := d.last(); a != (Attempt{Number: "101", PIN: "4713"}) || len(d.attempts) != 1 {
			t.Errorf("%+v", d.attempts)
		}
		if s := d.spots[0]; s.From.String() != "127.0.0.1" || s.Device.ID != "cpe1" || s.ChannelID != "ch1" {
			t.Errorf("%+v", s)
		}
		d.Leave()
		d.shows("Freier Platz 4711 · Empfang") // until the next configuration comes
	})
}

func TestH02_ThePINIsNotReadableOnTheDisplay(t *testing.T) {
	vendorPhones(t, func(t *testing.T, d *atDesk) {
		d.opens("Anmelden")
		d.ok(d.Type("101"))
		if len(d.page().Inputs) == 1 { // one field at a time
			d.ok(d.Submit(t.Context()))
		}
		d.ok(d.Type("4713"))
		d.shows("PIN: ****")
	})
}

// Wrong number, wrong PIN, letters and overlong look alike; the number stands
// there to be mended, the PIN does not.
func TestH02_WrongNumberAndWrongPINLookAlike(t *testing.T) {
	vendorPhones(t, func(t *testing.T, d *atDesk) {
		for _, try := range [][2]string{{"101", "9999"}, {"777", "4713"}, {"1*1#", "4713"}, {"101", strings.Repeat("9", 400)}} {
			d.opens("Anmelden")
			p := d.types(try[0], try[1])
			if p.Title != "Nebenstelle oder PIN ist falsch." || p.Inputs[0].Label != "Nebenstelle" || p.Inputs[0].Value != try[0] {
				t.Fatalf("%q: %+v", try, p)
			}
			for _, in := range p.Inputs {
				if in.Masked && in.Value != "" {
					t.Errorf("a PIN stands in the form: %+v", p)
				}
			}
		}
		if a := d.last(); len(a.PIN) != mostTyped {
			t.Errorf("%d characters were passed on", len(a.PIN))
		}
		// The number can be mended in place.
		d.opens("Anmelden")
		d.types("777", "4713")
		d.ok(d.Focus("Nebenstelle"))
		d.ok(d.Type("101"))
		if len(d.page().Inputs) == 1 {
			d.ok(d.Submit(t.Context()))
		}
		d.ok(d.Type("4713"))
		d.ok(d.Submit(t.Context()))
		d.shows("Sie sind angemeldet, Erika Weber.")
	})
}

func TestD20_LockedSaysUntilWhen(t *testing.T) {
	vendorPhones(t, func(t *testing.T, d *atDesk) {
		d.login = func(Attempt) (telephony.Party, error) {
			return telephony.Party{}, telephony.Forbiddenf("pin_locked", "locked").With("until", time.Date(2026, 11, 23, 13, 20, 0, 0, time.UTC))
		}
		d.opens("Anmelden")
		d.types("101", "4713")
		d.shows("gesperrt bis 14:20 Uhr") // at the place of the phone
	})
}

func TestD20_ANewPINIsAskedForTwice(t *testing.T) {
	vendorPhones(t, func(t *testing.T, d *atDesk) {
		d.login = func(a Attempt) (telephony.Party, error) {
			switch {
			case a.NewPIN == "":
				return telephony.Party{}, telephony.Conflictf("pin_must_change", "choose a new one")
			case a.NewPIN == "1234":
				return telephony.Party{}, telephony.Invalidf("new_pin", "pin_weak", "too easy")
			case len(a.NewPIN) < 4:
				return telephony.Party{}, telephony.Invalidf("new_pin", "pin_malformed", "4 to 8 digits")
			}
			return erika, nil
		}
		d.opens("Anmelden")
		if p := d.types("101", "0000"); p.Title != "Bitte wählen Sie eine neue PIN." || !p.Inputs[0].Masked {
			t.Fatalf("%+v", p)
		}
		for _, try := range []struct{ once, again, says string }{
			{"8520", "8521", "Die beiden PINs sind verschieden."},
			{"1234", "1234", "Diese PIN ist zu leicht zu erraten."},
			{"12", "12", "Eine PIN hat 4 bis 8 Ziffern."},
		} {
			if p := d.types(try.once, try.again); p.Title != try.says {
				t.Fatalf("%+v: %+v", try, p)
			}
		}
		// What was typed before is forgotten with the page it was typed on.
		if d.types("8520", "8521"); d.Focus("Neue PIN wiederholen") == nil {
			d.ok(d.Type("8520"))
			d.ok(d.Submit(t.Context()))
			if p := d.page(); p.Title != "Bitte wählen Sie eine neue PIN." {
				t.Fatalf("%+v", p)
			}
		}
		if p := d.types("8520", "8520"); p.Text != "Sie sind angemeldet, Erika Weber." {
			t.Fatalf("%+v", p)
		}
		if a := d.last(); a != (Attempt{Number: "101", PIN: "0000", NewPIN: "8520"}) {
			t.Errorf("%+v", a)
		}
	})
}

func TestH03_MaximumAsksAndTakesOver(t *testing.T) {
	one := []telephony.Choice{{ChannelID: "ch7", Name: "Lager"}}
	two := append(slices.Clone(one), telephony.Choice{ChannelID: "ch8", Name: "Werkstatt"})
	vendorPhones(t, func(t *testing.T, d *atDesk) {
		for _, c := range []struct {
			choices []telephony.Choice
			press   []string
			end     string
			says    string
		}{
			{one, []string{"Hier anmelden, dort abmelden", "Ja"}, "", "Bereits an maximaler Anzahl Geräte angemeldet (Lager)"},
			{two, []string{"Abmelden: Werkstatt", "Werkstatt"}, "ch8", "Bereits an maximaler Anzahl Geräte angemeldet (Lager, Werkstatt)"},
		} {
			d.login = func(a Attempt) (telephony.Party, error) {
				if !a.TakeOver {
					return telephony.Party{}, telephony.Conflictf("maximum_devices", "already at the maximum").
						With("devices", []string{"Lager"}).With("choices", c.choices)
				}
				return erika, nil
			}
			d.opens("Anmelden")
			d.types("101", "4713")
			d.shows(c.says)
			if p := d.choose(c.press...); p.Text != "Sie sind angemeldet, Erika Weber." {
				t.Fatalf("%+v", p)
			}
			if a := d.last(); a != (Attempt{Number: "101", PIN: "4713", TakeOver: true, End: c.end, Over: telephony.Nobody}) {
				t.Errorf("%+v", a)
			}
		}
	})
}

func TestH03_ATakenDeskAsks(t *testing.T) {
	vendorPhones(t, func(t *testing.T, d *atDesk) {
		d.login = func(a Attempt) (telephony.Party, error) {
			if !a.TakeOver {
				return telephony.Party{}, telephony.Conflictf("desk_taken", "somebody sits here").
					With("holder", `Jan <b> & "Co"`).With("holder_number", "22").With("devices", []string{"Lager"})
			}
			return erika, nil
		}
		d.opens("Anmelden")
		d.types("101", "4713")
		d.shows(`Hier ist Jan <b> & "Co" angemeldet.`, "Am Platz Lager werden Sie abgemeldet.")
		if len(d.attempts) != 1 {
			t.Fatalf("tried again unasked: %+v", d.attempts)
		}
		d.choose("Platz übernehmen", "Ja")
		if a := d.last(); !a.TakeOver || a.Over != "22" || a.Number != "101" || a.PIN != "4713" {
			t.Errorf("%+v", a)
		}
	})
}

func TestH03_LogoutAsksHereOrEverywhere(t *testing.T) {
	vendorPhones(t, func(t *testing.T, d *atDesk) {
		d.st.fake.edit = nil
		d.free(d.st.fake)
		free := d.st.fake.edit
		d.st.fake.edit = func(x *telephony.Desired) {
			free(x)
			x.Lines[0].State, x.Lines[0].Name, x.Lines[0].Number = telephony.LineHotdesk, "Erika Weber", "101"
		}
		d.st.Changed("cpe1")
		d.Reboot()
		d.waits(func(s phonesim.State) bool { return s.Applied == 2 && s.Power == phonesim.Running })
		if got := labels(d); !slices.Equal(got, []string{"Abmelden"}) {
			t.Fatalf("keys %q", got)
		}
		d.logout = func(where telephony.Where) ([]string, error) {
			if where == telephony.WhereAsk {
				return nil, telephony.Conflictf("logout_where", "here or both").With("devices", []string{"Lager"})
			}
			return nil, nil
		}
		d.opens("Abmelden")
		d.shows("Sie sind noch an einem weiteren Gerät angemeldet (Lager).")
		if p := d.choose("Nur hier abmelden", "Hier"); p.Text != "Sie sind abgemeldet." {
			t.Fatalf("%+v", p)
		}
		d.opens("Abmelden")
		if p := d.choose("Überall"); p.Text != "Sie sind überall abgemeldet." {
			t.Fatalf("%+v", p)
		}
		if want := []telephony.Where{telephony.WhereAsk, telephony.WhereHere, telephony.WhereAsk, telephony.WhereBoth}; !slices.Equal(d.outs, want) {
			t.Errorf("%v", d.outs)
		}
		// D10: one of the two is linked and stays.
		d.logout = func(telephony.Where) ([]string, error) { return []string{"Lager"}, nil }
		if p := d.opens("Abmelden"); !strings.HasPrefix(p.Text, "Sie sind abgemeldet. Am Platz Lager bleiben Sie angemeldet") {
			t.Fatalf("%+v", p)
		}
		// One device: no question.
		d.logout = func(telephony.Where) ([]string, error) { return nil, nil }
		if p := d.opens("Abmelden"); p.Text != "Sie sind abgemeldet." {
			t.Fatalf("%+v", p)
		}
	})
}

// A phone that has not taken its new configuration yet still has the key.
func TestS03_AStaleKeyOnALinkedDeviceIsRefused(t *testing.T) {
	vendorPhones(t, func(t *testing.T, d *atDesk) {
		d.linked = telephony.Party{ExtensionID: "x9", Number: "109", Name: "Chefin"}
		d.logout = func(telephony.Where) ([]string, error) {
			return nil, telephony.Forbiddenf("linked_by_administrator", "only an administrator can end that")
		}
		const says = "Dieses Gerät ist fest mit Chefin verbunden. Das kann nur ein Administrator ändern."
		if p := d.opens("Anmelden"); p.Text != says || len(p.Inputs) > 0 || len(d.attempts) > 0 {
			t.Fatalf("%+v, %+v", p, d.attempts)
		}
		// Whoever sends the form all the same is refused by the rules.
		d.login = func(Attempt) (telephony.Party, error) {
			return telephony.Party{}, telephony.Forbiddenf("hotdesking_off", "linked")
		}
		for path, want := range map[string]int{"1/login?number=101&pin=4713": 1, "1/logout": 1, "1/logout/all": 1} {
			body := d.st.want(200, d.ask(path))
			if strings.Count(body, says) != want {
				t.Errorf("%s: %s", path, body)
			}
		}
		if len(d.attempts) != 1 || len(d.outs) != 2 {
			t.Errorf("%+v %+v", d.attempts, d.outs)
		}
	})
}

func (d *atDesk) ask(path string) ask {
	return ask{path: "/k/" + pagesToken + "/" + path, from: "127.0.0.1"}
}

func TestH02_EveryRefusalHasWords(t *testing.T) {
	d := newDesk(t, phonesim.Yealink, yealinkMAC)
	for _, language := range []string{"de", "en", "nl"} {
		d.language = language
		seen := map[string]string{}
		for _, reason := range []string{"pin_wrong", "pin_locked", "too_many_failures", "pin_must_change", "pin_weak", "pin_malformed", "desk_taken",
			"maximum_devices", "fixed_by_administrator", "hotdesking_off", "no_device", "something new"} {
			d.login = func(Attempt) (telephony.Party, error) {
				return telephony.Party{}, telephony.Conflictf(reason, "not for people")
			}
			body := d.st.want(200, d.ask("1/login?number=101&pin=4713"))
			text, _, _ := strings.Cut(body[strings.Index(body, "<Title"):], "<URL>")
			text, _, _ = strings.Cut(text, "<MenuItem>")
			if other, ok := seen[text]; ok || strings.Contains(body, "not for people") || strings.Contains(body, "%s") {
				t.Errorf("%s: %s says the same as %q: %s", language, reason, other, body)
			}
			seen[text] = reason
		}
	}
}
