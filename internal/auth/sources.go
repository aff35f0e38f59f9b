package auth

import (
	"net/netip"
	"sync"
	"time"
)

// What one address, and the network around it, may try before it must wait.
const (
	sourceBurst  = 20
	sourceEvery  = 10 * time.Second
	networkBurst = 100
	networkEvery = 2 * time.Second
	sourcesMost  = 16384 // remembered, about 60 bytes each
)

// Sources bounds guessing per source: an IPv4 address and its /24, an IPv6 /64
// and its /48, because whoever has one address of a /64 has them all. Each try is
// taken before it is judged, so that tries at once count too, and given back when
// it was right. It is kept in memory: a restart costs a guesser more than it gives.
type Sources struct {
	mu      sync.Mutex
	buckets map[netip.Prefix]bucket
}

// bucket says when the last of its tries will have been paid back.
type bucket struct{ full time.Time }

// NewSources makes an empty Sources.
func NewSources() *Sources { return &Sources{buckets: map[netip.Prefix]bucket{}} }

type limit struct {
	source netip.Prefix
	every  time.Duration
	burst  int
}

func limitsOf(a netip.Addr) []limit {
	narrow, wide := 32, 24
	if a = a.Unmap().WithZone(""); a.Is6() {
		narrow, wide = 64, 48
	}
	n, err := a.Prefix(narrow)
	if err != nil {
		return nil // no address: a caller inside the house
	}
	w, _ := a.Prefix(wide)
	return []limit{{n, sourceEvery, sourceBurst}, {w, networkEvery, networkBurst}}
}

// Take counts a try; it is refused, and not counted, until the given time.
func (s *Sources) Take(a netip.Addr, now time.Time) (until time.Time, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	limits := limitsOf(a)
	for _, l := range limits {
		if free := s.buckets[l.source].full.Add(-time.Duration(l.burst-1) * l.every); now.Before(free) && free.After(until) {
			until = free
		}
	}
	if !until.IsZero() {
		return until, false
	}
	for _, l := range limits {
		b := s.buckets[l.source]
		if b.full.Before(now) {
			b.full = now
		}
		s.put(l.source, bucket{b.full.Add(l.every)}, now)
	}
	return time.Time{}, true
}

// GiveBack undoes a Take that was no guess.
func (s *Sources) GiveBack(a netip.Addr) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range limitsOf(a) {
		if b, ok := s.buckets[l.source]; ok {
			s.buckets[l.source] = bucket{b.full.Add(-l.every)}
		}
	}
}

// put makes room by forgetting, of a few met at random, the one that is paid
// back first: who guesses hardest is forgotten last.
func (s *Sources) put(p netip.Prefix, b bucket, now time.Time) {
	if _, ok := s.buckets[p]; !ok && len(s.buckets) >= sourcesMost {
		const sample = 8
		var first netip.Prefix
		var at time.Time
		n := 0
		for q, c := range s.buckets {
			if n == 0 || c.full.Before(at) {
				first, at = q, c.full
			}
			if n++; n == sample || !at.After(now) {
				break
			}
		}
		delete(s.buckets, first)
	}
	s.buckets[p] = b
}
