package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// round hands out the phones of one round, each once.
type round struct {
	phones []phone
	act    act
	rate   float64 // per second; 0 hands out at once
	start  time.Time
	next   atomic.Int64
}

// take returns the next phone and when it was due. Without one it returns nil, and either the time
// to wait for the next or, zero, that there are no more.
func (r *round) take(now time.Time) (*phone, time.Time, time.Duration) {
	for {
		k := r.next.Load()
		if k >= int64(len(r.phones)) {
			return nil, now, 0
		}
		due := now
		if r.rate > 0 {
			due = r.start.Add(time.Duration(float64(k) / r.rate * float64(time.Second)))
			if due.After(now) {
				return nil, now, due.Sub(now)
			}
		}
		if r.next.CompareAndSwap(k, k+1) {
			return &r.phones[k], due, 0
		}
	}
}

// worker drives registrations over its own sockets until the round is handed out and answered, or
// ctx ends; what then is still open it counts as failed.
type worker interface {
	run(ctx context.Context, r *round, t *tally) error
	Close() error
}

// load runs all rounds and reports the measured ones.
func load(ctx context.Context, phones []phone, o options) (*report, error) {
	workers, err := openWorkers(o)
	if err != nil {
		return nil, err
	}
	defer func() {
		for _, w := range workers {
			w.Close()
		}
		for i := range phones {
			if c := phones[i].conn; c != nil {
				c.Close()
			}
		}
	}()
	r := &report{Server: o.server, Proto: o.proto, Phones: len(phones), Window: o.window, Offered: o.rate}
	do := func(what act, rate float64) (*tally, error) {
		t, err := runRound(ctx, workers, &round{phones: phones, act: what, rate: rate})
		if err == nil {
			r.count(t)
		}
		return t, err
	}
	if o.warm {
		if _, err := do(query, 0); err != nil {
			return nil, err
		}
	}
	var fresh, again []*tally
	for i := range o.rounds {
		if i > 0 {
			if _, err := do(unbind, 0); err != nil {
				return nil, err
			}
		}
		t, err := do(bind, o.rate)
		if err != nil {
			return nil, err
		}
		fresh = append(fresh, t)
	}
	for range o.refreshes {
		t, err := do(bind, o.rate)
		if err != nil {
			return nil, err
		}
		again = append(again, t)
	}
	r.New, r.Refresh = summarize(fresh), summarize(again)
	return r, nil
}

func openWorkers(o options) ([]worker, error) {
	var workers []worker
	switch o.proto {
	case "udp":
		for range o.sockets {
			w, err := newUDPWorker(o, max(1, o.window/o.sockets))
			if err != nil {
				return nil, err
			}
			workers = append(workers, w)
		}
	case "tcp", "tls":
		for range o.window {
			workers = append(workers, newStreamWorker(o))
		}
	default:
		return nil, fmt.Errorf("-proto %s: want udp, tcp or tls", o.proto)
	}
	return workers, nil
}

func runRound(ctx context.Context, workers []worker, r *round) (*tally, error) {
	tallies := make([]tally, len(workers))
	errs := make([]error, len(workers))
	r.start = time.Now()
	var all sync.WaitGroup
	for i, w := range workers {
		all.Go(func() { errs[i] = w.run(ctx, r, &tallies[i]) })
	}
	all.Wait()
	sum := tally{took: time.Since(r.start)}
	for i := range tallies {
		if errs[i] != nil {
			return nil, errs[i]
		}
		sum.add(&tallies[i])
	}
	if left := len(r.phones) - sum.ok() - sum.failed(); left > 0 {
		sum.failures = map[string]int{"never begun": left}
	}
	return &sum, nil
}
