package reconcile

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"tischlein/internal/telephony"
)

// Config is what a Loop needs. Zero values take the defaults named.
type Config struct {
	Queue    Queue
	Notifier Notifier

	InFlight int           // 1024 pushes waiting for their answers, in each lane
	BulkRate int           // 200 bulk pushes a second at most
	Lease    time.Duration // 45 s: longer than a NOTIFY can wait (RFC 3261 timer F: 32 s)
	Tick     time.Duration // 30 s: how late a lost wake is noticed

	Now func() time.Time
	Log *slog.Logger
}

// Loop pushes what is due. Make it with New, run it with Run.
type Loop struct {
	cfg   Config
	lanes [2]*lane
}

// New makes a loop; it does nothing before Run.
func New(cfg Config) *Loop {
	if cfg.InFlight == 0 {
		cfg.InFlight = 1024
	}
	if cfg.BulkRate == 0 {
		cfg.BulkRate = 200
	}
	if cfg.Lease == 0 {
		cfg.Lease = 45 * time.Second
	}
	if cfg.Tick == 0 {
		cfg.Tick = 30 * time.Second
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	l := &Loop{cfg: cfg}
	// Two lanes with room of their own, so that ten thousand bulk pushes never
	// stand before the one that somebody waits for.
	l.lanes[0] = newLane(l, false)
	l.lanes[1] = newLane(l, true)
	return l
}

// Wake says that something may be due. It never blocks and may be called from
// anywhere.
func (l *Loop) Wake() {
	for _, n := range l.lanes {
		select {
		case n.wake <- struct{}{}:
		default:
		}
	}
}

// Run pushes until ctx ends and returns when no push is under way any more. What
// was then unanswered is due again when its lease is over.
func (l *Loop) Run(ctx context.Context) {
	var both sync.WaitGroup
	for _, n := range l.lanes {
		both.Go(func() { n.run(ctx) })
	}
	both.Wait()
}

// push sends one check-sync and notes what became of it. It returns when the
// device is due again, zero: not by itself.
func (l *Loop) push(ctx context.Context, d Due) (next time.Time) {
	r := telephony.PushResult{Outcome: telephony.PushUnsupported}
	if d.Pushable {
		r = l.cfg.Notifier.Notify(ctx, d.Push)
	}
	if ctx.Err() != nil && r.Outcome != telephony.PushAnswered {
		return next // it is our end, not the phone's: say nothing of the phone
	}
	if pause := after(r, d.Tries); pause > 0 {
		next = l.cfg.Now().Add(pause)
	}
	// An answer that came in our last moment must still be noted.
	done, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := l.cfg.Queue.Done(done, d, r, next); err != nil {
		l.cfg.Log.Error("noting a push failed, it will be repeated", "cpe", d.CPEID, "customer", d.CustomerID, "err", err)
		return time.Time{}
	}
	l.cfg.Log.Debug("pushed", "cpe", d.CPEID, "customer", d.CustomerID, "outcome", r.Outcome, "status", r.Status, "tries", d.Tries)
	return next
}
