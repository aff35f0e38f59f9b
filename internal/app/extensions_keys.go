package app

import (
	"context"
	"fmt"

	"tischlein/internal/auth"
	"tischlein/internal/provision"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// mostWatching is at how many phones a watched extension's new number or name is
// written in the same transaction. Where more show it, all the customer's devices
// are looked at again, a few at a time.
const mostWatching = 20

// checkKeys checks an extension's keys: those that watch somebody name the number
// of an extension of the customer (P08).
func checkKeys(tx *storage.Tx, c telephony.Customer, keys []telephony.Key) ([]telephony.Key, error) {
	keys, err := telephony.CheckKeys(c, keys)
	if err != nil {
		return nil, err
	}
	for n, k := range keys {
		if k.Kind != telephony.KeyWatch {
			continue
		}
		_, err := tx.ExtensionByNumber(c.ID, k.Value)
		if telephony.CodeOf(err) == telephony.NotFound {
			return nil, telephony.Invalidf(fmt.Sprintf("keys[%d].value", n), "extension_unknown", "the customer has no extension %q", k.Value)
		}
		if err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// putKeys checks and writes the keys of a new extension.
func (x Extensions) putKeys(tx *storage.Tx, c telephony.Customer, e *telephony.Extension) (err error) {
	if len(e.Keys) == 0 {
		return nil
	}
	if e.Keys, err = checkKeys(tx, c, e.Keys); err != nil {
		return err
	}
	return tx.PutKeys(c.ID, e.ID, e.Keys)
}

// watchers looks again at the phones whose users had a key for an extension that
// has another number or name now, or is gone. watching holds more than
// mostWatching of them where there are more.
func (x Extensions) watchers(tx *storage.Tx, customerID string, watching []string) error {
	if len(watching) <= mostWatching {
		return x.touched(tx, customerID, watching, false)
	}
	if err := tx.RaiseEpoch(customerID); err != nil {
		return err
	}
	x.customerChanged(tx, customerID)
	return nil
}

// KeyFit is a phone at which somebody sits, with their keys that it has no room
// for.
type KeyFit struct {
	CPEID string
	Name  string
	Model string // as its vendor calls it
	Room  int    // programmable keys it has in all
	Left  []telephony.Key
}

// KeyFits lists the phones at which the extension is logged in (P08).
func (x Extensions) KeyFits(ctx context.Context, actor auth.Actor, customerID, id string) (list []KeyFit, err error) {
	err = x.look(ctx, actor, customerID, func(tx *storage.Tx, _ telephony.Customer) error {
		s, err := tx.Seat(customerID, id)
		if err != nil {
			return err
		}
		list = []KeyFit{}
		for _, l := range s.Logins {
			a, err := tx.Attachment(customerID, l.ChannelID)
			if telephony.CodeOf(err) == telephony.NotFound {
				continue // a client: it is no phone of ours
			}
			if err != nil {
				return err
			}
			fit, err := x.keyFit(tx, customerID, a)
			if err != nil {
				return err
			}
			list = append(list, fit)
		}
		return nil
	})
	return list, err
}

func (x Extensions) keyFit(tx *storage.Tx, customerID string, a telephony.Attachment) (f KeyFit, err error) {
	d, dev, err := x.desired(tx, customerID, a.CPEID)
	if err != nil {
		return f, err
	}
	drv, err := x.drivers.Get(d.Driver)
	if err != nil {
		return f, err
	}
	model, _ := drv.Info().Model(d.Model)
	f = KeyFit{CPEID: a.CPEID, Name: dev.CPE.Name, Model: drv.Info().Name + " " + model.Name, Room: model.Keys}
	_, left := provision.LayKeys(drv.Info(), d)
	for _, l := range left {
		if l.Port == a.Port {
			f.Left = append(f.Left, l.Key)
		}
	}
	return f, nil
}
