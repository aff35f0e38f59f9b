package app_test

import (
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

func (h *house) byPIN(customer, number, pin string) (app.Session, error) {
	return h.app.SelfService.SignIn(bg, app.PINSignIn{Customer: customer, Number: number, PIN: telephony.Secret(pin), From: desk, UserAgent: browser})
}

// enduser is the session of an extension's own user, by number and PIN.
func (h *house) enduser(e telephony.Extension) app.Session {
	h.Helper()
	x, err := h.byPIN(h.cust.Number, e.Number, pin)
	h.ok(err)
	return x
}

func TestH02_SelfServiceSignsInByNumberAndPIN(t *testing.T) {
	both(t, func(h *house) {
		e := h.extension("21", false)
		x := h.enduser(e)
		again := h.enduser(e)
		if x.UserID != again.UserID {
			h.Error("each session has an account of its own")
		}
		now := h.alive(x)
		a := now.Actor
		if a.Role != auth.User || a.ExtensionID != e.ID || a.CustomerID != h.cust.ID || a.Can(auth.ScopeRead) || !a.Can(auth.ScopeLogin) || !now.ByPIN || now.Number != "21" {
			h.Errorf("%+v", now)
		}
		h.audited(h.cust.ID, "sign_in", "done", e.ID)
		_, err := h.app.Extensions.Get(bg, a, h.cust.ID, e.ID)
		h.refused(err, telephony.Forbidden, "scope_missing")
	})
}

// An end user's name is the extension's, whatever it was when they first came.
func TestH02_SelfServiceNamesTheExtensionAsItIsCalledNow(t *testing.T) {
	both(t, func(h *house) {
		e := h.extension("21", false)
		x := h.enduser(e)
		_, _, err := h.app.Extensions.Update(bg, h.admin, h.cust.ID, e.ID, 0, false, false, func(e *telephony.Extension) error { e.Name = "Neu Benannt"; return nil })
		h.ok(err)
		if now := h.alive(x); now.Name != "Neu Benannt" || now.Actor.Name != "Neu Benannt" {
			h.Errorf("%+v", now)
		}
	})
}

func TestU09_WhoSignsInByPINIsNoPortalUser(t *testing.T) {
	both(t, func(h *house) {
		x := h.enduser(h.extension("21", false))
		l, err := h.app.Users.List(bg, h.admin, app.UserQuery{})
		h.ok(err)
		if len(l.Items) != 0 {
			h.Errorf("listed: %+v", l.Items)
		}
		_, err = h.app.Users.Get(bg, h.admin, x.UserID)
		h.refused(err, telephony.NotFound, "")
		_, err = h.signIn(storage.PINLogin(x.Actor.ExtensionID), pin, desk)
		h.refused(err, telephony.Unauthenticated, "sign_in_failed")
	})
}

func TestU09_EndUsersSessionsAreShort(t *testing.T) {
	both(t, func(h *house) {
		e := h.extension("21", false)
		x := h.enduser(e)
		for range 12 {
			h.pass(59 * time.Minute)
			h.alive(x)
		}
		h.pass(12 * time.Minute)
		h.ended(x) // twelve hours, however busy
		x = h.enduser(e)
		h.pass(time.Hour)
		h.ended(x)
	})
}

func TestU09_EndUserByPassword(t *testing.T) {
	both(t, func(h *house) {
		e := h.extension("21", false)
		x := h.person(app.UserSpec{Login: "ella", Role: auth.User, CustomerID: h.cust.ID, ExtensionID: e.ID})
		if x.Actor.ExtensionID != e.ID || x.ByPIN || x.Number != "21" {
			h.Errorf("%+v", x)
		}
		_, err := h.signIn("ella", phrase, desk)
		h.ok(err)
		_, err = h.signIn("ella", another, desk)
		h.refused(err, telephony.Unauthenticated, "sign_in_failed")
		l, err := h.app.Users.List(bg, h.admin, app.UserQuery{})
		h.ok(err)
		if len(l.Items) != 1 || l.Items[0].Number != "21" {
			h.Errorf("%+v", l.Items)
		}
	})
}

// Who knew an old PIN, and whose extension is gone, are out at once.
func TestD20_SessionsEndWithThePINTheyStandOn(t *testing.T) {
	both(t, func(h *house) {
		e := h.extension("21", false)
		x, keeps := h.enduser(e), h.person(app.UserSpec{Login: "ella", Role: auth.User, CustomerID: h.cust.ID, ExtensionID: e.ID})
		h.ok(h.app.Extensions.SetPIN(bg, h.admin, h.cust.ID, e.ID, "9317"))
		h.ended(x)
		h.alive(keeps)
		x, err := h.byPIN(h.cust.Number, "21", "9317")
		h.ok(err)
		h.ok(h.app.Extensions.Delete(bg, h.admin, h.cust.ID, e.ID, 0))
		h.ended(x)
		h.ended(keeps)
		_, err = h.signIn("ella", phrase, desk)
		h.refused(err, telephony.Unauthenticated, "sign_in_failed")
	})
}

func TestD20_SelfServiceAsksForAPINOfOnesOwnFirst(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("A", "01")
		e := h.extension("21", false)
		h.ok(h.app.Extensions.SetPIN(bg, h.admin, h.cust.ID, e.ID, telephony.AdministratorPIN))
		x, err := h.byPIN(h.cust.Number, "21", "0000")
		h.ok(err)
		now := h.alive(x)
		if now.Stage != app.SessionPIN || now.Actor.Role != "" || now.Actor.Can(auth.ScopeLogin) {
			h.Fatalf("%+v", now)
		}
		_, _, err = h.app.Desks.LogIn(bg, now.Actor, app.LoginRequest{CustomerID: h.cust.ID, ChannelID: ch.ID})
		h.refused(err, telephony.NotFound, "")
		h.refused(h.app.SelfService.ChangePIN(bg, now, "", "0000"), telephony.Invalid, "pin_same")
		h.refused(h.app.SelfService.ChangePIN(bg, now, "", "1234"), telephony.Invalid, "pin_weak")
		h.ok(h.app.SelfService.ChangePIN(bg, now, "", "9317"))
		if now = h.alive(x); now.Stage != app.SessionFull || !now.Actor.Can(auth.ScopeLogin) {
			h.Fatalf("%+v", now)
		}
		h.audited(h.cust.ID, "set_pin", "done", e.ID)
	})
}

func TestD20_ThePINIsChangedByWhoKnowsIt(t *testing.T) {
	both(t, func(h *house) {
		e := h.extension("21", false)
		x, other := h.enduser(e), h.enduser(e)
		h.refused(h.app.SelfService.ChangePIN(bg, x, "5555", "9317"), telephony.Forbidden, "pin_wrong")
		h.refused(h.app.SelfService.ChangePIN(bg, x, pin, pin), telephony.Invalid, "pin_same")
		h.ok(h.app.SelfService.ChangePIN(bg, x, pin, "9317"))
		h.alive(x)
		h.ended(other)
		_, err := h.byPIN(h.cust.Number, "21", pin)
		h.refused(err, telephony.Unauthenticated, "pin_sign_in_failed")
		_, err = h.byPIN(h.cust.Number, "21", "9317")
		h.ok(err)
	})
}

// A wrong PIN, a number that nobody has and a customer that does not exist are one
// answer, through the lock and after it (X03).
func TestX03_SelfServiceTellsNobodyWhichNumbersExist(t *testing.T) {
	both(t, func(h *house) {
		h.extension("21", false)
		doors := map[string][2]string{"a wrong PIN": {h.cust.Number, "21"}, "an unknown number": {h.cust.Number, "77"}, "an unknown customer": {"9876", "21"}}
		for range 3 {
			for what, d := range doors {
				_, err := h.byPIN(d[0], d[1], "9999")
				if telephony.CodeOf(err) != telephony.Unauthenticated || telephony.ReasonOf(err) != "pin_sign_in_failed" {
					h.Errorf("%s: %v", what, err)
				}
			}
		}
		for what, d := range doors {
			if _, err := h.byPIN(d[0], d[1], "9999"); telephony.ReasonOf(err) != "pin_locked" {
				h.Errorf("%s, once more: %v", what, err)
			}
		}
		_, err := h.byPIN("5432", "21", "9999") // the lock is that customer's number's, not every stranger's
		h.refused(err, telephony.Unauthenticated, "pin_sign_in_failed")
		h.pass(15 * time.Minute)
		for what, d := range doors {
			if _, err := h.byPIN(d[0], d[1], "9999"); telephony.ReasonOf(err) != "pin_sign_in_failed" {
				h.Errorf("%s, after the lock: %v", what, err)
			}
		}
	})
}

// What is typed wrong here locks the phones too, and what locks the phones this.
func TestD20_SelfServiceCountsIntoTheLock(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("A", "01")
		e := h.extension("21", false)
		for range 3 {
			_, err := h.byPIN(h.cust.Number, "21", "9999")
			h.refused(err, telephony.Unauthenticated, "pin_sign_in_failed")
		}
		_, err := h.tryLogin(ch, e, pin, false)
		h.refused(err, telephony.Forbidden, "pin_locked")
		_, err = h.byPIN(h.cust.Number, "21", pin)
		h.refused(err, telephony.Forbidden, "pin_locked")
		if h.extView(e).LockedUntil.IsZero() {
			h.Error("the portal does not show the lock")
		}
		h.ok(h.app.Extensions.Unlock(bg, h.admin, h.cust.ID, e.ID))
		h.enduser(e)
	})
}

func TestX02_EndUsersHearOfTheirOwnExtensionOnly(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("A", "01")
		e, other := h.extension("21", true), h.extension("22", false)
		x := h.alive(h.enduser(e))
		events, err := h.app.Events.SubscribeOwn(t.Context(), x.Actor, h.app.Events.Last())
		h.ok(err)
		h.link(ch, other)
		h.unlink(ch)
		h.login(ch, e)
		select {
		case got := <-events:
			if got.Kind != "extension" || got.ID != e.ID || got.What != "logged_in" {
				h.Errorf("%+v", got)
			}
		case <-time.After(5 * time.Second):
			h.Error("nothing was heard")
		}
		_, err = h.app.Events.SubscribeOwn(t.Context(), h.admin, 0)
		h.refused(err, telephony.Forbidden, "")
		_, err = h.app.Events.Subscribe(t.Context(), x.Actor, h.cust.ID, 0)
		h.refused(err, telephony.Forbidden, "")
	})
}
