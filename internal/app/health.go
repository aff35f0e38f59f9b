package app

import (
	"context"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Size is how many objects a customer has, as far as that is quick to say.
type Size struct{ Channels, Linked, Extensions, CPEs Count }

// Count is a number of things; with More it is a lower bound.
type Count struct {
	N    int
	More bool
}

// Whole reports whether nothing of it is a lower bound: then Health is quick too.
func (s Size) Whole() bool { return !s.Channels.More && !s.CPEs.More && !s.Extensions.More }

// Size counts the customer's objects, of a large customer no further than is quick.
func (c Customers) Size(ctx context.Context, actor auth.Actor, customerID string) (s Size, err error) {
	err = c.look(ctx, actor, customerID, func(tx *storage.Tx, _ telephony.Customer) error {
		n, err := tx.SizeOf(customerID)
		s = Size{Count(n.Channels), Count(n.Linked), Count(n.Extensions), Count(n.CPEs)}
		return err
	})
	return s, err
}

// Health counts the customer's objects by how they are now (U03). Where counting
// takes long, as with a hundred thousand places, it is of up to twenty times as
// long ago: a page that is live asks every few seconds.
func (c Customers) Health(ctx context.Context, actor auth.Actor, customerID string) (h Health, err error) {
	if err := c.look(ctx, actor, customerID, func(*storage.Tx, telephony.Customer) error { return nil }); err != nil {
		return h, err
	}
	return c.healths.of(ctx, customerID, c.now, c.work.Go, keepHealth, func(ctx context.Context) (Health, error) { return c.count(ctx, customerID) })
}

func (c Customers) count(ctx context.Context, customerID string) (h Health, err error) {
	err = c.db.View(ctx, func(tx *storage.Tx) error {
		x, err := tx.Customer(customerID)
		if err != nil {
			return err
		}
		states, linked, err := tx.CountStates(customerID, c.fetching(), x.IPListing)
		if err != nil {
			return err
		}
		devices, err := tx.CountCPEStates(customerID, c.fetching())
		if err != nil {
			return err
		}
		h = Health{Linked: linked, States: map[telephony.StateCode]int{}, Devices: map[telephony.CPEStateCode]int{}}
		for _, s := range telephony.StateCodes {
			h.States[s] = states[s]
			h.Channels += states[s]
		}
		for _, s := range telephony.CPEStateCodes {
			h.Devices[s] = devices[s]
			h.CPEs += devices[s]
		}
		if x.SiteAddress == "" && x.SiteELIN == "" {
			if h.Unlocated, err = tx.Unlocated(customerID); err != nil {
				return err
			}
		}
		h.Extensions, err = tx.CountExtensions(customerID, "")
		return err
	})
	return h, err
}

// Counting that many channels is not repeated at once if it took that long.
const (
	large = 10_000
	slow  = 200 * time.Millisecond
)

func keepHealth(h Health, took time.Duration) time.Duration {
	if took > slow && h.Channels > large {
		return countHolds * took
	}
	return 0
}
