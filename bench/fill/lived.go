package fill

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/netip"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Lived adds customers with rows places each as they are on a usual day: two
// thirds of the desks linked, one in twenty offline, a few of everything else.
// said, which may be nil, is called with how many customers are complete.
func Lived(ctx context.Context, db *storage.DB, key *auth.Key, customers, rows int, said func(done int)) error {
	var made []Place
	n := 0
	return Sized(ctx, db, key, rows*customers, rows, func(p Place) error {
		if made = append(made, p); len(made) < min(rows, perDay) && (n+len(made))%rows != 0 {
			return nil
		}
		err := db.Update(ctx, func(tx *storage.Tx) error {
			for i, p := range made {
				if err := live(tx, p, n+i); err != nil {
					return err
				}
			}
			return nil
		})
		n += len(made)
		made = made[:0]
		if said != nil && n%rows == 0 {
			said(n / rows)
		}
		return err
	})
}

// perDay is how many places live in one transaction.
const perDay = 1000

func live(tx *storage.Tx, p Place, i int) error {
	if i%3 != 0 {
		plan := telephony.Plan{Link: &telephony.Link{ChannelID: p.Channel, CustomerID: p.Customer, ExtensionID: p.Extension, Slot: 1, Since: tx.Now, By: "bench"}}
		if i%500 != 1 {
			plan.Login = &telephony.Login{ChannelID: p.Channel, CustomerID: p.Customer, ExtensionID: p.Extension, Slot: 1, Kind: telephony.LoginLinked, Since: tx.Now}
		}
		if err := tx.Carry(p.Customer, p.Extension, plan); err != nil {
			return err
		}
	} else if i%30 == 0 {
		if err := tx.Carry(p.Customer, p.Extension, telephony.Plan{Login: &telephony.Login{ChannelID: p.Channel, CustomerID: p.Customer,
			ExtensionID: p.Extension, Slot: 1, Kind: telephony.LoginHotdesk, Since: tx.Now}}); err != nil {
			return err
		}
	}
	if _, err := tx.Fetched(storage.Fetch{CustomerID: p.Customer, CPEID: p.CPE, Revision: map[bool]string{true: "old"}[i%300 == 11],
		Addr: "203.0.113.7", Firmware: fmt.Sprintf("108.86.0.%d", i%5), At: tx.Now}); err != nil {
		return err
	}
	if i%400 == 7 {
		if err := tx.Refused(p.Customer, p.CPE, "another instance"); err != nil {
			return err
		}
	}
	if i%20 == 19 {
		return nil
	}
	return tx.PutBindings([]telephony.Binding{{ChannelID: p.Channel, CustomerID: p.Customer, SIPUser: p.SIPUser, Contact: "sip:x@203.0.113.7", CallID: rand.Text(),
		Source: netip.MustParseAddrPort("203.0.113.7:5060"), UserAgent: "Yealink SIP-T46U 108.86.0.1", Registered: tx.Now, Expires: tx.Now.Add(24 * time.Hour)}})
}
