package auth

import (
	"net/netip"
	"time"
)

// What one address, and the network around it, may try before it must wait.
const (
	sourceBurst  = 20
	sourceEvery  = 10 * time.Second
	networkBurst = 100
	networkEvery = 2 * time.Second
)

// Sources bounds guessing per source: an IPv4 address and its /24, an IPv6 /64
// and its /48, because whoever has one address of a /64 has them all. It is kept in
// memory: a restart costs a guesser more than it gives.
type Sources struct{ ledger[netip.Prefix] }

// NewSources makes an empty Sources.
func NewSources() *Sources {
	return &Sources{ledger[netip.Prefix]{buckets: map[netip.Prefix]bucket{}}}
}

func limitsOf(a netip.Addr) []limit[netip.Prefix] {
	narrow, wide := 32, 24
	if a = a.Unmap().WithZone(""); a.Is6() {
		narrow, wide = 64, 48
	}
	n, err := a.Prefix(narrow)
	if err != nil {
		return nil // no address: a caller inside the house
	}
	w, _ := a.Prefix(wide)
	return []limit[netip.Prefix]{{n, sourceEvery, sourceBurst}, {w, networkEvery, networkBurst}}
}

// Take counts a try; it is refused, and not counted, until the given time. A try
// is taken before it is judged, so that tries at once count too, and given back
// when it was right.
func (s *Sources) Take(a netip.Addr, now time.Time) (until time.Time, ok bool) {
	return s.take(limitsOf(a), now)
}

// Blocked reports until when tries are refused, zero if they are not: for those
// who judge few at a time and take the wrong ones only.
func (s *Sources) Blocked(a netip.Addr, now time.Time) time.Time { return s.blocked(limitsOf(a), now) }

// GiveBack undoes a Take that was no guess.
func (s *Sources) GiveBack(a netip.Addr) { s.giveBack(limitsOf(a)) }

// Tell reports whether this is the first refusal since the source was blocked.
func (s *Sources) Tell(a netip.Addr) bool { return s.tell(limitsOf(a)) }
