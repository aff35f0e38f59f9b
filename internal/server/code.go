package server

import (
	"context"
	"net/netip"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
	"tischlein/internal/voice/dialogue"
)

// codes gives whoever dials a hot-desk code the desk they stand at (H02).
type codes struct{ *house }

const byCode = "code" // the path of such logins and logouts (H09)

func (c codes) Desk(ctx context.Context, plan telephony.CallPlan, from netip.Addr) dialogue.Desk {
	d := codeDesk{c.app, plan, auth.PhoneActor(plan.CustomerID, plan.ChannelID, "", from.Unmap())}
	if h, err := c.app.Desks.Here(ctx, d.actor, plan.CustomerID, plan.ChannelID); err == nil {
		d.actor.Name = h.Channel // for the audit log; whatever failed here fails again where it matters
	}
	return d
}

// Ended has it written down that a code came to nothing.
func (c codes) Ended(_ context.Context, plan telephony.CallPlan, from netip.Addr, reason string) {
	c.app.Calls.CodeEnded(plan, from.Unmap(), reason)
}

// codeDesk acts as the phone itself: at its own channel and nowhere else.
type codeDesk struct {
	app   *app.App
	plan  telephony.CallPlan
	actor auth.Actor
}

func (d codeDesk) Who(ctx context.Context) (dialogue.Here, error) {
	h, err := d.app.Desks.Here(ctx, d.actor, d.plan.CustomerID, d.plan.ChannelID)
	if err != nil {
		return dialogue.Here{}, err
	}
	here := dialogue.Here{Party: h.Party, Linked: h.LinkedTo.ExtensionID != ""}
	for _, p := range h.Elsewhere {
		here.Elsewhere = append(here.Elsewhere, dialogue.Elsewhere{Name: p.Channel, Linked: p.Kind == telephony.LoginLinked})
	}
	return here, nil
}

func (d codeDesk) Login(ctx context.Context, a dialogue.Attempt) (telephony.Party, error) {
	h, _, err := d.app.Desks.LogIn(ctx, d.actor, app.LoginRequest{
		CustomerID: d.plan.CustomerID, ChannelID: d.plan.ChannelID, Number: a.Number, PIN: a.PIN, NewPIN: a.NewPIN,
		TakeOver: a.TakeOver, Over: a.Over, Path: byCode,
	})
	return h.Party, err
}

func (d codeDesk) Logout(ctx context.Context, everywhere bool) error {
	where := telephony.WhereHere
	if everywhere {
		where = telephony.WhereBoth
	}
	_, err := d.app.Desks.LogOut(ctx, d.actor, app.LogoutRequest{
		CustomerID: d.plan.CustomerID, ChannelID: d.plan.ChannelID, Where: where, Path: byCode,
	})
	return err
}
