package app_test

import (
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

func (h *house) secondFactor(x app.Session, code string) (app.Session, error) {
	return h.app.Sessions.SecondFactor(bg, x.Token.Reveal(), code, desk, browser)
}

func (h *house) half(login string) app.Session {
	h.Helper()
	x, err := h.signIn(login, phrase, desk)
	h.ok(err)
	if x.Stage != app.SessionSecond {
		h.Fatalf("stage %s", x.Stage)
	}
	return x
}

func TestU09_WithASecondFactorThePasswordIsHalf(t *testing.T) {
	both(t, func(h *house) {
		x := h.person(app.UserSpec{Login: "ada", Role: auth.OperatorAdmin})
		other, err := h.signIn("ada", phrase, desk)
		h.ok(err)
		secret, _ := h.enrol(x)
		h.alive(x)
		h.ended(other) // it was made without

		half := h.half("ada")
		now := h.alive(half)
		if now.Stage != app.SessionSecond || now.Actor.Role != "" || len(now.Actor.Scopes) != 0 {
			h.Errorf("%+v", now)
		}
		if _, err := h.app.Users.List(bg, now.Actor, app.UserQuery{}); telephony.CodeOf(err) != telephony.Forbidden {
			h.Errorf("a half session lists users: %v", err)
		}
		h.refused(h.app.Profile.Update(bg, now, app.ProfileForm{Name: "X"}), telephony.Forbidden, "")
		_, err = h.app.Profile.EnrolTOTP(bg, now, "T")
		h.refused(err, telephony.Unauthenticated, "session_unknown")

		_, err = h.secondFactor(half, "000000")
		h.refused(err, telephony.Unauthenticated, "code_wrong")
		h.audited("", "sign_in", "refused", x.UserID)
		full, err := h.secondFactor(half, h.code(secret))
		h.ok(err)
		if full.Token == half.Token || h.alive(full).Stage != app.SessionFull {
			h.Errorf("%+v", full)
		}
		h.ended(half)
		_, err = h.secondFactor(full, h.code(secret)) // only half ones can be made whole
		h.refused(err, telephony.Unauthenticated, "session_unknown")
	})
}

func TestU09_ACodeIsGoodOnce(t *testing.T) {
	both(t, func(h *house) {
		x := h.person(app.UserSpec{Login: "ada", Role: auth.OperatorAdmin})
		secret, _ := h.enrol(x)
		code := h.code(secret)
		_, err := h.secondFactor(h.half("ada"), code)
		h.ok(err)
		_, err = h.secondFactor(h.half("ada"), code)
		h.refused(err, telephony.Unauthenticated, "code_used")
		h.pass(-30 * time.Second) // an earlier one, still within the window, is too late as well
		_, err = h.secondFactor(h.half("ada"), h.code(secret))
		h.refused(err, telephony.Unauthenticated, "code_used")
		h.pass(time.Minute)
		_, err = h.secondFactor(h.half("ada"), h.code(secret))
		h.ok(err)
	})
}

func TestU09_AHalfSessionLastsFiveMinutes(t *testing.T) {
	both(t, func(h *house) {
		secret, _ := h.enrol(h.person(app.UserSpec{Login: "ada", Role: auth.OperatorAdmin}))
		half := h.half("ada")
		h.pass(5 * time.Minute)
		_, err := h.secondFactor(half, h.code(secret))
		h.refused(err, telephony.Unauthenticated, "session_unknown")
	})
}

func TestU09_RecoveryCodesAreGoodOnceEach(t *testing.T) {
	both(t, func(h *house) {
		x := h.person(app.UserSpec{Login: "ada", Role: auth.OperatorAdmin})
		secret, codes := h.enrol(x)
		if len(codes) != 10 {
			h.Fatalf("%d codes", len(codes))
		}
		_, err := h.secondFactor(h.half("ada"), codes[3].Reveal())
		h.ok(err)
		_, err = h.secondFactor(h.half("ada"), codes[3].Reveal())
		h.refused(err, telephony.Unauthenticated, "code_wrong")
		v, err := h.app.Profile.SecondFactor(bg, x)
		h.ok(err)
		if !v.On || v.RecoveryLeft != 9 {
			h.Errorf("%+v", v)
		}
		me := h.alive(x)
		_, err = h.app.Profile.NewRecoveryCodes(bg, me, another, h.code(secret))
		h.refused(err, telephony.Forbidden, "password_wrong")
		fresh, err := h.app.Profile.NewRecoveryCodes(bg, me, phrase, h.code(secret))
		h.ok(err)
		_, err = h.secondFactor(h.half("ada"), codes[0].Reveal())
		h.refused(err, telephony.Unauthenticated, "code_wrong")
		_, err = h.secondFactor(h.half("ada"), fresh[0].Reveal())
		h.ok(err)
	})
}

func TestX03_WrongCodesLockTheSecondFactor(t *testing.T) {
	both(t, func(h *house) {
		x := h.person(app.UserSpec{Login: "ada", Role: auth.OperatorAdmin})
		secret, _ := h.enrol(x)
		half := h.half("ada")
		for range 5 {
			_, err := h.secondFactor(half, "000000")
			h.refused(err, telephony.Unauthenticated, "code_wrong")
		}
		_, err := h.secondFactor(half, h.code(secret))
		h.refused(err, telephony.TooMany, "too_many_failures")
		_, err = h.secondFactor(h.half("ada"), h.code(secret)) // the password anew does not help
		h.refused(err, telephony.TooMany, "too_many_failures")
		h.pass(30 * time.Second)
		_, err = h.secondFactor(half, h.code(secret))
		h.ok(err)
	})
}

func TestU09_TheSecondFactorGoesOffWithPasswordAndCode(t *testing.T) {
	both(t, func(h *house) {
		x := h.alive(h.person(app.UserSpec{Login: "ada", Role: auth.OperatorAdmin}))
		off := func(p telephony.Secret, code string) error { return h.app.Profile.DisableTOTP(bg, x, p, code) }
		h.refused(off(phrase, "123456"), telephony.Conflict, "totp_not_enrolled")
		_, err := h.app.Profile.ConfirmTOTP(bg, x, "123456")
		h.refused(err, telephony.Conflict, "totp_not_enrolled")
		e, err := h.app.Profile.EnrolTOTP(bg, x, "T")
		h.ok(err)
		_, err = h.app.Profile.ConfirmTOTP(bg, x, "000000")
		h.refused(err, telephony.Unauthenticated, "code_wrong")
		if full, err := h.signIn("ada", phrase, desk); err != nil || full.Stage != app.SessionFull {
			h.Fatalf("a code is asked for before it was confirmed: %v, %v", full.Stage, err)
		}
		_, err = h.app.Profile.ConfirmTOTP(bg, x, h.code(e.Secret))
		h.ok(err)
		_, err = h.app.Profile.EnrolTOTP(bg, x, "T")
		h.refused(err, telephony.Conflict, "totp_on")
		h.pass(time.Minute)
		h.refused(off(another, h.code(e.Secret)), telephony.Forbidden, "password_wrong")
		h.refused(off(phrase, "000000"), telephony.Unauthenticated, "code_wrong")
		h.ok(off(phrase, h.code(e.Secret)))
		if full, err := h.signIn("ada", phrase, desk); err != nil || full.Stage != app.SessionFull {
			h.Errorf("%v, %v", full.Stage, err)
		}
		for _, a := range []string{"second_factor_on", "second_factor_off"} {
			h.audited("", a, "done", x.UserID)
		}
	})
}

func TestU09_RolesThatMustHaveASecondFactorMayOnlyEnrolBefore(t *testing.T) {
	both(t, func(h *house) {
		made := h.person(app.UserSpec{Login: "ada", Role: auth.OperatorAdmin})
		h.settings(app.PortalSettings{SecondFactor: []auth.Role{auth.OperatorAdmin}})
		x := h.alive(made)
		if x.Stage != app.SessionEnrol || !x.MustTOTP || x.Actor.Role != "" {
			h.Fatalf("%+v", x)
		}
		_, err := h.app.Users.List(bg, x.Actor, app.UserQuery{})
		h.refused(err, telephony.Forbidden, "")
		_, err = h.app.Profile.ChangePassword(bg, x, phrase, another, browser)
		h.refused(err, telephony.Unauthenticated, "session_unknown")
		secret, _ := h.enrol(x)
		full := h.alive(made)
		if full.Stage != app.SessionFull || full.Actor.Role != auth.OperatorAdmin {
			h.Errorf("%+v", full)
		}
		h.refused(h.app.Profile.DisableTOTP(bg, full, phrase, h.code(secret)), telephony.Conflict, "second_factor_required")
		c := h.person(app.UserSpec{Login: "carla", Role: auth.CustomerAdmin, CustomerID: h.cust.ID})
		if c.Stage != app.SessionFull {
			h.Errorf("another role must enrol too: %+v", c)
		}
	})
}

func TestU09_AnAdministratorHelpsWhoLostTheirDevice(t *testing.T) {
	both(t, func(h *house) {
		x := h.person(app.UserSpec{Login: "carla", Role: auth.CustomerAdmin, CustomerID: h.cust.ID})
		h.enrol(x)
		h.ok(h.app.Users.RemoveSecondFactor(bg, h.customerAdmin(), x.UserID))
		h.ended(x)
		if now, err := h.signIn("carla", phrase, desk); err != nil || now.Stage != app.SessionFull {
			h.Errorf("%v, %v", now.Stage, err)
		}
		h.audited(h.cust.ID, "second_factor_off", "done", x.UserID)
	})
}
