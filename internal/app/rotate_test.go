package app_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

func (h *house) rotate(x telephony.CPE, what ...string) []app.Effect {
	h.Helper()
	done, err := h.app.CPEs.Rotate(bg, h.admin, h.cust.ID, x.ID, what, false)
	h.ok(err)
	return done
}

// toldNow is all that a device should be told now.
func (h *house) toldNow(x telephony.CPE) telephony.Desired {
	h.Helper()
	d, _, err := h.app.Devices.Desired(bg, app.Device{ID: x.ID, CustomerID: x.CustomerID, Driver: x.Driver})
	h.ok(err)
	return d
}

func TestP14_RotationLeadsTheDeviceToItsNewSecrets(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Empfang", "01")
		h.tookAll(x)
		old, before := h.secrets(ch)[0], h.toldNow(x)
		said, err := h.app.CPEs.Rotate(bg, h.admin, h.cust.ID, x.ID, nil, true)
		h.ok(err)
		if h.toldNow(x).AdminPassword != before.AdminPassword || len(h.secrets(ch)) != 1 {
			h.Fatal("a dry run rotated something")
		}
		if done := h.rotate(x); !slices.Equal(said, done) || len(done) != 4 || !has(done, "rotated_sip", "Empfang") {
			h.Fatalf("said %+v, did %+v", said, done)
		}
		now := h.toldNow(x)
		if now.AdminPassword == before.AdminPassword || now.HTTPPassword == before.HTTPPassword || now.HTTPUser == before.HTTPUser || now.BaseURL == before.BaseURL {
			h.Fatal("something was not rotated")
		}
		if !h.sip.hasForgotten(ch.SIPUser) {
			h.Fatal("the registrar does not hear of it")
		}
		middle := h.secrets(ch)
		if len(middle) != 2 || middle[1] != old {
			h.Fatalf("the old secret is not valid any more: %d secrets", len(middle))
		}
		// Rotated again before the device was there: what it has is the oldest one.
		h.pass(24 * time.Hour)
		h.rotate(x)
		if s := h.secrets(ch); len(s) != 2 || s[1] != old {
			h.Fatal("a second rotation locked the device out")
		}
		if l := h.httpLogin(x); !l.Demanded || l.PrevUser != before.HTTPUser || l.PrevPassword != before.HTTPPassword {
			h.Fatalf("the HTTP password that the device has leads nowhere: %+v", l)
		}
		h.app.Registrar.Used(bg, ch.ID, false, false)
		h.flush()
		if s := h.secrets(ch); len(s) != 1 || s[0] == old {
			h.Fatal("the old secret outlives the first registration with the new one")
		}
		d, err := h.app.Devices.ByToken(bg, h.token(x))
		h.ok(err)
		h.app.Devices.HTTPUsed(bg, d)
		h.flush()
		if l := h.httpLogin(x); l.PrevUser != "" {
			h.Fatal("the old HTTP password outlives the use of the new one")
		}
	})
}

func TestP14_OldSecretEndsAfterSevenDays(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Empfang", "01")
		h.rotate(x, app.SecretSIP)
		h.pass(6 * 24 * time.Hour)
		h.rotate(x, app.SecretSIP) // which does not give the oldest more time
		more, err := h.app.Jobs.EndSecrets(bg)
		h.ok(err)
		if more || len(h.secrets(ch)) != 2 {
			h.Fatal("it ended too early")
		}
		h.pass(24 * time.Hour)
		if len(h.secrets(ch)) != 1 {
			h.Fatal("it is still accepted")
		}
		h.sip.forgot = nil
		_, err = h.app.Jobs.EndSecrets(bg)
		h.ok(err)
		if !h.sip.hasForgotten(ch.SIPUser) {
			h.Fatal("the registrar goes on accepting it from memory")
		}
	})
}

func TestP14_LostAndDetachedKeepNothing(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Empfang", "01")
		h.tookAll(x)
		h.rotate(x)
		_, err := h.app.CPEs.Detach(bg, h.admin, h.cust.ID, ch.ID, false)
		h.ok(err)
		_, err = h.app.Registrar.Credential(bg, ch.SIPUser)
		h.refused(err, telephony.NotFound, "")
		h.attach(x, ch)
		if len(h.secrets(ch)) != 1 {
			h.Fatal("an old secret came back with the device")
		}
		_, err = h.app.CPEs.Lost(bg, h.admin, h.cust.ID, x.ID, true)
		h.ok(err)
		_, err = h.app.CPEs.Lost(bg, h.admin, h.cust.ID, x.ID, false)
		h.ok(err)
		if l := h.httpLogin(x); l.Demanded || l.PrevUser != "" {
			h.Fatalf("what a lost device held leads somewhere: %+v", l)
		}
	})
}

func TestP14_RotationOfOneSecretLeavesTheOthers(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Empfang", "01")
		before := h.toldNow(x)
		h.rotate(x, app.SecretAdmin)
		now := h.toldNow(x)
		if now.AdminPassword == before.AdminPassword || now.BaseURL != before.BaseURL || now.HTTPPassword != before.HTTPPassword || len(h.secrets(ch)) != 1 {
			h.Fatal("not the administrator's password alone")
		}
		_, err := h.app.CPEs.Rotate(bg, h.admin, h.cust.ID, x.ID, []string{"all"}, false)
		h.refused(err, telephony.Invalid, "secret_unknown")
	})
}

func TestP14_RotationOfACustomer(t *testing.T) {
	both(t, func(h *house) {
		var devices []telephony.CPE
		for range 20 { // more than one batch
			devices = append(devices, h.device(telephony.CPE{Driver: "linphone", Name: "App"}))
		}
		other := h.customer("1001")
		h.cust, other = other, h.cust
		stranger := h.device(telephony.CPE{Driver: "linphone"})
		theirs := h.toldNow(stranger).AdminPassword
		h.cust = other
		old := map[string]telephony.Secret{}
		for _, x := range devices {
			old[x.ID] = h.toldNow(x).AdminPassword
		}
		n, err := h.app.CPEs.RotateAll(bg, h.admin, h.cust.ID, []string{app.SecretAdmin}, true)
		h.ok(err)
		h.flush()
		if n != 20 || h.toldNow(devices[0]).AdminPassword != old[devices[0].ID] {
			h.Fatalf("a dry run said %d, or did something", n)
		}
		_, err = h.app.CPEs.RotateAll(bg, h.admin, h.cust.ID, []string{app.SecretAdmin}, false)
		h.ok(err)
		h.flush()
		for _, x := range devices {
			if h.toldNow(x).AdminPassword == old[x.ID] {
				h.Fatalf("%s was left out", x.ID)
			}
		}
		if h.toldNow(stranger).AdminPassword != theirs {
			h.Fatal("another customer's device was rotated")
		}
		if l := h.audits(app.AuditQuery{Action: "rotate"}); len(l) != 20 {
			h.Fatalf("%d entries in the audit log", len(l))
		}
	})
}

// Asked twice, the second time is refused while the first goes on, and each device is
// rotated once.
func TestP14_RotationOfACustomerRunsOnce(t *testing.T) {
	both(t, func(h *house) {
		for range 20 {
			h.device(telephony.CPE{Driver: "linphone", Name: "App"})
		}
		begun, release := make(chan struct{}), make(chan struct{})
		h.dev.mu.Lock()
		h.dev.onChanged = sync.OnceFunc(func() { close(begun); <-release })
		h.dev.mu.Unlock()
		_, err := h.app.CPEs.RotateAll(bg, h.admin, h.cust.ID, []string{app.SecretToken}, false)
		h.ok(err)
		<-begun
		_, err = h.app.CPEs.RotateAll(bg, h.admin, h.cust.ID, nil, false)
		h.refused(err, telephony.Conflict, "rotation_running")
		if n, err := h.app.CPEs.RotateAll(bg, h.admin, h.cust.ID, nil, true); err != nil || n != 20 {
			h.Fatalf("asking what it would do: %d, %v", n, err)
		}
		close(release)
		h.flush()
		if l := h.audits(app.AuditQuery{Action: "rotate"}); len(l) != 20 {
			h.Fatalf("%d devices were rotated", len(l))
		}
		_, err = h.app.CPEs.RotateAll(bg, h.admin, h.cust.ID, []string{app.SecretToken}, false)
		h.ok(err)
	})
}
