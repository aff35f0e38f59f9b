package app

import (
	"context"
	"sync"
)

// turns lets one at a time act for a key, in the order in which they came.
type turns struct {
	mu   sync.Mutex
	keys map[string]*turn
}

type turn struct {
	free  chan struct{}
	users int
}

// enter waits until nobody else acts for the key; leave lets the next one in.
func (t *turns) enter(ctx context.Context, key string) (leave func(), err error) {
	t.mu.Lock()
	if t.keys == nil {
		t.keys = map[string]*turn{}
	}
	x := t.keys[key]
	if x == nil {
		x = &turn{free: make(chan struct{}, 1)}
		t.keys[key] = x
	}
	x.users++
	t.mu.Unlock()
	select {
	case x.free <- struct{}{}:
		return func() { <-x.free; t.leave(key, x) }, nil
	case <-ctx.Done():
		t.leave(key, x)
		return nil, ctx.Err()
	}
}

func (t *turns) leave(key string, x *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if x.users--; x.users == 0 {
		delete(t.keys, key)
	}
}
