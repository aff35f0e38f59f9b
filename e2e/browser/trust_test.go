package browser_test

import (
	"net/netip"
	"regexp"
	"strings"
	"testing"

	"tischlein/e2e/browser"
	"tischlein/internal/discovery/redirect/redirecttest"
	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
)

var local = netip.MustParseAddr("127.0.0.1")

// An agent reads out a PIN, somebody types it at the phone, and the page says so while both look at it (P03 d).
func TestP03_PINTypedAtThePhoneMakesItTrusted(t *testing.T) {
	w := browser.NewWorld(t)
	c, ada := w.Channel("Empfang"), w.Extension("101", "Ada Wirt")
	x := w.Record("Telefon Empfang", &c)
	w.Link(c, ada)
	b := w.Admin(browser.As{})
	b.Go(w.Portal + "/customers/" + w.Customer.ID + "/cpes/" + x.ID)
	b.Reads("Noch nicht anerkannt")
	b.Click(browser.Button("PIN für das Telefon"))
	url, pin := b.Find(browser.Field("URL für das Telefon, zusammen mit der PIN")).Value, b.Find(browser.Field("PIN")).Value
	if !strings.HasSuffix(url, "/n/") || !regexp.MustCompile(`^\d{6}$`).MatchString(pin) {
		t.Fatalf("shown: %q and %q", url, pin)
	}
	b.Accessible()
	d := w.PlugAt(x, phonesim.Config{ProvisioningURL: url, HTTPUser: "telefon", HTTPPassword: pin, Address: local})
	d.Shows("Ada Wirt")
	b.Reads("Anerkannt", "durch die Geräte-PIN")
	b.Go(w.Portal + "/customers/" + w.Customer.ID + "/cpes/" + x.ID)
	if strings.Contains(b.Text(), pin) {
		t.Error("the PIN is shown twice")
	}
}

// Rotating all that a device holds takes its registration to the new secrets, and nobody has to touch it (P14).
func TestP14_PhoneKeepsWorkingWhenItsSecretsAreRotated(t *testing.T) {
	w := browser.NewWorld(t)
	c, ada := w.Channel("Empfang"), w.Extension("101", "Ada Wirt")
	d := w.Phone(c)
	w.Link(c, ada)
	d.Shows("Ada Wirt")
	before := w.Device(d.CPE).CPE.Wanted
	b := w.Admin(browser.As{})
	b.Go(w.Portal + "/customers/" + w.Customer.ID + "/cpes/" + d.CPE.ID)
	b.Click(browser.Link("Zugangsdaten erneuern"))
	b.Reads("SIP-Passwort", "Dauerhafte URL")
	b.Accessible()
	b.Click(browser.Button("Zugangsdaten erneuern"))
	b.Reads("Die Zugangsdaten sind erneuert.")
	w.Until("the phone to hold the new secrets", func() bool {
		v := w.Device(d.CPE)
		return v.CPE.Wanted != before && v.CPE.Fetched == v.CPE.Wanted && v.State.Code == telephony.CPEConverged
	})
	d.Shows("Ada Wirt")
	d.Untouched()
	other := w.Extension("102", "Bruno Koch") // what comes after the rotation arrives, too
	b.Reads("auf dem neuesten Stand")
	w.Relink(c, other)
	d.Shows("Bruno Koch")
}

// A device of another operator is asked for again once that one has given it free; the phone then finds us by itself (P11).
func TestP11_RedirectServiceFromThePagesCard(t *testing.T) {
	maker := redirecttest.Start(t, "yealink_rps")
	w := browser.NewWorldWith(t, browser.Redirected(t, maker))
	c, ada := w.Channel("Empfang"), w.Extension("101", "Ada Wirt")
	x := w.Record("Telefon Empfang", &c)
	w.Link(c, ada)
	maker.Own(string(x.MAC), true)
	b := w.Admin(browser.As{})
	b.Go(w.Portal + "/customers/" + w.Customer.ID + "/cpes/" + x.ID)
	b.Click(browser.Button("Eintragen"))
	b.Reads("Bei einem anderen Betreiber", "Verkäufer oder Vorbesitzer")
	b.SeesNo(browser.Button("Neu eintragen"))
	b.Accessible()
	maker.Own(string(x.MAC), false)
	b.Click(browser.Button("Jetzt versuchen"))
	b.Sees(browser.Button("Neu eintragen"))
	var url string
	w.Until("the maker to know the way", func() bool { u, there := maker.Entry(string(x.MAC)); url = u; return there })
	d := w.PlugAt(x, phonesim.Config{ProvisioningURL: url, Address: local})
	d.Shows("Ada Wirt")
	b.Reads("Anerkannt", "durch die URL für den Erstzugang")
	b.SeesNo(browser.Button("Eintrag aufgeben")) // nobody needs it any more
	b.Click(browser.Fold("Redirect-Dienst: Yealink RPS").Part())
	b.Click(browser.Button("Eintrag aufgeben"))
	w.Until("the entry to be gone", func() bool { _, there := maker.Entry(string(x.MAC)); return !there })
	d.Untouched()
}

// A site token is made, shown once, and lets a listed device in from the site (P03 b).
func TestP03_SiteTokenMadeInThePortalLetsListedPhonesIn(t *testing.T) {
	w := browser.NewWorld(t)
	c, ada := w.Channel("Empfang"), w.Extension("101", "Ada Wirt")
	x := w.Record("Telefon Empfang", &c)
	w.Link(c, ada)
	b := w.Admin(browser.As{})
	b.Go(w.Portal + "/customers/" + w.Customer.ID + "/detail")
	b.Click(browser.Link("Standort-Token erstellen"))
	b.Fill(browser.Field("Name"), "Erdgeschoss")
	b.Fill(browser.Field("Anzahl Geräte"), "5")
	b.Fill(browser.Field("Adressen"), "127.0.0.1")
	b.Click(browser.Button("Standort-Token erstellen"))
	b.Reads("sie wird nie wieder gezeigt")
	b.Accessible()
	url := b.Find(browser.Field("Erdgeschoss").First()).Value
	d := w.PlugAt(x, phonesim.Config{ProvisioningURL: url, Address: local})
	d.Shows("Ada Wirt")
	b.Go(w.Portal + "/customers/" + w.Customer.ID + "/detail")
	b.Reads("Erdgeschoss", "1 von 5")
	b.Go(w.Portal + "/customers/" + w.Customer.ID + "/cpes/" + x.ID)
	b.Reads("Anerkannt", "durch ein Standort-Token")
}
