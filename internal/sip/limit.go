package sip

import (
	"bytes"
	"net/netip"
	"sync"

	"tischlein/internal/sip/wire"
)

// limiter bounds what one source address can make us do in vain (C14). It never
// stands before the digest: whoever knows a secret is served, whatever else comes
// from the same address. What runs out is our answers to failures, challenges to
// users we do not know, and look-ups that found nothing.
type limiter struct {
	rates  [allowances]rate
	shards [64]limitShard
}

type allowance uint8

const (
	allowFailure  allowance = iota // answering a malformed or wrong request
	allowStranger                  // challenging a user not in memory; given back by a good digest
	allowLookup                    // asking Credentials; given back by a good digest
	allowances
)

type rate struct{ burst, perSecond float32 }

// maxSources bounds the sources remembered per shard: at 64 x 1024 entries of
// about 60 bytes the limiter stays below 4 MB.
const maxSources = 1024

type limitShard struct {
	mu      sync.Mutex
	sources map[[8]byte]*sourceState
}

type sourceState struct {
	left [allowances]float32
	at   int64
}

func newLimiter(l Limits) *limiter {
	lim := &limiter{rates: [allowances]rate{
		allowFailure:  {float32(l.Failures), 1},
		allowStranger: {float32(l.Strangers), 100},
		allowLookup:   {float32(l.Lookups), 10},
	}}
	for i := range lim.shards {
		lim.shards[i].sources = make(map[[8]byte]*sourceState)
	}
	return lim
}

// sourceKey is an IPv4 address or an IPv6 /64: one customer's line either way.
func sourceKey(a netip.Addr) (k [8]byte) {
	if a = a.Unmap(); a.Is4() {
		v4 := a.As4()
		copy(k[4:], v4[:])
		return k
	}
	v6 := a.As16()
	copy(k[:], v6[:8])
	return k
}

// take uses one of the source's allowance up and reports whether there was one.
func (l *limiter) take(a netip.Addr, what allowance, now int64) bool {
	k := sourceKey(a)
	s := l.shard(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.sources[k]
	if st == nil {
		if len(s.sources) >= maxSources {
			s.forget(l, now)
		}
		st = &sourceState{at: now}
		for i, r := range l.rates {
			st.left[i] = r.burst
		}
		s.sources[k] = st
	}
	if d := float32(now - st.at); d > 0 {
		for i, r := range l.rates {
			st.left[i] = min(r.burst, st.left[i]+d*r.perSecond)
		}
		st.at = now
	}
	if st.left[what] < 1 {
		return false
	}
	st.left[what]--
	return true
}

// give returns what a good digest has shown not to be in vain.
func (l *limiter) give(a netip.Addr, what allowance) {
	k := sourceKey(a)
	s := l.shard(k)
	s.mu.Lock()
	if st := s.sources[k]; st != nil {
		st.left[what] = min(l.rates[what].burst, st.left[what]+1)
	}
	s.mu.Unlock()
}

func (l *limiter) shard(k [8]byte) *limitShard {
	return &l.shards[(k[0]^k[1]^k[2]^k[3]^k[4]^k[5]^k[6]^k[7])&63]
}

// forget makes room for one more: of a few sources taken at random one that has
// its full allowance back goes, else any. A flood of forged addresses must
// neither grow the table nor make us walk it.
func (s *limitShard) forget(l *limiter, now int64) {
	looked := 0
	var victim [8]byte
	for k, st := range s.sources {
		victim = k
		full := true
		for i, r := range l.rates {
			full = full && st.left[i]+float32(now-st.at)*r.perSecond >= r.burst
		}
		if looked++; full || looked == 8 {
			break
		}
	}
	delete(s.sources, victim)
}

// scanners are User-Agents of attack tools: they get no answer at all.
var scannerAgents = [...]string{
	"friendly-scanner", "sipvicious", "sipcli", "sip-scan", "sipscan", "sipsak", "vaxsipuseragent",
	"sundayddr", "pplsip", "friendly-request", "iwar", "sivus", "gulp", "smap", "cspx", "masscan", "zmap", "nmap",
}

// scanner remembers the last agent, for phones come in fleets.
func (w *worker) scanner(agent []byte) bool {
	if !bytes.Equal(agent, w.agent) {
		w.agent, w.agentBad = append(w.agent[:0], agent...), attackTool(agent)
	}
	return w.agentBad
}

func attackTool(agent []byte) bool {
	for _, word := range scannerAgents {
		if wire.ContainsFold(agent, word) {
			return true
		}
	}
	return false
}
