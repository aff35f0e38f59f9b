package app

import (
	"context"
	"sync"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// kept is how many past events a reader that comes back can still get.
const kept = 1024

// bus hands events to readers. A reader that does not keep up is closed: it
// comes back and reads the present state, which is the truth anyway.
type bus struct {
	mu      sync.Mutex
	seq     uint64
	past    []Event
	readers map[chan Event]func(Event) bool
}

// newBus counts from 1, so that 0 is nobody's number.
func newBus() *bus { return &bus{seq: 1, readers: map[chan Event]func(Event) bool{}} }

func (b *bus) publish(at time.Time, e Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seq++
	e.Seq, e.At = b.seq, at
	if len(b.past) == kept {
		b.past = append(b.past[:0], b.past[kept/2:]...)
	}
	b.past = append(b.past, e)
	for c, wants := range b.readers {
		if !wants(e) {
			continue
		}
		select {
		case c <- e:
		default:
			delete(b.readers, c)
			close(c)
		}
	}
}

func (b *bus) subscribe(ctx context.Context, after uint64, wants func(Event) bool) <-chan Event {
	c := make(chan Event, kept+256)
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.past {
		if after > 0 && e.Seq > after && wants(e) {
			c <- e
		}
	}
	b.readers[c] = wants
	context.AfterFunc(ctx, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if _, open := b.readers[c]; open {
			delete(b.readers, c)
			close(c)
		}
	})
	return c
}

// Events is the live view of what changes.
type Events struct{ *core }

// Subscribe gives the events of a customer, or of all that the actor sees, from
// after the given number on. The channel is closed when ctx ends or the reader
// falls behind.
func (e Events) Subscribe(ctx context.Context, actor auth.Actor, customerID string, after uint64) (<-chan Event, error) {
	if customerID != "" {
		err := e.db.View(ctx, func(tx *storage.Tx) error {
			_, err := scoped(tx, actor, auth.ScopeRead, customerID)
			return err
		})
		if err != nil {
			return nil, err
		}
		return e.bus.subscribe(ctx, after, func(x Event) bool { return x.CustomerID == customerID }), nil
	}
	if !actor.Operator() || !actor.Can(auth.ScopeRead) {
		return nil, auth.Denied(auth.ScopeRead)
	}
	return e.bus.subscribe(ctx, after, func(Event) bool { return true }), nil
}

// Within gives the events of all customers within the actor's reach, from after
// the given number on. The channel is closed when ctx ends or the reader falls
// behind.
func (e Events) Within(ctx context.Context, actor auth.Actor, after uint64) (<-chan Event, error) {
	if !actor.Can(auth.ScopeRead) {
		return nil, auth.Denied(auth.ScopeRead)
	}
	every := e.bus.subscribe(ctx, after, func(x Event) bool { return x.CustomerID != "" })
	out := make(chan Event)
	go func() {
		defer close(out)
		sees := map[string]bool{}
		for x := range every {
			// What concerns the customer itself may have given it to another partner.
			if may, known := sees[x.CustomerID]; !known || x.Kind == "customer" {
				may = actor.Operator() || e.seen(ctx, actor, x.CustomerID) || known && may && x.What == "deleted"
				sees[x.CustomerID] = may
			}
			if !sees[x.CustomerID] {
				continue
			}
			select {
			case out <- x:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out, nil
}

// seen reports whether the actor sees the customer now.
func (e Events) seen(ctx context.Context, actor auth.Actor, customerID string) bool {
	return e.look(ctx, actor, customerID, func(*storage.Tx, telephony.Customer) error { return nil }) == nil
}

// Last is the number of the newest event: who reads something and then subscribes
// after this misses nothing in between.
func (e Events) Last() uint64 {
	e.bus.mu.Lock()
	defer e.bus.mu.Unlock()
	return e.bus.seq
}

// Remembers reports whether all that came after the event of this number can still
// be sent. It cannot after a long while, nor after a restart, when numbers begin
// anew.
func (e Events) Remembers(after uint64) bool {
	e.bus.mu.Lock()
	defer e.bus.mu.Unlock()
	if len(e.bus.past) == 0 {
		return after == e.bus.seq
	}
	return after <= e.bus.seq && after+1 >= e.bus.past[0].Seq
}

// tell publishes an event once the transaction is durable.
func (k *core) tell(tx *storage.Tx, customerID, kind, id, what, detail string) {
	now := tx.Now
	tx.AfterCommit(func() {
		k.bus.publish(now, Event{CustomerID: customerID, Kind: kind, ID: id, What: what, Detail: detail})
	})
}
