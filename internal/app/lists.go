package app

import (
	"context"
	"strings"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// fetching names the drivers whose devices take their configuration from us,
// each between blanks: a fact that SQL has no other way to know.
func (k *core) fetching() string {
	var b strings.Builder
	b.WriteByte(' ')
	for _, d := range k.drivers.Drivers() {
		if i := d.Info(); i.Fetches() {
			b.WriteString(i.Vendor + " ")
		}
	}
	return b.String()
}

// List lists the customer's channels with their state. All of it, the filter
// included, is of one moment and of the records: on several nodes each knows the
// registrations of its own flows only.
func (c Channels) List(ctx context.Context, actor auth.Actor, customerID string, q Query) (l List[ChannelView], err error) {
	x, err := listing(q, ChannelSorts, ChannelFilters)
	if err != nil {
		return l, err
	}
	err = c.look(ctx, actor, customerID, func(tx *storage.Tx, customer telephony.Customer) error {
		allow, err := tx.Allowlist(customerID)
		if err != nil {
			return err
		}
		rows, n, err := tx.ListedChannels(customerID, c.fetching(), allow, x, q.Count)
		if err != nil {
			return err
		}
		l, err = pieces(rows, x, n, func(r storage.DeskRow) (ChannelView, error) {
			v := c.viewAs(r.Desk, r.Observed)
			v.Unlocated = !telephony.Located(customer, r.Desk.Channel)
			return v, nil
		})
		return err
	})
	return l, err
}

// List lists the customer's extensions with where they sit.
func (x Extensions) List(ctx context.Context, actor auth.Actor, customerID string, q Query) (l List[ExtensionView], err error) {
	a, err := listing(q, ExtensionSorts, ExtensionFilters)
	if err != nil {
		return l, err
	}
	err = x.look(ctx, actor, customerID, func(tx *storage.Tx, _ telephony.Customer) error {
		rows, n, err := tx.ListedExtensions(customerID, a, q.Count)
		if err != nil {
			return err
		}
		beside, err := tx.AroundExtensions(customerID, ids(rows))
		if err != nil {
			return err
		}
		l, err = pieces(rows, a, n, func(r storage.ExtensionRow) (v ExtensionView, err error) {
			v = ExtensionView{Extension: r.Extension, Links: beside.Links[r.Extension.ID], Logins: beside.Logins[r.Extension.ID], Numbers: beside.Numbers[r.Extension.ID], Places: map[string]string{}}
			v.Extension.Keys = beside.Keys[r.Extension.ID]
			if tx.Now.Before(r.LockedUntil) {
				v.LockedUntil = r.LockedUntil
			}
			for _, k := range v.Links {
				v.Places[k.ChannelID] = beside.Places[k.ChannelID]
			}
			for _, k := range v.Logins {
				v.Places[k.ChannelID] = beside.Places[k.ChannelID]
			}
			return v, nil
		})
		return err
	})
	return l, err
}

// places names the channels at which an extension is linked or logged in.
func (x Extensions) places(tx *storage.Tx, customerID string, v ExtensionView) (map[string]string, error) {
	var at []string
	for _, l := range v.Links {
		at = append(at, l.ChannelID)
	}
	for _, l := range v.Logins {
		at = append(at, l.ChannelID)
	}
	return tx.Places(customerID, at)
}

// List lists the customer's CPEs with their state.
func (c CPEs) List(ctx context.Context, actor auth.Actor, customerID string, q Query) (l List[CPEView], err error) {
	x, err := listing(q, CPESorts, CPEFilters)
	if err != nil {
		return l, err
	}
	err = c.look(ctx, actor, customerID, func(tx *storage.Tx, _ telephony.Customer) error {
		rows, n, err := tx.ListedCPEs(customerID, c.fetching(), x, q.Count)
		if err != nil {
			return err
		}
		beside, err := tx.AroundCPEs(customerID, ids(rows))
		if err != nil {
			return err
		}
		l, err = pieces(rows, x, n, func(r storage.CPERow) (CPEView, error) {
			v := c.viewAs(r.CPE, r.Attached, r.Registered)
			v.Attachments = beside.Attachments[r.CPE.ID]
			for _, a := range v.Attachments {
				v.Places[a.ChannelID] = beside.Places[a.ChannelID]
			}
			return v, nil
		})
		return err
	})
	return l, err
}

func ids[R any](rows []storage.Marked[R]) []string {
	var list []string
	for _, r := range rows {
		list = append(list, r.Mark.ID)
	}
	return list
}

// Overview lists the customers the actor sees, with the health of their devices.
func (c Customers) Overview(ctx context.Context, actor auth.Actor, q Query) (l List[CustomerView], err error) {
	if !actor.Can(auth.ScopeRead) {
		return l, auth.Denied(auth.ScopeRead)
	}
	x, err := listing(q, CustomerSorts, CustomerFilters)
	if err != nil {
		return l, err
	}
	reach, err := reachOf(actor)
	if err != nil {
		return l, err
	}
	err = c.db.View(ctx, func(tx *storage.Tx) error {
		rows, n, err := tx.ListedCustomers(reach, x, q.Count)
		if err != nil {
			return err
		}
		l, err = pieces(rows, x, n, func(r storage.CustomerRow) (CustomerView, error) { return CustomerView(r), nil })
		return err
	})
	return l, err
}

// reachOf is what an actor may see, as the lists across customers need it. One
// that sees nothing is refused: an empty reach would be everything.
func reachOf(actor auth.Actor) (r storage.Reach, err error) {
	switch {
	case actor.Operator():
		return r, nil
	case actor.Role == auth.PartnerAdmin && actor.PartnerID != "":
		return storage.Reach{PartnerID: actor.PartnerID}, nil
	case actor.Role == auth.CustomerAdmin && actor.CustomerID != "":
		return storage.Reach{CustomerID: actor.CustomerID}, nil
	}
	return r, auth.Denied(auth.ScopeRead)
}
