package app

import (
	"context"
	"net/netip"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// ListedDevice is a device with a linked user, and the address that decides over it.
type ListedDevice struct {
	ChannelID, Channel string
	CPEID, CPE         string
	Number, Name       string // the extension that is linked
	Address            netip.Addr
}

// ListingEffect says which devices with a linked user would fail the IP check that
// pass it now, and which would pass that fail it now, if listing were on (or off)
// and the entry were gone (D18); "" is none.
func (c Customers) ListingEffect(ctx context.Context, actor auth.Actor, customerID string, on bool, without string) (fail, heal []ListedDevice, err error) {
	var gone telephony.Entry
	if without != "" {
		if gone, err = telephony.ParseEntry("without", without); err != nil {
			return nil, nil, err
		}
	}
	err = c.look(ctx, actor, customerID, func(tx *storage.Tx, x telephony.Customer) error {
		entries, err := tx.AllowlistEntries(customerID)
		if err != nil {
			return err
		}
		now, then := telephony.Allowlist{On: x.IPListing}, telephony.Allowlist{On: on}
		for _, e := range entries {
			now.Entries = append(now.Entries, e.Entry)
			if e.Entry != gone {
				then.Entries = append(then.Entries, e.Entry)
			}
		}
		devices, err := tx.LinkedDevices(customerID)
		for _, d := range devices {
			was, passed := now.Check(d.Seen)
			will, passes := then.Check(d.Seen)
			l := ListedDevice{ChannelID: d.ChannelID, Channel: d.Channel, CPEID: d.CPEID, CPE: d.CPE, Number: d.Number, Name: d.Name}
			switch {
			case passed && !passes:
				l.Address = will
				fail = append(fail, l)
			case !passed && passes:
				l.Address = was
				heal = append(heal, l)
			}
		}
		return err
	})
	return fail, heal, err
}
