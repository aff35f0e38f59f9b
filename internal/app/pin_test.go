package app_test

import (
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

func TestD20_PINRules(t *testing.T) {
	both(t, func(h *house) {
		e := h.extension("4821", false)
		set := func(p telephony.Secret) error {
			return h.app.Extensions.SetPIN(bg, h.user(e), h.cust.ID, e.ID, p)
		}
		for p, reason := range map[telephony.Secret]string{
			"123": "pin_malformed", "123456789": "pin_malformed", "47a1": "pin_malformed",
			"7777": "pin_weak", "4567": "pin_weak", "8765": "pin_weak", "4821": "pin_weak", "0000": "pin_weak",
		} {
			h.refused(set(p), telephony.Invalid, reason)
		}
		h.ok(set("48215"))
		other := h.extension("4822", false)
		h.refused(h.app.Extensions.SetPIN(bg, h.user(e), h.cust.ID, other.ID, "9317"), telephony.NotFound, "")
	})
}

func TestD20_TheAdministratorsPINMustBeChangedAtTheNextLogin(t *testing.T) {
	both(t, func(h *house) {
		a, _ := h.desk("A", "01")
		b, _ := h.desk("B", "02")
		e := h.extension("21", true)
		h.ok(h.app.Extensions.SetPIN(bg, h.admin, h.cust.ID, e.ID, telephony.AdministratorPIN))
		h.link(a, e) // a zero-touch login never asks
		h.at(a, e, telephony.LoginLinked)
		_, err := h.tryLogin(b, e, telephony.AdministratorPIN, false)
		h.refused(err, telephony.Conflict, "pin_must_change")
		change := func(fresh telephony.Secret) error {
			_, err := h.app.Logins.Login(bg, h.user(e), app.LoginRequest{CustomerID: h.cust.ID, ChannelID: b.ID, Number: e.Number, PIN: telephony.AdministratorPIN, NewPIN: fresh})
			return err
		}
		h.refused(change("0000"), telephony.Invalid, "pin_weak")
		h.nobody(b)
		h.ok(change("9317"))
		h.at(b, e, telephony.LoginHotdesk)
		if h.extView(e).Extension.PINMustChange {
			h.Fatal("the PIN must be changed again")
		}
		_, err = h.tryLogin(b, e, telephony.AdministratorPIN, false)
		h.refused(err, telephony.Forbidden, "pin_wrong")
	})
}

func TestD20_ThreeWrongPINsLockHotdeskLogins(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("A", "01")
		place, _ := h.desk("B", "02")
		e := h.extension("21", true)
		wrong := func() {
			h.Helper()
			_, err := h.tryLogin(ch, e, "9999", false)
			h.refused(err, telephony.Forbidden, "pin_wrong")
		}
		wrong()
		wrong()
		h.pass(5 * time.Minute) // the two are too old to count
		wrong()
		h.login(ch, e)
		_, err := h.app.Logins.Logout(bg, h.user(e), h.cust.ID, ch.ID, false)
		h.ok(err)
		for range 3 {
			wrong()
		}
		_, err = h.tryLogin(ch, e, pin, false)
		h.refused(err, telephony.Forbidden, "pin_locked")
		if until := h.extView(e).LockedUntil; !until.Equal(h.clock().Add(15 * time.Minute)) {
			h.Fatalf("locked until %v at %v", until, h.clock())
		}
		h.link(place, e) // a linked phone is not affected
		h.at(place, e, telephony.LoginLinked)
		h.pass(15*time.Minute - time.Second)
		_, err = h.tryLogin(ch, e, pin, false)
		h.refused(err, telephony.Forbidden, "pin_locked")
		h.pass(time.Second)
		h.login(ch, e)
	})
}

func TestD20_AnAdministratorLiftsTheLock(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("A", "01")
		e := h.extension("21", false)
		for range 3 {
			_, err := h.tryLogin(ch, e, "9999", false)
			h.refused(err, telephony.Forbidden, "pin_wrong")
		}
		h.refused(h.app.Extensions.Unlock(bg, h.user(e), h.cust.ID, e.ID), telephony.Forbidden, "")
		h.ok(h.app.Extensions.Unlock(bg, h.customerAdmin(), h.cust.ID, e.ID))
		h.login(ch, e)
	})
}

func TestD21_ExtensionNumbers(t *testing.T) {
	both(t, func(h *house) {
		create := func(customer, number string) error {
			_, err := h.app.Extensions.Create(bg, h.admin, telephony.Extension{CustomerID: customer, Number: number, Name: "P"}, "")
			return err
		}
		for _, n := range []string{"", "7", "123456", "12a", "٢٢"} {
			h.refused(create(h.cust.ID, n), telephony.Invalid, "number_malformed")
		}
		h.ok(create(h.cust.ID, "210"))
		h.refused(create(h.cust.ID, "21"), telephony.Invalid, "number_length")
		h.refused(create(h.cust.ID, "210"), telephony.Conflict, "")
		h.ok(create(h.cust.ID, "211"))
		other := h.customer("2000")
		h.ok(create(other.ID, "21000")) // another customer, another length
		h.refused(create(h.cust.ID, "112"), telephony.Invalid, "number_is_code")
	})
}
