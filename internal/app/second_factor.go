package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Enrolment is what an authenticator app takes: URL as a QR code, Secret typed.
type Enrolment struct {
	Secret telephony.Secret
	URL    telephony.Secret // otpauth://totp/…
}

// SecondFactorView is how a user's second factor stands.
type SecondFactorView struct {
	On           bool
	Since        time.Time
	RecoveryLeft int
	Required     bool // by the role
}

// TOTP secrets are sealed for their user, so that rows cannot be swapped.
func totpPurpose(userID string) string { return "totp " + userID }

func codeWrong(reason, message string) error {
	return &telephony.Error{Code: telephony.Unauthenticated, Reason: reason, Field: "code", Message: message}
}

func wrongCode(err error) bool {
	r := telephony.ReasonOf(err)
	return r == "code_wrong" || r == "code_used"
}

// checkCode judges a one-time code, or else a recovery code, and uses it up. A
// code that was used is refused although it is right (RFC 6238 section 5.2).
func (k *core) checkCode(tx *storage.Tx, userID, code string) (how string, err error) {
	t, err := tx.TOTP(userID)
	if err != nil {
		return "", err
	}
	if t.Sealed == nil {
		return "", telephony.Conflictf("totp_not_enrolled", "there is no second factor")
	}
	if len(strings.Join(strings.Fields(code), "")) > 6 {
		err := tx.TakeRecoveryCode(userID, k.key.HashRecovery(userID, code))
		if telephony.CodeOf(err) == telephony.NotFound {
			err = codeWrong("code_wrong", "the code is wrong")
		}
		return "recovery_code", err
	}
	t.Step, err = k.step(userID, t.Sealed, t.Step, code, tx.Now)
	if err != nil {
		return "", err
	}
	return "totp", tx.SetTOTP(userID, t)
}

// step is the step of a right code that is later than the last one used.
func (k *core) step(userID string, sealed []byte, last int64, code string, now time.Time) (int64, error) {
	secret, err := k.key.Open(sealed, totpPurpose(userID))
	if err != nil {
		return 0, fmt.Errorf("opening the second factor: %w", err)
	}
	step, ok, err := auth.VerifyTOTP(secret, code, now)
	switch {
	case err != nil:
		return 0, err
	case !ok:
		return 0, codeWrong("code_wrong", "the code is wrong")
	case step <= last:
		return 0, codeWrong("code_used", "this code was used already; wait for the next one")
	}
	return step, nil
}

// SecondFactor says how the user's second factor stands.
func (p Profile) SecondFactor(ctx context.Context, x Session) (v SecondFactorView, err error) {
	err = p.db.View(ctx, func(tx *storage.Tx) error {
		t, err := tx.TOTP(x.UserID)
		if err != nil {
			return err
		}
		v = SecondFactorView{On: t.Sealed != nil, Since: t.Since, Required: x.MustTOTP}
		v.RecoveryLeft, err = tx.RecoveryCodes(x.UserID)
		return err
	})
	return v, err
}

// EnrolTOTP makes a secret. Nothing is asked for before ConfirmTOTP; enrolling
// again replaces it.
func (p Profile) EnrolTOTP(ctx context.Context, x Session, issuer string) (e Enrolment, err error) {
	err = p.enrolling(ctx, x, func(tx *storage.Tx, u storage.PortalUser, t storage.TOTP) error {
		secret := auth.NewTOTP()
		t.Pending = p.key.Seal(secret, totpPurpose(u.ID))
		e = Enrolment{Secret: secret, URL: auth.TOTPURL(secret, issuer, u.Login)}
		return tx.SetTOTP(u.ID, t)
	})
	return e, err
}

// ConfirmTOTP switches the second factor on with the first code of the enrolled
// secret, and gives the recovery codes, once. Other sessions end: they were made
// without it.
func (p Profile) ConfirmTOTP(ctx context.Context, x Session, code string) (codes []telephony.Secret, err error) {
	subject := storage.SecondSubject(x.UserID)
	if err := p.attempt(ctx, subject, x.Actor.From); err != nil {
		return nil, err
	}
	var who storage.PortalUser
	err = p.enrolling(ctx, x, func(tx *storage.Tx, u storage.PortalUser, t storage.TOTP) error {
		who = u
		if t.Pending == nil {
			return telephony.Conflictf("totp_not_enrolled", "enrol an authenticator app first")
		}
		step, err := p.step(u.ID, t.Pending, 0, code, tx.Now)
		if err != nil {
			return err
		}
		if err := tx.SetTOTP(u.ID, storage.TOTP{Sealed: t.Pending, Since: tx.Now, Step: step}); err != nil {
			return err
		}
		if codes, err = p.freshCodes(tx, u.ID); err != nil {
			return err
		}
		if err := tx.ClearGuard(subject); err != nil {
			return err
		}
		if _, err := tx.DeleteSessions(u.ID, x.ID); err != nil {
			return err
		}
		return audit(tx, userActor(u, x.Actor.From), u.CustomerID, "second_factor_on", "user", u.ID, false, true)
	})
	if wrongCode(err) {
		return nil, p.failed(ctx, who, x.Actor.From, subject, telephony.ReasonOf(err), err)
	}
	if err != nil {
		return nil, err
	}
	p.sources.GiveBack(x.Actor.From)
	return codes, nil
}

func (k *core) freshCodes(tx *storage.Tx, userID string) ([]telephony.Secret, error) {
	codes := auth.NewRecoveryCodes()
	var hashes []string
	for _, c := range codes {
		hashes = append(hashes, k.key.HashRecovery(userID, c.Reveal()))
	}
	return codes, tx.PutRecoveryCodes(userID, hashes)
}

// enrolling runs a step of enrolment: the session is full, or may do nothing else.
func (p Profile) enrolling(ctx context.Context, x Session, f func(*storage.Tx, storage.PortalUser, storage.TOTP) error) error {
	if x.Stage != SessionFull && x.Stage != SessionEnrol {
		return sessionUnknown()
	}
	x.Stage = SessionFull
	return p.own(ctx, x, func(tx *storage.Tx, u storage.PortalUser) error {
		t, err := tx.TOTP(u.ID)
		if err != nil {
			return err
		}
		if t.Sealed != nil {
			return telephony.Conflictf("totp_on", "there is a second factor already")
		}
		return f(tx, u, t)
	})
}

// DisableTOTP takes the second factor off; it needs the password and a code. It
// is refused to a role that must have one.
func (p Profile) DisableTOTP(ctx context.Context, x Session, password telephony.Secret, code string) error {
	if x.MustTOTP {
		return telephony.Conflictf("second_factor_required", "your role must have a second factor")
	}
	return p.reauthenticated(ctx, x, password, code, func(tx *storage.Tx, u storage.PortalUser) error {
		if err := p.forgetSecond(tx, u.ID); err != nil {
			return err
		}
		return audit(tx, x.Actor, u.CustomerID, "second_factor_off", "user", u.ID, true, false)
	})
}

func (k *core) forgetSecond(tx *storage.Tx, userID string) error {
	if err := tx.PutRecoveryCodes(userID, nil); err != nil {
		return err
	}
	return tx.SetTOTP(userID, storage.TOTP{})
}

// NewRecoveryCodes replaces the recovery codes; it needs the password and a code.
func (p Profile) NewRecoveryCodes(ctx context.Context, x Session, password telephony.Secret, code string) (codes []telephony.Secret, err error) {
	err = p.reauthenticated(ctx, x, password, code, func(tx *storage.Tx, u storage.PortalUser) (err error) {
		if codes, err = p.freshCodes(tx, u.ID); err != nil {
			return err
		}
		return audit(tx, x.Actor, u.CustomerID, "recovery_codes", "user", u.ID, nil, map[string]int{"codes": len(codes)})
	})
	return codes, err
}

// reauthenticated runs f after the password and a code were right once more.
func (p Profile) reauthenticated(ctx context.Context, x Session, password telephony.Secret, code string, f func(*storage.Tx, storage.PortalUser) error) error {
	if _, err := p.present(ctx, x, password); err != nil {
		return err
	}
	subject := storage.SecondSubject(x.UserID)
	if err := p.attempt(ctx, subject, x.Actor.From); err != nil {
		return err
	}
	var who storage.PortalUser
	err := p.own(ctx, x, func(tx *storage.Tx, u storage.PortalUser) error {
		who = u
		if _, err := p.checkCode(tx, u.ID, code); err != nil {
			return err
		}
		if err := tx.ClearGuard(subject); err != nil {
			return err
		}
		return f(tx, u)
	})
	if wrongCode(err) {
		return p.failed(ctx, who, x.Actor.From, subject, telephony.ReasonOf(err), err)
	}
	if err == nil {
		p.sources.GiveBack(x.Actor.From)
	}
	return err
}
