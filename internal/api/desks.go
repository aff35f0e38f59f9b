package api

import (
	"context"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// HotdeskLimits say when hot-desk logins end by themselves.
type HotdeskLimits struct {
	Hours int    `json:"hotdesk_hours" doc:"After so many hours; 0: for as long as somebody stays."`
	End   string `json:"hotdesk_end,omitempty" doc:"Every day at this time of the customer's time zone; absent: never." example:"18:30"`
}

// HotdeskChanges changes some of them.
type HotdeskChanges struct {
	Hours *int    `json:"hotdesk_hours,omitempty" doc:"Hot-desk logins end after so many hours, 744 at most; 0: never. Counts for those who are logged in too."`
	End   *string `json:"hotdesk_end,omitempty" maxLength:"5" doc:"Hot-desk logins end every day at this time of the customer's time zone; empty: never." example:"18:30"`
}

func (p HotdeskChanges) apply(c *telephony.Customer) {
	set(&c.HotdeskHours, p.Hours)
	set(&c.HotdeskEnd, p.End)
}

type placeBody struct {
	ChannelID string              `json:"channel_id"`
	Channel   string              `json:"channel" doc:"The channel's name."`
	Desk      string              `json:"desk,omitempty" doc:"The short number on the phone's screen."`
	Kind      telephony.LoginKind `json:"kind" enum:"linked,hotdesk"`
	Since     time.Time           `json:"since"`
	Until     time.Time           `json:"until,omitzero" doc:"When the customer's limits end the login; absent: never."`
}

func showPlace(p app.Place) placeBody {
	return placeBody{p.ChannelID, p.Channel, p.Desk, p.Kind, p.Since, p.Until}
}

type deskBody struct {
	ChannelID  string        `json:"channel_id"`
	Channel    string        `json:"channel" doc:"The channel's name."`
	Desk       string        `json:"desk,omitempty" doc:"The short number on the phone's screen."`
	Extension  *extensionRef `json:"extension,omitempty" doc:"Who is logged in; absent: nobody."`
	Kind       string        `json:"kind,omitempty" enum:"linked,hotdesk"`
	Since      time.Time     `json:"since,omitzero"`
	Until      time.Time     `json:"until,omitzero" doc:"When the customer's limits end the login; absent: never."`
	Hotdesking bool          `json:"hotdesking" doc:"People can log in and out here by number and PIN."`
	Reason     string        `json:"reason,omitempty" doc:"Why not: hotdesking_off, no_device, device_lost or channel_is_client."`
	Elsewhere  []placeBody   `json:"elsewhere" nullable:"false" doc:"Where else the person is logged in."`
}

func showDesk(h app.Here) deskBody {
	b := deskBody{
		ChannelID: h.ChannelID, Channel: h.Channel, Desk: h.Desk, Kind: string(h.Kind), Since: h.Since, Until: h.Until,
		Hotdesking: h.Hotdesking, Reason: telephony.ReasonOf(h.Refusal), Elsewhere: each(h.Elsewhere, showPlace),
	}
	if h.Party.ExtensionID != "" {
		b.Extension = &extensionRef{h.Party.ExtensionID, h.Party.Number, h.Party.Name}
	}
	return b
}

type whereabouts struct {
	Logins      []placeBody `json:"logins" nullable:"false" doc:"Where the extension is logged in."`
	Waiting     []placeBody `json:"waiting" nullable:"false" doc:"Links that wait for their device."`
	LockedUntil time.Time   `json:"locked_until,omitzero" doc:"Hot-desk logins are locked after wrong PINs."`
}

type pinChange struct {
	Old string `json:"old_pin" maxLength:"20"`
	New string `json:"new_pin" maxLength:"20" doc:"4 to 8 digits, not easy to guess."`
}

func (r *routes) desks() {
	const tag = "Logins"
	a := &r.s.app.Desks
	add(r, get(channelPath+"/desk"), tag, "see-desk", "See who is at a desk", "Says who is logged in at the channel's device, whether people can log in there, and where else the person is. A token that may log in can ask.",
		func(ctx context.Context, actor auth.Actor, in *AtChannel) (*plain[deskBody], error) {
			h, err := a.Here(ctx, actor, in.Customer, in.Channel)
			if err != nil {
				return nil, err
			}
			return &plain[deskBody]{showDesk(h)}, nil
		})
	add(r, get("/v1/customers/{customer}/desks/{desk}"), tag, "find-desk", "Find a desk by its short number", "The number stands on the phone's screen.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtCustomer
			Desk string `path:"desk" doc:"The short number." example:"4821"`
		}) (*plain[channelRef], error) {
			c, err := a.ByNumber(ctx, actor, in.Customer, in.Desk)
			if err != nil {
				return nil, err
			}
			return &plain[channelRef]{channelRef{c.ID, c.Name}}, nil
		})
	add(r, get(extensionPath+"/logins"), tag, "list-own-logins", "See where an extension is logged in", "An end user's token sees its own extension.",
		func(ctx context.Context, actor auth.Actor, in *AtExtension) (*plain[whereabouts], error) {
			m, err := a.Mine(ctx, actor, in.Customer, in.Extension)
			if err != nil {
				return nil, err
			}
			return &plain[whereabouts]{whereabouts{each(m.Places, showPlace), each(m.Waiting, showPlace), m.LockedUntil}}, nil
		})
	add(r, post(extensionPath+"/pin/change"), tag, "change-own-pin", "Change a PIN by who knows it", "Three wrong old PINs lock the extension's hot-desk logins for a while, as at a login.",
		func(ctx context.Context, actor auth.Actor, in *struct {
			AtExtension
			Body pinChange
		}) (*nothing, error) {
			return nil, a.ChangePIN(ctx, actor, app.PINChange{CustomerID: in.Customer, ExtensionID: in.Extension, Old: telephony.Secret(in.Body.Old), New: telephony.Secret(in.Body.New), Path: "api"})
		})
}
