package server

import (
	"context"

	"tischlein/internal/app"
	"tischlein/internal/call"
	"tischlein/internal/telephony"
)

// calls is the use cases as the part that carries calls sees them: its House, its
// Records and its Observer.
type calls struct{ *house }

var (
	_ call.House    = calls{}
	_ call.Records  = calls{}
	_ call.Observer = calls{}
)

func (c calls) Plan(ctx context.Context, channelID, dialled string) (telephony.CallPlan, error) {
	return c.app.Calls.Plan(ctx, channelID, dialled)
}

func (c calls) PlanInbound(ctx context.Context, trunkID, dialled, from string) (telephony.CallPlan, error) {
	return c.app.Calls.PlanInbound(ctx, trunkID, dialled, from)
}

func (c calls) Trunks(ctx context.Context) ([]telephony.Trunk, error) {
	return c.app.Calls.Trunks(ctx)
}

func (c calls) Load(ctx context.Context, each func(call.Record) error) error {
	return c.app.Calls.Load(ctx, func(r app.CallRecord) error { return each(call.Record(r)) })
}

func (c calls) Save(ctx context.Context, batch []call.Record) error {
	rows := make([]app.CallRecord, len(batch))
	for i, r := range batch {
		rows[i] = app.CallRecord(r)
	}
	return c.app.Calls.Save(ctx, rows)
}

func (c calls) Busy(channelID string, busy bool) {
	c.app.Calls.Busy(channelID, busy)
}

func (c calls) Ended(ctx context.Context, e call.Ended) {
	c.metrics.Called(e.Status)
	c.app.Calls.Ended(ctx, app.CallEnded{Plan: e.Plan, Status: e.Status, Reason: e.Reason, Emergency: e.Emergency})
}
