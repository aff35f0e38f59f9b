package sip

import (
	"context"
	"time"
)

// idleCredential is how long a credential without a binding is remembered.
const idleCredential = 300 // seconds

// sweepLoop walks the table: each shard once per PingEvery for the pings, so
// that the shards are the slots of the timer wheel, and all of them every
// SweepEvery for what must be written or has lapsed.
func (s *Server) sweepLoop(ctx context.Context) {
	ping := time.NewTicker(max(s.cfg.PingEvery/tableShards, time.Millisecond))
	defer ping.Stop()
	sweep := time.NewTicker(s.cfg.SweepEvery)
	defer sweep.Stop()
	w := s.newWorker(true)
	for next := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-ping.C:
			s.pingShard(w, next)
			next = (next + 1) % tableShards
		case <-sweep.C:
			s.sweep(2 * int64(s.cfg.SweepEvery/time.Second+1))
		}
	}
}

var pingBytes = []byte("\r\n\r\n")

// pingShard keeps the translators before the shard's UDP phones open (C04).
func (s *Server) pingShard(w *worker, i int) {
	now := s.cfg.Now().Unix()
	sh := &s.table.shards[i]
	sh.mu.Lock()
	for _, a := range sh.users {
		if b := a.binding; b != nil && b.nat && b.flow.udp != nil && b.expires > now {
			w.begin(&b.flow)
			w.arena = append(w.arena, pingBytes...)
			w.end()
		}
	}
	sh.mu.Unlock()
	s.count.pings.Add(uint64(len(w.outs)))
	w.flush()
}

// sweep queues what has lapsed for removal and refreshed bindings for writing
// when what is on disk lapses within lead seconds. A refresh is so written about
// once per lifetime, not once per REGISTER.
func (s *Server) sweep(lead int64) {
	now := s.cfg.Now().Unix()
	for i := range s.table.shards {
		sh := &s.table.shards[i]
		sh.mu.Lock()
		for user, a := range sh.users {
			b := a.binding
			switch {
			case a.pending != nil:
			case b == nil:
				if now-a.touched > idleCredential {
					delete(sh.users, user)
				}
			case b.expires <= now:
				s.queueChange(a, changeLapse, "expired")
			case b.dirty && b.stored <= now+lead:
				s.queueChange(a, changeFlush, "")
			}
		}
		sh.mu.Unlock()
	}
	s.unknownMu.Lock()
	for user, until := range s.unknown {
		if until <= now {
			delete(s.unknown, user)
		}
	}
	s.unknownMu.Unlock()
}

// queueChange queues a step nobody waits for. The shard is locked.
func (s *Server) queueChange(a *account, kind changeKind, reason string) {
	next := *a.binding
	c := &change{kind: kind, account: a, next: &next, reason: reason, done: make(chan struct{})}
	c.binding = a.export(c.next, s.cfg.Node)
	if kind != changeFlush { // a flush changes nothing in the table, so nobody need wait for it
		a.pending = c
	}
	s.commits.add(c)
}
