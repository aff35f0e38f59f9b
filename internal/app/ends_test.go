package app_test

import (
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

const day = 24 * time.Hour

// endSecrets runs the job until there is nothing more.
func (h *house) endSecrets() {
	h.Helper()
	for more := true; more; {
		var err error
		more, err = h.app.Jobs.EndSecrets(bg)
		h.ok(err)
	}
}

// leads reports whether a token still finds the device.
func (h *house) leads(hash string) bool {
	h.Helper()
	_, err := h.app.Devices.ByToken(bg, hash)
	if err != nil {
		h.refused(err, telephony.NotFound, "")
	}
	return err == nil
}

// happened counts the lines of a kind in the device's history.
func (h *house) happened(x telephony.CPE, kind string) (n int) {
	h.Helper()
	l, err := h.app.CPEs.History(bg, h.admin, h.cust.ID, x.ID, app.Query{})
	h.ok(err)
	for _, e := range l.Items {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

// What a device had before a rotation ends after seven days, each by the same rule:
// the token, the token of its keys and the HTTP password as the SIP secret does.
func TestP14_OldTokenAndPasswordEndAfterSevenDays(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Empfang", "01")
		h.tookAll(x)
		old, keys, before := h.token(x), h.pagesOf(x), h.toldNow(x)
		h.rotate(x)
		h.pass(6 * day)
		h.rotate(x) // which does not give the oldest more time
		h.endSecrets()
		d, err := h.app.Devices.ByToken(bg, old)
		h.ok(err)
		if d.HTTP.PrevUser != before.HTTPUser || d.HTTP.PrevPassword != before.HTTPPassword {
			h.Fatal("it ended too early")
		}
		_, err = h.app.Devices.ByPages(bg, keys)
		h.ok(err)
		h.pass(day)
		if h.leads(old) {
			h.Fatal("the old token still leads there")
		}
		if _, err = h.app.Devices.ByPages(bg, keys); err == nil {
			h.Fatal("the old keys still open pages")
		}
		h.dev.mu.Lock()
		h.dev.changed = nil
		h.dev.mu.Unlock()
		h.endSecrets()
		if !h.dev.has(x.ID) {
			h.Fatal("the phones' server goes on accepting them from memory")
		}
		// It is in the device's history, and its directory has not become an open one.
		if n := h.happened(x, "secrets_ended"); n != 1 {
			h.Fatalf("its history has %d lines of that", n)
		}
		d, err = h.app.Devices.ByToken(bg, h.token(x))
		h.ok(err)
		if !d.HTTP.Demanded || d.HTTP.PrevUser != "" || d.HTTP.PrevPassword != "" {
			h.Fatalf("after the end: %+v", d.HTTP)
		}
		if d.HTTP.User == before.HTTPUser || len(h.secrets(ch)) != 1 {
			h.Fatal("an old secret is left")
		}
	})
}

// Moving a phone leaves it seven days to find its new place, too; a device that is
// lost has nothing left at once.
func TestP14_AMovedPhonesTokenEndsAndALostOnesAtOnce(t *testing.T) {
	both(t, func(h *house) {
		ch, x := h.desk("Empfang", "01")
		h.tookAll(x)
		old := h.token(x)
		_, err := h.app.CPEs.Detach(bg, h.admin, h.cust.ID, ch.ID, false)
		h.ok(err)
		h.pass(3 * day)
		h.attach(x, ch)
		if !h.leads(old) {
			h.Fatal("a phone that is moved cannot find its new place")
		}
		h.pass(4 * day)
		if h.leads(old) {
			h.Fatal("the detached phone's token has no end")
		}
		h.endSecrets()
		now := h.token(x)
		_, err = h.app.CPEs.Lost(bg, h.admin, h.cust.ID, x.ID, true)
		h.ok(err)
		_, err = h.app.CPEs.Lost(bg, h.admin, h.cust.ID, x.ID, false)
		h.ok(err)
		if h.leads(now) || h.leads(old) {
			h.Fatal("what a lost device held leads somewhere")
		}
	})
}

// A device that has moved on ends its own old secrets: the job finds none of them.
func TestP14_WhatWasUsedLeavesNothingToEnd(t *testing.T) {
	both(t, func(h *house) {
		_, x := h.desk("Empfang", "01")
		h.tookAll(x)
		h.rotate(x, app.SecretToken, app.SecretHTTP)
		d, err := h.app.Devices.ByToken(bg, h.token(x))
		h.ok(err)
		h.app.Devices.HTTPUsed(bg, d)
		h.tookAll(x)
		h.pass(8 * day)
		h.endSecrets()
		if n := h.happened(x, "secrets_ended"); n != 0 {
			h.Fatal("it is told of secrets that had ended long ago")
		}
		if !h.leads(h.token(x)) {
			h.Fatal("its present token ended")
		}
	})
}
