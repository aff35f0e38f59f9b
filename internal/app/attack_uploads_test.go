package app_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"tischlein/internal/app"
)

// What a device sends while its secrets change holds those from before, which still
// count; and a log holds its HTTP password as it was sent.
func TestX01_UploadsHoldNoSecretThatStillCounts(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Empfang", "01")
		h.tookAll(x)
		sip, before := h.secrets(ch)[0], h.toldNow(x)
		basic := base64.StdEncoding.EncodeToString([]byte(before.HTTPUser + ":" + before.HTTPPassword.Reveal()))
		h.rotate(x)
		h.sends(app.Device{ID: x.ID, CustomerID: h.cust.ID}, "local.cfg", "secret="+sip.Reveal()+"\nhttp="+before.HTTPPassword.Reveal()+"\nAuthorization: Basic "+basic+"\n")
		list, err := h.app.CPEs.Uploads(bg, h.admin, h.cust.ID, x.ID)
		h.ok(err)
		u, err := h.app.CPEs.Upload(bg, h.admin, h.cust.ID, x.ID, list[0].ID)
		h.ok(err)
		for _, secret := range []string{sip.Reveal(), before.HTTPPassword.Reveal(), basic} {
			if strings.Contains(string(u.Body), secret) {
				h.Errorf("a secret that still counts stands in %s", u.Body)
			}
		}
	})
}
