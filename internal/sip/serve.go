package sip

import (
	"context"
	"sync"
	"time"

	"tischlein/internal/sip/wire"
)

// serve handles one message read from f. It reports false when b was no SIP at
// all, after which a stream cannot be trusted to be in step.
func (w *worker) serve(f *flow, b []byte, datagram bool) bool {
	s, m := w.s, &w.msg
	s.count.messages.Add(1)
	if !m.Parse(b, datagram) {
		s.count.malformed.Add(1)
		return false
	}
	w.dispatch(f, m)
	return true
}

func (w *worker) dispatch(f *flow, m *wire.Message) {
	s := w.s
	if m.Status != 0 {
		if m.BadStatus == 0 && !s.pushes.answer(m) {
			w.answered(f, m)
		}
		return
	}
	if w.scanner(m.Single[wire.HeaderUserAgent]) {
		s.count.scanners.Add(1)
		return
	}
	if m.BadStatus != 0 {
		w.malformed(f, m, m.BadStatus, m.BadReason)
		return
	}
	switch string(m.Method) {
	case "REGISTER":
		w.register(f, m)
	case "OPTIONS":
		w.options(f, m)
	default:
		w.forCalls(f, m)
	}
}

// options answers whoever asks whether we are here (RFC 3261 11.2). It needs no
// credentials since it touches no channel; it says the same about every user.
func (w *worker) options(f *flow, m *wire.Message) {
	u, ok := w.addressed(f, m)
	switch {
	case !ok:
	case !u.SIP():
		w.malformed(f, m, 416, "Unsupported URI Scheme")
	case m.Present[wire.HeaderRequire] && len(m.Single[wire.HeaderRequire]) > 0:
		w.unsupported(f, m)
	default:
		w.reply(f, m, 200, "OK", w.allow())
	}
}

// addressed reads the Request-URI of a request whose From and To make sense; ok
// is false when that has been answered.
func (w *worker) addressed(f *flow, m *wire.Message) (u wire.URI, ok bool) {
	u, ok = wire.ParseURI(m.RequestURI)
	_, ok2 := wire.ParseNameAddr(m.Single[wire.HeaderFrom])
	_, ok3 := wire.ParseNameAddr(m.Single[wire.HeaderTo])
	if !ok || !ok2 || !ok3 {
		w.malformed(f, m, 400, "Bad Address")
		return u, false
	}
	return u, true
}

// malformed refuses what is broken, while its source's allowance lasts.
func (w *worker) malformed(f *flow, m *wire.Message, status int, reason string) {
	s := w.s
	s.count.malformed.Add(1)
	if !s.limits.take(f.peer.Addr(), allowFailure, w.unix) {
		s.count.limited.Add(1)
		return
	}
	w.reply(f, m, status, reason, "")
}

// unsupported refuses an extension; we require none (RFC 3261 8.2.2.3).
func (w *worker) unsupported(f *flow, m *wire.Message) {
	w.reply(f, m, 420, "Bad Extension", "Unsupported: "+string(m.Single[wire.HeaderRequire])+"\r\n")
}

func (w *worker) unavailable(f *flow, m *wire.Message, err error) {
	w.s.count.unavailable.Add(1)
	w.s.complain("a request waits for the house", err)
	w.reply(f, m, 503, "Service Unavailable", "Retry-After: 5\r\n")
}

// refuse answers 403 to an authenticated request and shows it.
func (w *worker) refuse(f *flow, m *wire.Message, cred *Credential, reason, detail string) {
	w.s.count.refused.Add(1)
	w.reply(f, m, 403, "Forbidden", "Warning: 399 "+w.s.cfg.Realm+" \""+reason+"\"\r\n")
	if w.s.limits.take(f.peer.Addr(), allowFailure, w.unix) {
		w.events = append(w.events, event{kind: eventRefused, refusal: Refusal{
			ChannelID: cred.ChannelID, Reason: reason, Source: f.peer, Detail: detail,
		}})
	}
}

// aside is a message that must wait for the database; only datagrams get here,
// a stream's reader waits itself.
type aside struct {
	flow    flow
	data    []byte
	counted bool
	key     string // "" for a REGISTER
}

const (
	asideWorkers = 64
	asideQueue   = 8192
	maxDepth     = 4
)

// putAside hands the message to a goroutine that may wait. When too many wait
// already it is dropped: over UDP the phone asks again.
func (w *worker) putAside(f *flow, m *wire.Message) {
	a := aside{flow: *f, data: append([]byte(nil), m.Raw...), counted: w.counted}
	if !registers(m) {
		if a.key = m.Key(); !w.s.waiting.enter(a.key) {
			w.s.count.retransmitted.Add(1)
			return
		}
	}
	select {
	case w.s.asides <- a:
	default:
		w.s.count.overloaded.Add(1)
		w.s.waiting.leave(a.key)
	}
}

// waiting are the requests put aside, by key. A repetition of one of them would
// look like a replay beside it.
type waiting struct {
	mu   sync.Mutex
	keys map[string]struct{}
}

func (w *waiting) enter(key string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, here := w.keys[key]; here {
		return false
	}
	if w.keys == nil {
		w.keys = make(map[string]struct{})
	}
	w.keys[key] = struct{}{}
	return true
}

func (w *waiting) leave(key string) {
	w.mu.Lock()
	delete(w.keys, key)
	w.mu.Unlock()
}

func (s *Server) serveAsides(ctx context.Context) {
	w := s.newWorker(true)
	for {
		select {
		case <-ctx.Done():
			return
		case a := <-s.asides:
			w.tick()
			w.counted, w.depth = a.counted, 0
			if w.msg.Parse(a.data, true) {
				w.dispatch(&a.flow, &w.msg)
			}
			if a.key != "" {
				s.waiting.leave(a.key)
			}
			w.flush()
		}
	}
}

// again judges m anew: what it was judged by has changed meanwhile.
func (w *worker) again(f *flow, m *wire.Message) {
	if !w.mayBlock {
		w.putAside(f, m)
		return
	}
	if w.depth++; w.depth > maxDepth {
		w.s.count.unavailable.Add(1)
		w.reply(f, m, 503, "Service Unavailable", "Retry-After: 1\r\n")
		return
	}
	w.tick()
	w.register(f, m)
}

// whilePending serves a REGISTER for a channel whose last one is on its way to
// the disk. sh is locked, and unlocked here.
func (w *worker) whilePending(f *flow, m *wire.Message, a *account, sh *tableShard) {
	p := a.pending
	if p.next != nil && p.next.cseq == m.CSeq && p.next.callID == string(m.Single[wire.HeaderCallID]) {
		sh.mu.Unlock() // a retransmission: its answer is coming
		w.s.count.retransmitted.Add(1)
		return
	}
	if !w.mayBlock {
		sh.mu.Unlock()
		w.putAside(f, m)
		return
	}
	done := p.done
	sh.mu.Unlock()
	t := time.NewTimer(lookupTimeout)
	defer t.Stop()
	select {
	case <-done:
	case <-t.C:
	case <-w.s.ctx.Done():
	}
	w.again(f, m)
}
