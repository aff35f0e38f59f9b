package app

import (
	"context"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// link opens a one-time link for a user: an invitation until there is a
// password, after that a reset. The link before it ends.
func (u Users) link(tx *storage.Tx, x storage.PortalUser) (OneTimeLink, error) {
	l := OneTimeLink{Kind: LinkInvitation, Token: auth.NewToken("welcome-"), Expires: tx.Now.Add(invitationLife)}
	if x.HasPassword {
		l.Kind, l.Expires = LinkReset, tx.Now.Add(resetLife)
	}
	row := storage.OneTimeLink{UserID: x.ID, Kind: string(l.Kind), Expires: l.Expires}
	return l, tx.PutOneTimeLink(row, auth.HashToken(l.Token.Reveal()))
}

// ResetLink gives a link by which a user chooses a new password. The present one
// stays good until then.
func (u Users) ResetLink(ctx context.Context, actor auth.Actor, id string) (l OneTimeLink, err error) {
	err = u.manage(ctx, actor, id, "reset_link", func(tx *storage.Tx, x storage.PortalUser) error {
		if oneself(actor, id) {
			return ownAccount()
		}
		if x.Disabled {
			return telephony.Conflictf("user_disabled", "the user is disabled; enable them first")
		}
		if l, err = u.link(tx, x); err != nil {
			return err
		}
		return audit(tx, actor, x.CustomerID, "reset_link", "user", id, nil, map[string]any{"kind": l.Kind, "expires": l.Expires})
	})
	return l, err
}

// Unlock lifts the lock after failures, of the password and of the codes.
func (u Users) Unlock(ctx context.Context, actor auth.Actor, id string) error {
	return u.manage(ctx, actor, id, "unlock", func(tx *storage.Tx, x storage.PortalUser) error {
		if err := tx.ClearGuard(storage.PasswordSubject(x.Login), storage.SecondSubject(id)); err != nil {
			return err
		}
		return audit(tx, actor, x.CustomerID, "unlock", "user", id, nil, nil)
	})
}

// EndSessions ends all sessions of a user.
func (u Users) EndSessions(ctx context.Context, actor auth.Actor, id string) (n int, err error) {
	err = u.manage(ctx, actor, id, "end_sessions", func(tx *storage.Tx, x storage.PortalUser) error {
		ended, err := tx.DeleteSessions(id, "")
		if err != nil {
			return err
		}
		n = int(ended)
		return audit(tx, actor, x.CustomerID, "end_sessions", "user", id, nil, map[string]int{"ended": n})
	})
	return n, err
}

// RemoveSecondFactor helps somebody who lost their device and their recovery
// codes: the password alone is asked for again, and their sessions end.
func (u Users) RemoveSecondFactor(ctx context.Context, actor auth.Actor, id string) error {
	return u.manage(ctx, actor, id, "second_factor_off", func(tx *storage.Tx, x storage.PortalUser) error {
		if oneself(actor, id) {
			return ownAccount()
		}
		if err := u.forgetSecond(tx, id); err != nil {
			return err
		}
		if err := tx.ClearGuard(storage.SecondSubject(id)); err != nil {
			return err
		}
		if _, err := tx.DeleteSessions(id, ""); err != nil {
			return err
		}
		return audit(tx, actor, x.CustomerID, "second_factor_off", "user", id, x.HasTOTP, false)
	})
}
