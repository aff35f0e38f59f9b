package app_test

import (
	"strings"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// redirects claims what is due; n says how many entries that must be.
func (h *house) redirects(n int) []app.DueRedirect {
	h.Helper()
	due, err := h.app.Redirects.Claim(bg, 16)
	h.ok(err)
	if len(due) != n {
		h.Fatalf("%d entries are due, want %d", len(due), n)
	}
	return due
}

func (h *house) redirected(d app.DueRedirect, s telephony.RedirectState) {
	h.Helper()
	h.ok(h.app.Redirects.Done(bg, d, s, "words"))
}

func (h *house) wantRedirect(x telephony.CPE) {
	h.Helper()
	_, err := h.app.Redirects.Put(bg, h.admin, x.CustomerID, x.ID, "")
	h.ok(err)
}

func (h *house) redirect(x telephony.CPE) *telephony.Redirect {
	h.Helper()
	v, err := h.app.CPEs.Get(bg, h.admin, x.CustomerID, x.ID)
	h.ok(err)
	return v.Redirect
}

func hashOf(t *testing.T, u telephony.Secret) string {
	t.Helper()
	_, token, ok := strings.Cut(u.Reveal(), "/f/")
	if !ok {
		t.Fatalf("%q is no first-access URL", u.Reveal())
	}
	return auth.HashToken(strings.TrimSuffix(token, "/"))
}

const stageOne = "https://prov.test.example/"

// The whole life of an entry: made, kept good while the phone is in its box, led to
// stage 1 when it was used, given free with the device.
func TestP11_RedirectEntryFollowsItsDevice(t *testing.T) {
	both(t, func(h *house) {
		x := h.cpe("001565000001")
		h.wantRedirect(x)
		if r := h.redirect(x); r == nil || !r.Wanted || r.State != telephony.RedirectWaiting {
			h.Fatalf("%+v", r)
		}
		d := h.redirects(1)[0]
		first := d.URL
		if !d.Want || d.MAC() != x.MAC || d.Service() != "yealink_rps" || hashOf(h.T, first) == "" {
			h.Fatalf("%+v", d)
		}
		h.redirects(0) // leased
		h.redirected(d, telephony.RedirectSet)
		if r := h.redirect(x); r.State != telephony.RedirectSet || !r.Fresh || r.Tries != 0 {
			h.Errorf("%+v", r)
		}
		h.pass(25 * time.Hour)
		d = h.redirects(1)[0]
		if d.URL != first {
			h.Error("a good URL was changed")
		}
		h.redirected(d, telephony.RedirectSet)

		// It stays in its box for two months: the URL never runs out.
		for range 60 {
			h.pass(25 * time.Hour)
			d = h.redirects(1)[0]
			h.redirected(d, telephony.RedirectSet)
		}
		if d.URL == first {
			h.Error("the URL was never renewed")
		}
		if _, err := h.app.Devices.ByFirstAccess(bg, hashOf(h.T, first), home); telephony.CodeOf(err) != telephony.NotFound {
			h.Errorf("the URL before the renewal still works: %v", err)
		}
		dev, err := h.app.Devices.ByFirstAccess(bg, hashOf(h.T, d.URL), home)
		h.ok(err)
		h.app.Devices.FirstAccessDone(bg, dev)
		h.ok(h.app.Redirects.Stale(bg))
		d = h.redirects(1)[0]
		if d.URL != stageOne {
			h.Errorf("after its use the entry leads to %q", d.URL.Reveal())
		}
		h.redirected(d, telephony.RedirectSet)
		if r := h.redirect(x); r.Fresh {
			h.Error("it is shown as good for a first access")
		}
		h.ok(h.app.Redirects.Stale(bg))
		h.redirects(0)

		h.ok(h.app.CPEs.Delete(bg, h.admin, x.CustomerID, x.ID, 0))
		h.ok(h.app.Redirects.Stale(bg))
		if d = h.redirects(1)[0]; d.Want {
			h.Fatal("a deleted device's entry is wanted")
		}
		h.redirected(d, telephony.RedirectRemoved)
		h.pass(48 * time.Hour)
		h.redirects(0)
	})
}

// P03: a device has one first-access URL; whichever was made last is in the entry.
func TestP03_RedirectEntryHoldsTheOneFirstAccessURL(t *testing.T) {
	both(t, func(h *house) {
		x := h.cpe("001565000001")
		h.wantRedirect(x)
		d := h.redirects(1)[0]
		typed, err := h.app.CPEs.FirstAccess(bg, h.admin, x.CustomerID, x.ID)
		h.ok(err)
		h.redirected(d, telephony.RedirectSet) // of before: it does not count
		if r := h.redirect(x); r.State != telephony.RedirectWaiting {
			h.Errorf("an outcome of an older wish counted: %+v", r)
		}
		d = h.redirects(1)[0]
		if d.URL != typed {
			h.Error("the entry does not lead to the URL that was made last")
		}
		h.redirected(d, telephony.RedirectSet)
		_, err = h.app.CPEs.Lost(bg, h.admin, x.CustomerID, x.ID, true)
		h.ok(err)
		h.ok(h.app.Redirects.Stale(bg))
		if d := h.redirects(1)[0]; d.Want || d.URL != "" {
			h.Error("a lost device is still led to us")
		}
	})
}

func TestP11_OwnedByAnotherIsShownAndCanBeRetried(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Empfang", "01")
		h.wantRedirect(x)
		h.redirected(h.redirects(1)[0], telephony.RedirectOwned)
		e, err := h.app.Channels.Explain(bg, h.admin, h.cust.ID, ch.ID)
		h.ok(err)
		if e.Missing == nil || e.Missing.Name != "trust" || !strings.Contains(e.Missing.Detail, "owned_by_another") || !strings.Contains(e.Missing.Advice, "another operator") {
			h.Errorf("%+v", e.Missing)
		}
		hist, err := h.app.CPEs.History(bg, h.admin, h.cust.ID, x.ID, app.Query{})
		h.ok(err)
		if len(hist.Items) == 0 || hist.Items[0].Kind != "redirect" {
			h.Errorf("%+v", hist.Items)
		}
		h.pass(time.Minute)
		h.redirects(0)
		_, err = h.app.Redirects.Retry(bg, h.admin, h.cust.ID, x.ID)
		h.ok(err)
		h.redirected(h.redirects(1)[0], telephony.RedirectSet)
		if r := h.redirect(x); r.State != telephony.RedirectSet {
			h.Errorf("%+v", r)
		}
		_, err = h.app.Redirects.Remove(bg, h.admin, h.cust.ID, x.ID)
		h.ok(err)
		h.redirected(h.redirects(1)[0], telephony.RedirectRemoved)
		if r := h.redirect(x); r != nil {
			h.Errorf("%+v", r)
		}
	})
}

func TestP11_RedirectPausesGrow(t *testing.T) {
	both(t, func(h *house) {
		x := h.cpe("001565000001")
		h.wantRedirect(x)
		var pauses []time.Duration
		for range 5 {
			d := h.redirects(1)[0]
			before := h.clock()
			h.redirected(d, telephony.RedirectUnavailable)
			next := h.redirect(x).Next
			pauses = append(pauses, next.Sub(before))
			h.pass(next.Sub(before))
		}
		for i := 1; i < len(pauses); i++ {
			if pauses[i] <= pauses[i-1] {
				h.Errorf("%v", pauses)
			}
		}
	})
}

// P03: two customers may claim one MAC; the entry is one's, and the other is told
// what the service would tell.
func TestP03_RedirectEntryIsOneCustomers(t *testing.T) {
	both(t, func(h *house) {
		x := h.cpe("001565000001")
		h.wantRedirect(x)
		h.redirected(h.redirects(1)[0], telephony.RedirectSet)
		h.cust = h.customer("2000")
		y := h.cpe("001565000001")
		h.wantRedirect(y)
		h.redirects(0)
		if r := h.redirect(y); r.State != telephony.RedirectOwned || r.Detail != "" {
			h.Errorf("%+v", r)
		}
		if r := h.redirect(x); r.State != telephony.RedirectSet {
			h.Errorf("%+v", r)
		}
	})
}

func TestP11_RedirectIsRefusedWhereItCannotBe(t *testing.T) {
	both(t, func(h *house) {
		snom := h.device(telephony.CPE{Driver: "snom", MAC: "000413000001"})
		_, err := h.app.Redirects.Put(bg, h.admin, h.cust.ID, snom.ID, "")
		h.refused(err, telephony.Conflict, "no_redirect_service")
		x := h.cpe("001565000001")
		_, err = h.app.Redirects.Put(bg, h.admin, h.cust.ID, x.ID, strings.Repeat("1", 65))
		h.refused(err, telephony.Invalid, "serial_long")
		_, err = h.app.Redirects.Remove(bg, h.admin, h.cust.ID, x.ID)
		h.refused(err, telephony.NotFound, "not_found")
		_, err = h.app.Redirects.Retry(bg, h.admin, h.cust.ID, x.ID)
		h.refused(err, telephony.NotFound, "not_found")
		other := h.customer("2000")
		_, err = h.app.Redirects.Put(bg, h.admin, other.ID, x.ID, "")
		h.refused(err, telephony.NotFound, "not_found")
	})
}
