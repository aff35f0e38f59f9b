package app

import (
	"bytes"
	"context"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Logins logs users in and out at desks (H01).
type Logins struct{ *core }

// Login logs an extension in at a channel's device by number and PIN. The PIN is
// checked before the transaction, because it takes milliseconds; the transaction
// makes sure that it is still the same one. What is refused is in the log.
func (l Logins) Login(ctx context.Context, actor auth.Actor, r LoginRequest) (done []Effect, err error) {
	if !r.DryRun {
		defer func() { l.ports.LoggedIn(pathOf(actor, r.Path), resultOf(err)) }()
	}
	if err := l.possible(ctx, actor, r.CustomerID, r.ChannelID); err != nil {
		l.refusedLogin(ctx, actor, r, err)
		return nil, err
	}
	select {
	case l.rush <- struct{}{}:
		defer func() { <-l.rush }()
	case <-ctx.Done():
		return nil, busy(ctx.Err())
	}
	x, pin, err := l.identify(ctx, actor, r)
	if err != nil {
		return nil, err
	}
	fresh, err := l.freshPIN(ctx, x, pin, r.NewPIN)
	if err != nil {
		l.refusedLogin(ctx, actor, r, err)
		return nil, err
	}
	run := func(tx *storage.Tx, c telephony.Customer) error {
		done = nil
		now, err := tx.PIN(r.CustomerID, x.ID)
		if err != nil {
			return err
		}
		if !bytes.Equal(now.Hash, pin.Hash) {
			return wrongPIN()
		}
		if now.Guard.Locked(tx.Now) && !signedIn(actor, r) {
			return pinLocked(now.Guard) // locked from another node while this one checked
		}
		d, err := l.desk(tx, r.CustomerID, r.ChannelID)
		if err != nil {
			return err
		}
		s, err := tx.Seat(r.CustomerID, x.ID)
		if err != nil {
			return err
		}
		p, err := telephony.DecideLogin(d, s, telephony.Confirm{TakeOver: r.TakeOver, End: r.End, Over: r.Over}, pathOf(actor, r.Path), tx.Now)
		if err != nil {
			return err
		}
		if p.Login != nil {
			p.Login.Until, _ = c.LoginEnd(tx.Now, l.zone(c))
		}
		if done, err = effects(tx, r.CustomerID, p, d, s.Extension); err != nil || r.DryRun {
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
		if fresh != nil {
			if _, err := tx.DeletePINSessions(x.ID, ""); err != nil {
				return err
			}
			if err := audit(tx, actor, r.CustomerID, "set_pin", "extension", x.ID, nil, map[string]any{"path": pathOf(actor, r.Path)}); err != nil {
				return err
			}
		}
		return l.carry(tx, actor, r.CustomerID, x.ID, p, false)
	}
	err = l.actBy(ctx, actor, r.CustomerID, "login", r.ChannelID, r.Path, r.DryRun, run)
	return done, err
}

// resultOf is one word for how a login went.
func resultOf(err error) string {
	if err == nil {
		return "done"
	}
	if why := telephony.ReasonOf(err); why != "" {
		return why
	}
	return string(telephony.CodeOf(err))
}

// refusedLogin writes down a refusal that no wrong PIN is behind; who only looks has
// not been refused.
func (l Logins) refusedLogin(ctx context.Context, actor auth.Actor, r LoginRequest, cause error) {
	if !r.DryRun {
		l.auditRefusedBy(ctx, actor, r.CustomerID, "login", "channel", r.ChannelID, pathOf(actor, r.Path), cause)
	}
}

// possible refuses what cannot succeed whoever it is, before a PIN is judged: a
// linked device is no place to try PINs at (S04, H06).
func (l Logins) possible(ctx context.Context, actor auth.Actor, customerID, channelID string) error {
	return l.db.View(ctx, func(tx *storage.Tx) error {
		if _, err := atDesk(tx, actor, customerID, channelID); err != nil {
			return err
		}
		d, err := tx.Desk(customerID, channelID, telephony.Allowlist{})
		if err != nil {
			return err
		}
		return d.Hotdeskable()
	})
}

// signedIn reports whether the request is of somebody who has proven who they are
// with a session of their own: they log in themselves, and type no PIN again.
func signedIn(actor auth.Actor, r LoginRequest) bool {
	return r.Number == "" && actor.Kind == "user" && actor.Role == auth.User && actor.ExtensionID != ""
}

// identify says who logs in.
func (l Logins) identify(ctx context.Context, actor auth.Actor, r LoginRequest) (x telephony.Extension, pin storage.PIN, err error) {
	if !signedIn(actor, r) {
		return l.provePIN(ctx, actor, pinTry{CustomerID: r.CustomerID, ChannelID: r.ChannelID, Number: r.Number, PIN: r.PIN, Path: r.Path, Action: "login"})
	}
	err = l.db.View(ctx, func(tx *storage.Tx) error {
		if x, err = tx.Extension(r.CustomerID, actor.ExtensionID); err == nil {
			pin, err = tx.PIN(r.CustomerID, x.ID)
		}
		return err
	})
	return x, pin, err
}

// freshPIN is the new PIN where one is due (D20), nil where none is.
func (k *core) freshPIN(ctx context.Context, x telephony.Extension, pin storage.PIN, fresh telephony.Secret) (*storage.PIN, error) {
	if !pin.MustChange {
		return nil, nil
	}
	if fresh == "" {
		return nil, telephony.Conflictf("pin_must_change", "the PIN must be changed before logging in: choose a new one")
	}
	if _, err := telephony.CheckPIN("new_pin", fresh.Reveal(), x.Number, false); err != nil {
		return nil, err
	}
	hash, err := k.hashPIN(ctx, fresh)
	return &storage.PIN{Hash: hash}, err
}

// hashPIN waits for its turn as checks do. It takes milliseconds: no transaction is
// open meanwhile.
func (k *core) hashPIN(ctx context.Context, pin telephony.Secret) ([]byte, error) {
	select {
	case k.hashing <- struct{}{}:
		defer func() { <-k.hashing }()
	case <-ctx.Done():
		return nil, busy(ctx.Err())
	}
	return k.key.HashPIN(pin.Reveal()), nil
}

// Logout ends the hot-desk login at a channel; a linked one only ends by
// unlinking (S03). An end user can log off their own extension only, a phone
// whoever is logged in there.
func (l Logins) Logout(ctx context.Context, actor auth.Actor, customerID, channelID string, dryRun bool) (done []Effect, err error) {
	return l.logout(ctx, actor, LogoutRequest{CustomerID: customerID, ChannelID: channelID, Where: telephony.WhereHere, DryRun: dryRun})
}

func (l Logins) logout(ctx context.Context, actor auth.Actor, r LogoutRequest) (done []Effect, err error) {
	run := func(tx *storage.Tx, _ telephony.Customer) error {
		done = nil
		if _, err := atDesk(tx, actor, r.CustomerID, r.ChannelID); err != nil {
			return err
		}
		d, err := tx.Desk(r.CustomerID, r.ChannelID, telephony.Allowlist{})
		if err != nil {
			return err
		}
		if !actor.AtPhone() && actor.Role == auth.User && (d.Login == nil || d.Login.ExtensionID != actor.ExtensionID) {
			return telephony.Forbiddenf("own_only", "you can log off your own extension only")
		}
		var s telephony.Seat
		if d.Login != nil {
			if s, err = tx.Seat(r.CustomerID, d.Login.ExtensionID); err != nil {
				return err
			}
		}
		p, stay, err := telephony.DecideLeave(d, s, r.Where, endBy(actor))
		if err != nil {
			return err
		}
		done, err = l.leaves(tx, actor, r, s, p, stay, d)
		return err
	}
	err = l.actBy(ctx, actor, r.CustomerID, "logout", r.ChannelID, r.Path, r.DryRun, run)
	return done, err
}

// leaves carries a plan of logging out, and tells which linked logins stay (D10).
func (l Logins) leaves(tx *storage.Tx, actor auth.Actor, r LogoutRequest, s telephony.Seat, p telephony.Plan, stay []telephony.Login, d telephony.Desk) ([]Effect, error) {
	p.Path = pathOf(actor, r.Path)
	done, err := effects(tx, r.CustomerID, p, d, s.Extension)
	if err != nil {
		return nil, err
	}
	for _, k := range stay {
		done = append(done, Effect{Kind: "kept", ChannelID: k.ChannelID, Channel: s.Places[k.ChannelID],
			Extension: s.Extension.Number, Name: s.Extension.Name, Reason: "linked_by_administrator"})
	}
	if r.DryRun {
		return done, nil
	}
	return done, l.carry(tx, actor, r.CustomerID, s.Extension.ID, p, false)
}

// LogoutAll ends every hot-desk login of an extension; linked logins stay and
// stand in the effects as kept (D10).
func (l Logins) LogoutAll(ctx context.Context, actor auth.Actor, customerID, extensionID string, dryRun bool) (done []Effect, err error) {
	run := func(tx *storage.Tx, _ telephony.Customer) error {
		done = nil
		if actor.AtPhone() || !actor.Speaks(extensionID) {
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
		done, err = l.leaves(tx, actor, LogoutRequest{CustomerID: customerID, DryRun: dryRun}, s, p, stay, telephony.Desk{})
		return err
	}
	err = l.actOn(ctx, actor, customerID, "logout", "extension", extensionID, "", dryRun, run)
	return done, err
}

func endBy(actor auth.Actor) telephony.EndReason {
	if actor.Administrator() {
		return telephony.EndByAdmin
	}
	return telephony.EndLoggedOut
}
