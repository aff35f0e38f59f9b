package app_test

import (
	"context"
	"net/netip"
	"testing"

	"pgregory.net/rapid"

	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// checkUnmoved holds the short way of a contact against the rules: where it says
// that nothing can change, they plan nothing for any channel of the device (D16–D19).
func checkUnmoved(t rapid.TB, tx *storage.Tx, customer, cpe, channel string, from netip.Addr, list telephony.Allowlist) {
	t.Helper()
	registering := channel != ""
	unmoved, err := tx.Unmoved(customer, cpe, from, registering)
	must(t, err)
	if !unmoved {
		return
	}
	c, err := tx.CPE(customer, cpe)
	must(t, err)
	if registering && (c.RegisterAddr != from || c.Trust == telephony.TrustPending) || !registering && c.FetchAddr != from {
		t.Fatalf("unmoved at %s, but the device is %+v", from, c)
	}
	at, err := tx.Attachments(customer, c.ID)
	must(t, err)
	for _, a := range at {
		d, err := tx.Desk(customer, a.ChannelID, list)
		must(t, err)
		var s telephony.Seat
		if d.Link != nil {
			s, err = tx.Seat(customer, d.Link.ExtensionID)
			must(t, err)
		}
		if p := telephony.Settle(d, s, tx.Now); !p.Empty() {
			t.Fatalf("unmoved at %s, but at %s the rules plan %+v", from, d.Channel.Name, p)
		}
		if p := telephony.DecideContact(d, list, from); a.ChannelID == channel && !p.Empty() {
			t.Fatalf("unmoved at %s, but the login at %s would be %+v", from, d.Channel.Name, p)
		}
	}
}

// TestD16_OnlyWhatCannotChangeIsPassedOver is the short way seen from outside.
func TestD16_OnlyWhatCannotChangeIsPassedOver(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Empfang", "01")
		e := h.extension("21", false)
		unmoved := func(from netip.Addr, registering, want bool, when string) {
			h.Helper()
			err := h.db.View(context.Background(), func(tx *storage.Tx) error {
				got, err := tx.Unmoved(h.cust.ID, x.ID, from, registering)
				if got != want {
					h.Errorf("%s: unmoved is %v", when, got)
				}
				return err
			})
			h.ok(err)
		}
		unmoved(home, true, false, "never seen")
		h.registers(ch, home)
		unmoved(home, true, true, "seen there")
		unmoved(away, true, false, "seen elsewhere")
		unmoved(home, false, false, "has never fetched")
		h.fetches(x, home)
		unmoved(home, false, true, "fetched there")
		h.login(ch, e)
		unmoved(home, true, true, "logged in there")
		h.registers(ch, away)
		unmoved(home, true, false, "moved away")
		unmoved(away, true, true, "the login has moved with it")
		h.listing(true)
		unmoved(away, true, false, "addresses are listed")
		unmoved(home, false, false, "addresses are listed")
	})
}
