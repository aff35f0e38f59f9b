package app

import (
	"context"
	"net/netip"
	"time"

	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Sessions signs people in to the portal and out again (U09).
type Sessions struct{ *core }

// SignIn is what somebody typed to sign in.
type SignIn struct {
	Login     string
	Password  telephony.Secret
	From      netip.Addr
	UserAgent string
}

func signInFailed() error {
	return &telephony.Error{Code: telephony.Unauthenticated, Reason: "sign_in_failed", Message: "the login or the password is wrong"}
}

func tooManyFailures(until time.Time) error {
	e := &telephony.Error{Code: telephony.TooMany, Reason: "too_many_failures", Message: "too many failures: signing in waits a while"}
	return e.With("until", until)
}

// SignIn makes a session for login and password. Its stage says whether the
// second factor is still due. An unknown login gets the same answer as a wrong
// password, at the same cost and with the same delays (X03).
func (s Sessions) SignIn(ctx context.Context, in SignIn) (done Session, err error) {
	subject := storage.PasswordSubject(in.Login)
	if err := s.attempt(ctx, subject, in.From); err != nil {
		return done, err
	}
	var u storage.PortalUser
	var hash []byte
	err = s.db.View(ctx, func(tx *storage.Tx) (err error) {
		if u, err = tx.PortalUserByLogin(in.Login); err == nil {
			hash, err = tx.PasswordHash(u.ID)
		}
		if telephony.CodeOf(err) == telephony.NotFound {
			return nil // judged below, at the same cost
		}
		return err
	})
	if err != nil {
		return done, err
	}
	right, err := s.passwords.Verify(ctx, in.Password, hash)
	if err != nil {
		return done, err
	}
	if !right || u.Disabled {
		why := "password_wrong"
		if right {
			why = "disabled"
		}
		return done, s.failed(ctx, u, in.From, subject, why, signInFailed())
	}
	err = s.db.Update(ctx, func(tx *storage.Tx) error {
		now, err := tx.PasswordHash(u.ID)
		if telephony.CodeOf(err) == telephony.NotFound || err == nil && string(now) != string(hash) {
			return signInFailed() // changed or deleted while it was checked
		}
		if err != nil {
			return err
		}
		if err := tx.ClearGuard(subject); err != nil {
			return err
		}
		done, err = s.enter(tx, u, in.From, in.UserAgent)
		return err
	})
	if err == nil {
		s.sources.GiveBack(in.From)
	}
	return done, err
}

// enter opens a session, half when a second factor is due.
func (k *core) enter(tx *storage.Tx, u storage.PortalUser, from netip.Addr, userAgent string) (Session, error) {
	done, err := k.open(tx, u, u.HasTOTP, from, userAgent)
	if err != nil || u.HasTOTP {
		return done, err
	}
	return done, k.entered(tx, u, from, "")
}

// entered notes that somebody has signed in.
func (k *core) entered(tx *storage.Tx, u storage.PortalUser, from netip.Addr, second string) error {
	if err := tx.SignedIn(u.ID); err != nil {
		return err
	}
	after := map[string]string{"login": u.Login}
	if second != "" {
		after["second_factor"] = second
	}
	return audit(tx, userActor(u, from), u.CustomerID, "sign_in", "user", u.ID, nil, after)
}

// attempt counts a try at a subject before it is judged, so that many at once
// are as many failures; what succeeds clears the subject. A subject that is
// locked is refused unseen.
func (k *core) attempt(ctx context.Context, subject string, from netip.Addr) error {
	if until, ok := k.sources.Take(from, k.now()); !ok {
		return tooManyFailures(until)
	}
	return k.db.Update(ctx, func(tx *storage.Tx) error {
		g, err := tx.Guard(subject)
		if err != nil {
			return err
		}
		if g.Locked(tx.Now) {
			return tooManyFailures(g.LockedUntil)
		}
		return tx.SetGuard(subject, g.Failed(tx.Now))
	})
}

// failed writes a refused try into the audit log and gives back the refusal.
// What was typed as an unknown login stays out: it may be a password.
func (k *core) failed(ctx context.Context, u storage.PortalUser, from netip.Addr, subject, why string, refusal error) error {
	err := k.db.Update(context.WithoutCancel(ctx), func(tx *storage.Tx) error {
		g, err := tx.Guard(subject)
		if err != nil {
			return err
		}
		a := entry(userActor(u, from), u.CustomerID, "sign_in", "user", u.ID)
		a.Outcome, a.Reason, a.Before, a.After = "refused", why, "null", "null"
		if g.Locked(tx.Now) {
			a.Reason = "account_locked"
			a.After = jsonText(map[string]any{"locked_until": g.LockedUntil, "failures": g.Failures})
		}
		if u.ID == "" {
			a.Reason = "login_unknown"
		}
		return tx.InsertAudit(a)
	})
	if err != nil {
		return err
	}
	return refusal
}
