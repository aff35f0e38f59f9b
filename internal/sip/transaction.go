package sip

import (
	"context"
	"crypto/rand"
	"strings"
	"sync"
	"time"

	"tischlein/internal/sip/wire"
)

var randRead = func(b []byte) { _, _ = rand.Read(b) } // never fails since Go 1.24

// branchPrefix marks the requests this file sends among all that leave our sockets.
const branchPrefix = "z9hG4bKtn"

// t2 and the 64 in the timers are RFC 3261 17.1.2.2's.
const t2Factor = 8 // T2 = 4 s where T1 = 500 ms

// answer is what came of a request: the final response's status and its
// challenges, or status 0 for none.
type answer struct {
	status     int
	www, proxy string
}

// transactions are the non-INVITE client transactions of our own requests (RFC
// 3261 17.1.2). They are here and not sipgo's because ours must leave by the very
// socket or connection of a binding and by no other, and because a push to
// everybody is as many transactions as there are phones.
type transactions struct {
	mu   sync.Mutex
	open map[string]chan answer // by branch
}

// request sends what build makes and waits for the final response. The branch
// names the transaction.
func (s *Server) request(ctx context.Context, f *flow, build func(b []byte, branch string) []byte) answer {
	branch := branchPrefix + randomHex(8)
	got := make(chan answer, 4)
	s.pushes.mu.Lock()
	s.pushes.open[branch] = got
	s.pushes.mu.Unlock()
	defer func() {
		// Later copies of the response find nobody and are dropped: what Timer K is for.
		s.pushes.mu.Lock()
		delete(s.pushes.open, branch)
		s.pushes.mu.Unlock()
	}()
	msg := build(nil, branch)
	if f.send(msg) != nil {
		return answer{}
	}
	t1 := s.cfg.T1
	timerF := time.NewTimer(64 * t1)
	defer timerF.Stop()
	wait := t1
	timerE := time.NewTimer(wait)
	defer timerE.Stop()
	var gone <-chan struct{}
	if f.conn != nil { // Timer E is for unreliable transports only
		timerE.Stop()
		gone = f.conn.gone
	}
	for {
		select {
		case a := <-got:
			if a.status >= 200 {
				return a
			}
			wait = t2Factor * t1 // state Proceeding
		case <-timerE.C:
			if f.send(msg) != nil {
				return answer{}
			}
			wait = min(2*wait, t2Factor*t1)
			timerE.Reset(wait)
		case <-gone:
			return answer{}
		case <-timerF.C:
			return answer{status: 408}
		case <-ctx.Done():
			return answer{}
		case <-s.ctx.Done():
			return answer{}
		}
	}
}

// answer takes a response to one of our requests and reports whether it was one.
func (t *transactions) answer(m *wire.Message) bool {
	if !strings.HasPrefix(string(m.TopVia.Branch), branchPrefix) {
		return false
	}
	t.mu.Lock()
	got := t.open[string(m.TopVia.Branch)]
	t.mu.Unlock()
	if got == nil || string(m.Method) != "NOTIFY" {
		return true
	}
	select {
	case got <- answer{m.Status, string(m.Single[wire.HeaderWWWAuthenticate]), string(m.Single[wire.HeaderProxyAuthenticate])}:
	default: // a flood of provisionals; the last one matters and comes again
	}
	return true
}
