package app

import (
	"context"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Health counts the customer's objects by how they are now (U03).
func (c Customers) Health(ctx context.Context, actor auth.Actor, customerID string) (h Health, err error) {
	err = c.look(ctx, actor, customerID, func(tx *storage.Tx, x telephony.Customer) error {
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
		h.Extensions, err = tx.CountExtensions(customerID, "")
		return err
	})
	return h, err
}
