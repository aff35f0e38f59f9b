package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

func (h *house) sends(d app.Device, name, body string) {
	h.Helper()
	_, err := h.app.Devices.Upload(bg, d, app.Upload{Name: name, From: home, UserAgent: "Yealink SIP-T46U 108.86.0.20", Body: []byte(body)})
	h.ok(err)
}

func TestP13_UploadsAreKeptWithoutSecretsAndWithinTheirShare(t *testing.T) {
	both(t, func(h *house) {
		c, err := h.app.CPEs.Create(bg, h.admin, telephony.CPE{CustomerID: h.cust.ID, Driver: "yealink", Model: "T46U", MAC: "805ec0123456"})
		h.ok(err)
		d := app.Device{ID: c.CPE.ID, CustomerID: h.cust.ID, MAC: c.CPE.MAC, Driver: "yealink"}
		want, _, err := h.app.Devices.Desired(bg, d)
		h.ok(err)
		report := "admin = " + want.AdminPassword.Reveal() + "\nurl = " + want.BaseURL.Reveal() + "\nvolume = 7\n"
		h.sends(d, "a.log", "old")
		h.sends(d, "local.cfg", report)
		h.pass(time.Second)
		h.sends(d, "a.log", "new")
		list, err := h.app.CPEs.Uploads(bg, h.admin, h.cust.ID, c.CPE.ID)
		h.ok(err)
		if len(list) != 2 || list[0].Name != "a.log" || list[1].Size != int64(len(report)) || list[0].Body != nil || list[0].Address != home.String() {
			t.Fatalf("%+v", list)
		}
		got, err := h.app.CPEs.Upload(bg, h.admin, h.cust.ID, c.CPE.ID, list[1].ID)
		h.ok(err)
		if s := string(got.Body); strings.Contains(s, want.AdminPassword.Reveal()) || strings.Contains(s, want.BaseURL.Reveal()) || !strings.Contains(s, "volume = 7") {
			t.Errorf("kept %q", s)
		}
		// Once in the history, however often a log comes.
		h.app.Devices.Noted(bg, d, home, "the method DELETE is not answered")
		h.flush()
		l, err := h.app.CPEs.History(bg, h.admin, h.cust.ID, c.CPE.ID, app.Query{})
		h.ok(err)
		kinds := map[string]int{}
		for _, e := range l.Items {
			kinds[e.Kind]++
		}
		if kinds["uploaded"] != 2 || kinds["odd_request"] != 1 {
			t.Errorf("%v", kinds)
		}
		v, err := h.app.CPEs.Get(bg, h.admin, h.cust.ID, c.CPE.ID)
		h.ok(err)
		if v.State.Code == telephony.CPEFailed {
			t.Errorf("an odd request made the device fail: %+v", v.State)
		}
		// The oldest go: by count, and by bytes.
		for i := range 25 {
			h.pass(time.Minute)
			h.sends(d, fmt.Sprintf("n%02d.log", i), "x")
		}
		if list, err = h.app.CPEs.Uploads(bg, h.admin, h.cust.ID, c.CPE.ID); err != nil || len(list) != 20 || list[0].Name != "n24.log" {
			t.Fatalf("%d, %v", len(list), err)
		}
		h.pass(time.Minute)
		h.sends(d, "big1.log", strings.Repeat("x", 5<<20))
		h.pass(time.Minute)
		h.sends(d, "big2.log", strings.Repeat("y", 5<<20))
		if list, err = h.app.CPEs.Uploads(bg, h.admin, h.cust.ID, c.CPE.ID); err != nil || list[0].Name != "big2.log" || len(list) != 1 {
			t.Fatalf("%+v, %v", list, err)
		}
		// A device that does nothing else is told to stop, until the next minute.
		var last error
		for range 31 {
			_, last = h.app.Devices.Upload(bg, d, app.Upload{Name: "z.log", From: home})
		}
		h.refused(last, telephony.TooMany, "uploads_too_many")
		h.pass(time.Minute)
		h.sends(d, "z.log", "")
		other := h.customer("2000")
		_, err = h.app.CPEs.Upload(bg, h.admin, other.ID, c.CPE.ID, list[0].ID)
		h.refused(err, telephony.NotFound, "")
		h.ok(h.app.CPEs.DeleteUpload(bg, h.admin, h.cust.ID, c.CPE.ID, list[0].ID))
		_, err = h.app.CPEs.Upload(bg, h.admin, h.cust.ID, c.CPE.ID, list[0].ID)
		h.refused(err, telephony.NotFound, "")
		h.ok(h.app.CPEs.Delete(bg, h.admin, h.cust.ID, c.CPE.ID, 0)) // takes them along
	})
}
