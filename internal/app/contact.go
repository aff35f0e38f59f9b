package app

import (
	"context"
	"net/netip"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// contact judges the address at which a device shows itself: cpeID fetching when
// channelID is "", else whatever is attached to that channel, registering. It notes the address, ends or
// makes logins as the IP check says (D16–D19), and proves a pending device that
// registers from where it claimed (P03 c). model is what a request says of a device
// whose model is not known, else "". Where nothing changes it only reads.
func (k *core) contact(ctx context.Context, customerID, cpeID, channelID, model string, from netip.Addr) error {
	from = from.Unmap()
	changes := false
	err := k.db.View(ctx, func(tx *storage.Tx) error {
		changes = false
		if channelID != "" {
			a, err := tx.Attachment(customerID, channelID)
			if err != nil {
				return err
			}
			cpeID = a.CPEID
		}
		// After a restart every device comes through here: most need no look at
		// the rules.
		unmoved, err := tx.Unmoved(customerID, cpeID, from, channelID != "")
		if err != nil || unmoved && model == "" {
			return err
		}
		c, err := tx.CPE(customerID, cpeID)
		if err != nil {
			return err
		}
		planned := false
		err = k.contactPlans(tx, c, channelID, from, func(telephony.Plan) error { planned = true; return nil })
		seen := c.FetchAddr
		if channelID != "" {
			seen = c.RegisterAddr
		}
		changes = planned || k.learn(&c, model) || seen != from || (c.Trust == telephony.TrustPending && channelID != "")
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
			if err := k.prove(tx, &c, proof{way: telephony.WayArmed, from: from}); err != nil && telephony.CodeOf(err) != telephony.NotFound {
				// Not proven, it stays pending: that must not keep its calls from it.
				return err
			}
		}
		if k.learn(&c, model) {
			tx.AfterCommit(func() { k.ports.Devices.Changed(c.ID) })
			if err := tx.UpdateCPE(c); err != nil {
				return err
			}
			if err := audit(tx, auth.System, customerID, "learn_model", "cpe", c.ID, nil, map[string]any{"model": c.Model}); err != nil {
				return err
			}
		}
		err = k.contactPlans(tx, c, channelID, from, func(p telephony.Plan) error {
			return k.carry(tx, auth.System, customerID, "", p, false)
		})
		if err != nil {
			return err
		}
		return k.refresh(tx, customerID, cpeID, false)
	})
}

// learn fills in the model of a device of which nobody has said it, with the ports
// that the model has. An unknown model teaches nothing.
func (k *core) learn(c *telephony.CPE, model string) bool {
	if model == "" || c.Model != "" {
		return false
	}
	driver, err := k.drivers.Get(c.Driver)
	if err != nil {
		return false
	}
	m, known := driver.Info().Model(model)
	if known {
		c.Model, c.Ports = m.Name, max(c.Ports, m.Ports)
	}
	return known
}

// contactPlans calls each with what the device's being seen at an address changes
// at its channels, one after the other: a plan must see what the one before it
// did, because two ports may serve one extension. Empty plans are left out.
func (k *core) contactPlans(tx *storage.Tx, c telephony.CPE, channelID string, from netip.Addr, each func(telephony.Plan) error) error {
	list, err := tx.Allowlist(c.CustomerID)
	if err != nil {
		return err
	}
	if channelID == "" {
		c.FetchAddr = from
	} else {
		c.RegisterAddr = from
	}
	at, err := tx.Attachments(c.CustomerID, c.ID)
	if err != nil {
		return err
	}
	for _, a := range at {
		d, err := tx.Desk(c.CustomerID, a.ChannelID, list)
		if err != nil {
			return err
		}
		d.CPE = &c
		d.Refused, _ = list.Check(c.Addresses())
		var s telephony.Seat
		if d.Link != nil {
			if s, err = tx.Seat(c.CustomerID, d.Link.ExtensionID); err != nil {
				return err
			}
		}
		if p := telephony.Settle(d, s, tx.Now); !p.Empty() {
			if err := each(p); err != nil {
				return err
			}
		}
		// Only REGISTER moves a hot-desk login: requests for files may leave the
		// site by another address than calls do.
		if a.ChannelID == channelID {
			if p := telephony.DecideContact(d, list, from); !p.Empty() {
				if err := each(p); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
