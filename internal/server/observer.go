package server

import (
	"context"

	"tischlein/internal/sip"
	"tischlein/internal/telephony"
)

// refusals are the registrar's reasons as the history of a device has them (telephony.WhyOf).
var refusals = map[string]string{
	sip.RefusedDigest:   "a wrong SIP password",
	sip.RefusedUser:     "it registers as another account than its own",
	sip.RefusedInstance: "another phone uses its SIP account, registered is",
}

// observer hands what the registrar sees to the use cases.
type observer struct{ *house }

func (o observer) Contacted(ctx context.Context, c sip.Contact) error {
	return o.app.Registrar.Contacted(ctx, c.CustomerID, c.ChannelID, c.Source.Addr().Unmap())
}

func (o observer) Registered(ctx context.Context, b telephony.Binding, fresh bool) {
	if fresh {
		o.calls.Registered(b)
	}
	o.links.Registered(b.ChannelID, b.Display)
	o.app.Registrar.Registered(ctx, b, fresh)
}

func (o observer) Unregistered(ctx context.Context, channelID, reason string) {
	o.app.Registrar.Unregistered(ctx, channelID, reason)
}

func (o observer) Refused(ctx context.Context, r sip.Refusal) {
	why := refusals[r.Reason]
	if r.Reason == sip.RefusedInstance {
		why += ": " + r.Detail
	}
	o.app.Registrar.Refused(ctx, r.ChannelID, why, r.Source.Addr().Unmap(), r.Reason != sip.RefusedDigest)
}

func (o observer) Used(ctx context.Context, u sip.Usage) {
	o.app.Registrar.Used(ctx, u.ChannelID, u.SHA256, u.Previous)
}
