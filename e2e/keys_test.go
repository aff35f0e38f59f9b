package e2e_test

import (
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
)

// person is an extension whose owner knows a PIN.
func (i *installation) person(number, name, pin string, multi bool) telephony.Extension {
	i.t.Helper()
	v, err := i.App().Extensions.Create(i.t.Context(), operator, telephony.Extension{
		CustomerID: i.customer.ID, Number: number, Name: name, MultiLogin: multi,
	}, telephony.Secret(pin))
	i.ok(err)
	return v.Extension
}

// seat is a desk with its phone switched on and free.
type seat struct {
	*desk
	*phonesim.Phone
}

func (i *installation) seat(name string, vendor phonesim.Vendor, mac telephony.MAC) seat {
	i.t.Helper()
	d := i.desk(name, string(vendor), mac)
	s := seat{d, d.phone(phonesim.Config{Vendor: vendor})}
	s.reads("Freier Platz", name, "[Anmelden]", "Registriert")
	return s
}

func (s seat) reads(words ...string) { s.t.Helper(); s.shows(s.Phone, words...) }

// press opens the page of a key.
func (s seat) press(key string) phonesim.Page {
	s.t.Helper()
	s.ok(s.Press(s.t.Context(), key))
	return s.page()
}

func (s seat) page() phonesim.Page {
	s.t.Helper()
	p, ok := s.Page()
	if !ok {
		s.t.Fatalf("the browser is closed: %q", s.Screen())
	}
	return p
}

// types answers the fields that have these labels, on one page or on several.
func (s seat) types(labelled ...string) phonesim.Page {
	s.t.Helper()
	for done := 0; done < len(labelled); {
		before := done
		for _, in := range s.page().Inputs {
			if done < len(labelled) && in.Label == labelled[done] {
				s.ok(s.Focus(in.Label))
				s.ok(s.Type(labelled[done+1]))
				done += 2
			}
		}
		if done == before {
			s.t.Fatalf("no field for %q on %+v", labelled[done], s.page())
		}
		s.ok(s.Submit(s.t.Context()))
	}
	return s.page()
}

func (s seat) logsIn(number, pin string) phonesim.Page {
	s.t.Helper()
	s.press("Anmelden")
	return s.types("Nebenstelle", number, "PIN", pin)
}

func (s seat) says(p phonesim.Page, want string) {
	s.t.Helper()
	if !strings.Contains(p.Title+"\n"+p.Text, want) {
		s.t.Fatalf("the page says %+v, want %q", p, want)
	}
}

// choose takes the item with one of these labels: a menu's, or a soft key's.
func (s seat) choose(labels ...string) phonesim.Page {
	s.t.Helper()
	for _, i := range s.page().Items {
		if slices.Contains(labels, i.Label) {
			s.ok(s.Choose(s.t.Context(), i.Label))
			return s.page()
		}
	}
	s.t.Fatalf("none of %q on %+v", labels, s.page())
	return phonesim.Page{}
}

// audited counts entries of the audit log; with a reason, those that bear it.
func (i *installation) audited(action, outcome, reason string) int {
	i.t.Helper()
	list, err := i.App().Audit.List(i.t.Context(), operator, i.customer.ID, app.AuditQuery{})
	i.ok(err)
	n := 0
	for _, e := range list.Items {
		if e.Action == action && e.Outcome == outcome && (reason == "" || e.Reason == reason) {
			n++
		}
	}
	return n
}

func TestH02_H04_H05_LoginByKeyAndTheScreenShowsWho(t *testing.T) {
	const pin, wrong = "47130815", "99980815"
	i := install(t, "tls")
	i.person("101", "Erika Weber", pin, false)
	front, store := i.seat("Empfang", phonesim.Yealink, "001565125001"), i.seat("Lager", phonesim.Snom, "000413125001")
	front.reads(front.channel.Desk)

	boots := front.State().Boots
	front.says(front.logsIn("101", wrong), "Nebenstelle oder PIN ist falsch.")
	front.says(front.logsIn("199", pin), "Nebenstelle oder PIN ist falsch.")
	front.says(front.logsIn("101", pin), "Sie sind angemeldet, Erika Weber.")
	front.Leave()
	front.reads("Erika Weber 101", "[Abmelden]", "Registriert")
	front.state(telephony.StateLoggedIn)
	if s := front.State(); s.Boots != boots || s.Display != "Erika Weber" {
		t.Errorf("%+v", s)
	}

	// H03: one device at most. The question names where she sits.
	p := store.logsIn("101", pin)
	store.says(p, "ereits an maximaler Anzahl Geräte angemeldet (Empfang)")
	store.says(store.choose("Hier anmelden, dort abmelden", "Ja"), "Sie sind angemeldet, Erika Weber.")
	store.Leave()
	store.reads("Erika Weber", "[Abmelden]")
	front.reads("Freier Platz", front.channel.Desk, "[Anmelden]")

	store.says(store.press("Abmelden"), "Sie sind abgemeldet.")
	store.Leave()
	store.reads("Freier Platz", "[Anmelden]")
	store.state(telephony.StateLoggedOut)

	// H09: who, where, by which path; the PINs nowhere.
	list, err := i.App().Audit.List(t.Context(), operator, i.customer.ID, app.AuditQuery{})
	i.ok(err)
	seen := map[string]int{}
	for _, e := range list.Items {
		if e.ActorKind == "phone" {
			seen[e.Action+" "+e.Outcome]++
			if text := fmt.Sprintf("%+v", e); strings.Contains(text, pin) || strings.Contains(text, wrong) {
				t.Errorf("a PIN is in the log: %s", text)
			}
			if e.From != "127.0.0.1" {
				t.Errorf("from %s: %+v", e.From, e)
			}
			if e.Outcome == "done" && !strings.Contains(fmt.Sprint(e.Before, e.After), "key") {
				t.Errorf("by which path? %+v", e)
			}
		}
	}
	if seen["login done"] != 2 || seen["login refused"] != 3 || seen["logout done"] < 1 {
		t.Errorf("%v", seen)
	}
}

func TestH03_TwoDevicesAndATakenDesk(t *testing.T) {
	i := install(t, "tls")
	i.person("101", "Erika Weber", "4713", true)
	i.person("102", "Jan Kurz", "0000", false)
	front, store := i.seat("Empfang", phonesim.Snom, "000413125002"), i.seat("Lager", phonesim.Yealink, "001565125002")
	for _, s := range []seat{front, store} {
		s.says(s.logsIn("101", "4713"), "Sie sind angemeldet")
		s.Leave()
		s.reads("Erika Weber", "[Abmelden]")
	}
	front.says(front.press("Abmelden"), "Lager")
	front.says(front.choose("Nur hier abmelden", "Hier"), "Sie sind abgemeldet.")
	front.Leave()
	front.reads("Freier Platz", "[Anmelden]")
	store.reads("Erika Weber")

	// D20: who has the administrator's PIN chooses their own first.
	p := front.logsIn("102", "0000")
	front.says(p, "Bitte wählen Sie eine neue PIN.")
	front.says(front.types("Neue PIN", "8520", "Neue PIN wiederholen", "8521"), "Die beiden PINs sind verschieden.")
	front.says(front.types("Neue PIN", "1234", "Neue PIN wiederholen", "1234"), "Diese PIN ist zu leicht zu erraten.")
	front.says(front.types("Neue PIN", "8520", "Neue PIN wiederholen", "8520"), "Sie sind angemeldet, Jan Kurz.")
	front.Leave()
	front.reads("Jan Kurz 102", "[Abmelden]")
	front.says(front.press("Abmelden"), "Sie sind abgemeldet.")
	front.Leave()
	front.reads("[Anmelden]")
	front.says(front.logsIn("101", "4713"), "Sie sind angemeldet, Erika Weber.")
	front.Leave()
	front.reads("Erika Weber", "[Abmelden]")
	front.press("Abmelden")
	front.says(front.choose("Überall"), "Sie sind überall abgemeldet.")
	front.Leave()
	for _, s := range []seat{front, store} {
		s.reads("Freier Platz", "[Anmelden]")
	}
}

// H03 with two devices: who logs in at a third says which of them ends.
func TestH03_AThirdDeviceAsksWhichOneEnds(t *testing.T) {
	i := install(t, "tls")
	i.person("101", "Erika Weber", "4713", true)
	seats := []seat{i.seat("Empfang", phonesim.Snom, "000413125006"), i.seat("Lager", phonesim.Yealink, "001565125006"), i.seat("Büro", phonesim.Yealink, "001565125007")}
	for _, s := range seats[:2] {
		s.says(s.logsIn("101", "4713"), "Sie sind angemeldet")
	}
	third := seats[2]
	third.says(third.logsIn("101", "4713"), "Empfang, Lager")
	third.says(third.choose("Abmelden: Lager", "Lager"), "Sie sind angemeldet, Erika Weber.")
	for _, s := range seats {
		s.Leave()
	}
	seats[0].reads("Erika Weber", "[Abmelden]")
	seats[1].reads("Freier Platz", "[Anmelden]")
	third.reads("Erika Weber", "[Abmelden]")
}

// A key holds 99 characters of a URL on these phones: under a long name it dials
// the code instead.
func TestH02_TheKeyDialsTheCodeWhereNoFormFits(t *testing.T) {
	cfg := settings(t.TempDir(), "tls")
	cfg.PublicHost = strings.Repeat("provisioning-", 4) + "server.example.net"
	i := open(t, cfg)
	var err error
	i.customer, err = i.App().Customers.Create(t.Context(), operator, guesthouse)
	i.ok(err)
	d := i.desk("Empfang", "yealink", "001565125005")
	url, err := i.App().CPEs.FirstAccess(t.Context(), operator, i.customer.ID, d.cpe.ID)
	i.ok(err)
	f, err := phonesim.NewFleet(phonesim.FleetConfig{RootCAs: i.trusted(), Hosts: map[string]netip.Addr{cfg.PublicHost: netip.MustParseAddr("127.0.0.1")}})
	i.ok(err)
	t.Cleanup(f.Close)
	p := f.Add(phonesim.Config{Vendor: phonesim.Yealink, MAC: phonesim.MAC(d.cpe.MAC), ProvisioningURL: url.Reveal()})
	p.PowerOn(t.Context())
	d.shows(p, "Freier Platz", "[Anmelden]", "Registriert")
	if keys := p.Buttons(); len(keys) != 1 || keys[0].Opens != "" || keys[0].Dials != "901" {
		t.Fatalf("%+v", keys)
	}
	i.ok(p.Press(t.Context(), "Anmelden"))
	c, err := p.WaitCall(i.within(), func(c phonesim.CallState) bool { return c.Number == "901" })
	i.ok(err)
	// This name exists for the phone only, so the voice has no address to speak
	// from: that it gets so far says that the key dials the code.
	err = c.Wait(i.within(), func(c phonesim.CallState) bool { return c.Phase == phonesim.Up || c.Phase == phonesim.Ended })
	if s := c.State(); err != nil || s.Phase == phonesim.Ended && !strings.Contains(s.Reason, "no_media") {
		t.Fatalf("%v, %+v", err, s)
	}
	c.HangUp()
}

// A link takes the keys away, on the phone and behind the address that the phone
// still knew.
func TestH06_KeysGoneFromALinkedPhone(t *testing.T) {
	i := install(t, "tls")
	x := i.person("101", "Erika Weber", "4713", false)
	i.person("102", "Jan Kurz", "4714", false)
	for n, s := range []seat{i.seat("Empfang", phonesim.Yealink, "001565125003"), i.seat("Lager", phonesim.Snom, "000413125003")} {
		key := s.Buttons()[0]
		if key.Label != "Anmelden" || !strings.Contains(key.Opens, "/k/") {
			t.Fatalf("%+v", key)
		}
		s.link(x)
		s.reads("Erika Weber 101")
		if keys := s.Buttons(); len(keys) > 0 || strings.Contains(strings.Join(s.Screen(), "\n"), "melden]") {
			t.Errorf("linked, and there are keys: %+v", keys)
		}
		const says = "Dieses Gerät ist fest mit Erika Weber verbunden."
		for path, body := range map[string]string{
			key.Opens: says, key.Opens + "?number=102&amp;pin=4714": "", strings.Replace(key.Opens, "/login", "/logout/all", 1): says,
		} {
			if got := i.get(path); !strings.Contains(got, body) {
				t.Errorf("%s", got)
			}
		}
		if got := i.get(key.Opens + "?number=102&pin=4714"); !strings.Contains(got, says) {
			t.Errorf("another extension: %s", got)
		}
		s.state(telephony.StateLoggedIn)
		if a, b := i.audited("login", "refused", "hotdesking_off"), i.audited("logout", "refused", "linked_by_administrator"); a != n+1 || b != n+1 {
			t.Errorf("%d refused logins and %d refused logouts in the log, want %d each", a, b, n+1)
		}
		s.unlink()
		s.reads("Freier Platz", "[Anmelden]")
	}
}

// get is a request as a phone's browser sends it.
func (i *installation) get(url string) string {
	i.t.Helper()
	c := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: i.trusted()}, DisableKeepAlives: true}}
	a, err := c.Get(url)
	i.ok(err)
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	i.ok(err)
	return string(body)
}

func TestX03_GuessingAtAKeyLocksAndIsLogged(t *testing.T) {
	i := install(t, "tls")
	i.person("101", "Erika Weber", "4713", false)
	s := i.seat("Empfang", phonesim.Yealink, "001565125004")
	for range telephony.PINTries {
		s.says(s.logsIn("101", "9998"), "Nebenstelle oder PIN ist falsch.")
	}
	s.says(s.logsIn("101", "4713"), "gesperrt bis")
	if n := i.audited("login", "refused", ""); n < telephony.PINTries {
		t.Errorf("%d refusals in the log", n)
	}
	s.Leave()
	s.reads("Freier Platz", "[Anmelden]")
}
