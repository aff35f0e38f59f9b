package api

import (
	"context"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// Linking and unlinking, from the channel's side and from the extension's (S09).

type linkOrder struct {
	ExtensionID string `json:"extension_id" minLength:"1"`
	TakeOver    bool   `json:"take_over,omitempty" doc:"The extension may be taken from where it sits now."`
	Replace     bool   `json:"replace,omitempty" doc:"Unlink who is linked here first, in the same step."`
	Bulk        bool   `json:"bulk,omitempty" doc:"One of many: its push to the device waits for single ones."`
}

type linkFromExtension struct {
	ChannelID string `json:"channel_id" minLength:"1"`
	TakeOver  bool   `json:"take_over,omitempty" doc:"Whoever is logged in there may be logged off."`
	Replace   bool   `json:"replace,omitempty" doc:"Unlink who is linked there first, in the same step."`
}

type linksBody struct {
	Items []linkBody `json:"items" nullable:"false"`
}

func (r *routes) links() {
	const tag = "Links"
	a := &r.s.app.Links
	add(r, get(channelPath+"/link"), tag, "get-link", "Read a channel's link", "Answers not found while the channel is not linked.",
		func(ctx context.Context, actor auth.Actor, in *AtChannel) (*plain[linkBody], error) {
			c, err := r.s.app.Channels.Get(ctx, actor, in.Customer, in.Channel)
			if err != nil {
				return nil, err
			}
			link := showChannel(c).Link
			if link == nil {
				return nil, telephony.NotFoundf("link")
			}
			return &plain[linkBody]{*link}, nil
		})
	add(r, put(channelPath+"/link"), tag, "link-channel", "Link an extension with a channel", "The device there logs in by itself. What would disturb somebody is refused until it is confirmed with take_over or replace.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtChannel
			MayDryRun
			Body linkOrder
		}) (*plain[Outcome], error) {
			e, err := a.Link(ctx, actor, app.LinkRequest{
				CustomerID: in.Customer, ChannelID: in.Channel, ExtensionID: in.Body.ExtensionID, Side: telephony.FromChannel,
				TakeOver: in.Body.TakeOver, Replace: in.Body.Replace, Bulk: in.Body.Bulk, DryRun: in.DryRun,
			})
			return outcomeOf(e, in.DryRun, err)
		})
	add(r, remove(channelPath+"/link"), tag, "unlink-channel", "Unlink a channel", "The device there becomes a free desk.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtChannel
			MayDryRun
		}) (*plain[Outcome], error) {
			e, err := a.Unlink(ctx, actor, in.Customer, in.Channel, in.DryRun)
			return outcomeOf(e, in.DryRun, err)
		})
	add(r, get(extensionPath+"/links"), tag, "list-extension-links", "List an extension's links", "One link at most, or two with multi-login.",
		func(ctx context.Context, actor auth.Actor, in *AtExtension) (*plain[linksBody], error) {
			e, err := r.s.app.Extensions.Get(ctx, actor, in.Customer, in.Extension)
			return &plain[linksBody]{linksBody{each(e.Links, showLink)}}, err
		})
	add(r, put(extensionPath+"/links"), tag, "link-extension", "Link a channel with an extension", "The same link, made from the extension's page.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtExtension
			MayDryRun
			Body linkFromExtension
		}) (*plain[Outcome], error) {
			e, err := a.Link(ctx, actor, app.LinkRequest{
				CustomerID: in.Customer, ChannelID: in.Body.ChannelID, ExtensionID: in.Extension, Side: telephony.FromExtension,
				TakeOver: in.Body.TakeOver, Replace: in.Body.Replace, DryRun: in.DryRun,
			})
			return outcomeOf(e, in.DryRun, err)
		})
	add(r, remove(extensionPath+"/links/{channel}"), tag, "unlink-extension", "Unlink an extension from a channel", "Answers not found when it is not this extension that is linked there.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtExtension
			MayDryRun
			Channel string `path:"channel" doc:"The channel's id."`
		}) (*plain[Outcome], error) {
			e, err := r.s.app.Extensions.Get(ctx, actor, in.Customer, in.Extension)
			if err != nil {
				return nil, err
			}
			for _, l := range e.Links {
				if l.ChannelID == in.Channel {
					done, err := a.Unlink(ctx, actor, in.Customer, in.Channel, in.DryRun)
					return outcomeOf(done, in.DryRun, err)
				}
			}
			return nil, telephony.NotFoundf("link")
		})
}
