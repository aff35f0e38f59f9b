// Package jobs runs what must happen from time to time. A Task is one bounded
// piece of work that can be called by itself; Run is the loop around it. It must
// not know what the work is about.
package jobs

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Task is work that is done piece by piece.
type Task struct {
	Name  string
	Every time.Duration
	// RunOnce does one bounded piece and says whether more is waiting.
	RunOnce func(context.Context) (more bool, err error)
}

// Runner runs tasks, each in its own goroutine, so that a slow one delays no other.
type Runner struct {
	tasks []Task
	wakes []chan struct{}
	log   *slog.Logger
}

// New makes a runner; nothing runs before Run.
func New(log *slog.Logger, tasks ...Task) *Runner {
	r := &Runner{tasks: tasks, log: log}
	for range tasks {
		r.wakes = append(r.wakes, make(chan struct{}, 1))
	}
	return r
}

// Wake runs the named task soon instead of at its time. It never blocks.
func (r *Runner) Wake(name string) {
	for i, t := range r.tasks {
		if t.Name != name {
			continue
		}
		select {
		case r.wakes[i] <- struct{}{}:
		default:
		}
	}
}

// Run runs every task at once and then at its time, until ctx ends and the last
// piece under way is finished.
func (r *Runner) Run(ctx context.Context) {
	var group sync.WaitGroup
	for i, t := range r.tasks {
		group.Go(func() { r.loop(ctx, t, r.wakes[i]) })
	}
	group.Wait()
}

func (r *Runner) loop(ctx context.Context, t Task, wake <-chan struct{}) {
	for ctx.Err() == nil {
		r.work(ctx, t)
		timer := time.NewTimer(t.Every)
		select {
		case <-timer.C:
		case <-wake:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// work runs pieces while there are more. An error ends the turn: what is still to
// do waits for the next one, so that a broken database is not hammered.
func (r *Runner) work(ctx context.Context, t Task) {
	for ctx.Err() == nil {
		more, err := t.RunOnce(ctx)
		if err != nil {
			if ctx.Err() == nil {
				r.log.Error("a periodic task failed, it will be repeated", "task", t.Name, "err", err)
			}
			return
		}
		if !more {
			return
		}
	}
}
