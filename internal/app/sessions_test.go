package app_test

import (
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

func TestU09_SessionsEndWhenIdleAndAfterTheirLife(t *testing.T) {
	both(t, func(h *house) {
		h.settings(app.PortalSettings{SessionIdle: 30 * time.Minute, SessionLife: 2 * time.Hour})
		x := h.person(app.UserSpec{Login: "ada", Role: auth.OperatorAdmin})
		for range 4 {
			h.pass(29 * time.Minute)
			h.alive(x)
		}
		h.pass(4 * time.Minute)
		h.ended(x) // two hours, however busy
		x, err := h.signIn("ada", phrase, desk)
		h.ok(err)
		h.pass(30 * time.Minute)
		h.ended(x)
		h.ok(second(h.app.Jobs.Prune(bg)))
		h.ok(h.db.View(bg, func(tx *storage.Tx) error {
			l, err := tx.Sessions(x.UserID)
			if len(l) != 0 {
				h.Errorf("%d sessions are kept although they ended", len(l))
			}
			return err
		}))
	})
}

func TestU09_ThatASessionIsInUseIsNotedOnceAMinute(t *testing.T) {
	both(t, func(h *house) {
		x := h.person(app.UserSpec{Login: "ada", Role: auth.OperatorAdmin})
		seen := func() time.Time {
			l, err := h.app.Sessions.List(bg, x)
			h.ok(err)
			return l[0].Seen
		}
		start := h.clock()
		h.pass(59 * time.Second)
		h.alive(x)
		if !seen().Equal(start) {
			h.Error("a request was written down within the minute")
		}
		h.pass(time.Second)
		_, err := h.app.Sessions.Authenticate(bg, x.Token.Reveal(), abroad)
		h.ok(err)
		if l, _ := h.app.Sessions.List(bg, x); !l[0].Seen.Equal(h.clock()) || l[0].From != abroad.String() || l[0].UserAgent != browser || !l[0].Current {
			h.Errorf("%+v", l)
		}
	})
}

func TestU09_OneEndsOnesOwnSessionsAndNobodyElses(t *testing.T) {
	both(t, func(h *house) {
		a := h.person(app.UserSpec{Login: "ada", Role: auth.OperatorAdmin})
		b := h.person(app.UserSpec{Login: "bea", Role: auth.OperatorAdmin})
		var more []app.Session
		for range 3 {
			x, err := h.signIn("ada", phrase, desk)
			h.ok(err)
			more = append(more, x)
		}
		me := h.alive(more[0])
		h.refused(h.app.Sessions.Revoke(bg, me, b.ID), telephony.NotFound, "")
		h.alive(b)
		h.ok(h.app.Sessions.Revoke(bg, me, a.ID))
		h.ended(a)
		l, err := h.app.Sessions.List(bg, me)
		h.ok(err)
		if len(l) != 3 {
			h.Errorf("%d sessions are listed", len(l))
		}
		if n, err := h.app.Sessions.RevokeOthers(bg, me); err != nil || n != 2 {
			h.Errorf("%d ended, %v", n, err)
		}
		h.alive(more[0])
		h.ended(more[1])
		h.ended(more[2])
		h.alive(b)
		n, err := h.app.Users.EndSessions(bg, h.admin, b.UserID)
		if err != nil || n != 1 {
			h.Errorf("%d ended, %v", n, err)
		}
		h.ended(b)
		for _, cookie := range []string{"", "x", b.ID, string(make([]byte, 9000))} {
			_, err := h.app.Sessions.Authenticate(bg, cookie, desk)
			h.refused(err, telephony.Unauthenticated, "session_unknown")
		}
	})
}

func TestU09_AMessageIsLeftForTheNextPageOnce(t *testing.T) {
	both(t, func(h *house) {
		x := h.person(app.UserSpec{Login: "ada", Role: auth.OperatorAdmin})
		h.ok(h.app.Sessions.LeaveFlash(bg, x, "Gespeichert:\x00 Küche"))
		now := h.alive(x)
		got, err := h.app.Sessions.TakeFlash(bg, now)
		h.ok(err)
		if got != "Gespeichert:  Küche" {
			h.Errorf("%q", got)
		}
		if again := h.alive(x); again.Flash != "" {
			h.Errorf("%q is still there", again.Flash)
		}
	})
}

func TestU09_ChangingThePasswordEndsEverySession(t *testing.T) {
	both(t, func(h *house) {
		a := h.person(app.UserSpec{Login: "ada", Role: auth.OperatorAdmin})
		b, err := h.signIn("ada", phrase, desk)
		h.ok(err)
		l, err := h.app.Users.ResetLink(bg, h.admin, a.UserID)
		h.ok(err)
		change := func(current, fresh telephony.Secret) (app.Session, error) {
			return h.app.Profile.ChangePassword(bg, h.alive(b), current, fresh, browser)
		}
		_, err = change(another, "acht Kannen Tee, bitte")
		h.refused(err, telephony.Forbidden, "password_wrong")
		h.audited("", "sign_in", "refused", a.UserID)
		_, err = change(phrase, "kurz")
		h.refused(err, telephony.Invalid, "password_short")
		_, err = change(phrase, phrase)
		h.refused(err, telephony.Invalid, "password_same")
		c, err := change(phrase, another)
		h.ok(err)
		h.ended(a)
		h.ended(b)
		h.alive(c)
		_, err = h.signIn("ada", phrase, desk)
		h.refused(err, telephony.Unauthenticated, "sign_in_failed")
		_, err = h.signIn("ada", another, desk)
		h.ok(err)
		_, err = h.accept(l, phrase) // a link from before is of no use either
		h.refused(err, telephony.NotFound, "link_unknown")
	})
}

func TestU09_PeopleChangeTheirNameLanguageAndTheme(t *testing.T) {
	both(t, func(h *house) {
		x := h.person(app.UserSpec{Login: "ada", Role: auth.OperatorAdmin})
		put := func(name, language, theme string) error {
			return h.app.Profile.Update(bg, h.alive(x), app.ProfileForm{Name: name, Language: language, Theme: theme})
		}
		h.refused(put("", "de", ""), telephony.Invalid, "name_empty")
		h.refused(put("Ada", "fr", ""), telephony.Invalid, "language_unknown")
		h.refused(put("Ada", "de", "pink"), telephony.Invalid, "theme_unknown")
		h.ok(put("Ada Neu", "nl", "dark"))
		if now := h.alive(x); now.Name != "Ada Neu" || now.Language != "nl" || now.Theme != "dark" || now.Actor.Name != "Ada Neu" {
			h.Errorf("%+v", now)
		}
		h.audited("", "update", "done", x.UserID)
	})
}
