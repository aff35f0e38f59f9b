package api

import (
	"context"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// AtChannel names a customer's channel.
type AtChannel struct {
	AtCustomer
	Channel string `path:"channel" doc:"The channel's id."`
}

const (
	channelsPath = "/v1/customers/{customer}/channels"
	channelPath  = channelsPath + "/{channel}"
)

type newChannel struct {
	Name     string                `json:"name" minLength:"1" maxLength:"100"`
	Kind     telephony.ChannelKind `json:"kind,omitempty" enum:"cpe,client" doc:"cpe (default): a place with a device. client: a desktop or mobile client."`
	Location string                `json:"location,omitempty" maxLength:"200" doc:"Where the place is, for emergency calls."`
	ELIN     string                `json:"elin,omitempty" maxLength:"40" doc:"The number that stands for the place at the emergency service."`
}

func (n newChannel) channel(customer string) telephony.Channel {
	if n.Kind == "" {
		n.Kind = telephony.KindCPE
	}
	return telephony.Channel{CustomerID: customer, Name: n.Name, Kind: n.Kind, Location: n.Location, ELIN: n.ELIN}
}

type channelPatch struct {
	Name     *string `json:"name,omitempty" minLength:"1" maxLength:"100"`
	Location *string `json:"location,omitempty" maxLength:"200"`
	ELIN     *string `json:"elin,omitempty" maxLength:"40"`
}

func (r *routes) channels() {
	const tag = "Channels"
	a := &r.s.app.Channels
	add(r, get(channelsPath), tag, "list-channels", "List channels", "Gives the customer's channels with their state, device, link and login."+sortedBy(app.ChannelSorts, app.ChannelFilters),
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCustomer
			Sorted
		}) (*sorted[channelBody], error) {
			l, err := a.List(ctx, actor, in.Customer, in.query())
			return sortedOf(in.Sorted, l, showChannel), err
		})
	add(r, post(channelsPath), tag, "create-channel", "Create a channel", "Makes a place with its SIP account.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCustomer
			Body newChannel
		}) (*made[channelBody], error) {
			c, err := a.Create(ctx, actor, in.Body.channel(in.Customer))
			return &made[channelBody]{etag(c.Channel.Version), "/v1/customers/" + in.Customer + "/channels/" + c.Channel.ID, showChannel(c)}, err
		}, isCreated)
	add(r, get(channelPath), tag, "get-channel", "Read a channel", "Gives one channel with its state and what stands beside it.",
		func(ctx context.Context, actor auth.Actor, in *AtChannel) (*single[channelBody], error) {
			c, err := a.Get(ctx, actor, in.Customer, in.Channel)
			return &single[channelBody]{etag(c.Channel.Version), showChannel(c)}, err
		})
	add(r, patch(channelPath), tag, "change-channel", "Change a channel", "Members that are left out stay as they are.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtChannel
			Precondition
			Body channelPatch
		}) (*single[channelBody], error) {
			v, err := in.version()
			if err != nil {
				return nil, err
			}
			c, err := a.Update(ctx, actor, in.Customer, in.Channel, v, func(c *telephony.Channel) error {
				set(&c.Name, in.Body.Name)
				set(&c.Location, in.Body.Location)
				set(&c.ELIN, in.Body.ELIN)
				return nil
			})
			return &single[channelBody]{etag(c.Channel.Version), showChannel(c)}, err
		})
	add(r, remove(channelPath), tag, "delete-channel", "Delete a channel", "Ends its login, link and attachment with it; the device loses this line.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtChannel
			Precondition
		}) (*nothing, error) {
			v, err := in.version()
			if err != nil {
				return nil, err
			}
			return nil, a.Delete(ctx, actor, in.Customer, in.Channel, v)
		})
	add(r, get(channelPath+"/explanation"), tag, "explain-channel", "Explain a channel's state", "Gives the way from link to registered phone step by step, with the first thing missing and what to do about it.",
		func(ctx context.Context, actor auth.Actor, in *AtChannel) (*plain[explanationBody], error) {
			e, err := a.Explain(ctx, actor, in.Customer, in.Channel)
			return &plain[explanationBody]{showExplanation(e)}, err
		})
	add(r, get(channelPath+"/linkable-extensions"), tag, "list-linkable-extensions", "List extensions that can be linked here", "Those that the channel's page would offer.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtChannel
			Page
		}) (*listed[extensionRef], error) {
			l, err := a.Linkable(ctx, actor, in.Customer, in.Channel, in.query())
			return listOf(l, showExtensionRef), err
		})
}
