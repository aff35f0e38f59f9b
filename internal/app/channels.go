package app

import (
	"context"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Channels keeps the SIP accounts of places.
type Channels struct{ *core }

func (k *core) observed(sipUser string) telephony.Observed {
	b, ok := k.ports.Registrar.Lookup(sipUser)
	return telephony.Observed{Registered: ok, Since: b.Registered, Display: b.Display, UserAgent: b.UserAgent}
}

// traits are what a device's driver can do.
func (k *core) traits(c *telephony.CPE) (fetches, pushable bool) {
	if c == nil {
		return false, false
	}
	d, err := k.drivers.Get(c.Driver)
	if err != nil {
		return false, false
	}
	_, pushable = checkSync(d)
	return d.Info().Fetches(), pushable
}

func (k *core) view(d telephony.Desk) ChannelView {
	return k.viewAs(d, k.observed(d.Channel.SIPUser))
}

func (k *core) viewAs(d telephony.Desk, o telephony.Observed) ChannelView {
	fetches, _ := k.traits(d.CPE)
	_, talking := k.talking.Load(d.Channel.ID)
	return ChannelView{
		InCall:  talking,
		Channel: d.Channel, State: telephony.ChannelState(d, o, fetches), Registered: o.Registered,
		CPE: d.CPE, Link: d.Link, LinkedTo: d.LinkedTo, Login: d.Login, User: d.User,
	}
}

// viewIn is view with what only the customer knows.
func (k *core) viewIn(tx *storage.Tx, d telephony.Desk) (ChannelView, error) {
	v := k.view(d)
	c, err := tx.Customer(d.Channel.CustomerID)
	v.Unlocated = !telephony.Located(c, d.Channel)
	return v, err
}

// desk reads a channel as the rules see it.
func (k *core) desk(tx *storage.Tx, customerID, id string) (telephony.Desk, error) {
	allow, err := tx.Allowlist(customerID)
	if err != nil {
		return telephony.Desk{}, err
	}
	return tx.Desk(customerID, id, allow)
}

// Get reads one channel with its state (S13).
func (c Channels) Get(ctx context.Context, actor auth.Actor, customerID, id string) (v ChannelView, err error) {
	err = c.look(ctx, actor, customerID, func(tx *storage.Tx, _ telephony.Customer) error {
		d, err := c.desk(tx, customerID, id)
		if err != nil {
			return err
		}
		v, err = c.viewIn(tx, d)
		return err
	})
	return v, err
}

// Explain lists the way from link to registered phone with the first thing that
// is missing (P10).
func (c Channels) Explain(ctx context.Context, actor auth.Actor, customerID, id string) (e Explanation, err error) {
	err = c.look(ctx, actor, customerID, func(tx *storage.Tx, x telephony.Customer) error {
		d, err := c.desk(tx, customerID, id)
		if err != nil {
			return err
		}
		trunks, err := tx.TrunksFor(customerID)
		if err != nil {
			return err
		}
		e.Emergency = emergencyStep(x, d.Channel, trunks)
		fetches, pushable := c.traits(d.CPE)
		o := c.observed(d.Channel.SIPUser)
		e.State = telephony.ChannelState(d, o, fetches)
		e.Steps = telephony.Chain(d, o, fetches, pushable)
		if d.CPE != nil {
			if err := c.explainRedirect(tx, customerID, d.CPE.ID, e.Steps); err != nil {
				return err
			}
		}
		e.Missing = telephony.Missing(e.Steps)
		return nil
	})
	return e, err
}

// Linkable lists the extensions that can be chosen for the channel (S10, D01).
func (c Channels) Linkable(ctx context.Context, actor auth.Actor, customerID, channelID string, q Query) (l List[telephony.Extension], err error) {
	pg, err := page(q)
	if err != nil {
		return l, err
	}
	err = c.look(ctx, actor, customerID, func(tx *storage.Tx, _ telephony.Customer) error {
		if _, err := tx.Channel(customerID, channelID); err != nil {
			return err
		}
		items, err := tx.OfferedExtensions(customerID, pg)
		l = list(items, pg, func(x telephony.Extension) (string, string) { return x.Number, x.ID })
		return err
	})
	return l, err
}

func checkChannel(x *telephony.Channel) (err error) {
	if x.Name, err = telephony.Name("name", x.Name); err != nil {
		return err
	}
	if x.Kind == "" {
		x.Kind = telephony.KindCPE
	}
	if x.Kind != telephony.KindCPE && x.Kind != telephony.KindClient {
		return telephony.Invalidf("kind", "kind_unknown", "the kind is cpe or client")
	}
	if x.Location, err = telephony.OptionalText("location", x.Location); err != nil {
		return err
	}
	x.ELIN, err = telephony.E164("elin", x.ELIN, true)
	return err
}

// Create adds a channel with a new random SIP user name (C01).
func (c Channels) Create(ctx context.Context, actor auth.Actor, x telephony.Channel) (v ChannelView, err error) {
	if err := checkChannel(&x); err != nil {
		return v, err
	}
	x.SIPUser = auth.NewPassword(12).Reveal()
	err = c.change(ctx, actor, auth.ScopeWrite, x.CustomerID, "create", "channel", "", func(tx *storage.Tx, customer telephony.Customer) error {
		v.Unlocated = !telephony.Located(customer, x)
		x.ID, x.Version, x.Desk = storage.NewID(tx.Now), 1, ""
		if x.Kind == telephony.KindCPE {
			var err error
			if x.Desk, err = tx.FreeDesk(x.CustomerID); err != nil {
				return err
			}
		}
		if err := tx.InsertChannel(x); err != nil {
			return err
		}
		c.tell(tx, x.CustomerID, "channel", x.ID, "changed", "")
		return audit(tx, actor, x.CustomerID, "create", "channel", x.ID, nil, x)
	})
	unlocated := v.Unlocated
	v = c.view(telephony.Desk{Channel: x})
	v.Unlocated = unlocated
	return v, err
}

// Update renames a channel or moves its place; links and logins stay (D15).
func (c Channels) Update(ctx context.Context, actor auth.Actor, customerID, id string, version int64, f func(*telephony.Channel) error) (v ChannelView, err error) {
	err = c.change(ctx, actor, auth.ScopeWrite, customerID, "update", "channel", id, func(tx *storage.Tx, _ telephony.Customer) error {
		v, err = c.update(tx, actor, customerID, id, version, f)
		return err
	})
	return v, err
}

func (c Channels) update(tx *storage.Tx, actor auth.Actor, customerID, id string, version int64, f func(*telephony.Channel) error) (v ChannelView, err error) {
	before, err := tx.Channel(customerID, id)
	if err != nil {
		return v, err
	}
	if err := versioned(version, before.Version); err != nil {
		return v, err
	}
	x := before
	if err := f(&x); err != nil {
		return v, err
	}
	if err := checkChannel(&x); err != nil {
		return v, err
	}
	if x.Kind != before.Kind || x.SIPUser != before.SIPUser {
		return v, telephony.Invalidf("kind", "kind_fixed", "the kind of a channel cannot be changed")
	}
	if err := tx.UpdateChannel(x); err != nil {
		return v, err
	}
	if err := c.touched(tx, customerID, []string{id}, false); err != nil {
		return v, err
	}
	c.tell(tx, customerID, "channel", id, "changed", "")
	d, err := c.desk(tx, customerID, id)
	if err != nil {
		return v, err
	}
	if v, err = c.viewIn(tx, d); err != nil {
		return v, err
	}
	return v, audit(tx, actor, customerID, "update", "channel", id, before, x)
}

// Delete unlinks, logs off, detaches and removes a channel (D15). It is refused
// when the channel is no longer at version; 0 is any.
func (c Channels) Delete(ctx context.Context, actor auth.Actor, customerID, id string, version int64) error {
	return c.change(ctx, actor, auth.ScopeWrite, customerID, "delete", "channel", id, func(tx *storage.Tx, _ telephony.Customer) error {
		d, err := tx.Desk(customerID, id, telephony.Allowlist{})
		if err != nil {
			return err
		}
		if err := versioned(version, d.Channel.Version); err != nil {
			return err
		}
		if err := c.carry(tx, actor, customerID, "", telephony.DecideRemove(d), false); err != nil {
			return err
		}
		if d.CPE != nil {
			d.Link, d.Login = nil, nil // ended above
			if err := c.detach(tx, actor, d, telephony.EndDeleted); err != nil {
				return err
			}
		}
		if err := tx.DeleteChannel(customerID, id); err != nil {
			return err
		}
		c.tell(tx, customerID, "channel", id, "deleted", "")
		return audit(tx, actor, customerID, "delete", "channel", id, d.Channel, nil)
	})
}
