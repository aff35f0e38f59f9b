package storage

import (
	"context"
	"slices"
	"sync"
	"time"
)

type patient struct{}

// Patient marks work that nobody waits for: of the transactions begun with it one
// at a time runs, and those without the mark go first.
func Patient(ctx context.Context) context.Context { return context.WithValue(ctx, patient{}, true) }

const (
	// mostOvertaking is how many may go before one that is patient: even the
	// patient must get on.
	mostOvertaking = 16
	// After a patient transaction on SQLite, which works inside this process,
	// there is a rest of a part of the time it took. Without it, a long row of
	// them leaves the processor no moment to look whether a phone or a person has
	// something to say.
	restPart = 3
	mostRest = 5 * time.Millisecond
)

// turns says who may write next. On SQLite one writes at a time. On PostgreSQL
// all may but the patient, who take turns among themselves: several at once would
// not be done much sooner, and lose and win against those who are waited for.
type turns struct {
	alone bool // one at a time, patient or not

	mu      sync.Mutex
	taken   bool
	resting bool // the patient are
	passed  int  // who overtook since a patient one had its turn
	first   []chan struct{}
	later   []chan struct{}
}

// take waits for a turn; done ends it.
func (t *turns) take(ctx context.Context) (done func(), err error) {
	later := ctx.Value(patient{}) != nil
	if !later && !t.alone {
		return func() {}, nil
	}
	mine, queue := make(chan struct{}), &t.first
	if later {
		queue = &t.later
	}
	t.mu.Lock()
	*queue = append(*queue, mine)
	t.give()
	t.mu.Unlock()
	select {
	case <-mine:
	case <-ctx.Done():
		t.mu.Lock()
		defer t.mu.Unlock()
		if i := slices.Index(*queue, mine); i >= 0 {
			*queue = slices.Delete(*queue, i, i+1)
		} else { // given to us in the same moment
			t.taken = false
			t.give()
		}
		return nil, ctx.Err()
	}
	began := time.Now()
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.taken = false
		if later && t.alone {
			t.rest(min(time.Since(began)/restPart, mostRest))
		}
		t.give()
	}, nil
}

// rest keeps the patient waiting. t.mu is held.
func (t *turns) rest(d time.Duration) {
	t.resting = true
	time.AfterFunc(d, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.resting = false
		t.give()
	})
}

// give gives the turn, if it is free, to who comes next. t.mu is held.
func (t *turns) give() {
	if t.taken {
		return
	}
	queue := &t.first
	switch patient := len(t.later) > 0 && !t.resting; {
	case patient && (len(t.first) == 0 || t.passed >= mostOvertaking):
		queue, t.passed = &t.later, 0
	case len(t.first) == 0:
		return
	case patient:
		t.passed++
	}
	t.taken = true
	close((*queue)[0])
	*queue = slices.Delete(*queue, 0, 1)
}
