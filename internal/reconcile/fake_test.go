package reconcile

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tischlein/internal/telephony"
)

// item is one device's row, with the queue's rules of the records.
type item struct {
	due      time.Time // zero: not due
	bulk     bool
	pushable bool
	tries    int
	pushes   []time.Time // when Notify was called
	outcome  telephony.PushOutcome
}

// world is queue and phones at once. All times are synctest's.
type world struct {
	mu       sync.Mutex
	items    map[string]*item
	order    []string
	answer   func(id string, try int) telephony.PushResult
	takes    time.Duration // how long a Notify lasts
	inFlight int
	peak     int
}

func newWorld() *world {
	return &world{items: map[string]*item{}, answer: func(string, int) telephony.PushResult {
		return telephony.PushResult{Outcome: telephony.PushAnswered, Status: 200}
	}}
}

// want makes a device due now, as a commit does.
func (w *world) want(id string, bulk bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	it := w.items[id]
	if it == nil {
		it = &item{pushable: true}
		w.items[id] = it
		w.order = append(w.order, id)
	}
	it.due, it.bulk, it.tries = time.Now(), bulk, 0
}

func (w *world) get(id string) item {
	w.mu.Lock()
	defer w.mu.Unlock()
	return *w.items[id]
}

func (w *world) Claim(_ context.Context, bulk bool, limit int, retry time.Duration) ([]Due, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []Due
	for _, id := range w.order {
		it := w.items[id]
		if len(out) == limit || it.bulk != bulk || it.due.IsZero() || it.due.After(time.Now()) {
			continue
		}
		it.due = time.Now().Add(retry)
		it.tries++
		out = append(out, Due{Push: telephony.Push{CPEID: id, Revision: "r1"}, Tries: it.tries, Pushable: it.pushable})
	}
	return out, nil
}

func (w *world) Done(_ context.Context, d Due, r telephony.PushResult, next time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.items[d.CPEID].due, w.items[d.CPEID].outcome = next, r.Outcome
	return nil
}

func (w *world) NextDue(context.Context) (time.Time, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var next time.Time
	for _, it := range w.items {
		if !it.due.IsZero() && (next.IsZero() || it.due.Before(next)) {
			next = it.due
		}
	}
	return next, nil
}

func (w *world) Notify(ctx context.Context, p telephony.Push) telephony.PushResult {
	w.mu.Lock()
	it := w.items[p.CPEID]
	it.pushes = append(it.pushes, time.Now())
	try := len(it.pushes)
	w.inFlight++
	w.peak = max(w.peak, w.inFlight)
	w.mu.Unlock()
	ended := !sleep(ctx, w.takes)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.inFlight--
	if ended {
		return telephony.PushResult{Outcome: telephony.PushUnreachable}
	}
	return w.answer(p.CPEID, try)
}

// run lets f act on a running loop inside a bubble of fake time.
func run(t *testing.T, w *world, cfg Config, f func(t *testing.T, l *Loop, stop func())) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		cfg.Queue, cfg.Notifier, cfg.Log = w, w, slog.New(slog.DiscardHandler)
		l := New(cfg)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			l.Run(ctx)
			close(ended)
		}()
		stop := func() {
			cancel()
			<-ended
		}
		defer stop()
		synctest.Wait()
		f(t, l, stop)
	})
}

// gaps are the pauses between a device's pushes.
func gaps(it item) []time.Duration {
	var out []time.Duration
	for i := 1; i < len(it.pushes); i++ {
		out = append(out, it.pushes[i].Sub(it.pushes[i-1]))
	}
	return out
}
