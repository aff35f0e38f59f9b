package app_test

import (
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// login is what the device's directory demands now.
func (h *house) httpLogin(x telephony.CPE) telephony.HTTPLogin {
	h.Helper()
	d, err := h.app.Devices.ByToken(bg, h.token(x))
	h.ok(err)
	return d.HTTP
}

// tookAll has the device fetch all that it should have now.
func (h *house) tookAll(x telephony.CPE) {
	h.Helper()
	d, err := h.app.Devices.ByToken(bg, h.token(x))
	h.ok(err)
	want, rev, err := h.app.Devices.Desired(bg, d)
	h.ok(err)
	h.app.Devices.Fetched(bg, app.Fetch{Device: d, Revision: rev, HTTPUser: want.HTTPUser, From: home, At: h.clock()})
	h.flush()
}

func TestP02_DemandBeginsWithAWholeChain(t *testing.T) {
	both(t, func(h *house) {
		_, x := h.desk("Empfang", "01")
		l := h.httpLogin(x)
		if l.Demanded || len(l.User) < 12 || len(l.Password) != 20 {
			h.Fatalf("a device that has taken nothing yet: %+v", l)
		}
		h.tookAll(x)
		taken := h.httpLogin(x)
		if !taken.Demanded || taken.User != l.User || taken.Password != l.Password {
			h.Fatalf("nothing is demanded after the chain: %+v", taken)
		}
		if !h.dev.has(x.ID) {
			h.Fatal("the phones' server does not hear of it")
		}
		// Who proves itself anew may have been reset.
		url, err := h.app.CPEs.FirstAccess(bg, h.admin, h.cust.ID, x.ID)
		h.ok(err)
		if !h.httpLogin(x).Demanded {
			h.Fatal("a URL that nobody has used yet changes something")
		}
		hash := auth.HashToken(strings.TrimSuffix(strings.TrimPrefix(url.Reveal(), "https://prov.test.example/f/"), "/"))
		_, err = h.app.Devices.ByFirstAccess(bg, hash, home)
		h.ok(err)
		if h.httpLogin(x).Demanded {
			h.Fatal("a reset phone cannot come back by its first access")
		}
		h.tookAll(x)
		_, err = h.app.CPEs.Arm(bg, h.admin, h.cust.ID, x.ID)
		h.ok(err)
		if n := h.httpLogin(x); n.Demanded || n.Password == taken.Password {
			h.Fatalf("arming does not begin anew: %+v", n)
		}
		soft := h.device(telephony.CPE{Driver: "linphone"})
		h.tookAll(soft)
		if l := h.httpLogin(soft); l != (telephony.HTTPLogin{}) {
			h.Fatalf("demanded of a device that cannot: %+v", l)
		}
	})
}
