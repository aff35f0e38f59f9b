package app

import (
	"context"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// atDesk checks that the actor may log people in and out at the channel. Where
// they may not, there is no such channel for them: a phone knows its own only.
func atDesk(tx *storage.Tx, actor auth.Actor, customerID, channelID string) (telephony.Customer, error) {
	c, err := scoped(tx, actor, auth.ScopeLogin, customerID)
	if err == nil && !actor.Reaches(channelID) {
		err = telephony.NotFoundf("channel")
	}
	return c, err
}

// actBy runs a login or logout at a channel, or only shows what it would do.
func (k *core) actBy(ctx context.Context, actor auth.Actor, customerID, action, channelID, path string, dryRun bool, run func(*storage.Tx, telephony.Customer) error) error {
	return k.actOn(ctx, actor, customerID, action, "channel", channelID, path, dryRun, run)
}

func (k *core) actOn(ctx context.Context, actor auth.Actor, customerID, action, kind, id, path string, dryRun bool, run func(*storage.Tx, telephony.Customer) error) error {
	inside := func(tx *storage.Tx) error {
		c, err := scoped(tx, actor, auth.ScopeLogin, customerID)
		if err != nil {
			return err
		}
		return run(tx, c)
	}
	if dryRun {
		return k.db.View(ctx, inside)
	}
	err := k.db.Update(ctx, inside)
	if err != nil {
		k.auditRefusedBy(ctx, actor, customerID, action, kind, id, pathOf(actor, path), err)
	}
	return err
}

// pathOf is by which way an actor came (H09): as the face says that asks for them,
// else as their kind tells.
func pathOf(actor auth.Actor, said string) string {
	if said != "" {
		return said
	}
	switch actor.Kind {
	case "user":
		if actor.Role == auth.User {
			return "self_service"
		}
		return "portal"
	case "token", "setup", "cli":
		return "api"
	}
	return actor.Kind // phone, visitor, system
}
