package app_test

import (
	"net/netip"
	"reflect"
	"slices"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/storagetest"
	"tischlein/internal/telephony"
)

func TestU09_SigningInMakesASessionWithAllThatTheRoleMay(t *testing.T) {
	both(t, func(h *house) {
		first := h.person(app.UserSpec{Login: "Carla@Example.com", Role: auth.CustomerAdmin, CustomerID: h.cust.ID, Language: "nl"})
		h.pass(time.Hour)
		x, err := h.signIn(" carla@EXAMPLE.com", phrase, desk)
		h.ok(err)
		if x.Stage != app.SessionFull || x.Token == "" || x.Token == first.Token || x.Language != "nl" || !x.Expires.Equal(h.clock().Add(7*24*time.Hour)) {
			h.Errorf("%+v", x)
		}
		got := h.alive(x)
		want := auth.Actor{Kind: "user", ID: x.UserID, Name: x.Name, Role: auth.CustomerAdmin, Scopes: auth.Scopes, CustomerID: h.cust.ID, From: desk}
		if !reflect.DeepEqual(got.Actor, want) || got.Token != "" {
			h.Errorf("got %+v\nwant %+v", got.Actor, want)
		}
		if _, err := h.app.Channels.List(bg, got.Actor, h.cust.ID, app.Query{}); err != nil {
			h.Errorf("the session's actor cannot read its customer: %v", err)
		}
		h.ok(h.app.Sessions.SignOut(bg, got))
		h.ended(x)
		h.ok(h.app.Sessions.SignOut(bg, got))
		h.alive(first)
	})
}

func TestX03_UnknownLoginAndWrongPasswordAreOneAnswer(t *testing.T) {
	both(t, func(h *house) {
		x := h.person(app.UserSpec{Login: "carla", Role: auth.CustomerAdmin, CustomerID: h.cust.ID})
		h.invite(app.UserSpec{Login: "invited", Role: auth.OperatorAdmin})
		var first error
		for _, login := range []string{"carla", "nobody", "invited", "", "x\x00\xff"} {
			_, err := h.signIn(login, another, desk)
			h.refused(err, telephony.Unauthenticated, "sign_in_failed")
			if first == nil {
				first = err
			}
			if !reflect.DeepEqual(err, first) {
				h.Errorf("%q: %#v differs from %#v", login, err, first)
			}
		}
		if a := h.audited(h.cust.ID, "sign_in", "refused", x.UserID); a.Reason != "password_wrong" || a.From != desk.String() {
			h.Errorf("%+v", a)
		}
		// What was typed as a login may be a password: it is not in the log.
		if a := h.audited("", "sign_in", "refused", ""); a.Reason != "login_unknown" || a.ActorName != "" || a.After != "null" {
			h.Errorf("%+v", a)
		}
	})
}

// from gives each try another network, so that only the account's limit counts.
func from(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, byte(i), 0, 1}) }

func TestX03_FailuresLockAnAccountWhetherItExistsOrNot(t *testing.T) {
	both(t, func(h *house) {
		v := h.person(app.UserSpec{Login: "carla", Role: auth.CustomerAdmin, CustomerID: h.cust.ID})
		for _, login := range []string{"carla", "nobody"} {
			for i := range 5 {
				_, err := h.signIn(login, another, from(i))
				h.refused(err, telephony.Unauthenticated, "sign_in_failed")
			}
			_, err := h.signIn(login, phrase, from(5)) // right or not, it is not looked at
			h.refused(err, telephony.TooMany, "too_many_failures")
		}
		if !slices.ContainsFunc(h.audits(app.AuditQuery{Action: "sign_in", ObjectID: v.UserID}), func(a app.AuditEntry) bool {
			return a.Outcome == "refused" && a.Reason == "account_locked"
		}) {
			h.Error("the log does not say that the account is locked")
		}
		h.settings(app.PortalSettings{}) // a restart forgets no failure
		_, err := h.signIn("carla", phrase, from(6))
		h.refused(err, telephony.TooMany, "too_many_failures")
		h.pass(30 * time.Second)
		_, err = h.signIn("carla", another, from(7))
		h.refused(err, telephony.Unauthenticated, "sign_in_failed")
		h.pass(30 * time.Second) // the sixth locks twice as long
		_, err = h.signIn("carla", phrase, from(8))
		h.refused(err, telephony.TooMany, "too_many_failures")
		h.ok(h.app.Users.Unlock(bg, h.customerAdmin(), v.UserID))
		_, err = h.signIn("carla", phrase, from(9))
		h.ok(err)
		for i := range 4 { // success has cleared what was counted
			_, err = h.signIn("carla", another, from(i))
			h.refused(err, telephony.Unauthenticated, "sign_in_failed")
		}
		_, err = h.signIn("carla", phrase, from(9))
		h.ok(err)
	})
}

func TestX03_OneSourceCannotTryManyAccounts(t *testing.T) {
	h := open(t, storagetest.SQLite(t)) // the limit is in memory
	for i := range 20 {
		_, err := h.signIn("login-"+string(rune('a'+i)), another, desk)
		h.refused(err, telephony.Unauthenticated, "sign_in_failed")
	}
	_, err := h.signIn("ada", another, desk)
	h.refused(err, telephony.TooMany, "too_many_failures")
	_, err = h.app.Sessions.Welcome(bg, "welcome-guess", desk)
	h.refused(err, telephony.TooMany, "too_many_failures")
	h.pass(10 * time.Second)
	_, err = h.app.Sessions.Welcome(bg, "welcome-guess", desk)
	h.refused(err, telephony.NotFound, "link_unknown")
	_, err = h.app.Sessions.Welcome(bg, "welcome-guess", desk)
	h.refused(err, telephony.TooMany, "too_many_failures")
}
