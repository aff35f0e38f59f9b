package sip

import (
	"context"
	"time"
)

// serve handles one message read from f. It reports false when b was no SIP at
// all, after which a stream cannot be trusted to be in step.
func (w *worker) serve(f *flow, b []byte, datagram bool) bool {
	s, m := w.s, &w.msg
	s.count.messages.Add(1)
	if !m.parse(b, datagram) {
		s.count.malformed.Add(1)
		return false
	}
	w.dispatch(f, m)
	return true
}

func (w *worker) dispatch(f *flow, m *message) {
	s := w.s
	if m.status != 0 {
		if m.badStatus == 0 && !s.pushes.answer(m) {
			s.handOn(f, m)
		}
		return
	}
	if w.scanner(m.single[hUserAgent]) {
		s.count.scanners.Add(1)
		return
	}
	if m.badStatus != 0 {
		w.malformed(f, m, m.badStatus, m.badReason)
		return
	}
	switch string(m.method) {
	case "REGISTER":
		w.register(f, m)
	case "OPTIONS":
		w.options(f, m)
	default:
		if u, ok := w.addressed(f, m); ok && !u.sip() && !equalFold(u.scheme, "tel") {
			w.malformed(f, m, 416, "Unsupported URI Scheme")
		} else if ok {
			s.handOn(f, m)
		}
	}
}

// options answers whoever asks whether we are here (RFC 3261 11.2). It needs no
// credentials since it touches no channel; it says the same about every user.
func (w *worker) options(f *flow, m *message) {
	u, ok := w.addressed(f, m)
	switch {
	case !ok:
	case !u.sip():
		w.malformed(f, m, 416, "Unsupported URI Scheme")
	case m.present[hRequire] && len(m.single[hRequire]) > 0:
		w.unsupported(f, m)
	default:
		w.reply(f, m, 200, "OK", allow)
	}
}

// addressed reads the Request-URI of a request whose From and To make sense; ok
// is false when that has been answered.
func (w *worker) addressed(f *flow, m *message) (u uri, ok bool) {
	u, ok = parseURI(m.ruri)
	_, ok2 := parseNameAddr(m.single[hFrom])
	_, ok3 := parseNameAddr(m.single[hTo])
	if !ok || !ok2 || !ok3 {
		w.malformed(f, m, 400, "Bad Address")
		return u, false
	}
	return u, true
}

// malformed refuses what is broken, while its source's allowance lasts.
func (w *worker) malformed(f *flow, m *message, status int, reason string) {
	s := w.s
	s.count.malformed.Add(1)
	if !s.limits.take(f.peer.Addr(), allowFailure, w.unix) {
		s.count.limited.Add(1)
		return
	}
	w.reply(f, m, status, reason, "")
}

// unsupported refuses an extension; we require none (RFC 3261 8.2.2.3).
func (w *worker) unsupported(f *flow, m *message) {
	w.reply(f, m, 420, "Bad Extension", "Unsupported: "+string(m.single[hRequire])+"\r\n")
}

func (w *worker) unavailable(f *flow, m *message, err error) {
	w.s.count.unavailable.Add(1)
	w.s.complain("a REGISTER waits for the house", err)
	w.reply(f, m, 503, "Service Unavailable", "Retry-After: 5\r\n")
}

// refuse answers 403 to an authenticated request and shows it.
func (w *worker) refuse(f *flow, m *message, cred *Credential, reason, detail string) {
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
}

const (
	asideWorkers = 64
	asideQueue   = 8192
	maxDepth     = 4
)

// putAside hands the message to a goroutine that may wait. When too many wait
// already it is dropped: over UDP the phone asks again.
func (w *worker) putAside(f *flow, m *message) {
	select {
	case w.s.asides <- aside{*f, append([]byte(nil), m.raw...), w.counted}:
	default:
		w.s.count.overloaded.Add(1)
	}
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
			if w.msg.parse(a.data, true) {
				w.dispatch(&a.flow, &w.msg)
			}
			w.flush()
		}
	}
}

// again judges m anew: what it was judged by has changed meanwhile.
func (w *worker) again(f *flow, m *message) {
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
func (w *worker) whilePending(f *flow, m *message, a *account, sh *tableShard) {
	p := a.pending
	if p.next != nil && p.next.cseq == m.cseq && p.next.callID == string(m.single[hCallID]) {
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
