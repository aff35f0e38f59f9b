package app

import (
	"context"
	"net/netip"
	"slices"
	"sync"
	"time"

	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// note is one observation on its way to the database. Observations may be lost
// in a crash: what matters is done before an answer goes out, not here.
type note struct {
	odd        *refusal // only for the device's history
	fetch      *storage.Fetch
	refused    *refusal
	registered *telephony.Binding
	fresh      bool
	gone       string // channel id
	why        string
	used       string // channel id
	sha256     bool
	current    bool
	call       *callNote
	usedHTTP   *httpUse
}

type refusal struct {
	CustomerID, CPEID string
	ChannelID         string // where the registrar refused: CPE to be found
	From              netip.Addr
	Why               string
	Unproven          bool // by the registrar: see Refused there
}

// refusalsPerMinute is how many refusals each device's history takes: whoever holds a
// token that leads nowhere can have as many as he likes.
const refusalsPerMinute = 10

// note hands an observation over without ever blocking its observer.
func (k *core) note(n note) {
	for _, r := range []*refusal{n.refused, n.odd} {
		if r != nil && !k.refusing.pass(r.CPEID+r.ChannelID, k.now(), refusalsPerMinute) {
			return
		}
	}
	select {
	case k.notes <- n:
	default:
		k.dropped.Add(1)
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

func (k *core) gather(n note) []note {
	batch := []note{n}
	for len(batch) < 256 {
		select {
		case n := <-k.notes:
			batch = append(batch, n)
		default:
			return batch
		}
	}
	return batch
}

// notesBatch is how many observations one transaction writes that each need
// writing: somebody may be waiting to write meanwhile.
const notesBatch = 64

// write writes observations in their order, neighbours of a kind together.
func (k *core) write(batch []note) {
	ctx, stop := context.WithTimeout(storage.Patient(context.Background()), 30*time.Second)
	defer stop()
	if n := k.dropped.Swap(0); n > 0 {
		k.log.Warn("too many observations at once: some were dropped", "count", n)
	}
	for len(batch) > 0 {
		kind, n := batch[0].presence() != "", 1
		for n < len(batch) && kind == (batch[n].presence() != "") && (kind || n < notesBatch) {
			n++
		}
		write := k.writeOthers
		if kind {
			write = k.writePresence
		}
		if err := write(ctx, batch[:n]); err != nil {
			k.log.Error("writing observations failed", "count", n, "err", err)
		}
		batch = batch[n:]
	}
}

// presence is the channel whose device has registered or gone, or is in a call or
// no longer, "" for other notes.
func (n *note) presence() string {
	switch {
	case n.registered != nil:
		return n.registered.ChannelID
	case n.call != nil && (n.call.busy || n.call.ready):
		return n.call.channelID
	}
	return n.gone
}

// writePresence tells of devices that registered or went, of calls that began and
// ended, and makes due those that registered or hung up and lack their newest
// configuration. Most lack nothing, so that nothing is written.
func (k *core) writePresence(ctx context.Context, batch []note) error {
	ids := make([]string, len(batch))
	for i := range batch {
		ids[i] = batch[i].presence()
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	var waiting []storage.Present
	err := k.db.View(ctx, func(tx *storage.Tx) error {
		waiting = nil
		list, err := tx.Present(ids)
		if err != nil {
			return err
		}
		at := make(map[string]storage.Present, len(list))
		for _, x := range list {
			at[x.ChannelID] = x
		}
		for _, n := range batch {
			x, ok := at[n.presence()]
			switch {
			case !ok: // detached meanwhile
			case n.gone != "":
				k.tell(tx, x.CustomerID, "channel", n.gone, "unregistered", n.why)
			case n.call != nil && n.call.busy:
				k.tell(tx, x.CustomerID, "channel", x.ChannelID, "call_began", "")
			case n.call != nil:
				k.tell(tx, x.CustomerID, "channel", x.ChannelID, "call_ended", "")
			case n.fresh:
				k.tell(tx, x.CustomerID, "channel", x.ChannelID, "registered", n.registered.Display)
			}
			if x.Waiting && (n.registered != nil || n.call != nil && n.call.ready) {
				waiting = append(waiting, x)
			}
		}
		return nil
	})
	for some := range slices.Chunk(waiting, notesBatch) {
		if err != nil {
			return err
		}
		err = k.db.Update(ctx, func(tx *storage.Tx) error {
			for _, x := range some {
				if err := k.seen(tx, x.CustomerID, x.CPEID); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return err
}

func (k *core) writeOthers(ctx context.Context, batch []note) error {
	return k.db.Update(ctx, func(tx *storage.Tx) error {
		for _, n := range batch {
			if err := k.writeNote(tx, n); err != nil && telephony.CodeOf(err) != telephony.NotFound {
				return err
			}
		}
		return nil
	})
}

func (k *core) writeNote(tx *storage.Tx, n note) error {
	switch {
	case n.fetch != nil:
		k.tell(tx, n.fetch.CustomerID, "cpe", n.fetch.CPEID, "fetched", n.fetch.Revision)
		kept, err := tx.Fetched(*n.fetch)
		if err != nil {
			return err
		}
		if err := k.tookHTTP(tx, *n.fetch); err != nil {
			return err
		}
		if kept != n.fetch.Revision {
			tx.AfterCommit(func() { k.keepLater(*n.fetch) })
		}
		// A change that came between the fetch and this note took the device for
		// one that has never had anything else.
		due, err := tx.PushAfterFetch(n.fetch.CustomerID, n.fetch.CPEID)
		if due {
			tx.AfterCommit(k.ports.Wake)
		}
		return err
	case n.refused != nil:
		return k.writeRefused(tx, *n.refused)
	case n.odd != nil:
		c, err := tx.CPE(n.odd.CustomerID, n.odd.CPEID)
		if err != nil {
			return err
		}
		return k.happened(tx, c, "odd_request", n.odd.From, n.odd.Why)
	case n.call != nil:
		return k.writeCall(tx, *n.call)
	case n.usedHTTP != nil:
		return k.writeUsedHTTP(tx, *n.usedHTTP)
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
	if err := k.happened(tx, c, "refused", r.From, r.Why); err != nil {
		return err
	}
	if r.Unproven {
		b, err := tx.Binding(r.CustomerID, r.ChannelID)
		if err == nil && b.Expires.After(tx.Now) {
			return nil
		}
		if err != nil && telephony.CodeOf(err) != telephony.NotFound {
			return err
		}
	}
	return tx.Refused(r.CustomerID, r.CPEID, r.Why)
}
