package app_test

import (
	"strings"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

func (h *house) trusted(x telephony.CPE, stage telephony.Trust, way string) telephony.CPE {
	h.Helper()
	v, err := h.app.CPEs.Get(bg, h.admin, h.cust.ID, x.ID)
	h.ok(err)
	if v.CPE.Trust != stage || v.CPE.TrustWay != way {
		h.Fatalf("trust %s by %q, want %s by %q", v.CPE.Trust, v.CPE.TrustWay, stage, way)
	}
	return v.CPE
}

// history demands a line of the device's history with those words.
func (h *house) history(x telephony.CPE, kind, words string) {
	h.Helper()
	h.flush()
	l, err := h.app.CPEs.History(bg, h.admin, x.CustomerID, x.ID, app.Query{})
	h.ok(err)
	for _, e := range l.Items {
		if e.Kind == kind && strings.Contains(e.Detail, words) {
			return
		}
	}
	h.Fatalf("the history has no %s with %q: %+v", kind, words, l.Items)
}

func (h *house) minimum(m string) {
	h.Helper()
	_, err := h.app.Customers.Update(bg, h.admin, h.cust.ID, 0, func(c *telephony.Customer) error { c.TrustMinimum = m; return nil })
	h.ok(err)
}

func (h *house) siteToken(devices int, addresses ...string) (app.SiteToken, string) {
	h.Helper()
	t, url, err := h.app.SiteTokens.Create(bg, h.admin, h.cust.ID, app.SiteToken{Name: "Filiale", Devices: devices, Addresses: addresses, Expires: h.clock().Add(24 * time.Hour)})
	h.ok(err)
	return t, auth.HashToken(strings.TrimSuffix(strings.TrimPrefix(url.Reveal(), "https://prov.test.example/s/"), "/"))
}

func TestP03_SiteTokenOnceForEachListedDevice(t *testing.T) {
	both(t, func(h *house) {
		x, y := h.cpe("805ec0000001"), h.cpe("805ec0000002")
		tok, hash := h.siteToken(1, "203.0.113.0/24")
		other := h.customer("1001")
		mine := h.cust
		h.cust = other
		h.cpe("805ec0000009")
		h.cust = mine
		for _, mac := range []telephony.MAC{"805ec0000009", "805ec000000a"} { // another customer's, nobody's
			_, err := h.app.Devices.BySiteToken(bg, hash, mac, home)
			h.refused(err, telephony.NotFound, "")
		}
		_, err := h.app.Devices.BySiteToken(bg, hash, x.MAC, abroad)
		h.refused(err, telephony.NotFound, "")
		h.history(x, "refused", "not one of those")
		h.trusted(x, telephony.TrustNone, "")
		d, err := h.app.Devices.BySiteToken(bg, hash, x.MAC, home)
		h.ok(err)
		if d.ID != x.ID {
			h.Fatalf("got %+v", d)
		}
		if c := h.trusted(x, telephony.TrustProven, telephony.WaySiteToken); c.TrustEvidence != "Filiale" {
			h.Fatalf("evidence %q", c.TrustEvidence)
		}
		_, err = h.app.Devices.BySiteToken(bg, hash, x.MAC, home) // the rest of its chain
		h.ok(err)
		h.pass(16 * time.Minute)
		_, err = h.app.Devices.BySiteToken(bg, hash, x.MAC, home)
		h.refused(err, telephony.NotFound, "")
		h.history(x, "refused", "used it before")
		_, err = h.app.Devices.BySiteToken(bg, hash, y.MAC, home)
		h.refused(err, telephony.NotFound, "")
		h.history(y, "refused", "used up")
		two, again := h.siteToken(5, "203.0.113.0/24")
		h.refused(h.app.SiteTokens.Void(bg, h.admin, other.ID, two.ID), telephony.NotFound, "")
		h.ok(h.app.SiteTokens.Void(bg, h.admin, h.cust.ID, two.ID))
		_, err = h.app.Devices.BySiteToken(bg, again, y.MAC, home)
		h.refused(err, telephony.NotFound, "")
		_, third := h.siteToken(5, "203.0.113.0/24")
		h.pass(25 * time.Hour)
		_, err = h.app.Devices.BySiteToken(bg, third, y.MAC, home)
		h.refused(err, telephony.NotFound, "")
		l, err := h.app.SiteTokens.List(bg, h.admin, h.cust.ID, app.Query{})
		h.ok(err)
		if len(l.Items) != 3 || l.Items[0].ID != tok.ID || l.Items[0].Used != 1 {
			h.Fatalf("listed %+v", l.Items)
		}
		_, _, err = h.app.SiteTokens.Create(bg, h.admin, h.cust.ID, app.SiteToken{Name: "x", Devices: 1, Expires: h.clock().Add(time.Hour)})
		h.refused(err, telephony.Invalid, "addresses_missing")
	})
}

func TestP03_DevicePINFiveTriesOnce(t *testing.T) {
	both(t, func(h *house) {
		x := h.cpe("805ec0000001")
		pin, url, err := h.app.CPEs.MakePIN(bg, h.admin, h.cust.ID, x.ID)
		h.ok(err)
		if len(pin) != 6 || strings.Trim(pin.Reveal(), "0123456789") != "" || url != "https://prov.test.example/n/" {
			h.Fatalf("%d digits, %s", len(pin), url)
		}
		h.ok(h.db.View(bg, func(tx *storage.Tx) error {
			p, err := tx.DevicePIN(h.cust.ID, x.ID)
			if strings.Contains(string(p.Hash), pin.Reveal()) {
				h.Fatal("the PIN stands in the database")
			}
			return err
		}))
		wrong := telephony.Secret("000000")
		if pin == wrong {
			wrong = "111111"
		}
		try := func(p telephony.Secret) error {
			_, err := h.app.Devices.ByPIN(bg, x.MAC, p, home)
			return err
		}
		for range 4 {
			h.refused(try(wrong), telephony.NotFound, "")
		}
		h.ok(try(pin))
		h.trusted(x, telephony.TrustProven, telephony.WayPIN)
		h.ok(try(pin)) // the rest of its chain
		_, err = h.app.Devices.ByPIN(bg, x.MAC, pin, abroad)
		h.refused(err, telephony.NotFound, "")
		h.pass(16 * time.Minute)
		h.refused(try(pin), telephony.NotFound, "")
		pin, _, err = h.app.CPEs.MakePIN(bg, h.admin, h.cust.ID, x.ID)
		h.ok(err)
		if pin == wrong {
			wrong = "222222"
		}
		for range 5 {
			h.refused(try(wrong), telephony.NotFound, "")
		}
		h.refused(try(pin), telephony.NotFound, "")
		h.history(x, "pin_void", "")
		m, err := h.app.Devices.WithPIN(bg)
		h.ok(err)
		if len(m) != 0 {
			h.Fatalf("%v may still be tried", m)
		}
	})
}

func (h *house) certificate(x telephony.CPE) (app.Device, error) {
	return h.app.Devices.Certified(bg, app.Certificate{MAC: x.MAC, Vendors: []string{x.Driver}, Subject: "CN=" + string(x.MAC), Issuer: "CN=Maker"}, home)
}

func TestP03_CustomersMinimum(t *testing.T) {
	both(t, func(h *house) {
		x := h.cpe("805ec0000001")
		_, hash := h.siteToken(5, "203.0.113.0/24")
		h.minimum(telephony.WayFirstAccess)
		_, err := h.app.CPEs.Arm(bg, h.admin, h.cust.ID, x.ID)
		h.refused(err, telephony.Conflict, "below_minimum")
		_, _, err = h.app.CPEs.MakePIN(bg, h.admin, h.cust.ID, x.ID)
		h.refused(err, telephony.Conflict, "below_minimum")
		_, err = h.app.Devices.BySiteToken(bg, hash, x.MAC, home)
		h.refused(err, telephony.NotFound, "")
		h.history(x, "refused", "the customer demands first_access")
		h.minimum(telephony.WayCertificate)
		_, err = h.app.Devices.ByToken(bg, h.token(x))
		h.refused(err, telephony.NotFound, "")
		_, err = h.certificate(x)
		h.ok(err)
		h.trusted(x, telephony.TrustProven, telephony.WayCertificate)
		_, err = h.app.Customers.Update(bg, h.admin, h.cust.ID, 0, func(c *telephony.Customer) error { c.TrustMinimum = "trust"; return nil })
		h.refused(err, telephony.Invalid, "trust_minimum_unknown")
	})
}

// Two customers may claim a MAC; who proves it first has it, and the other is told.
func TestP03_FirstProofWins(t *testing.T) {
	both(t, func(h *house) {
		x := h.cpe("805ec0000001")
		mine := h.cust
		h.cust = h.customer("1001")
		theirs, y := h.cust, h.cpe("805ec0000001")
		h.cust = mine
		_, err := h.certificate(x) // says who it is, not whose
		h.refused(err, telephony.NotFound, "")
		h.history(x, "refused", "more than one customer")
		h.history(y, "refused", "more than one customer")
		_, hash := h.siteToken(5, "203.0.113.0/24")
		_, err = h.app.Devices.BySiteToken(bg, hash, x.MAC, home)
		h.ok(err)
		h.trusted(x, telephony.TrustProven, telephony.WaySiteToken)
		h.history(y, "contested", "another customer")
		d, err := h.certificate(x)
		h.ok(err)
		if d.ID != x.ID || !h.trusted(x, telephony.TrustProven, telephony.WayCertificate).Certified {
			h.Fatal("the certificate does not confirm who proved it first")
		}
		h.cust = theirs
		_, err = h.app.Devices.ByToken(bg, h.token(y))
		h.refused(err, telephony.NotFound, "")
		h.history(y, "refused", "proven by another customer first")
		if l := h.audits(app.AuditQuery{Action: "contested"}); len(l) != 1 {
			h.Fatalf("%d entries in the audit log", len(l))
		}
	})
}

func TestP03_UnfrozenStartsOver(t *testing.T) {
	both(t, func(h *house) {
		x := h.cpe("805ec0000001")
		_, err := h.app.CPEs.Unfreeze(bg, h.admin, h.cust.ID, x.ID)
		h.refused(err, telephony.Conflict, "not_frozen")
		_, err = h.app.CPEs.Arm(bg, h.admin, h.cust.ID, x.ID)
		h.ok(err)
		_, err = h.app.Devices.Claim(bg, x.MAC, home)
		h.ok(err)
		token := h.token(x)
		_, err = h.app.Devices.Claim(bg, x.MAC, abroad)
		h.refused(err, telephony.NotFound, "")
		h.trusted(x, telephony.TrustFrozen, telephony.WayArmed)
		_, _, err = h.app.CPEs.MakePIN(bg, h.admin, h.cust.ID, x.ID)
		h.refused(err, telephony.Conflict, "device_frozen")
		_, err = h.app.CPEs.Unfreeze(bg, h.admin, h.cust.ID, x.ID)
		h.ok(err)
		h.trusted(x, telephony.TrustNone, "")
		_, err = h.app.Devices.ByToken(bg, token)
		h.refused(err, telephony.NotFound, "") // what a claimant took is void
	})
}
