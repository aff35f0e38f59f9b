package app

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// note is one observation on its way to the database. Observations may be lost
// in a crash: what matters is done before an answer goes out, not here.
type note struct {
	fetch      *storage.Fetch
	refused    *refusal
	registered *telephony.Binding
	fresh      bool
	gone       string // channel id
	why        string
	used       string // channel id
	sha256     bool
	current    bool
}

type refusal struct {
	CustomerID, CPEID string
	ChannelID         string // where the registrar refused: CPE to be found
	From              netip.Addr
	Why, Detail       string
}

// note hands an observation over without ever blocking its observer.
func (k *core) note(n note) {
	select {
	case k.notes <- n:
	default:
		k.log.Warn("too many observations at once: one was dropped")
	}
}

// Run writes observations, many in one transaction, until ctx ends and all are
// written.
func (a *App) Run(ctx context.Context) {
	var keeping sync.WaitGroup
	keeping.Go(func() { a.keep(ctx) })
	for {
		select {
		case n := <-a.notes:
			a.write(a.gather(n))
		case <-ctx.Done():
			a.work.Wait()
			for len(a.notes) > 0 {
				a.write(a.gather(<-a.notes))
			}
			keeping.Wait()
			a.keepRest()
			return
		}
	}
}

// notesBatch is how many observations one transaction writes: somebody may be
// waiting to write meanwhile.
const notesBatch = 64

func (k *core) gather(n note) []note {
	batch := []note{n}
	for len(batch) < notesBatch {
		select {
		case n := <-k.notes:
			batch = append(batch, n)
		default:
			return batch
		}
	}
	return batch
}

func (k *core) write(batch []note) {
	ctx, stop := context.WithTimeout(context.Background(), 30*time.Second)
	defer stop()
	err := k.db.Update(storage.Patient(ctx), func(tx *storage.Tx) error {
		for _, n := range batch {
			if err := k.writeNote(tx, n); err != nil && telephony.CodeOf(err) != telephony.NotFound {
				return err
			}
		}
		return nil
	})
	if err != nil {
		k.log.Error("writing observations failed", "count", len(batch), "err", err)
	}
}

func (k *core) writeNote(tx *storage.Tx, n note) error {
	switch {
	case n.fetch != nil:
		k.tell(tx, n.fetch.CustomerID, "cpe", n.fetch.CPEID, "fetched", n.fetch.Revision)
		kept, err := tx.Fetched(*n.fetch)
		if err != nil {
			return err
		}
		if kept != n.fetch.Revision {
			tx.AfterCommit(func() { k.keepLater(*n.fetch) })
		}
		// A change that came between the fetch and this note took the device for
		// one that has never had anything else.
		return k.seen(tx, n.fetch.CustomerID, n.fetch.CPEID)
	case n.registered != nil:
		return k.writeRegistered(tx, *n.registered, n.fresh)
	case n.gone != "":
		customerID, _, err := tx.CPEOfChannel(n.gone)
		if err == nil {
			k.tell(tx, customerID, "channel", n.gone, "unregistered", n.why)
		}
		return err
	case n.refused != nil:
		return k.writeRefused(tx, *n.refused)
	case n.used != "":
		customerID, cpeID, err := tx.CPEOfChannel(n.used)
		if err != nil {
			return err
		}
		if n.sha256 {
			if err := tx.MarkSHA256(customerID, cpeID); err != nil {
				return err
			}
		}
		if n.current {
			return tx.DropPrevious(customerID, n.used)
		}
	}
	return nil
}

func (k *core) writeRegistered(tx *storage.Tx, b telephony.Binding, fresh bool) error {
	customerID, cpeID, err := tx.CPEOfChannel(b.ChannelID)
	if err != nil {
		return err
	}
	if fresh {
		k.tell(tx, customerID, "channel", b.ChannelID, "registered", b.Display)
	}
	return k.seen(tx, customerID, cpeID)
}

// seen has a device pushed that has shown that it is there and lacks something.
func (k *core) seen(tx *storage.Tx, customerID, cpeID string) error {
	due, err := tx.PushWhenSeen(customerID, cpeID)
	if due {
		tx.AfterCommit(k.ports.Wake)
	}
	return err
}

func (k *core) writeRefused(tx *storage.Tx, r refusal) error {
	if r.ChannelID != "" {
		var err error
		if r.CustomerID, r.CPEID, err = tx.CPEOfChannel(r.ChannelID); err != nil {
			return err
		}
	}
	c, err := tx.CPE(r.CustomerID, r.CPEID)
	if err != nil {
		return err
	}
	why := r.Why
	if r.Detail != "" {
		why += ": " + r.Detail
	}
	if err := k.happened(tx, c, "refused", r.From, why); err != nil {
		return err
	}
	return tx.Refused(r.CustomerID, r.CPEID, why)
}
