package app

import (
	"context"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Desks is what people ask who stand at a phone, or hold its number: keys, codes
// and self-service.
type Desks struct {
	*core
	logins Logins
}

// Here is a desk as somebody sees who stands at it.
type Here struct {
	CustomerID, ChannelID string
	Channel               string              // its name
	Desk                  string              // the short number on the phone's screen
	Language              string              // of who is logged in, else the customer's
	Party                 telephony.Party     // who is logged in; ExtensionID "": nobody
	Kind                  telephony.LoginKind // "": nobody
	Since, Until          time.Time           // Until zero: for as long as they stay (H07)
	LinkedTo              telephony.Party     // whose link it is, logged in or waiting; ExtensionID "": none
	Hotdesking            bool                // people can log in and out here by number and PIN
	Refusal               error               // why not: hotdesking_off, no_device, device_lost, channel_is_client
	Elsewhere             []Place             // where else the person is logged in, for who may know
	LoginCode, LogoutCode string
}

// Place is where somebody is logged in, or linked.
type Place struct {
	ChannelID, Channel, Desk string
	Kind                     telephony.LoginKind
	Since, Until             time.Time
}

// LogoutRequest asks for a logout at a desk.
type LogoutRequest struct {
	CustomerID, ChannelID string
	Where                 telephony.Where // with two devices (H03)
	Path                  string          // code, key, self_service, api, portal; "" = as the actor tells
	DryRun                bool
}

// Here says who is logged in at a desk, and what can be done there.
func (d Desks) Here(ctx context.Context, actor auth.Actor, customerID, channelID string) (h Here, err error) {
	err = d.db.View(ctx, func(tx *storage.Tx) error {
		c, err := atDesk(tx, actor, customerID, channelID)
		if err == nil {
			h, err = d.here(tx, actor, c, channelID)
		}
		return err
	})
	return h, err
}

func (d Desks) here(tx *storage.Tx, actor auth.Actor, c telephony.Customer, channelID string) (h Here, err error) {
	x, err := tx.Desk(c.ID, channelID, telephony.Allowlist{})
	if err != nil {
		return h, err
	}
	h = Here{CustomerID: c.ID, ChannelID: channelID, Channel: x.Channel.Name, Desk: x.Channel.Desk, Language: c.Language,
		Party: x.User.Party(), LinkedTo: x.LinkedTo.Party(), Refusal: x.Hotdeskable(), LoginCode: c.LoginCode, LogoutCode: c.LogoutCode}
	h.Hotdesking = h.Refusal == nil
	who := x.User
	if who == nil {
		who = x.LinkedTo
	}
	if who != nil && who.Language != "" {
		h.Language = who.Language
	}
	if x.Login == nil {
		return h, nil
	}
	h.Kind, h.Since, h.Until = x.Login.Kind, x.Login.Since, x.Login.Until
	if !actor.Speaks(x.Login.ExtensionID) {
		return h, nil // another end user's whereabouts are not theirs to know
	}
	s, err := tx.Seat(c.ID, x.Login.ExtensionID)
	if err != nil {
		return h, err
	}
	for _, l := range s.Logins {
		if l.ChannelID == channelID {
			continue
		}
		p, err := placeOf(tx, l)
		if err != nil {
			return h, err
		}
		h.Elsewhere = append(h.Elsewhere, p)
	}
	return h, nil
}

func placeOf(tx *storage.Tx, l telephony.Login) (Place, error) {
	c, err := tx.Channel(l.CustomerID, l.ChannelID)
	return Place{ChannelID: l.ChannelID, Channel: c.Name, Desk: c.Desk, Kind: l.Kind, Since: l.Since, Until: l.Until}, err
}

// ByNumber finds a desk by the short number on its phone's screen.
func (d Desks) ByNumber(ctx context.Context, actor auth.Actor, customerID, desk string) (c telephony.Channel, err error) {
	err = d.db.View(ctx, func(tx *storage.Tx) error {
		if _, err := scoped(tx, actor, auth.ScopeLogin, customerID); err != nil {
			return err
		}
		if c, err = tx.ChannelByDesk(customerID, storable(desk)); err == nil && !actor.Reaches(c.ID) {
			err = telephony.NotFoundf("channel")
		}
		return err
	})
	if err != nil {
		return telephony.Channel{}, err
	}
	return c, nil
}

// LogIn logs somebody in at a desk, and says what is there afterwards. A signed-in
// end user leaves number and PIN out.
func (d Desks) LogIn(ctx context.Context, actor auth.Actor, r LoginRequest) (h Here, done []Effect, err error) {
	if done, err = d.logins.Login(ctx, actor, r); err != nil {
		return h, nil, err
	}
	h, err = d.Here(ctx, actor, r.CustomerID, r.ChannelID)
	return h, done, err
}

// LogOut logs off whoever is logged in at a desk: here, or everywhere. Not asked
// yet and at two devices, it is refused with logout_where (H03).
func (d Desks) LogOut(ctx context.Context, actor auth.Actor, r LogoutRequest) ([]Effect, error) {
	return d.logins.logout(ctx, actor, r)
}
