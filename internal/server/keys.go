package server

import (
	"context"
	"net/netip"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/phone"
	"tischlein/internal/telephony"
)

// keys answers what the pages of phones ask, as the phone itself: it may log in
// and out at its own channel and nowhere else.
type keys struct{ app *app.App }

const byKey = "key" // the path of such logins and logouts (H09)

func (k keys) ByPages(ctx context.Context, token string) (phone.Device, error) {
	x, err := k.app.Devices.ByPages(ctx, token)
	return phone.Device(x), err
}

func (k keys) At(ctx context.Context, d phone.Device, port int, from netip.Addr) (phone.Spot, error) {
	at, err := k.app.Devices.At(ctx, app.Device(d), port)
	if err != nil {
		return phone.Spot{}, err
	}
	s := phone.Spot{Device: d, From: from, ChannelID: at.Channel.ID, Channel: at.Channel.Name, TimeZone: at.TimeZone}
	here, err := k.app.Desks.Here(ctx, phoneAt(s), d.CustomerID, s.ChannelID)
	if err != nil {
		return phone.Spot{}, err
	}
	s.Language, s.Linked = here.Language, here.LinkedTo
	return s, nil
}

func (k keys) LogIn(ctx context.Context, s phone.Spot, a phone.Attempt) (telephony.Party, error) {
	here, _, err := k.app.Desks.LogIn(ctx, phoneAt(s), app.LoginRequest{
		CustomerID: s.Device.CustomerID, ChannelID: s.ChannelID, Number: a.Number, PIN: a.PIN, NewPIN: a.NewPIN,
		TakeOver: a.TakeOver, End: a.End, Over: a.Over, Path: byKey,
	})
	return here.Party, err
}

func (k keys) LogOut(ctx context.Context, s phone.Spot, where telephony.Where) (kept []string, err error) {
	done, err := k.app.Desks.LogOut(ctx, phoneAt(s), app.LogoutRequest{
		CustomerID: s.Device.CustomerID, ChannelID: s.ChannelID, Where: where, Path: byKey,
	})
	for _, e := range done {
		if e.Kind == "kept" {
			kept = append(kept, e.Channel)
		}
	}
	return kept, err
}

func phoneAt(s phone.Spot) auth.Actor {
	return auth.PhoneActor(s.Device.CustomerID, s.ChannelID, s.Channel, s.From)
}
