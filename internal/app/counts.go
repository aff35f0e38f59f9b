package app

import (
	"context"
	"sync"
	"time"
)

// counts remembers what took long to count, so that a page that is live does not
// have it counted every few seconds. Counts of different things never wait for
// each other, and who has an old count to show does not wait for the new one.
type counts[K comparable, V any] struct {
	mu    sync.Mutex
	known map[K]*counted[V]
}

type counted[V any] struct {
	turn  chan struct{} // holds one while somebody counts
	value V
	until time.Time // it holds
	stale time.Time // it may be shown while it is counted anew; zero: there is none
}

// Counts that are kept hold ten times as long as they took, and may be shown for
// as long again while they are counted anew.
const (
	countHolds    = 10
	mostCounts    = 1000
	countPatience = time.Minute
)

// of gives what is remembered, or counts. keep says how long a count is good that
// took so long, 0 = it is not remembered; behind runs a recount that nobody waits
// for.
func (m *counts[K, V]) of(ctx context.Context, key K, now func() time.Time, behind func(func()), keep func(V, time.Duration) time.Duration, count func(context.Context) (V, error)) (V, error) {
	m.mu.Lock()
	x := m.entry(key)
	at := now()
	if at.Before(x.until) {
		defer m.mu.Unlock()
		return x.value, nil
	}
	if at.Before(x.stale) {
		defer m.mu.Unlock()
		select {
		case x.turn <- struct{}{}:
			behind(func() {
				later, stop := context.WithTimeout(context.WithoutCancel(ctx), countPatience)
				defer stop()
				_, _ = m.count(later, key, x, now, keep, count) // what failed is tried anew by the next who asks
			})
		default: // somebody does already
		}
		return x.value, nil
	}
	m.mu.Unlock()
	select {
	case x.turn <- struct{}{}:
	case <-ctx.Done():
		var none V
		return none, ctx.Err()
	}
	m.mu.Lock()
	if now().Before(x.until) { // counted while this one waited
		defer m.mu.Unlock()
		<-x.turn
		return x.value, nil
	}
	m.mu.Unlock()
	return m.count(ctx, key, x, now, keep, count)
}

// entry finds or makes the place of a key; m is locked.
func (m *counts[K, V]) entry(key K) *counted[V] {
	x := m.known[key]
	if x == nil {
		if m.known == nil || len(m.known) >= mostCounts {
			m.known = map[K]*counted[V]{}
		}
		x = &counted[V]{turn: make(chan struct{}, 1)}
		m.known[key] = x
	}
	return x
}

// count counts; the caller has the turn, which ends here.
func (m *counts[K, V]) count(ctx context.Context, key K, x *counted[V], now func() time.Time, keep func(V, time.Duration) time.Duration, count func(context.Context) (V, error)) (V, error) {
	defer func() { <-x.turn }()
	begun := time.Now()
	v, err := count(ctx)
	var holds time.Duration
	if err == nil {
		holds = keep(v, time.Since(begun))
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if holds > 0 {
		at := now()
		x.value, x.until, x.stale = v, at.Add(holds), at.Add(2*holds)
	} else if m.known[key] == x {
		delete(m.known, key)
	}
	return v, err
}
