package app

import (
	"context"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Links makes and removes links: the heart of Tischlein.
type Links struct{ *core }

// Link links an extension with a channel (S01). Errors: not_found for foreign or
// absent objects (D24), conflict for what S10 and D02 refuse.
func (l Links) Link(ctx context.Context, actor auth.Actor, r LinkRequest) (done []Effect, err error) {
	if r.Bulk {
		ctx = storage.Patient(ctx)
	}
	err = l.act(ctx, actor, auth.ScopeLink, r.CustomerID, "link", r.ChannelID, r.DryRun, func(tx *storage.Tx) error {
		done, err = l.link(tx, actor, r)
		return err
	})
	return done, err
}

func (k *core) link(tx *storage.Tx, actor auth.Actor, r LinkRequest) ([]Effect, error) {
	list, err := tx.Allowlist(r.CustomerID)
	if err != nil {
		return nil, err
	}
	d, err := tx.Desk(r.CustomerID, r.ChannelID, list)
	if err != nil {
		return nil, err
	}
	s, err := tx.Seat(r.CustomerID, r.ExtensionID)
	if err != nil {
		return nil, err
	}
	decide := telephony.DecideLink
	if r.Replace {
		decide = telephony.DecideReplace
	}
	p, err := decide(d, s, r.Side, telephony.Confirm{TakeOver: r.TakeOver}, actor.Name, tx.Now)
	if err != nil {
		return nil, err
	}
	done, err := effects(tx, r.CustomerID, p, d, s.Extension)
	if err != nil || r.DryRun {
		return done, err
	}
	return done, k.carry(tx, actor, r.CustomerID, s.Extension.ID, p, r.Bulk)
}

// Unlink removes the link of a channel and logs its extension off there (S05).
// Only administrators can (S03).
func (l Links) Unlink(ctx context.Context, actor auth.Actor, customerID, channelID string, dryRun bool) (done []Effect, err error) {
	err = l.act(ctx, actor, auth.ScopeLink, customerID, "unlink", channelID, dryRun, func(tx *storage.Tx) error {
		done, err = l.unlink(tx, actor, customerID, channelID, dryRun)
		return err
	})
	return done, err
}

func (k *core) unlink(tx *storage.Tx, actor auth.Actor, customerID, channelID string, dryRun bool) ([]Effect, error) {
	d, err := tx.Desk(customerID, channelID, telephony.Allowlist{})
	if err != nil {
		return nil, err
	}
	p, err := telephony.DecideUnlink(d)
	if err != nil {
		return nil, err
	}
	done, err := effects(tx, customerID, p, d)
	if err != nil || dryRun {
		return done, err
	}
	return done, k.carry(tx, actor, customerID, "", p, false)
}

// act runs a use case on a channel, or only shows what it would do.
func (k *core) act(ctx context.Context, actor auth.Actor, s auth.Scope, customerID, action, channelID string, dryRun bool, run func(*storage.Tx) error) error {
	inside := func(tx *storage.Tx, _ telephony.Customer) error {
		if s == auth.ScopeLink && !actor.Administrator() {
			return administratorsOnly()
		}
		return run(tx)
	}
	if dryRun {
		return k.try(ctx, actor, s, customerID, inside)
	}
	return k.change(ctx, actor, s, customerID, action, "channel", channelID, inside)
}

// administratorsOnly is S03's refusal.
func administratorsOnly() error {
	return telephony.Forbiddenf("administrators_only", "only administrators can link and unlink")
}
