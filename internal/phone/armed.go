package phone

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"tischlein/internal/telephony"
)

// armedSet holds in memory which MACs may be claimed (P03 c), so that all others
// cost nothing (P05).
type armedSet struct {
	read  func(context.Context) ([]telephony.MAC, error)
	log   *slog.Logger
	now   func() time.Time
	dirty atomic.Uint64 // how many changes there were
	mu    sync.Mutex    // one reader at a time, the others wait for it
	have  atomic.Pointer[armedRead]
}

type armedRead struct {
	macs  map[telephony.MAC]struct{}
	dirty uint64 // the changes that it includes
	until time.Time
}

// armedFor is how long the set is believed without a change: other nodes arm too.
// After a failed read the old set stands for armedRetry.
const (
	armedFor   = time.Minute
	armedRetry = time.Second
)

func (a *armedSet) has(ctx context.Context, mac telephony.MAC) bool {
	have := a.have.Load()
	if !a.fresh(have) {
		have = a.reread(ctx)
	}
	_, ok := have.macs[mac]
	return ok
}

func (a *armedSet) fresh(r *armedRead) bool {
	return r != nil && r.dirty == a.dirty.Load() && a.now().Before(r.until)
}

func (a *armedSet) reread(ctx context.Context) *armedRead {
	a.mu.Lock()
	defer a.mu.Unlock()
	old := a.have.Load()
	if a.fresh(old) {
		return old
	}
	next := &armedRead{dirty: a.dirty.Load(), until: a.now().Add(armedFor)}
	// The answer serves everybody: it must not die with the request that asked.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	macs, err := a.read(ctx)
	if err != nil {
		a.log.Error("reading armed MACs", "err", err)
		next.until = a.now().Add(armedRetry)
		if old != nil {
			next.macs = old.macs
		}
	} else {
		next.macs = make(map[telephony.MAC]struct{}, len(macs))
		for _, m := range macs {
			next.macs[m] = struct{}{}
		}
	}
	a.have.Store(next)
	return next
}
