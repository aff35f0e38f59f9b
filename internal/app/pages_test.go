package app_test

import (
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// pagesOf is what the device's keys would bear.
func (h *house) pagesOf(x telephony.CPE) string {
	h.Helper()
	d, _, err := h.app.Devices.Desired(bg, app.Device{ID: x.ID, CustomerID: h.cust.ID})
	h.ok(err)
	token, ok := strings.CutPrefix(d.PagesURL.Reveal(), "https://prov.test.example/k/")
	if !ok || !strings.HasSuffix(token, "/") {
		h.Fatalf("pages at %q", d.PagesURL.Reveal())
	}
	return strings.TrimSuffix(token, "/")
}

func TestP02_KeysBearATokenThatOpensNoFile(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Empfang", "01")
		_, other := h.desk("Lager", "02")
		pages, own := h.pagesOf(x), h.token(x)
		if pages == h.pagesOf(other) {
			h.Fatal("two devices bear the same token")
		}
		_, err := h.app.Devices.ByPages(bg, pages)
		h.refused(err, telephony.NotFound, "") // it has not been served under its own token yet
		d, err := h.app.Devices.ByToken(bg, own)
		h.ok(err)
		d.HTTP = telephony.HTTPLogin{} // its pages are not its directory
		if got, err := h.app.Devices.ByPages(bg, pages); err != nil || got != d {
			h.Fatalf("%+v, %v, want %+v", got, err, d)
		}
		_, err = h.app.Devices.ByToken(bg, auth.HashToken(pages))
		h.refused(err, telephony.NotFound, "")
		for _, bad := range []string{"", own, pages[:37], pages[:12] + strings.Repeat("a", 26), strings.ToUpper(pages), pages + "a", "%", "g" + pages[1:]} {
			_, err = h.app.Devices.ByPages(bg, bad)
			h.refused(err, telephony.NotFound, "")
		}
		s, err := h.app.Devices.At(bg, d, 1)
		h.ok(err)
		if s.Channel.ID != ch.ID || s.Channel.CustomerID != h.cust.ID || s.Channel.Name != "Empfang" || s.TimeZone == "" {
			h.Fatalf("%+v", s)
		}
		_, err = h.app.Devices.At(bg, d, 2)
		h.refused(err, telephony.NotFound, "")
	})
}

// The keys' token goes with the device's own: after a rotation the old one works
// until the device has used the new, and of a lost device none does (D14).
func TestD14_TheKeysTokenEndsWithTheDevices(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Empfang", "01")
		_, err := h.app.Devices.ByToken(bg, h.token(x))
		h.ok(err)
		old := h.pagesOf(x)
		_, err = h.app.CPEs.Detach(bg, h.admin, h.cust.ID, ch.ID, false)
		h.ok(err)
		h.attach(x, ch)
		fresh := h.pagesOf(x)
		if fresh == old {
			h.Fatal("the token was not rotated")
		}
		for _, token := range []string{old, fresh} {
			if d, err := h.app.Devices.ByPages(bg, token); err != nil || d.ID != x.ID {
				h.Fatalf("%+v, %v", d, err)
			}
		}
		_, err = h.app.Devices.ByToken(bg, h.token(x))
		h.ok(err)
		_, err = h.app.Devices.ByPages(bg, old)
		h.refused(err, telephony.NotFound, "")
		_, err = h.app.CPEs.Lost(bg, h.admin, h.cust.ID, x.ID, true)
		h.ok(err)
		_, err = h.app.Devices.ByPages(bg, fresh)
		h.refused(err, telephony.NotFound, "")
	})
}

func TestD27_ADeviceWithoutABrowserHasNoPages(t *testing.T) {
	both(t, func(h *house) {
		x := h.device(telephony.CPE{Driver: "linphone", Name: "Rechner"})
		d, _, err := h.app.Devices.Desired(bg, app.Device{ID: x.ID, CustomerID: h.cust.ID})
		h.ok(err)
		if d.PagesURL != "" {
			h.Errorf("pages at %s", d.PagesURL.Reveal())
		}
	})
}
