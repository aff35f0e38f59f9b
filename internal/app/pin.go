package app

import (
	"context"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// pinTry is one try at somebody's PIN.
type pinTry struct {
	CustomerID string
	Stranger   string // the number of a customer that does not exist: each has locks of its own, or they would tell which do
	ChannelID  string // the desk, "" away from one
	Number     string
	PIN        telephony.Secret
	Path       string // for the log
	Action     string // for the log: what the PIN was for
}

// provePIN finds who has the number and judges the PIN (D20). A number that nobody
// has is answered, counted, locked and logged as a wrong PIN is, at the same cost.
// Neither PIN nor number that were wrong are written down: the one may have been
// typed for the other. Refusals are in the log when it returns.
func (k *core) provePIN(ctx context.Context, actor auth.Actor, t pinTry) (x telephony.Extension, pin storage.PIN, err error) {
	if err := k.guessing(ctx, actor, t); err != nil {
		return x, pin, err
	}
	// One at a time for each number: of a hundred tries at once, all but three
	// would otherwise be judged before the first is counted.
	leave, err := k.turns.enter(ctx, t.CustomerID+t.Stranger+"/"+t.Number)
	if err != nil {
		return x, pin, busy(err)
	}
	defer leave()
	err = k.db.View(ctx, func(tx *storage.Tx) (err error) {
		x, pin, err = t.facts(tx)
		if err == nil && !actor.Speaks(x.ID) {
			err = telephony.Forbiddenf("own_only", "you can log in your own extension only")
		}
		if err == nil && pin.Guard.Locked(tx.Now) {
			err = pinLocked(pin.Guard)
		}
		return err
	})
	if err != nil {
		if telephony.ReasonOf(err) == "pin_locked" {
			k.lockedTry(actor)
		}
		k.auditTry(ctx, actor, t, x, err)
		return x, pin, err
	}
	right, err := k.judge(ctx, actor, t, pin.Hash)
	if err != nil || right {
		return x, pin, err
	}
	if err := k.wrongPIN(ctx, actor, t, x); err != nil {
		return x, pin, err
	}
	return x, pin, wrongPIN()
}

// facts are the extension with its PIN, or what stands for a number nobody has.
func (t pinTry) facts(tx *storage.Tx) (x telephony.Extension, pin storage.PIN, err error) {
	if !t.dialable() {
		return x, pin, nil
	}
	x, err = tx.ExtensionByNumber(t.CustomerID, t.Number)
	if err == nil {
		pin, err = tx.PIN(t.CustomerID, x.ID)
		return x, pin, err
	}
	if telephony.CodeOf(err) == telephony.NotFound {
		pin.Guard, err = tx.NobodysPIN(storage.NobodysPINSubject(t.CustomerID+t.Stranger, t.Number))
	}
	return telephony.Extension{}, pin, err
}

// dialable reports whether the number could be an extension's. Of what could not,
// nothing is kept.
func (t pinTry) dialable() bool {
	_, err := telephony.ExtensionNumber("number", t.Number, 0)
	return err == nil
}

// judge checks the PIN against its hash. So few are checked at once that
// registrations never wait for them, and none while its phone or source is
// blocked: the wrong one is counted before the next is judged.
func (k *core) judge(ctx context.Context, actor auth.Actor, t pinTry, hash []byte) (right bool, err error) {
	select {
	case k.hashing <- struct{}{}:
		defer func() { <-k.hashing }()
	case <-ctx.Done():
		return false, busy(ctx.Err())
	}
	if err := k.guessing(ctx, actor, t); err != nil {
		return false, err
	}
	if right = k.key.VerifyPIN(t.PIN.Reveal(), hash); right {
		return true, nil
	}
	if actor.AtPhone() {
		k.guesses.Wrong(actor.ID, actor.From, k.now())
	} else {
		k.callers.Take(actor.From, k.now())
	}
	return false, nil
}

// lockedTry counts a try at a locked number for its source only: it tells a guesser
// nothing, but each is written down. It is no wrong PIN of the phone's, at which
// others may log in.
func (k *core) lockedTry(actor auth.Actor) {
	if actor.AtPhone() {
		k.guesses.Wrong("", actor.From, k.now())
	} else {
		k.callers.Take(actor.From, k.now())
	}
}

// guessing refuses a phone, or a source, that has been wrong too often, whatever
// numbers it tries (X03).
func (k *core) guessing(ctx context.Context, actor auth.Actor, t pinTry) error {
	now := k.now()
	until, tell := k.callers.Blocked(actor.From, now), func() bool { return k.callers.Tell(actor.From) }
	if actor.AtPhone() {
		until, tell = k.guesses.Blocked(actor.ID, actor.From, now), func() bool { return k.guesses.Tell(actor.ID, actor.From, now) }
	}
	if until.IsZero() {
		return nil
	}
	err := tooManyFailures(until)
	if tell() {
		k.auditTry(ctx, actor, t, telephony.Extension{}, err)
	}
	return err
}

// wrongPIN counts a wrong PIN and writes it down.
func (k *core) wrongPIN(ctx context.Context, actor auth.Actor, t pinTry, x telephony.Extension) error {
	return k.db.Update(context.WithoutCancel(ctx), func(tx *storage.Tx) error {
		a := t.entry(actor, x)
		a.Outcome, a.Reason = "refused", "pin_wrong"
		locked, err := t.count(tx, x)
		if err != nil {
			return err
		}
		switch {
		case x.ID == "":
			a.Reason = "number_unknown"
		case locked:
			a.Reason = "pin_locked"
			k.tell(tx, t.CustomerID, "extension", x.ID, "pin_locked", t.ChannelID)
		}
		return tx.InsertAudit(a)
	})
}

// count counts a wrong PIN, and says whether that locks its number.
func (t pinTry) count(tx *storage.Tx, x telephony.Extension) (locked bool, err error) {
	if !t.dialable() {
		return false, nil
	}
	if x.ID == "" {
		subject := storage.NobodysPINSubject(t.CustomerID+t.Stranger, t.Number)
		g, err := tx.NobodysPIN(subject)
		if err != nil {
			return false, err
		}
		g = g.Failed(tx.Now)
		return g.Locked(tx.Now), tx.SetNobodysPIN(subject, g)
	}
	p, err := tx.PIN(t.CustomerID, x.ID)
	if telephony.CodeOf(err) == telephony.NotFound {
		return false, nil // deleted while its PIN was judged
	}
	if err != nil {
		return false, err
	}
	p.Guard = p.Guard.Failed(tx.Now)
	return p.Guard.Locked(tx.Now), tx.UpdatePIN(t.CustomerID, x.ID, p)
}

// auditTry writes down that a try was refused unseen.
func (k *core) auditTry(ctx context.Context, actor auth.Actor, t pinTry, x telephony.Extension, cause error) {
	err := k.db.Update(context.WithoutCancel(ctx), func(tx *storage.Tx) error {
		a := t.entry(actor, x)
		a.Outcome, a.Reason = "refused", telephony.ReasonOf(cause)
		return tx.InsertAudit(a)
	})
	if err != nil {
		k.log.ErrorContext(ctx, "writing the audit log failed", "action", t.Action, "err", err)
	}
}

// entry is about the extension, or the desk where somebody tried.
func (t pinTry) entry(actor auth.Actor, x telephony.Extension) storage.Audit {
	kind, id := "extension", x.ID
	if id == "" {
		kind, id = "channel", t.ChannelID
	}
	if id == "" {
		kind, id = "customer", t.CustomerID
	}
	a := entry(actor, t.CustomerID, t.Action, kind, id)
	after := map[string]any{"path": pathOf(actor, t.Path)}
	if t.ChannelID != "" && kind == "extension" {
		after["channel"] = t.ChannelID
	}
	a.Before, a.After = "null", jsonText(after)
	return a
}

// wrongPIN says the same for an unknown number and a wrong PIN.
func wrongPIN() error {
	return telephony.Forbiddenf("pin_wrong", "the number or the PIN is wrong")
}

func pinLocked(g telephony.PINGuard) error {
	return telephony.Forbiddenf("pin_locked", "too many wrong PINs: logging in is locked for a while").With("until", g.LockedUntil)
}

func busy(err error) error {
	return &telephony.Error{Code: telephony.Unavailable, Reason: "busy", Message: "too many log-ins at once", Err: err}
}
