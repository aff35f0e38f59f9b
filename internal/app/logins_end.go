package app

import (
	"context"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// endBatch is how many logins one transaction ends: at the end of the day all of a
// customer's are due at once, and somebody may be waiting to write.
const endBatch = 25

// EndLogins ends hot-desk logins that the customer's limits end (H07). The limits
// as they are now decide, not when a login was due when it began; a linked login
// never ends here. more says that there is more to do.
func (j Jobs) EndLogins(ctx context.Context) (more bool, err error) {
	var due []storage.DueLogin
	look := func(tx *storage.Tx) (err error) { due, err = tx.DueLogins(endBatch); return err }
	if err := j.db.View(ctx, look); err != nil || len(due) == 0 {
		return false, err
	}
	err = j.db.Update(storage.Patient(ctx), func(tx *storage.Tx) error {
		if err := look(tx); err != nil {
			return err
		}
		for _, l := range due {
			c, err := tx.Customer(l.CustomerID)
			if err != nil {
				return err
			}
			if err := j.endDue(tx, c, l.ChannelID); err != nil {
				return err
			}
		}
		return nil
	})
	return err == nil && len(due) == endBatch, err
}

// endDue ends the login at a channel if it is due by the customer's limits, or
// notes when it is.
func (j Jobs) endDue(tx *storage.Tx, c telephony.Customer, channelID string) error {
	d, err := tx.Desk(c.ID, channelID, telephony.Allowlist{})
	if err != nil {
		return err
	}
	p, until := telephony.DecideEnd(d, c, j.zone(c), tx.Now)
	if !p.Empty() {
		return j.carry(tx, auth.System, c.ID, "", p, true)
	}
	if d.Login == nil {
		return nil
	}
	if !d.Login.Until.Equal(until) {
		j.tell(tx, c.ID, "channel", channelID, "changed", "")
	}
	return tx.UpdateLoginEnd(c.ID, channelID, until)
}

// zone is a customer's time zone; an unknown one, which no use case stores, is UTC.
func (k *core) zone(c telephony.Customer) *time.Location {
	if z, ok := k.zones.Load(c.TimeZone); ok {
		return z.(*time.Location)
	}
	z, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		z = time.UTC
	}
	k.zones.Store(c.TimeZone, z)
	return z
}
