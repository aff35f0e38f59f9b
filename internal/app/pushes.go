package app

import (
	"context"
	"time"

	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Pushes is the queue of devices that should be told to fetch.
type Pushes struct{ *core }

// DuePush is a push that is due.
type DuePush struct {
	telephony.Push
	Tries    int
	Pushable bool // false: this driver's devices cannot be told
}

// Claim takes up to limit due pushes; none of them is due again before retry.
func (p Pushes) Claim(ctx context.Context, bulk bool, limit int, retry time.Duration) (list []DuePush, err error) {
	if bulk {
		ctx = storage.Patient(ctx)
	}
	err = p.db.Update(ctx, func(tx *storage.Tx) error {
		list = nil
		due, err := tx.ClaimDue(bulk, limit, tx.Now.Add(retry))
		if err != nil {
			return err
		}
		told, ready := make([]string, 0, len(due)), due[:0]
		for _, d := range due {
			if d.Quiet.After(tx.Now) {
				if err := tx.PushNotBefore(d.CustomerID, d.CPEID, d.Quiet); err != nil {
					return err
				}
				continue
			}
			told, ready = append(told, d.CPEID), append(ready, d)
		}
		users, err := tx.SIPUsers(told)
		if err != nil {
			return err
		}
		for _, d := range ready {
			push := p.pushOf(d.CustomerID, d.CPEID, d.Driver, d.Wanted, users[d.CPEID])
			list = append(list, DuePush{Push: push, Tries: d.Tries, Pushable: push.Event != ""})
		}
		if len(told) > 0 {
			// Whatever they fetched before, their next fetch is the answer to this.
			tx.AfterCommit(func() { p.ports.Devices.Changed(told...) })
		}
		return nil
	})
	return list, err
}

// push is the check-sync that a device would be sent now; its Event is "" for
// devices that cannot be told.
func (k *core) push(tx *storage.Tx, customerID, cpeID string) (telephony.Push, error) {
	c, err := tx.CPE(customerID, cpeID)
	if err != nil {
		return telephony.Push{}, err
	}
	users, err := tx.SIPUsers([]string{cpeID})
	return k.pushOf(customerID, cpeID, c.Driver, c.Wanted, users[cpeID]), err
}

func (k *core) pushOf(customerID, cpeID, driver, wanted string, users []string) telephony.Push {
	p := telephony.Push{CPEID: cpeID, CustomerID: customerID, SIPUsers: users, Revision: wanted}
	if d, err := k.drivers.Get(driver); err == nil {
		p.Event, _ = checkSync(d)
	}
	return p
}

// Done notes what became of a push and when to look again; zero: when something
// changes or the device is seen. Whatever comes while others are being noted is
// noted together.
func (p Pushes) Done(ctx context.Context, d DuePush, r telephony.PushResult, next time.Time) error {
	x := donePush{d, r, next, make(chan error, 1)}
	if p.done.add(x) {
		p.work.Go(p.noteDone)
	}
	select {
	case err := <-x.noted:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// NextDue is when the next push is due, zero if none is.
func (p Pushes) NextDue(ctx context.Context) (t time.Time, err error) {
	err = p.db.View(ctx, func(tx *storage.Tx) error { t, err = tx.NextDue(); return err })
	return t, err
}
