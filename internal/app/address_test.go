package app_test

import (
	"errors"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

func TestD16_TheUserIsGatedNotTheDevice(t *testing.T) {
	both(t, func(h *house) {
		h.listing(true)
		h.allow(home.String())
		for i, contact := range []func(telephony.Channel, telephony.CPE){
			func(ch telephony.Channel, _ telephony.CPE) { h.registers(ch, abroad) },
			func(_ telephony.Channel, x telephony.CPE) { h.fetches(x, abroad) },
		} {
			ch, x := h.desk("Platz "+string(rune('A'+i)), "0"+string(rune('1'+i)))
			e := h.extension("2"+string(rune('1'+i)), false)
			h.link(ch, e)
			h.at(ch, e, telephony.LoginLinked)
			contact(ch, x)
			h.nobody(ch)
			h.endedFor(ch, telephony.EndAddressRefused)
			d, _, err := h.app.Devices.Desired(bg, app.Device{ID: x.ID, CustomerID: h.cust.ID})
			h.ok(err)
			l := d.Lines[0]
			if l.State != telephony.LineRefused || l.Address != abroad.String() || l.Name != "" || l.Number != "" {
				h.Fatalf("the phone is told %s %q %q %q", l.State, l.Address, l.Number, l.Name)
			}
			if l.SIPUser == "" || l.Secret == "" || len(d.Emergency) == 0 || d.Hotdesking {
				h.Fatal("the phone could not register and dial emergency numbers, or offers hotdesking")
			}
			if len(h.secrets(ch)) == 0 {
				h.Fatal("the device may not register any more")
			}
		}
	})
}

func TestD17_FailedLinkWaitsAndHealsAtOnceWhenTheListChanges(t *testing.T) {
	both(t, func(h *house) {
		h.listing(true)
		ch, _ := h.desk("Empfang", "01")
		e := h.extension("21", false)
		h.registers(ch, home)
		if done := h.link(ch, e); !has(done, "address_refused", "Empfang") { // saved all the same
			h.Fatalf("effects %+v", done)
		}
		h.nobody(ch)
		s := h.state(ch, telephony.StateFailed)
		if s.Reason != telephony.FailedAddress || s.Address != home {
			h.Fatalf("state %+v", s)
		}
		h.registers(ch, home) // retried, and refused again
		h.nobody(ch)
		h.allow("203.0.113.0-203.0.113.10")
		h.sweep()
		h.at(ch, e, telephony.LoginLinked)
	})
}

func TestD17_FailedLinkHealsAtTheNextContact(t *testing.T) {
	both(t, func(h *house) {
		h.listing(true)
		h.allow(home.String())
		ch, _ := h.desk("Empfang", "01")
		e := h.extension("21", false)
		h.registers(ch, abroad)
		h.link(ch, e)
		h.nobody(ch)
		h.registers(ch, home)
		h.at(ch, e, telephony.LoginLinked)
	})
}

func TestD17_BothPortsOfOneDeviceHealTogether(t *testing.T) {
	both(t, func(h *house) {
		h.listing(true)
		h.allow(home.String())
		base := h.device(telephony.CPE{Driver: "yealink", Model: "W60B", MAC: "805ec0000001"})
		a, b, e := h.channel("A"), h.channel("B"), h.extension("21", true)
		h.attach(base, a)
		h.attach(base, b)
		h.registers(a, abroad)
		h.link(a, e)
		h.link(b, e)
		h.nobody(a)
		h.nobody(b)
		h.registers(a, home)
		h.at(a, e, telephony.LoginLinked)
		h.at(b, e, telephony.LoginLinked)
	})
}

func TestD18_RunningPhonesFailAtTheirNextContactOnly(t *testing.T) {
	both(t, func(h *house) {
		h.allow(home.String())
		ch, _ := h.desk("Empfang", "01")
		other, _ := h.desk("Lager", "02")
		e, f := h.extension("21", false), h.extension("22", false)
		h.registers(ch, home)
		h.registers(other, abroad)
		h.link(ch, e)
		h.link(other, f)
		count := func(on bool, without string, want int) {
			h.Helper()
			n, err := h.app.Customers.WouldFail(bg, h.admin, h.cust.ID, on, without)
			h.ok(err)
			if n != want {
				h.Fatalf("the page would say %d devices, want %d", n, want)
			}
		}
		count(false, "", 0)
		count(true, "", 1)
		count(true, home.String(), 2)
		h.listing(true)
		h.sweep()
		h.at(other, f, telephony.LoginLinked)
		h.registers(other, abroad)
		h.nobody(other)
		h.ok(h.app.Customers.Disallow(bg, h.admin, h.cust.ID, home.String()))
		h.sweep()
		h.at(ch, e, telephony.LoginLinked)
		h.registers(ch, home)
		h.nobody(ch)
	})
}

func TestD19_HotdeskLoginIsBoundToItsAddress(t *testing.T) {
	both(t, func(h *house) {
		h.listing(true)
		h.allow("203.0.113.1-203.0.113.20")
		ch, _ := h.desk("Empfang", "01")
		e := h.extension("21", false)
		h.registers(ch, abroad) // not listed, and yet the PIN is enough
		h.login(ch, e)
		h.at(ch, e, telephony.LoginHotdesk)
		h.registers(ch, abroad)
		h.at(ch, e, telephony.LoginHotdesk)
		h.registers(ch, home) // moves along inside the list
		if l := h.view(ch).Login; l == nil || l.Address != home {
			h.Fatalf("login %+v", l)
		}
		h.registers(ch, abroad)
		h.nobody(ch)
		h.endedFor(ch, telephony.EndAddressChanged)
		h.login(ch, e)
		h.at(ch, e, telephony.LoginHotdesk)
	})
}

// wrongEntries are what an allowlist does not take, with the reason it gives.
var wrongEntries = map[string]string{
	"":                            "address_malformed",
	"Filiale Nord":                "address_malformed",
	"203.0.113.300":               "address_malformed",
	"203.0.113":                   "address_malformed",
	"fe80::1%eth0":                "address_malformed",
	"0.0.0.0":                     "address_unusable",
	"224.0.0.1":                   "address_unusable",
	"ff02::1":                     "address_unusable",
	"203.0.113.0-203.0.114.0":     "range_too_large", // 257
	"10.0.0.0-10.255.255.255":     "range_too_large",
	"203.0.113.20-203.0.113.10":   "range_reversed",
	"203.0.113.1-2001:db8::1":     "range_mixed",
	"2001:db8::1-203.0.113.1":     "range_mixed",
	"2001:db8::1-2001:db8::9":     "range_ipv6",
	"203.0.113.1-":                "address_malformed",
	"203.0.113.1-.2-.3":           "address_malformed",
	"203.0.112.0/23":              "range_too_large",
	"203.0.113.7/24":              "prefix_host_bits",
	"203.0.113.0/33":              "prefix_malformed",
	"::ffff:203.0.113.0/120":      "prefix_malformed",
	"2001:db8::7/48":              "prefix_host_bits",
	"2001:db8::/129":              "prefix_malformed",
	"2000::/3":                    "prefix_too_short",
	"::/0":                        "address_unusable",
	"2001:db8:1::/48-2001:db8::1": "address_malformed",
}

func TestD16_OnlySmallRangesAndPrefixesCanBeListed(t *testing.T) {
	both(t, func(h *house) {
		for text, reason := range wrongEntries {
			_, err := h.app.Customers.Allow(bg, h.admin, h.cust.ID, text, "")
			var e *telephony.Error
			if !errors.As(err, &e) || e.Code != telephony.Invalid || e.Reason != reason || e.Field != "entry" {
				h.Errorf("%q: %+v, want %s of entry", text, e, reason)
			}
			if err := h.app.Customers.Disallow(bg, h.admin, h.cust.ID, text); telephony.ReasonOf(err) != reason {
				h.Errorf("taking %q off: %v", text, err)
			}
		}
		for text, kept := range map[string]string{
			" 203.0.113.7 ":             "203.0.113.7",
			"::ffff:203.0.113.8":        "203.0.113.8",
			"203.0.112.0-203.0.112.255": "203.0.112.0-203.0.112.255", // 256
			"198.51.100.0/24":           "198.51.100.0-198.51.100.255",
			"2001:DB8:0::7":             "2001:db8::7",
			"2001:db8:1::/48":           "2001:db8:1::/48",
		} {
			e, err := h.app.Customers.Allow(bg, h.admin, h.cust.ID, text, "")
			h.ok(err)
			if e.Entry.String() != kept {
				h.Errorf("%q is kept as %q, want %q", text, e.Entry, kept)
			}
		}
		l, err := h.app.Customers.Allowlist(bg, h.admin, h.cust.ID)
		h.ok(err)
		if len(l) != 6 || len(h.audits(app.AuditQuery{Action: "allow"})) != 6 {
			h.Errorf("the list is %+v", l)
		}
	})
}
