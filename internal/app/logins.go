package app

import (
	"bytes"
	"context"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Logins logs users in and out at desks (H01).
type Logins struct {
	*core
	// hashing bounds how many PINs are checked at once, so that a rush of
	// log-ins leaves the processor to registrations.
	hashing chan struct{}
}

// wrongPIN says the same for an unknown number and a wrong PIN.
func wrongPIN() error {
	return telephony.Forbiddenf("pin_wrong", "the number or the PIN is wrong")
}

// Login logs an extension in at a channel's device by number and PIN. The PIN is
// checked before the transaction, because it takes milliseconds; the transaction
// makes sure that it is still the same one.
func (l Logins) Login(ctx context.Context, actor auth.Actor, r LoginRequest) (done []Effect, err error) {
	x, pin, err := l.check(ctx, actor, r)
	if err != nil {
		return nil, err
	}
	var fresh *storage.PIN
	if pin.MustChange {
		if r.NewPIN == "" {
			return nil, telephony.Conflictf("pin_must_change", "the PIN must be changed before logging in: choose a new one")
		}
		if _, err := telephony.CheckPIN("new_pin", r.NewPIN.Reveal(), x.Number, false); err != nil {
			return nil, err
		}
		fresh = &storage.PIN{Hash: l.key.HashPIN(r.NewPIN.Reveal())}
	}
	run := func(tx *storage.Tx) error {
		done = nil
		now, err := tx.PIN(r.CustomerID, x.ID)
		if err != nil {
			return err
		}
		if !bytes.Equal(now.Hash, pin.Hash) {
			return wrongPIN()
		}
		list, err := tx.Allowlist(r.CustomerID)
		if err != nil {
			return err
		}
		d, err := tx.Desk(r.CustomerID, r.ChannelID, list)
		if err != nil {
			return err
		}
		s, err := tx.Seat(r.CustomerID, x.ID)
		if err != nil {
			return err
		}
		p, err := telephony.DecideLogin(d, s, telephony.Confirm{TakeOver: r.TakeOver}, r.Path, tx.Now)
		if err != nil {
			return err
		}
		if done, err = effects(tx, r.CustomerID, p, d); err != nil || r.DryRun {
			return err
		}
		if fresh != nil || len(now.Guard.Failures) > 0 {
			now.Guard = telephony.PINGuard{}
			if fresh != nil {
				now = *fresh
			}
			if err := tx.UpdatePIN(r.CustomerID, x.ID, now); err != nil {
				return err
			}
		}
		return l.carry(tx, actor, r.CustomerID, x.ID, p, false)
	}
	err = l.act(ctx, actor, auth.ScopeLogin, r.CustomerID, "login", r.ChannelID, r.DryRun, run)
	return done, err
}

// check finds the extension and judges the PIN; a wrong one is counted (D20).
func (l Logins) check(ctx context.Context, actor auth.Actor, r LoginRequest) (x telephony.Extension, pin storage.PIN, err error) {
	err = l.db.View(ctx, func(tx *storage.Tx) error {
		if _, err := scoped(tx, actor, auth.ScopeLogin, r.CustomerID); err != nil {
			return err
		}
		var err error
		if x, err = tx.ExtensionByNumber(r.CustomerID, r.Number); err != nil {
			if telephony.CodeOf(err) == telephony.NotFound {
				return nil // judged below, at the same cost
			}
			return err
		}
		if actor.Role == auth.User && actor.ExtensionID != x.ID {
			return telephony.Forbiddenf("own_only", "you can log in your own extension only")
		}
		pin, err = tx.PIN(r.CustomerID, x.ID)
		if err == nil && pin.Guard.Locked(tx.Now) {
			return telephony.Forbiddenf("pin_locked", "too many wrong PINs: logging in is locked for a while").With("until", pin.Guard.LockedUntil)
		}
		return err
	})
	if err != nil {
		return x, pin, err
	}
	select {
	case l.hashing <- struct{}{}:
	case <-ctx.Done():
		return x, pin, &telephony.Error{Code: telephony.Unavailable, Reason: "busy", Message: "too many log-ins at once", Err: ctx.Err()}
	}
	right := l.key.VerifyPIN(r.PIN.Reveal(), pin.Hash)
	<-l.hashing
	if right {
		return x, pin, nil
	}
	if x.ID != "" {
		if err := l.failed(ctx, actor, r.CustomerID, x.ID); err != nil {
			return x, pin, err
		}
	}
	return x, pin, wrongPIN()
}

func (l Logins) failed(ctx context.Context, actor auth.Actor, customerID, extensionID string) error {
	return l.db.Update(ctx, func(tx *storage.Tx) error {
		p, err := tx.PIN(customerID, extensionID)
		if err != nil {
			return err
		}
		p.Guard = p.Guard.Failed(tx.Now)
		a := entry(actor, customerID, "login", "extension", extensionID)
		a.Outcome, a.Reason, a.Before, a.After = "refused", "pin_wrong", "null", "null"
		if p.Guard.Locked(tx.Now) {
			a.Reason = "pin_locked"
			l.tell(tx, customerID, "extension", extensionID, "pin_locked", "")
		}
		if err := tx.InsertAudit(a); err != nil {
			return err
		}
		return tx.UpdatePIN(customerID, extensionID, p)
	})
}

// Logout ends the hot-desk login at a channel; a linked one only ends by
// unlinking (S03). A user can log off their own extension only.
func (l Logins) Logout(ctx context.Context, actor auth.Actor, customerID, channelID string, dryRun bool) (done []Effect, err error) {
	run := func(tx *storage.Tx) error {
		done = nil
		d, err := tx.Desk(customerID, channelID, telephony.Allowlist{})
		if err != nil {
			return err
		}
		if actor.Role == auth.User && (d.Login == nil || d.Login.ExtensionID != actor.ExtensionID) {
			return telephony.Forbiddenf("own_only", "you can log off your own extension only")
		}
		p, err := telephony.DecideLogout(d, endBy(actor))
		if err != nil {
			return err
		}
		if done, err = effects(tx, customerID, p, d); err != nil || dryRun {
			return err
		}
		return l.carry(tx, actor, customerID, "", p, false)
	}
	err = l.act(ctx, actor, auth.ScopeLogin, customerID, "logout", channelID, dryRun, run)
	return done, err
}

// LogoutAll ends every hot-desk login of an extension; linked logins stay and
// stand in the effects as kept (D10).
func (l Logins) LogoutAll(ctx context.Context, actor auth.Actor, customerID, extensionID string, dryRun bool) (done []Effect, err error) {
	run := func(tx *storage.Tx) error {
		done = nil
		if actor.Role == auth.User && actor.ExtensionID != extensionID {
			return telephony.NotFoundf("extension")
		}
		s, err := tx.Seat(customerID, extensionID)
		if err != nil {
			return err
		}
		p, stay, err := telephony.DecideLogoutAll(s, endBy(actor))
		if err != nil {
			return err
		}
		if done, err = effects(tx, customerID, p, telephony.Desk{}); err != nil {
			return err
		}
		for _, k := range stay {
			done = append(done, Effect{Kind: "kept", ChannelID: k.ChannelID, Channel: s.Places[k.ChannelID],
				Extension: s.Extension.Number, Name: s.Extension.Name, Reason: "linked_by_administrator"})
		}
		if dryRun {
			return nil
		}
		return l.carry(tx, actor, customerID, extensionID, p, false)
	}
	err = l.act(ctx, actor, auth.ScopeLogin, customerID, "logout", extensionID, dryRun, run)
	return done, err
}

func endBy(actor auth.Actor) telephony.EndReason {
	if actor.Administrator() {
		return telephony.EndByAdmin
	}
	return telephony.EndLoggedOut
}
