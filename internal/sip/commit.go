package sip

import (
	"context"
	"sync"
	"time"

	"tischlein/internal/sip/wire"
	"tischlein/internal/telephony"
)

type changeKind uint8

const (
	changeBind   changeKind = iota // new or re-routed, the phone waits for its 200
	changeUnbind                   // the phone has taken its binding back and waits
	changeDrop                     // the house has (detach, rotation); Drop waits
	changeLapse                    // time has
	changeFlush                    // a refresh is written before what is on disk lapses
)

// change is one step of one binding to the disk.
type change struct {
	kind    changeKind
	account *account
	next    *binding // bind, flush: what is written; else what is removed
	binding telephony.Binding
	reason  string
	done    chan struct{} // closed when it is on disk and in the table, or failed
	err     error

	flow       flow // of the phone that waits
	head, tail []byte
}

func newChange(f *flow, m *wire.Message, a *account, b *binding, remove bool) *change {
	c := &change{account: a, flow: *f, done: make(chan struct{}), reason: "unregistered"}
	next := *b
	c.next = &next
	if remove {
		c.kind = changeUnbind
		c.next.callID, c.next.cseq = string(m.Single[wire.HeaderCallID]), m.CSeq
	}
	c.head = m.AppendHead(make([]byte, 0, 512), f.peer)
	return c
}

// committer is the group commit: whatever has collected while the last batch was
// being written is the next batch. Nothing waits for a timer (C03).
type committer struct {
	mu    sync.Mutex
	queue []*change
	wake  chan struct{}
}

// maxBatch bounds the answers that wait for one Apply.
const maxBatch = 4096

// commit queues c and marks a as changing. sh is locked, and unlocked here.
func (w *worker) commit(sh *tableShard, a *account, c *change) {
	c.binding = a.export(c.next, w.s.cfg.Node)
	a.pending = c
	w.s.commits.add(c) // inside the lock, so that the queue's order is the table's
	sh.mu.Unlock()
}

func (q *committer) add(c *change) {
	q.mu.Lock()
	q.queue = append(q.queue, c)
	q.mu.Unlock()
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

func (q *committer) take(into []*change) []*change {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := min(len(q.queue), maxBatch)
	into = append(into[:0], q.queue[:n]...)
	rest := copy(q.queue, q.queue[n:])
	clear(q.queue[rest:])
	q.queue = q.queue[:rest]
	return into
}

// run writes batches until stop is closed and the queue is empty.
func (s *Server) commitLoop(stop <-chan struct{}) {
	w := s.newWorker(true)
	var changes []*change
	var batch []BindingChange
	for {
		changes = s.commits.take(changes)
		if len(changes) == 0 {
			select {
			case <-s.commits.wake:
				continue
			case <-stop:
				if changes = s.commits.take(changes); len(changes) == 0 {
					return
				}
			}
		}
		batch = batch[:0]
		for _, c := range changes {
			batch = append(batch, BindingChange{Binding: c.binding, Remove: c.kind != changeBind && c.kind != changeFlush})
		}
		s.apply(changes, batch)
		w.tick()
		for i, c := range changes {
			w.settle(c)
			changes[i] = nil
		}
		clear(batch)
		w.flush()
	}
}

// maxSingles is how many changes in a row may fail alone before the fault is
// taken for the database's and not theirs.
const maxSingles = 3

// apply writes the batch. A change the database refuses (its channel has just
// been deleted) must not take the others with it, so a failed batch is tried
// once more change by change.
func (s *Server) apply(changes []*change, batch []BindingChange) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), 30*time.Second)
	defer cancel()
	err := s.cfg.Bindings.Apply(ctx, batch)
	if err == nil {
		return
	}
	s.complain("bindings could not be written", err)
	failed := 0
	for i, c := range changes {
		if c.err = err; len(batch) == 1 || failed >= maxSingles {
			continue
		}
		if c.err = s.cfg.Bindings.Apply(ctx, batch[i:i+1]); c.err != nil {
			failed++
			err = c.err
		} else {
			failed = 0
		}
	}
}

// settle brings the table to what is on disk and answers the phone.
func (w *worker) settle(c *change) {
	s, a, err := w.s, c.account, c.err
	sh := s.table.shardOf(a.user)
	sh.mu.Lock()
	var old *binding
	switch c.kind {
	case changeFlush:
		if b := a.binding; err == nil && b != nil && a.pending == nil {
			b.stored = c.next.expires
			b.dirty = b.expires != b.stored
		}
	default:
		a.pending = nil
		if err == nil {
			next := c.next
			if c.kind != changeBind {
				next = nil
			} else {
				next.stored = next.expires
			}
			old = s.table.set(a, next)
		}
	}
	close(c.done)
	sh.mu.Unlock()
	if old != nil && old.flow.conn != nil && old.flow.conn != c.flow.conn && old.flow.conn.bound.Load() == 0 {
		old.flow.conn.close() // no ghost of the phone's last boot stays (C04)
	}
	w.answerSettled(c, err)
}

func (w *worker) answerSettled(c *change, err error) {
	n := &w.s.count
	if len(c.head) > 0 {
		w.begin(&c.flow)
		if err != nil {
			n.unavailable.Add(1)
			w.arena = wire.AppendStatus(w.arena, 503, "Service Unavailable")
			c.tail = append(c.tail[:0], "Retry-After: 5\r\n"...)
		} else {
			w.arena = wire.AppendStatus(w.arena, 200, "OK")
		}
		w.arena = append(w.arena, c.head...)
		w.arena = append(w.arena, c.tail...)
		w.arena = append(w.arena, wire.NoBody...)
		w.end()
	}
	if err != nil {
		return
	}
	switch c.kind {
	case changeBind:
		n.registered.Add(1)
		n.fresh.Add(1)
		w.events = append(w.events, event{kind: eventRegistered, fresh: true, binding: c.binding})
	case changeUnbind, changeDrop, changeLapse:
		switch c.kind {
		case changeUnbind:
			n.unregistered.Add(1)
		case changeLapse:
			n.lapsed.Add(1)
		}
		w.events = append(w.events, event{kind: eventUnregistered, binding: c.binding, reason: c.reason})
	}
}

// Drop voids a channel's registration: its credential is forgotten, its binding
// removed durably and its connection closed unless other channels use it. Call
// it after the secret has been changed (P14).
func (s *Server) Drop(ctx context.Context, sipUser, reason string) error {
	for {
		s.Forget(sipUser)
		sh := s.table.shardOf(sipUser)
		sh.mu.Lock()
		a := sh.users[sipUser]
		if a == nil || a.binding == nil && a.pending == nil {
			sh.mu.Unlock()
			return nil
		}
		c := a.pending
		mine := c == nil
		if mine {
			next := *a.binding
			c = &change{kind: changeDrop, account: a, next: &next, reason: reason, done: make(chan struct{})}
			c.binding = a.export(c.next, s.cfg.Node)
			a.pending = c
			s.commits.add(c)
		}
		sh.mu.Unlock()
		select {
		case <-c.done:
		case <-ctx.Done():
			return ctx.Err()
		case <-s.stopped:
			return errClosed
		}
		if mine {
			return c.err
		}
	}
}
