package phone

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"time"
)

// limiter counts the distinct unknown names that come from one address and from
// its network (P05): repeating oneself is free, inventing is not. It is bounded:
// when there are too many names in all, the oldest of a few sources is forgotten.
type limiter struct {
	perAddr, perNet int
	window          time.Duration
	most            int // names in all

	seed maphash.Seed
	mu   sync.Mutex
	srcs map[netip.Prefix]*scan
	all  int
}

const mostSources = 1 << 16

type scan struct {
	since time.Time
	names map[uint64]struct{}
}

func newLimiter(perAddr, perNet int, window time.Duration) *limiter {
	return &limiter{perAddr: perAddr, perNet: perNet, window: window, most: 1 << 20,
		seed: maphash.MakeSeed(), srcs: map[netip.Prefix]*scan{}}
}

// unknown notes that from named an unknown one. It is false when the source has
// used up its names and this is a further one.
func (l *limiter) unknown(from netip.Addr, name string, now time.Time) bool {
	h := maphash.String(l.seed, name)
	one, net := prefixes(from)
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.srcs) > 0 && (l.all >= l.most || len(l.srcs) >= mostSources) {
		l.forgetOne(now)
	}
	a, n := l.source(one, now), l.source(net, now)
	_, inAddr := a.names[h]
	_, inNet := n.names[h]
	if !inAddr && len(a.names) >= l.perAddr || !inNet && len(n.names) >= l.perNet {
		return false
	}
	l.add(a, h)
	l.add(n, h)
	return true
}

// spent reports that the source has no further name free.
func (l *limiter) spent(from netip.Addr, now time.Time) bool {
	one, net := prefixes(from)
	l.mu.Lock()
	defer l.mu.Unlock()
	full := func(p netip.Prefix, most int) bool {
		s := l.srcs[p]
		return s != nil && now.Sub(s.since) < l.window && len(s.names) >= most
	}
	return full(one, l.perAddr) || full(net, l.perNet)
}

func (l *limiter) add(s *scan, h uint64) {
	if _, known := s.names[h]; !known {
		s.names[h] = struct{}{}
		l.all++
	}
}

func (l *limiter) source(p netip.Prefix, now time.Time) *scan {
	s := l.srcs[p]
	if s != nil && now.Sub(s.since) < l.window {
		return s
	}
	if s != nil {
		l.all -= len(s.names)
	}
	s = &scan{since: now, names: map[uint64]struct{}{}}
	l.srcs[p] = s
	return s
}

// forgetOne drops the oldest of a few sources; an expired one at once.
func (l *limiter) forgetOne(now time.Time) {
	var oldest netip.Prefix
	var at *scan
	looked := 0
	for p, s := range l.srcs {
		if at == nil || s.since.Before(at.since) {
			oldest, at = p, s
		}
		if looked++; looked == 8 || now.Sub(at.since) >= l.window {
			break
		}
	}
	if at != nil {
		l.all -= len(at.names)
		delete(l.srcs, oldest)
	}
}

func prefixes(a netip.Addr) (one, net netip.Prefix) {
	bits := 24
	if a.Is6() {
		bits = 64
	}
	net, _ = a.Prefix(bits) // fails for the invalid address only: the zero prefix
	return netip.PrefixFrom(a, a.BitLen()), net
}
