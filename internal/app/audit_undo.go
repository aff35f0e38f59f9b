package app

import (
	"context"
	"encoding/json"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Undo takes back a link or an unlinking that the log tells of (U12), by the
// same rules as any other: what somebody has done there since is not undone with
// it. Refusals are conflicts: not_undoable, undo_moved_on, channel_gone,
// extension_gone, or what the link itself refuses.
func (a Audit) Undo(ctx context.Context, actor auth.Actor, customerID, entryID string, dryRun bool) (done []Effect, err error) {
	run := func(tx *storage.Tx, _ telephony.Customer) error {
		if !actor.Administrator() {
			return administratorsOnly()
		}
		done = nil
		e, err := tx.AuditEntry(customerID, entryID)
		if err != nil {
			return err
		}
		switch auditEntry(e).Undo {
		case "unlink":
			done, err = a.undoLink(tx, actor, e, dryRun)
		case "link":
			done, err = a.undoUnlink(tx, actor, e, dryRun)
		default:
			return telephony.Conflictf("not_undoable", "only links and unlinkings can be undone")
		}
		if err != nil || dryRun {
			return err
		}
		return audit(tx, actor, customerID, "undo", "channel", e.ObjectID, nil, map[string]any{"entry": entryID, "action": e.Action})
	}
	if dryRun {
		err = a.try(ctx, actor, auth.ScopeLink, customerID, run)
		return done, err
	}
	err = a.change(ctx, actor, auth.ScopeLink, customerID, "undo", "audit", entryID, run)
	return done, err
}

// place is the desk of an entry's channel, and the extension that it names.
func (a Audit) place(tx *storage.Tx, e storage.Audit, facts string) (d telephony.Desk, extensionID string, err error) {
	d, err = a.desk(tx, e.CustomerID, e.ObjectID)
	if telephony.CodeOf(err) == telephony.NotFound {
		return d, "", telephony.Conflictf("channel_gone", "the channel has been deleted since")
	}
	if err != nil {
		return d, "", err
	}
	var m struct{ Extension string }
	if json.Unmarshal([]byte(facts), &m) != nil || m.Extension == "" {
		return d, "", telephony.Conflictf("not_undoable", "the entry does not say whom it was about")
	}
	return d, m.Extension, nil
}

func movedOn(d telephony.Desk) error {
	e := telephony.Conflictf("undo_moved_on", "%s has been linked or unlinked again since", d.Channel.Name).With("channel", d.Channel.Name)
	if d.LinkedTo != nil {
		e = e.With("holder", d.LinkedTo.Name+" ("+d.LinkedTo.Number+")")
	}
	return e
}

// undoLink removes the very link that the entry tells of, no later one.
func (a Audit) undoLink(tx *storage.Tx, actor auth.Actor, e storage.Audit, dryRun bool) ([]Effect, error) {
	d, extensionID, err := a.place(tx, e, e.After)
	if err != nil {
		return nil, err
	}
	if d.Link == nil || d.Link.ExtensionID != extensionID || !d.Link.Since.Equal(e.At) {
		return nil, movedOn(d)
	}
	return a.unlink(tx, actor, e.CustomerID, e.ObjectID, dryRun)
}

// undoUnlink makes the link again, where nothing was linked there since.
func (a Audit) undoUnlink(tx *storage.Tx, actor auth.Actor, e storage.Audit, dryRun bool) ([]Effect, error) {
	d, extensionID, err := a.place(tx, e, e.Before)
	if err != nil {
		return nil, err
	}
	later, err := tx.LinkedSince(e.CustomerID, e.ObjectID, e.At)
	if err != nil {
		return nil, err
	}
	if d.Link != nil || later {
		return nil, movedOn(d)
	}
	if _, err := tx.Extension(e.CustomerID, extensionID); telephony.CodeOf(err) == telephony.NotFound {
		return nil, telephony.Conflictf("extension_gone", "the extension has been deleted since")
	}
	return a.link(tx, actor, LinkRequest{CustomerID: e.CustomerID, ChannelID: e.ObjectID, ExtensionID: extensionID, Side: telephony.FromExtension, DryRun: dryRun})
}
