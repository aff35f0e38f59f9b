package api

import (
	"context"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

type loginOrder struct {
	Number   string `json:"number" maxLength:"20" doc:"The extension's number."`
	PIN      string `json:"pin" maxLength:"20"`
	NewPIN   string `json:"new_pin,omitempty" maxLength:"20" doc:"Needed when the PIN must be changed at this login."`
	TakeOver bool   `json:"take_over,omitempty" doc:"Whoever sits here, or the extension's login elsewhere, may be logged off."`
	End      string `json:"end,omitempty" maxLength:"100" doc:"At the maximum: the channel at which the extension is logged off; the oldest login if left out."`
}

func (r *routes) logins() {
	const tag = "Logins"
	a := &r.s.app.Logins
	add(r, put(channelPath+"/login"), tag, "log-in", "Log in by hotdesking", "Logs the extension with that number and PIN in at the channel's device. Three wrong PINs lock the extension's hot-desk login for a while.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtChannel
			MayDryRun
			Body loginOrder
		}) (*plain[Outcome], error) {
			e, err := a.Login(ctx, actor, app.LoginRequest{
				CustomerID: in.Customer, ChannelID: in.Channel, Number: in.Body.Number, PIN: telephony.Secret(in.Body.PIN),
				NewPIN: telephony.Secret(in.Body.NewPIN), TakeOver: in.Body.TakeOver, End: in.Body.End, DryRun: in.DryRun, Path: "api",
			})
			return outcomeOf(e, in.DryRun, err)
		})
	add(r, remove(channelPath+"/login"), tag, "log-out", "Log out", "Ends the hot-desk login at the channel's device. A linked user is taken off by unlinking only.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtChannel
			MayDryRun
			Where telephony.Where `query:"where" enum:"here,both" default:"here" doc:"With two devices: log off at this one, or at both."`
		}) (*plain[Outcome], error) {
			e, err := r.s.app.Desks.LogOut(ctx, actor, app.LogoutRequest{CustomerID: in.Customer, ChannelID: in.Channel, Where: in.Where, DryRun: in.DryRun, Path: "api"})
			return outcomeOf(e, in.DryRun, err)
		})
	add(r, remove(extensionPath+"/logins"), tag, "log-out-everywhere", "Log an extension out everywhere", "Ends all its hot-desk logins; linked ones stay.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtExtension
			MayDryRun
		}) (*plain[Outcome], error) {
			e, err := a.LogoutAll(ctx, actor, in.Customer, in.Extension, in.DryRun)
			return outcomeOf(e, in.DryRun, err)
		})
}
