package reconcile

import (
	"context"
	"time"

	"tischlein/internal/telephony"
)

// Due is one push that is due now.
type Due struct {
	telephony.Push
	Tries    int  // how often it has been claimed since the device was last in order, this time included
	Pushable bool // false: the vendor's phones obey no check-sync, they poll
}

// Queue is where due pushes come from.
type Queue interface {
	// Claim takes up to limit due pushes of one lane; none of them is due again
	// before retry has passed, whoever asks.
	Claim(ctx context.Context, bulk bool, limit int, retry time.Duration) ([]Due, error)
	// Done notes an outcome and when to look again; zero: not before something
	// changes or the device registers.
	Done(ctx context.Context, d Due, r telephony.PushResult, next time.Time) error
	// NextDue is when the next push of either lane is due, zero if none is.
	NextDue(ctx context.Context) (time.Time, error)
}

// Notifier sends one check-sync and waits for its answer (C05).
type Notifier interface {
	Notify(ctx context.Context, p telephony.Push) telephony.PushResult
}
