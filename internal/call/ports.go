package call

import (
	"context"

	"tischlein/internal/telephony"
)

// House decides what a call means, and who may watch whom. Its methods answer with
// an Error: NotFound for a number nobody has, Forbidden for what this caller may
// not dial (its Reason is told to the phone), Unavailable when it cannot say now.
type House interface {
	// Plan is for a request of an authenticated channel.
	Plan(ctx context.Context, channelID, dialled string) (telephony.CallPlan, error)
	// PlanInbound is for a request that a trunk sends.
	PlanInbound(ctx context.Context, trunkID, dialled, from string) (telephony.CallPlan, error)
	// Watch says whom a subscription to that event and number watches, for the desk
	// where its phone is. The number means nothing to a message-summary: that is
	// the one of who is logged in there.
	Watch(ctx context.Context, channelID, event, number string) (Watched, error)
	// Trunks are all trunks; asked at the start and after Server.TrunksChanged.
	Trunks(ctx context.Context) ([]telephony.Trunk, error)
}

// Record is a call that is up (C09) or a subscription (C12), as it must outlive a
// restart.
type Record struct {
	ID         string // Call-ID and tags, hashed
	CustomerID string
	ChannelIDs []string // the devices in it
	State      []byte   // JSON; nil: it has ended
}

// Records keeps calls or subscriptions over a restart. Save is one durable batch, idempotent, and
// never called twice at the same time.
type Records interface {
	Load(ctx context.Context, each func(Record) error) error
	Save(ctx context.Context, batch []Record) error
}

// Observer is told what happens to calls; its methods return at once.
type Observer interface {
	// Busy says whether a channel's device is in a call now (C05, D04).
	Busy(channelID string, busy bool)
	// Ended follows each call that was planned: for the statistics and the alarms.
	Ended(ctx context.Context, e Ended)
}

// Ended is a finished or failed call.
type Ended struct {
	Plan      telephony.CallPlan
	Status    int // final SIP status of the set-up, 200 when it was answered
	Reason    string
	Emergency bool
}
