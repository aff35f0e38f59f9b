package app

import (
	"context"
	"slices"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Spot is where a key of a device is pressed: the channel at one of its ports.
type Spot struct {
	Channel  telephony.Channel
	TimeZone string // IANA name, of the customer
}

// ByPages finds the device whose keys bear that token (P02, H02 b). It proves
// nothing new: only a device that was served under its own token has such keys.
func (d Devices) ByPages(ctx context.Context, token string) (dev Device, err error) {
	start, ok := auth.PagesStart(token)
	if !ok {
		return Device{}, noDevice
	}
	err = d.db.View(ctx, func(tx *storage.Tx) error {
		found, err := tx.TokenHashesFrom(start)
		if err != nil {
			return err
		}
		n := slices.IndexFunc(found, func(h storage.TokenHash) bool { return d.key.IsPagesToken(token, h.Hash) })
		if n < 0 {
			return noDevice
		}
		c, err := tx.CPE(found[n].CustomerID, found[n].CPEID)
		if err != nil {
			return err
		}
		if shut(c) || c.Trust == telephony.TrustNone {
			return noDevice
		}
		dev = deviceOf(c)
		return nil
	})
	return dev, err
}

// At is what is connected to that port of a device, counted from 1.
func (d Devices) At(ctx context.Context, dev Device, port int) (s Spot, err error) {
	err = d.db.View(ctx, func(tx *storage.Tx) error {
		ports, err := tx.Ports(dev.CustomerID, dev.ID)
		if err != nil {
			return err
		}
		n := slices.IndexFunc(ports, func(p storage.Port) bool { return p.Port == port })
		if n < 0 {
			return telephony.NotFoundf("channel")
		}
		c, err := tx.Customer(dev.CustomerID)
		if err != nil {
			return err
		}
		s = Spot{Channel: ports[n].Channel, TimeZone: c.TimeZone}
		s.Channel.CustomerID = dev.CustomerID
		return nil
	})
	return s, err
}
