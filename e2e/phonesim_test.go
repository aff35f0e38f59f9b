package e2e_test

import (
	"net/netip"
	"strings"
	"testing"

	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
)

func TestS06_MultiLoginTwoPhones(t *testing.T) {
	i := install(t, "tls")
	ada := i.extension("101", "Ada Wirt", true)
	first, second := i.desk("Empfang", "yealink", "001565124001"), i.desk("Küche", "snom", "000413124001")
	p, q := first.phone(phonesim.Config{Vendor: phonesim.Yealink}), second.phone(phonesim.Config{Vendor: phonesim.Snom})
	first.shows(p, "Empfang")
	second.shows(q, "Küche")
	first.link(ada)
	second.link(ada)
	first.shows(p, "Ada Wirt")
	second.shows(q, "Ada Wirt")
	first.state(telephony.StateLoggedIn)
	second.state(telephony.StateLoggedIn)
	if a, b := p.State(), q.State(); a.User == b.User || a.User != first.channel.SIPUser || b.User != second.channel.SIPUser {
		t.Errorf("registered as %q and %q, the channels are %q and %q", a.User, b.User, first.channel.SIPUser, second.channel.SIPUser)
	}
}

func TestD16_UnlistedAddressFailsAndHeals(t *testing.T) {
	i := install(t, "tls")
	customers := i.App().Customers
	_, err := customers.Allow(t.Context(), operator, i.customer.ID, "127.0.0.9", "")
	i.ok(err)
	i.customer, err = customers.Update(t.Context(), operator, i.customer.ID, 0, func(c *telephony.Customer) error { c.IPListing = true; return nil })
	i.ok(err)
	d := i.desk("Empfang", "yealink", "001565124002")
	p := d.phone(phonesim.Config{Vendor: phonesim.Yealink, Address: netip.MustParseAddr("127.0.0.2")})
	if err := p.Wait(i.within(), func(s phonesim.State) bool { return s.Chains > 0 }); err != nil {
		t.Fatalf("the phone fetches nothing: %+v", p.State())
	}
	d.link(i.extension("101", "Ada Wirt", false))
	if s := d.state(telephony.StateFailed); s.Reason != telephony.FailedAddress || s.Address != p.Address() {
		t.Errorf("failed with %+v", s)
	}
	d.shows(p, "127.0.0.2")
	if screen := strings.Join(p.Screen(), "\n"); strings.Contains(screen, "Ada") {
		t.Errorf("the refused phone names the person: %q", screen)
	}
	boots := p.State().Boots
	_, err = customers.Allow(t.Context(), operator, i.customer.ID, "127.0.0.2", "")
	i.ok(err)
	d.shows(p, "Ada Wirt")
	d.state(telephony.StateLoggedIn)
	if p.State().Boots != boots {
		t.Errorf("the phone was restarted")
	}
}
