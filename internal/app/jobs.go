package app

import (
	"context"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
)

// Jobs is the periodic work, each call bounded.
type Jobs struct{ *core }

// sweepBatch is how many devices one transaction of a sweep looks at.
const sweepBatch = 25

// Sweep looks at devices again whose customer's epoch rose: what they should
// have, and whether a link that waited for its address can log in now (D17).
// more says that there is more to do.
func (j Jobs) Sweep(ctx context.Context) (more bool, err error) {
	var customers []string
	err = j.db.View(ctx, func(tx *storage.Tx) error { customers, err = tx.Unswept(1); return err })
	if err != nil || len(customers) == 0 {
		return false, err
	}
	id := customers[0]
	err = j.db.Update(storage.Patient(ctx), func(tx *storage.Tx) error {
		epoch, err := tx.Epoch(id)
		if err != nil {
			return err
		}
		devices, err := tx.BehindEpoch(id, epoch, sweepBatch)
		if err != nil {
			return err
		}
		for _, cpe := range devices {
			if err := j.heal(tx, id, cpe); err != nil {
				return err
			}
			if err := j.refresh(tx, id, cpe, true); err != nil {
				return err
			}
		}
		if len(devices) < sweepBatch {
			return tx.Swept(id, epoch)
		}
		return nil
	})
	return err == nil, err
}

// heal logs waiting links in whose device's address is allowed now. It never
// ends a login: devices fail at their next contact, not here (D18).
func (j Jobs) heal(tx *storage.Tx, customerID, cpeID string) error {
	at, err := tx.Attachments(customerID, cpeID)
	if err != nil {
		return err
	}
	for _, a := range at {
		d, err := j.desk(tx, customerID, a.ChannelID)
		if err != nil {
			return err
		}
		if d.Link == nil || d.Login != nil || !d.Ready() {
			continue
		}
		if _, err := j.settle(tx, auth.System, d, false); err != nil {
			return err
		}
	}
	return nil
}

// ExpireBindings removes bindings that lapsed long ago.
func (j Jobs) ExpireBindings(ctx context.Context) (more bool, err error) {
	const batch = 1000
	var n int64
	err = j.db.Update(storage.Patient(ctx), func(tx *storage.Tx) error { n, err = tx.ExpireBindings(batch); return err })
	return n == batch, err
}

// Prune removes what is only kept for a while; more says that there is more to do.
func (j Jobs) Prune(ctx context.Context) (more bool, err error) {
	const most = 1000
	err = j.db.Update(storage.Patient(ctx), func(tx *storage.Tx) error {
		if err := tx.PruneSessions(j.settings.Portal.SessionIdle, auth.GuardKeeps); err != nil {
			return err
		}
		if err := tx.PruneCalls(); err != nil {
			return err
		}
		if err := tx.PruneSubscriptions(); err != nil {
			return err
		}
		more, err = tx.Prune(most)
		return err
	})
	return err == nil && more, err
}
