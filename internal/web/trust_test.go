package web

import (
	"context"
	"net/http"
	"net/netip"
	"regexp"
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

func TestP03_TheLeastEvidenceIsChosenOnTheDetailPage(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	c := h.customer("1001")
	detail := "/customers/" + c.ID + "/detail"
	b.get(detail).wants(h, http.StatusOK).says(h, "Vertrauen zu Geräten", `name="trust_minimum" value="certificate"`, `value="" checked`)
	b.post(detail+"?part=trust", "trust_minimum", "first_access").leads(h, detail+"#trust")
	b.get(detail).says(h, `value="first_access" checked`)
	if x := h.read(c.ID); x.TrustMinimum != telephony.WayFirstAccess {
		t.Fatalf("saved as %q", x.TrustMinimum)
	}
	b.post(detail+"?part=trust", "trust_minimum", "a smile").wants(h, http.StatusUnprocessableEntity).says(h, `id="trust_minimum-error"`, "Diesen Nachweis gibt es nicht.")
	b.post("/customers/"+c.ID+"/site-tokens/new", "name", "Werk 2", "devices", "3", "addresses", "203.0.113.7", "days", "7").
		wants(h, http.StatusConflict).says(h, "Der Kunde verlangt einen stärkeren Nachweis", `value="Werk 2"`)
	support := h.signedIn(app.UserSpec{Login: "sina", Role: auth.OperatorSupport})
	support.get(detail).says(h, "Mindestens die URL für den Erstzugang").hides(h, "trust_minimum", "site-tokens/new", c.ID+"/rotate")
}

func TestP03_ASiteTokenIsShownOnceListedAndVoided(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	c := h.customer("1001")
	detail, path := "/customers/"+c.ID+"/detail", "/customers/"+c.ID+"/site-tokens"
	if _, err := h.app.Customers.Allow(context.Background(), h.system, c.ID, "203.0.113.0-203.0.113.15", "Büro"); err != nil {
		t.Fatal(err)
	}
	b.get(path+"/new").wants(h, http.StatusOK).says(h, "203.0.113.0-203.0.113.15", "7 Tage")
	for field, bad := range map[string][]string{
		"name": {"", "3", "203.0.113.7", "7"}, "devices": {"Werk 2", "drei", "203.0.113.7", "7"},
		"addresses": {"Werk 2", "3", "Büro", "7"}, "days": {"Werk 2", "3", "203.0.113.7", "3650"},
	} {
		a := b.post(path+"/new", "name", bad[0], "devices", bad[1], "addresses", bad[2], "days", bad[3]).wants(h, http.StatusUnprocessableEntity)
		if m := errorBeside.FindStringSubmatch(a.text); m == nil || m[1] != field {
			t.Errorf("%v: the error is at %v, want %s", bad, m, field)
		}
	}
	a := b.post(path+"/new", "name", "Werk 2", "devices", "3", "addresses", "203.0.113.7 - 203.0.113.9\n198.51.100.4", "days", "30").wants(h, http.StatusOK)
	url := regexp.MustCompile(`https://prov\.test\.example/s/[^"]+/`).FindString(a.text)
	if url == "" || a.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("no URL: %v", a.header)
	}
	a.says(h, "tischlein dhcp dnsmasq --site-url "+url, "data-copy", "Option 66")
	b.get(detail).says(h, "Werk 2", "0 von 3", "203.0.113.7-203.0.113.9, 198.51.100.4", "Frida", "gültig").hides(h, url)

	l, err := h.app.SiteTokens.List(context.Background(), h.system, c.ID, app.Query{})
	if err != nil || len(l.Items) != 1 {
		t.Fatalf("%v, %v", l, err)
	}
	one := path + "/" + l.Items[0].ID + "/void"
	b.get(one).wants(h, http.StatusOK).says(h, "Standort-Token „Werk 2“ ungültig machen?")
	b.post(one).leads(h, detail+"#trust")
	b.get(detail).says(h, "ungültig gemacht").hides(h, one)
	b.post(path+"/none/void").wants(h, http.StatusNotFound)
}

func TestP14_RotatingADeviceSaysWhatHappensAndTakesWhatIsChosen(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	c := h.customer("1001")
	d := h.seat(c.ID, "Empfang", "101", "00156500aa01", "203.0.113.7")
	page := "/customers/" + c.ID + "/cpes/" + d.ID
	rotated := func() int {
		h.Helper()
		l, err := h.app.Audit.List(context.Background(), h.system, c.ID, app.AuditQuery{Action: "rotate"})
		if err != nil {
			t.Fatal(err)
		}
		return len(l.Items)
	}
	b.get(page).says(h, page+"/rotate")
	b.get(page+"/rotate").wants(h, http.StatusOK).says(h, "SIP-Passwort", "Empfang", "höchstens sieben Tage", "Dauerhafte URL", `value="admin" checked`, `value="http" checked`)
	b.post(page+"/rotate").wants(h, http.StatusUnprocessableEntity).says(h, `id="what-error"`).hides(h, `value="admin" checked`)
	b.post(page+"/rotate", "what", "colour").wants(h, http.StatusUnprocessableEntity)
	if n := rotated(); n != 0 {
		t.Fatalf("rotated %d times before anybody said what", n)
	}
	before, err := h.app.CPEs.Reveal(context.Background(), h.system, c.ID, d.ID)
	if err != nil {
		t.Fatal(err)
	}
	url := func() telephony.Secret {
		h.Helper()
		u, err := h.app.CPEs.Reveal(context.Background(), h.system, c.ID, d.ID)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	b.post(page+"/rotate", "what", "sip").leads(h, page)
	if rotated() != 1 || url() != before {
		t.Fatal("rotating the SIP secret alone did something else")
	}
	b.post(page+"/rotate", "what", "token").leads(h, page)
	if rotated() != 2 || url() == before {
		t.Fatal("the URL is the old one")
	}
	b.get(page).says(h, "Die Zugangsdaten sind erneuert.")

	by, err := h.app.CPEs.Create(context.Background(), h.system, telephony.CPE{CustomerID: c.ID, Driver: "generic", Name: "Türsprechstelle", Ports: 1})
	if err != nil {
		t.Fatal(err)
	}
	b.get("/customers/"+c.ID+"/cpes/"+by.CPE.ID+"/rotate").says(h, "muss jemand von Hand eintragen").hides(h, `value="sip"`, `value="http"`)
}

func TestP14_RotatingACustomersDevicesSaysHowManyAndWhoIsAway(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	c := h.customer("1001")
	d := h.seat(c.ID, "Empfang", "101", "00156500aa01", "203.0.113.7")
	b.addsPhone(c.ID, "80:5e:c0:11:22:33") // it was never seen
	page, detail := "/customers/"+c.ID+"/rotate", "/customers/"+c.ID+"/detail"
	b.get(detail).says(h, page)
	b.get(page).wants(h, http.StatusOK).says(h, "2 Geräte bekommen neue Zugangsdaten.", "davon sind gerade offline", "SIP-Passwort")
	b.post(page).wants(h, http.StatusUnprocessableEntity).says(h, `id="what-error"`)
	l, err := h.app.Audit.List(context.Background(), h.system, c.ID, app.AuditQuery{Action: "rotate_all"})
	if err != nil || len(l.Items) != 0 {
		t.Fatalf("asking rotated: %v, %v", l.Items, err)
	}
	before, err := h.app.CPEs.Reveal(context.Background(), h.system, c.ID, d.ID)
	if err != nil {
		t.Fatal(err)
	}
	b.post(page, "what", "token").leads(h, detail+"#trust")
	b.get(detail).says(h, "eines nach dem anderen")
	ended, end := context.WithCancel(context.Background())
	end()
	h.app.Run(ended) // waits for what goes on by itself
	after, err := h.app.CPEs.Reveal(context.Background(), h.system, c.ID, d.ID)
	if err != nil || after == before {
		t.Fatalf("the URL is the old one, %v", err)
	}
}

// Why a device was refused is worded in the reader's language, also what was kept
// before there were codes; what others have said stays as it is.
func TestU01_RefusalsAreWordedInTheReadersLanguage(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	customer, _, _ := h.floor(false, "Empfang")
	cpe := b.addsPhone(customer, "80:5e:c0:11:22:33")
	d := app.Device{ID: cpe[strings.LastIndexByte(cpe, '/')+1:], CustomerID: customer, Driver: "yealink"}
	from := netip.MustParseAddr("203.0.113.9")
	for _, why := range []string{"the credential belongs to 80:5e:c0:11:22:33, but the path names 80:5e:c0:65:43:21",
		"it came by armed, and the customer demands certificate at least", "<b>fremd</b>"} {
		h.app.Devices.Refused(context.Background(), d, from, why)
	}
	ended, end := context.WithCancel(context.Background())
	end()
	h.app.Run(ended) // writes what was observed
	b.get(cpe).says(h, "Die Zugangsdaten gehören zu 80:5e:c0:11:22:33", "nennt 80:5e:c0:65:43:21", "der Kunde verlangt mindestens", `lang="en">&lt;b&gt;fremd`).
		hides(h, "the credential belongs", "it came by armed")
}
