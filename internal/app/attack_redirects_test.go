package app_test

import (
	"testing"
	"time"

	"tischlein/internal/telephony"
)

// Another customer's claim to a MAC neither takes nor removes the entry of who has
// it: all have one account at the service (X02, P11).
func TestX02_AnotherCustomersClaimLeavesTheRedirectEntry(t *testing.T) {
	both(t, func(h *house) {
		x := h.cpe("001565000001")
		mine := h.cust
		h.wantRedirect(x)
		h.redirected(h.redirects(1)[0], telephony.RedirectSet)
		h.pass(time.Second) // who was there first is told by the ids, which begin with the time
		h.cust = h.customer("2000")
		y := h.cpe("001565000001")
		h.wantRedirect(y)
		h.redirects(0)
		if r := h.redirect(y); r.State != telephony.RedirectOwned {
			h.Fatalf("%+v", r)
		}
		// What is wanted anew is not free for others meanwhile.
		h.cust = mine
		h.wantRedirect(x)
		_, err := h.app.Redirects.Retry(bg, h.admin, y.CustomerID, y.ID)
		h.ok(err)
		for _, d := range h.redirects(1) {
			if d.CustomerID() != x.CustomerID {
				h.Fatal("the other customer takes the entry while it is renewed")
			}
			h.redirected(d, telephony.RedirectSet)
		}
		_, err = h.app.Redirects.Remove(bg, h.admin, y.CustomerID, y.ID)
		h.ok(err)
		h.redirects(0) // the service is not asked to give it free
		if r := h.redirect(y); r != nil {
			h.Fatalf("it is still there: %+v", r)
		}
		if r := h.redirect(x); r == nil || r.State != telephony.RedirectSet {
			h.Fatalf("its owner lost it: %+v", r)
		}
	})
}

// Nobody redirects a device that another customer has proven to have.
func TestP03_ProvenDevicesAreNotRedirectedByOthers(t *testing.T) {
	both(t, func(h *house) {
		x := h.cpe("001565000001")
		_, err := h.certificate(x)
		h.ok(err)
		h.cust = h.customer("2000")
		y := h.cpe("001565000001")
		h.wantRedirect(y)
		h.redirects(0)
		if r := h.redirect(y); r.State != telephony.RedirectOwned {
			h.Fatalf("%+v", r)
		}
	})
}
