package e2e_test

import (
	"testing"

	"tischlein/internal/phonesim"
	"tischlein/internal/storagetest"
	"tischlein/internal/telephony"
)

// The registrar's statements through the whole house, on both databases: a phone
// proves itself under its channel's name (C01, C02) and is bound (C03); after a
// restart the binding stands again, and the push of a link goes down the flow that
// it names (C04, C05); the person's name comes back with the next REGISTER (C06).
func TestC01_C02_C03_C04_C05_C06_TheWholeHouseOnBothDatabases(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, dsn string) {
		cfg := at("127.9.2.1", settings(t.TempDir(), "udp"))
		cfg.DB = dsn
		i := installWith(t, cfg)
		d := i.desk("Empfang", "yealink", "001565124501")
		p := d.phone(phonesim.Config{Vendor: phonesim.Yealink, OwnSocket: true})
		registers(i, p)
		d.shows(p, "Freier Platz")
		d.state(telephony.StateLoggedOut)
		if s := p.State(); s.User != d.channel.SIPUser {
			t.Errorf("registered as %q, the channel is %q", s.User, d.channel.SIPUser)
		}

		before := p.State()
		i.restart(cfg)
		d.state(telephony.StateLoggedOut) // at once: nobody has registered again
		d.link(i.extension("101", "Ada Wirt", false))
		if err := p.Wait(i.within(), func(s phonesim.State) bool { return s.Notifies > before.Notifies }); err != nil {
			t.Fatalf("the push does not come: %+v", p.State())
		}
		d.shows(p, "Ada Wirt")
		d.state(telephony.StateLoggedIn)
		if err := p.Wait(i.within(), func(s phonesim.State) bool { return s.Display == "Ada Wirt" }); err != nil || p.State().Boots != before.Boots {
			t.Errorf("%v: %+v", err, p.State())
		}
		d.unlink()
		d.shows(p, "Freier Platz")

		wrong := d.typedAs("udp", "127.0.0.1", phonesim.Engaged, d.channel.SIPUser, "guess")
		if err := wrong.Wait(i.within(), func(s phonesim.State) bool { return s.SIPStatus == 401 }); err != nil {
			t.Errorf("a wrong password: %+v", wrong.State())
		}
	})
}
