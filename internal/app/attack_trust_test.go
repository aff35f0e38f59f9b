package app_test

import (
	"context"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// A PIN that was made before the device showed its certificate is a way to fall
// back that nobody has allowed.
func TestP03_NoPINOnceCertified(t *testing.T) {
	both(t, func(h *house) {
		x := h.cpe("805ec0000001")
		pin, _, err := h.app.CPEs.MakePIN(bg, h.admin, h.cust.ID, x.ID)
		h.ok(err)
		_, err = h.certificate(x)
		h.ok(err)
		_, err = h.app.Devices.ByPIN(bg, x.MAC, pin, home)
		h.refused(err, telephony.NotFound, "")
		h.trusted(x, telephony.TrustProven, telephony.WayCertificate)
	})
}

func TestP14_NoPINOutlivesALoss(t *testing.T) {
	both(t, func(h *house) {
		x := h.cpe("805ec0000001")
		pin, _, err := h.app.CPEs.MakePIN(bg, h.admin, h.cust.ID, x.ID)
		h.ok(err)
		for _, lost := range []bool{true, false} {
			_, err = h.app.CPEs.Lost(bg, h.admin, h.cust.ID, x.ID, lost)
			h.ok(err)
			_, err = h.app.Devices.ByPIN(bg, x.MAC, pin, home)
			h.refused(err, telephony.NotFound, "")
		}
	})
}

// Phones cut longer ones, and could not register any more.
func TestP14_RotatedSecretsAreNoLongerThanTheFirst(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Empfang", "01")
		want := len(h.secrets(ch)[0])
		h.rotate(x, app.SecretSIP)
		if s := h.secrets(ch); len(s[0]) != want {
			h.Fatalf("%d characters, want %d", len(s[0]), want)
		}
	})
}

// A device that used its new password before it took the whole chain has it.
func TestP02_UsingTheNewPasswordKeepsItDemanded(t *testing.T) {
	both(t, func(h *house) {
		_, x := h.desk("Empfang", "01")
		h.tookAll(x)
		h.rotate(x, app.SecretHTTP)
		d, err := h.app.Devices.ByToken(bg, h.token(x))
		h.ok(err)
		h.app.Devices.HTTPUsed(bg, d)
		h.flush()
		if l := h.httpLogin(x); !l.Demanded || l.PrevUser != "" {
			h.Fatalf("the directory stands open to its token: %+v", l)
		}
	})
}

// Tokens that nobody has are refused while somebody else writes.
func TestP05_InventedTokensTakeNoTurnToWrite(t *testing.T) {
	both(t, func(h *house) {
		ctx, cancel := context.WithTimeout(bg, 20*time.Second)
		defer cancel()
		h.ok(h.db.Update(bg, func(*storage.Tx) error {
			_, err := h.app.Devices.BySiteToken(ctx, "no such token", "805ec0000001", home)
			h.refused(err, telephony.NotFound, "")
			_, err = h.app.Devices.ByFirstAccess(ctx, "no such token", home)
			h.refused(err, telephony.NotFound, "")
			return nil
		}))
	})
}

// A site token that is used up hangs on a wall: asking with it fills no history.
func TestP13_RefusalsOfADeviceAreCounted(t *testing.T) {
	both(t, func(h *house) {
		x := h.cpe("805ec0000001")
		_, hash := h.siteToken(1, "203.0.113.0/24")
		for range 50 {
			_, err := h.app.Devices.BySiteToken(bg, hash, x.MAC, abroad)
			h.refused(err, telephony.NotFound, "")
		}
		h.flush()
		l, err := h.app.CPEs.History(bg, h.admin, h.cust.ID, x.ID, app.Query{})
		h.ok(err)
		n := 0
		for _, e := range l.Items {
			if e.Kind == "refused" {
				n++
			}
		}
		if n == 0 || n > 11 {
			h.Fatalf("%d lines of 50 requests", n)
		}
	})
}
