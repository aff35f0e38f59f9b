package server

import (
	"context"

	"tischlein/internal/sip"
	"tischlein/internal/telephony"
)

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
	o.app.Registrar.Refused(ctx, r.ChannelID, r.Reason, r.Source.Addr().Unmap(), r.Detail)
}

func (o observer) Used(ctx context.Context, u sip.Usage) {
	o.app.Registrar.Used(ctx, u.ChannelID, u.SHA256, u.Previous)
}
