package reconcile

import (
	"context"
	"sync"
	"time"
)

// busyPause is how soon a lane looks again when something is due that it did not
// get: it belongs to the other lane, or another node is quicker.
const busyPause = 250 * time.Millisecond

// lane is one of the two ways to the phones: interactive and bulk.
type lane struct {
	loop  *Loop
	bulk  bool
	wake  chan struct{}
	soon  chan time.Time // when a push just noted is due again
	slots chan struct{}  // one in it per push under way
	group sync.WaitGroup
}

func newLane(l *Loop, bulk bool) *lane {
	return &lane{loop: l, bulk: bulk, wake: make(chan struct{}, 1), soon: make(chan time.Time, 64), slots: make(chan struct{}, l.cfg.InFlight)}
}

func (n *lane) run(ctx context.Context) {
	defer n.group.Wait()
	for {
		pause := n.drain(ctx)
		if ctx.Err() != nil {
			return
		}
		n.wait(ctx, pause)
	}
}

// wait ends after pause, at a wake, or when a push that has failed meanwhile is
// due again, whichever is first.
func (n *lane) wait(ctx context.Context, pause time.Duration) {
	until := n.loop.cfg.Now().Add(pause)
	t := time.NewTimer(pause)
	defer t.Stop()
	for {
		select {
		case at := <-n.soon:
			if at.Before(until) {
				until = at
				t.Reset(at.Sub(n.loop.cfg.Now()))
			}
		case <-n.wake:
			return
		case <-t.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// remind makes wait end at that time. A reminder that finds no room is noticed
// one tick late.
func (n *lane) remind(at time.Time) {
	select {
	case n.soon <- at:
	default:
	}
}

// drain pushes all that is due in this lane and says how long to wait then.
func (n *lane) drain(ctx context.Context) time.Duration {
	cfg := &n.loop.cfg
	for {
		room, ok := n.room(ctx)
		if !ok {
			return 0
		}
		due, err := cfg.Queue.Claim(ctx, n.bulk, room, cfg.Lease)
		if err != nil {
			if ctx.Err() == nil {
				cfg.Log.Error("asking for due pushes failed", "bulk", n.bulk, "err", err)
			}
			return min(cfg.Tick, 5*time.Second)
		}
		for _, d := range due {
			n.slots <- struct{}{} // room has seen it free, and only this goroutine fills
			n.group.Go(func() {
				defer func() { <-n.slots }()
				if next := n.loop.push(ctx, d); !next.IsZero() {
					n.remind(next)
				}
			})
			// One after the other: a burst would have all these phones shake
			// hands at the same time, before one that somebody waits for.
			if n.bulk && !sleep(ctx, n.pace(1)) {
				return 0
			}
		}
		if len(due) < room {
			return n.untilNext(ctx)
		}
	}
}

// room waits until at least one push may start and says how many may.
func (n *lane) room(ctx context.Context) (int, bool) {
	select {
	case n.slots <- struct{}{}:
		<-n.slots
	case <-ctx.Done():
		return 0, false
	}
	free := cap(n.slots) - len(n.slots)
	if n.bulk {
		free = min(free, max(1, n.loop.cfg.BulkRate/10))
	}
	return free, true
}

// pace is how long so many bulk pushes take at the rate allowed.
func (n *lane) pace(pushes int) time.Duration {
	return time.Duration(pushes) * time.Second / time.Duration(n.loop.cfg.BulkRate)
}

func (n *lane) untilNext(ctx context.Context) time.Duration {
	cfg := &n.loop.cfg
	next, err := cfg.Queue.NextDue(ctx)
	if err != nil && ctx.Err() == nil {
		cfg.Log.Error("asking for the next push failed", "err", err)
	}
	if err != nil || next.IsZero() {
		return cfg.Tick
	}
	return min(max(next.Sub(cfg.Now()), busyPause), cfg.Tick)
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
