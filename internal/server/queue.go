package server

import (
	"context"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/metrics"
	"tischlein/internal/reconcile"
	"tischlein/internal/telephony"
)

// queue is the due pushes as the loop sees them.
type queue struct {
	app     *app.App
	metrics *metrics.Metrics
}

func (q queue) Claim(ctx context.Context, bulk bool, limit int, retry time.Duration) ([]reconcile.Due, error) {
	due, err := q.app.Pushes.Claim(ctx, bulk, limit, retry)
	out := make([]reconcile.Due, len(due))
	for i, d := range due {
		out[i] = reconcile.Due{Push: d.Push, Tries: d.Tries, Pushable: d.Pushable}
	}
	return out, err
}

func (q queue) Done(ctx context.Context, d reconcile.Due, r telephony.PushResult, next time.Time) error {
	q.metrics.Pushed(string(r.Outcome), d.Tries)
	return q.app.Pushes.Done(ctx, app.DuePush{Push: d.Push, Tries: d.Tries, Pushable: d.Pushable}, r, next)
}

func (q queue) NextDue(ctx context.Context) (time.Time, error) { return q.app.Pushes.NextDue(ctx) }
