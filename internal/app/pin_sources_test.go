package app_test

import (
	"fmt"
	"net/netip"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// Somebody who guesses at the pages for end users, from the guests' network of an
// office say, keeps nobody at its desk phones from logging in.
func TestX03_WhoGuessesAwayFromPhonesKeepsNobodyFromThem(t *testing.T) {
	both(t, func(h *house) {
		ch, _ := h.desk("A", "01")
		h.extension("21", false)
		actor := auth.PhoneActor(h.cust.ID, ch.ID, ch.Name, desk)
		var err error
		for n := range 60 {
			if _, err = h.byPIN(h.cust.Number, fmt.Sprint(30+n), "9317"); telephony.ReasonOf(err) == "too_many_failures" {
				break
			}
		}
		h.refused(err, telephony.TooMany, "too_many_failures")
		_, _, err = h.app.Desks.LogIn(bg, actor, app.LoginRequest{CustomerID: h.cust.ID, ChannelID: ch.ID, Number: "21", PIN: telephony.Secret(pin), Path: "key"})
		h.ok(err)
	})
}

// Each refusal at a locked number is written down, so a stranger must not be able
// to cause as many as they like.
func TestX03_TriesAtALockedNumberAreLimitedToo(t *testing.T) {
	both(t, func(h *house) {
		h.extension("21", false)
		var err error
		tries := 0
		for ; tries < 60 && telephony.ReasonOf(err) != "too_many_failures"; tries++ {
			_, err = h.byPIN(h.cust.Number, "21", "9317")
		}
		h.refused(err, telephony.TooMany, "too_many_failures")
		if n := len(h.audits(app.AuditQuery{Action: "sign_in", Limit: 200})); n > 25 {
			t.Errorf("%d entries for %d tries", n, tries)
		}
		far := netip.MustParseAddr("198.51.100.77")
		_, err = h.app.SelfService.SignIn(bg, app.PINSignIn{Customer: h.cust.Number, Number: "21", PIN: telephony.Secret(pin), From: far})
		h.refused(err, telephony.Forbidden, "pin_locked") // others are told what holds for them
	})
}

// What no database could hold is a customer that does not exist.
func TestX03_ACustomersNumberMayBeAnything(t *testing.T) {
	both(t, func(h *house) {
		for _, number := range []string{"10\x0001", "\xff", "1001\x00"} {
			_, err := h.byPIN(number, "21", "9317")
			h.refused(err, telephony.Unauthenticated, "pin_sign_in_failed")
		}
	})
}
