package app

import (
	"context"
	"net/netip"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// contact judges the address at which a device shows itself: fetching when
// channelID is "", else registering that channel. It notes the address, ends or
// makes logins as the IP check says (D16–D19), and proves a pending device that
// registers from where it claimed (P03 c). Where nothing changes it only reads.
func (k *core) contact(ctx context.Context, customerID, cpeID, channelID string, from netip.Addr) error {
	from = from.Unmap()
	changes := false
	err := k.db.View(ctx, func(tx *storage.Tx) error {
		c, err := tx.CPE(customerID, cpeID)
		if err != nil {
			return err
		}
		plans, err := k.contactPlans(tx, c, channelID, from)
		seen := c.FetchAddr
		if channelID != "" {
			seen = c.RegisterAddr
		}
		changes = len(plans) > 0 || seen != from || (c.Trust == telephony.TrustPending && channelID != "")
		return err
	})
	if err != nil || !changes {
		return err
	}
	return k.db.Update(ctx, func(tx *storage.Tx) error {
		c, err := tx.CPE(customerID, cpeID)
		if err != nil {
			return err
		}
		if err := tx.Seen(customerID, cpeID, from.String(), channelID != ""); err != nil {
			return err
		}
		if channelID != "" && c.Trust == telephony.TrustPending && c.PendingAddr == from {
			if err := k.prove(tx, &c, telephony.WayArmed); err != nil {
				return err
			}
		}
		plans, err := k.contactPlans(tx, c, channelID, from)
		if err != nil {
			return err
		}
		for _, p := range plans {
			if err := k.carry(tx, auth.System, customerID, "", p, false); err != nil {
				return err
			}
		}
		return k.refresh(tx, customerID, cpeID, false)
	})
}

// contactPlans are what the device's being seen at an address changes at its
// channels; empty plans are left out.
func (k *core) contactPlans(tx *storage.Tx, c telephony.CPE, channelID string, from netip.Addr) ([]telephony.Plan, error) {
	list, err := tx.Allowlist(c.CustomerID)
	if err != nil {
		return nil, err
	}
	if channelID == "" {
		c.FetchAddr = from
	} else {
		c.RegisterAddr = from
	}
	at, err := tx.Attachments(c.CustomerID, c.ID)
	if err != nil {
		return nil, err
	}
	var plans []telephony.Plan
	for _, a := range at {
		d, err := tx.Desk(c.CustomerID, a.ChannelID, list)
		if err != nil {
			return nil, err
		}
		d.CPE = &c
		d.Refused, _ = list.Check(c.Addresses())
		var s telephony.Seat
		if d.Link != nil {
			if s, err = tx.Seat(c.CustomerID, d.Link.ExtensionID); err != nil {
				return nil, err
			}
		}
		if p := telephony.Settle(d, s, tx.Now); !p.Empty() {
			plans = append(plans, p)
		}
		// Only REGISTER moves a hot-desk login: requests for files may leave the
		// site by another address than calls do.
		if a.ChannelID == channelID {
			if p := telephony.DecideContact(d, list, from); !p.Empty() {
				plans = append(plans, p)
			}
		}
	}
	return plans, nil
}
