package auth

import (
	"sync"
	"time"
)

// ledgerMost is how many keys a ledger remembers, about 60 bytes each.
const ledgerMost = 16384

// ledger counts tries in buckets that are paid back one by one.
type ledger[K comparable] struct {
	mu      sync.Mutex
	buckets map[K]bucket
}

// bucket says when the last of its tries will have been paid back.
type bucket struct {
	full time.Time
	told bool // the refusal that began when it ran full was told once
}

// limit is what one key may try: burst at once, one more each every.
type limit[K comparable] struct {
	key   K
	every time.Duration
	burst int
}

// until is when all limits have a try left, zero for now.
func (l *ledger[K]) until(limits []limit[K], now time.Time) (until time.Time) {
	for _, x := range limits {
		if free := l.buckets[x.key].full.Add(-time.Duration(x.burst-1) * x.every); now.Before(free) && free.After(until) {
			until = free
		}
	}
	return until
}

func (l *ledger[K]) blocked(limits []limit[K], now time.Time) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.until(limits, now)
}

func (l *ledger[K]) take(limits []limit[K], now time.Time) (until time.Time, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if until = l.until(limits, now); !until.IsZero() {
		return until, false
	}
	for _, x := range limits {
		b := l.buckets[x.key]
		if b.full.Before(now) {
			b.full = now
		}
		l.put(x.key, bucket{full: b.full.Add(x.every)}, now)
	}
	return time.Time{}, true
}

func (l *ledger[K]) giveBack(limits []limit[K]) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, x := range limits {
		if b, ok := l.buckets[x.key]; ok {
			l.buckets[x.key] = bucket{full: b.full.Add(-x.every)}
		}
	}
}

// tell reports whether this is the first refusal since a bucket ran full: that
// one is worth a line in the log, a flood of them is not.
func (l *ledger[K]) tell(limits []limit[K]) (first bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, x := range limits {
		if b, ok := l.buckets[x.key]; ok && !b.told {
			first, b.told = true, true
			l.buckets[x.key] = b
		}
	}
	return first
}

// put makes room by forgetting, of a few met at random, the one that is paid
// back first: who guesses hardest is forgotten last.
func (l *ledger[K]) put(k K, b bucket, now time.Time) {
	if _, ok := l.buckets[k]; !ok && len(l.buckets) >= ledgerMost {
		const sample = 8
		var first K
		var at time.Time
		n := 0
		for q, c := range l.buckets {
			if n == 0 || c.full.Before(at) {
				first, at = q, c.full
			}
			if n++; n == sample || !at.After(now) {
				break
			}
		}
		delete(l.buckets, first)
	}
	l.buckets[k] = b
}
