package app_test

import (
	"sync"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/storagetest"
	"tischlein/internal/telephony"
)

// fresh is an installation at its very first start.
func fresh(t *testing.T, f func(h *house, setup string)) {
	t.Helper()
	storagetest.Each(t, func(t *testing.T, dsn string) {
		h := &house{T: t, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
		h.db = storagetest.Open(t, dsn, h.clock)
		h.admin = auth.Actor{Kind: "cli", Name: "test", Role: auth.OperatorAdmin, Scopes: auth.Scopes}
		var setup telephony.Secret
		var err error
		h.app, setup, err = app.Open(bg, config(t, h.db, h.clock, app.PortalSettings{}))
		h.ok(err)
		f(h, setup.Reveal())
	})
}

func (h *house) first(setup string) (app.Session, error) {
	return h.app.Sessions.AcceptWelcome(bg, app.Acceptance{Token: setup, Name: "Ada Admin", Login: "ada", Language: "de", Password: phrase, From: desk})
}

func TestU09_TheFirstAdministratorComesByTheOneTimeLink(t *testing.T) {
	fresh(t, func(h *house, setup string) {
		w, err := h.app.Sessions.Welcome(bg, setup, desk)
		h.ok(err)
		if w.Kind != app.LinkFirstAdmin || w.Login != "" {
			h.Errorf("%+v", w)
		}
		bad := func(name, login string, p telephony.Secret, field string) {
			h.Helper()
			_, err := h.app.Sessions.AcceptWelcome(bg, app.Acceptance{Token: setup, Name: name, Login: login, Password: p, From: desk})
			h.refused(err, telephony.Invalid, "")
			h.says(err, field+":")
		}
		bad("", "ada", phrase, "name")
		bad("Ada", "a", phrase, "login")
		bad("Ada", "ada", "kurz", "password")
		x, err := h.first(setup)
		h.ok(err)
		if now := h.alive(x); now.Stage != app.SessionFull || now.Actor.Role != auth.OperatorAdmin || now.Language != "de" {
			h.Errorf("%+v", now)
		}
		_, err = h.first(setup)
		h.refused(err, telephony.NotFound, "link_unknown")
		_, _, err = h.app.Tokens.Setup(bg, setup, "api", desk)
		h.refused(err, telephony.Unauthenticated, "setup_token_unknown")
		h.audited("", "create", "done", x.UserID)
	})
}

func TestU09_TheAPIsSetupUsesTheSameLinkUp(t *testing.T) {
	fresh(t, func(h *house, setup string) {
		_, _, err := h.app.Tokens.Setup(bg, setup, "api", desk)
		h.ok(err)
		_, err = h.first(setup)
		h.refused(err, telephony.NotFound, "link_unknown")
	})
	fresh(t, func(h *house, setup string) { // so does an administrator who was made on this machine
		h.person(app.UserSpec{Login: "local", Role: auth.OperatorAdmin})
		_, err := h.first(setup)
		h.refused(err, telephony.NotFound, "link_unknown")
	})
	fresh(t, func(h *house, setup string) {
		h.pass(7 * 24 * time.Hour)
		_, err := h.first(setup)
		h.refused(err, telephony.NotFound, "link_unknown")
	})
}

func TestU09_OneOfTwoFirstAdministratorsWins(t *testing.T) {
	fresh(t, func(h *house, setup string) {
		errs := make([]error, 2)
		var all sync.WaitGroup
		for i, login := range []string{"ada", "eve"} {
			all.Go(func() {
				_, errs[i] = h.app.Sessions.AcceptWelcome(bg, app.Acceptance{Token: setup, Name: "A", Login: login, Password: phrase, From: desk})
			})
		}
		all.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			h.Fatalf("%v, %v", errs[0], errs[1])
		}
		for _, err := range errs {
			if err != nil {
				h.refused(err, telephony.NotFound, "link_unknown")
			}
		}
	})
}

func TestU09_InvitationsLastThreeDaysAndAreGoodOnce(t *testing.T) {
	both(t, func(h *house) {
		v, old := h.invite(app.UserSpec{Login: "carla", Name: "Carla", Role: auth.CustomerAdmin, CustomerID: h.cust.ID})
		h.pass(72*time.Hour - time.Second)
		w, err := h.app.Sessions.Welcome(bg, old.Token.Reveal(), desk)
		h.ok(err)
		if w.Kind != app.LinkInvitation || w.Name != "Carla" || w.Login != "carla" {
			h.Errorf("%+v", w)
		}
		h.pass(time.Second)
		_, err = h.accept(old, phrase)
		h.refused(err, telephony.NotFound, "link_unknown")
		l, err := h.app.Users.ResetLink(bg, h.customerAdmin(), v.ID) // an invitation again: there is no password
		h.ok(err)
		if l.Kind != app.LinkInvitation || !l.Expires.Equal(h.clock().Add(72*time.Hour)) {
			h.Errorf("%+v", l)
		}
		_, err = h.accept(l, "Carla-carla-12")
		h.refused(err, telephony.Invalid, "password_is_name")
		x, err := h.app.Sessions.AcceptWelcome(bg, app.Acceptance{Token: l.Token.Reveal(), Name: "Carla Kundin", Login: "root", Password: phrase, From: desk})
		h.ok(err)
		if now := h.alive(x); now.Name != "Carla Kundin" || now.Login != "carla" {
			h.Errorf("%+v", now)
		}
		_, err = h.accept(l, another)
		h.refused(err, telephony.NotFound, "link_unknown")
	})
}

func TestU09_AResetLinkLastsAnHourAndDoesNotSkipTheSecondFactor(t *testing.T) {
	both(t, func(h *house) {
		x := h.person(app.UserSpec{Login: "carla", Role: auth.CustomerAdmin, CustomerID: h.cust.ID})
		secret, _ := h.enrol(x)
		reset := func() app.OneTimeLink {
			l, err := h.app.Users.ResetLink(bg, h.admin, x.UserID)
			h.ok(err)
			return l
		}
		late := reset()
		h.pass(time.Hour)
		_, err := h.accept(late, another)
		h.refused(err, telephony.NotFound, "link_unknown")
		replaced, l := reset(), reset()
		_, err = h.accept(replaced, another)
		h.refused(err, telephony.NotFound, "link_unknown")
		h.alive(x) // as long as the link is not used, nothing has changed
		now, err := h.accept(l, another)
		h.ok(err)
		h.ended(x)
		if now.Stage != app.SessionSecond {
			h.Fatalf("stage %s", now.Stage)
		}
		_, err = h.secondFactor(now, h.code(secret))
		h.ok(err)
		_, err = h.signIn("carla", phrase, desk)
		h.refused(err, telephony.Unauthenticated, "sign_in_failed")
		h.audited(h.cust.ID, "reset_password", "done", x.UserID)
	})
}
