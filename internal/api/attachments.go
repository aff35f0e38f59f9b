package api

import (
	"context"

	"tischlein/internal/auth"
)

type attachOrder struct {
	CPEID string `json:"cpe_id" minLength:"1"`
	Port  int    `json:"port,omitempty" minimum:"0" doc:"From 1; the first free one if left out."`
}

type credentialsBody struct {
	User     string `json:"user"`
	Password string `json:"password"`
}

func (r *routes) attachments() {
	const tag = "Attachments"
	a := &r.s.app.CPEs
	add(r, put(channelPath+"/attachment"), tag, "attach-cpe", "Connect a CPE with a channel", "A linked extension logs in there by itself.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtChannel
			MayDryRun
			Body attachOrder
		}) (*plain[Outcome], error) {
			e, err := a.Attach(ctx, actor, in.Customer, in.Body.CPEID, in.Channel, in.Body.Port, in.DryRun)
			return outcomeOf(e, in.DryRun, err)
		})
	add(r, remove(channelPath+"/attachment"), tag, "detach-cpe", "Disconnect a channel's CPE", "Ends the login there; the link stays with the channel.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtChannel
			MayDryRun
		}) (*plain[Outcome], error) {
			e, err := a.Detach(ctx, actor, in.Customer, in.Channel, in.DryRun)
			return outcomeOf(e, in.DryRun, err)
		})
	add(r, post(channelPath+"/credentials"), tag, "reveal-credentials", "Reveal a channel's SIP credentials", "For generic devices that are configured by hand. Needs the scope reveal and is written to the audit log.",
		func(ctx context.Context, actor auth.Actor, in *AtChannel) (*plain[credentialsBody], error) {
			user, secret, err := a.Credentials(ctx, actor, in.Customer, in.Channel)
			return &plain[credentialsBody]{credentialsBody{user, secret.Reveal()}}, err
		}, hasSecret)
}
