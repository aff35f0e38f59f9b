package app

import (
	"context"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// never is the moment of a question: nothing comes of the plan that answers it.
var never time.Time

// Holder is who or what stands in the way: a channel (Name) or an extension
// (Number and Name).
type Holder struct{ ID, Name, Number string }

// ExtensionChoice is an extension on a channel's page: offered, or why not.
type ExtensionChoice struct {
	Extension telephony.Extension
	Offered   bool
	Current   bool   // linked here now; neither offered nor refused
	Reason    string // why not: channel_linked, channel_is_client, extension_linked, extension_in_use
	Holders   []Holder
}

// ExtensionChoices is a piece of what a channel's page offers and does not.
type ExtensionChoices struct{ List[ExtensionChoice] }

// ChannelChoice is a channel on an extension's page: offered, or why not.
type ChannelChoice struct {
	Channel  telephony.Channel
	Offered  bool
	TakeOver bool    // offered with a confirmed take-over only (D02); Holders are logged off
	Current  bool    // linked with this extension now
	HasCPE   bool    // else the link waits for a device (D05)
	Guest    *Holder // hot-desked there now and logged off by a link (D03)
	Reason   string  // why not: channel_linked, channel_is_client, extension_linked; or take_over_needed
	Holders  []Holder
}

// ChannelChoices is a piece of what an extension's page offers and does not,
// with how many may be chosen.
type ChannelChoices struct {
	List[ChannelChoice]
	Capacity int
	Linked   []Holder // channels that are linked now
	Free     int      // how many more may be chosen at once
	TakeOver int      // and how many beyond that with a confirmed take-over
	Ends     []Holder // where the extension is logged off then, in that order
}

// Choices lists the customer's extensions as the channel's page offers them
// (S10, D01), and those that it does not with the reason. What is offered is
// what Link would do, asked of the same rules.
func (c Channels) Choices(ctx context.Context, actor auth.Actor, customerID, channelID string, q Query) (l ExtensionChoices, err error) {
	x, err := listing(q, ExtensionSorts[:2], choiceFilters)
	if err != nil {
		return l, err
	}
	err = c.look(ctx, actor, customerID, func(tx *storage.Tx, _ telephony.Customer) error {
		d, err := c.desk(tx, customerID, channelID)
		if err != nil {
			return err
		}
		if d.Link != nil || d.Channel.Kind == telephony.KindClient { // nobody is offered
			if x.Filter == "offered" {
				l.List = List[ExtensionChoice]{Items: []ExtensionChoice{}}
				return nil
			}
			x.Filter = ""
		}
		rows, n, err := tx.ListedExtensions(customerID, x, q.Count)
		if err != nil {
			return err
		}
		beside, err := tx.AroundExtensions(customerID, ids(rows))
		if err != nil {
			return err
		}
		l.List, err = pieces(rows, x, n, func(r storage.ExtensionRow) (ExtensionChoice, error) {
			id := r.Extension.ID
			return extensionChoice(d, telephony.Seat{Extension: r.Extension, Links: beside.Links[id], Logins: beside.Logins[id], Places: beside.Places}), nil
		})
		return err
	})
	return l, err
}

func extensionChoice(d telephony.Desk, s telephony.Seat) ExtensionChoice {
	c := ExtensionChoice{Extension: s.Extension, Current: d.Link != nil && d.Link.ExtensionID == s.Extension.ID}
	if c.Current {
		return c
	}
	_, err := telephony.DecideLink(d, s, telephony.FromChannel, telephony.Confirm{}, "", never)
	c.Offered, c.Reason = err == nil, telephony.ReasonOf(err)
	c.Holders = holders(c.Reason, d, s)
	return c
}

// holders are who stands in the way, for the reason that the rules gave.
func holders(reason string, d telephony.Desk, s telephony.Seat) (h []Holder) {
	switch reason {
	case "channel_linked":
		if d.LinkedTo != nil {
			h = append(h, person(*d.LinkedTo))
		}
	case "extension_linked":
		for _, l := range s.Links {
			h = append(h, Holder{ID: l.ChannelID, Name: s.Places[l.ChannelID]})
		}
	case "extension_in_use":
		for _, l := range s.Logins {
			h = append(h, Holder{ID: l.ChannelID, Name: s.Places[l.ChannelID]})
		}
	}
	return h
}

func person(e telephony.Extension) Holder { return Holder{ID: e.ID, Name: e.Name, Number: e.Number} }

// Choices lists the customer's channels as the extension's page offers them
// (S10), and those that it does not with the reason.
func (x Extensions) Choices(ctx context.Context, actor auth.Actor, customerID, extensionID string, q Query) (l ChannelChoices, err error) {
	a, err := listing(q, ChannelSorts[:1], choiceFilters)
	if err != nil {
		return l, err
	}
	err = x.look(ctx, actor, customerID, func(tx *storage.Tx, _ telephony.Customer) error {
		s, err := tx.Seat(customerID, extensionID)
		if err != nil {
			return err
		}
		room := s.Room()
		l.Capacity, l.Free, l.TakeOver = s.Extension.Capacity(), room.Free, room.TakeOver
		l.Linked = holders("extension_linked", telephony.Desk{}, s)
		for _, e := range room.Ends {
			l.Ends = append(l.Ends, Holder{ID: e.ChannelID, Name: s.Places[e.ChannelID]})
		}
		if room.Free+room.TakeOver == 0 { // no channel is offered
			if a.Filter == "offered" {
				l.List = List[ChannelChoice]{Items: []ChannelChoice{}}
				return nil
			}
			a.Filter = ""
		}
		allow, err := tx.Allowlist(customerID)
		if err != nil {
			return err
		}
		rows, n, err := tx.ListedChannels(customerID, x.fetching(), allow, a, q.Count)
		if err != nil {
			return err
		}
		l.List, err = pieces(rows, a, n, func(r storage.DeskRow) (ChannelChoice, error) { return channelChoice(r.Desk, s), nil })
		return err
	})
	return l, err
}

func channelChoice(d telephony.Desk, s telephony.Seat) ChannelChoice {
	c := ChannelChoice{Channel: d.Channel, HasCPE: d.CPE != nil, Current: d.Link != nil && d.Link.ExtensionID == s.Extension.ID}
	if d.Login != nil && d.User != nil && d.Login.Kind == telephony.LoginHotdesk && d.Login.ExtensionID != s.Extension.ID {
		guest := person(*d.User)
		c.Guest = &guest
	}
	if c.Current {
		return c
	}
	_, err := telephony.DecideLink(d, s, telephony.FromExtension, telephony.Confirm{}, "", never)
	c.Reason = telephony.ReasonOf(err)
	c.Holders = holders(c.Reason, d, s)
	if c.Offered = err == nil; c.Offered {
		return c
	}
	p, err := telephony.DecideLink(d, s, telephony.FromExtension, telephony.Confirm{TakeOver: true}, "", never)
	if err != nil {
		return c
	}
	c.Offered, c.TakeOver = true, true
	for _, e := range p.End {
		if e.Reason == telephony.EndTakeOver {
			c.Holders = append(c.Holders, Holder{ID: e.Login.ChannelID, Name: s.Places[e.Login.ChannelID]})
		}
	}
	return c
}
