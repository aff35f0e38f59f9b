package server

import (
	"context"
	"testing"

	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
)

// makers are the phones that fetch, written by others than their drivers, with a
// MAC of each maker and what logging in is called where they have a key for it.
var makers = []struct {
	vendor  phonesim.Vendor
	driver  string
	mac     telephony.MAC
	restart bool // a new server is asked at the next turn, or when somebody restarts the phone
	// changes: the phone restarts with every change, whatever it is told.
	changes bool
	wary    bool // it obeys only who knows its account's secret (C05)
}{
	{vendor: "grandstream", driver: "grandstream", mac: "c074ad0b63ee", restart: true},
	{vendor: "poly", driver: "poly", mac: "0004f2aabbcc"},
	{vendor: "mitel", driver: "mitel", mac: "00085d237429", restart: true, changes: true},
	{vendor: "cisco-mpp", driver: "cisco-mpp", mac: "00562b043615", wary: true},
	{vendor: "cisco-spa", driver: "cisco-spa", mac: "8843e157ddcc", wary: true},
}

// From the box to a login, and back: first access, the device's own directory, a
// link, its end, and a user who logs in and out at the phone.
func TestP06_EveryMakersPhoneFromItsBoxToALogin(t *testing.T) {
	for _, m := range makers {
		t.Run(m.driver, func(t *testing.T) {
			t.Parallel()
			s, _ := start(t, testConfig(t.TempDir()))
			d := newDesk(t, s, m.driver, m.mac)
			d.ok(s.App().Extensions.SetPIN(t.Context(), d.actor, d.customer.ID, d.extension.ID, "4711"))
			p := d.phone(m.vendor)
			if m.restart {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				d.ok(p.Wait(ctx, func(s phonesim.State) bool { return s.Applied > 0 }))
				p.Reboot()
			}
			d.shows(p, "Empfang", "Anmelden")
			boots := p.State().Boots

			d.link()
			d.shows(p, "Ada Wirt")
			d.state(telephony.StateLoggedIn)
			d.unlink()
			d.shows(p, "Empfang", "Anmelden")
			d.state(telephony.StateLoggedOut)

			d.ok(p.Press(t.Context(), "Anmelden"))
			d.ok(p.Type("101"))
			d.ok(p.Type("4711"))
			d.ok(p.Submit(t.Context()))
			d.state(telephony.StateLoggedIn)
			p.Leave()
			d.shows(p, "Ada Wirt", "Abmelden")
			d.ok(p.Press(t.Context(), "Abmelden"))
			d.state(telephony.StateLoggedOut)
			p.Leave()
			d.shows(p, "Empfang", "Anmelden")
			if now := p.State(); now.Boots != boots && !m.changes || m.wary && now.Challenges < now.Notifies || now.Notifies < 4 {
				t.Errorf("pushed %d times, restarted %d times: %+v", now.Notifies, now.Boots-boots, now)
			}
		})
	}
}
