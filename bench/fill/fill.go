// Package fill makes large installations for benchmarks, straight into storage:
// what a million use cases would take hours for.
package fill

import (
	"context"
	"fmt"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// perCustomer is how many places each customer has: Q10's shape.
const perCustomer = 1000

// Place is one desk: a channel with a trusted Yealink phone and an extension
// that sits nowhere yet.
type Place struct {
	Customer, Channel, CPE, Extension string
	SIPUser, SIPSecret, Token         string
	HTTPUser, HTTPPassword            string // what its own directory demands
	MAC                               telephony.MAC
}

// Places adds n places to the database and hands each to visit. Nothing is
// linked, and every phone counts as having what it should.
func Places(ctx context.Context, db *storage.DB, key *auth.Key, n int, visit func(Place) error) error {
	return Sized(ctx, db, key, n, perCustomer, visit)
}

// Sized is Places with so many to each customer.
func Sized(ctx context.Context, db *storage.DB, key *auth.Key, n, perCustomer int, visit func(Place) error) error {
	return fill(ctx, db, key, n, perCustomer, func(int) bool { return false }, visit)
}

// Taken is Places with somebody linked and logged in at every second one, so
// that the tables of links and logins have grown with the installation; visit
// sees the free ones only.
func Taken(ctx context.Context, db *storage.DB, key *auth.Key, n int, visit func(Place) error) error {
	return fill(ctx, db, key, n, perCustomer, func(i int) bool { return i%2 == 1 }, visit)
}

// perTransaction is small because of PostgreSQL, which remembers what each
// serializable transaction has touched in a table of fixed size.
const perTransaction = 100

func fill(ctx context.Context, db *storage.DB, key *auth.Key, n, perCustomer int, taken func(int) bool, visit func(Place) error) error {
	var c telephony.Customer
	for first, last := 0, 0; first < n; first = last {
		last = min(n, first+perTransaction, (first/perCustomer+1)*perCustomer)
		var made []Place
		err := db.Update(ctx, func(tx *storage.Tx) error {
			made = made[:0]
			if first%perCustomer == 0 {
				c = telephony.Customer{ID: storage.NewID(tx.Now), Number: fmt.Sprintf("B%07d", first), Name: fmt.Sprintf("Kunde %d", first/perCustomer),
					Language: "de", TimeZone: "Europe/Berlin", LoginCode: "901", LogoutCode: "902", EmergencyNumbers: []string{"112"}, ExtensionDigits: 4}
				if err := tx.InsertCustomer(c); err != nil {
					return err
				}
			}
			for i := first; i < last; i++ {
				p, err := place(tx, key, c.ID, i, i%perCustomer)
				if err != nil {
					return err
				}
				if !taken(i) {
					made = append(made, p)
				} else if err := sit(tx, p); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, p := range made {
			if err := visit(p); err != nil {
				return err
			}
		}
	}
	return nil
}

func place(tx *storage.Tx, key *auth.Key, customer string, i, n int) (Place, error) {
	p := Place{
		Customer: customer, Channel: storage.NewID(tx.Now), CPE: storage.NewID(tx.Now), Extension: storage.NewID(tx.Now),
		SIPUser: auth.NewPassword(12).Reveal(), SIPSecret: auth.NewPassword(24).Reveal(), Token: auth.NewToken("").Reveal(),
		HTTPUser: auth.NewPassword(12).Reveal(), HTTPPassword: auth.NewPassword(24).Reveal(),
		MAC: telephony.MAC(fmt.Sprintf("805ec0%06x", i%(1<<24))),
	}
	err := tx.InsertChannel(telephony.Channel{ID: p.Channel, CustomerID: customer, Name: fmt.Sprintf("Platz %04d", n), Kind: telephony.KindCPE, SIPUser: p.SIPUser})
	if err != nil {
		return p, err
	}
	if err := tx.InsertExtension(telephony.Extension{ID: p.Extension, CustomerID: customer, Number: fmt.Sprintf("%04d", 3000+n), Name: fmt.Sprintf("Mensch %d", n)}); err != nil {
		return p, err
	}
	cpe := telephony.CPE{ID: p.CPE, CustomerID: customer, MAC: p.MAC, Driver: "yealink", Model: "T46U", Name: fmt.Sprintf("Telefon %04d", n), Ports: 1,
		Trust: telephony.TrustProven, TrustWay: telephony.WayFirstAccess}
	s := storage.Sealed{TokenHash: auth.HashToken(p.Token), Token: key.Seal(telephony.Secret(p.Token), "token "+p.CPE), Admin: key.Seal(auth.NewPassword(16), "admin "+p.CPE)}
	if err := tx.InsertCPE(cpe, s); err != nil {
		return p, err
	}
	if err := tx.UpdateTrust(cpe); err != nil {
		return p, err
	}
	own := storage.HTTPCredentials{User: p.HTTPUser, Password: key.Seal(telephony.Secret(p.HTTPPassword), "http "+p.CPE), Taken: true}
	if err := tx.UpdateHTTPCredentials(customer, p.CPE, own); err != nil {
		return p, err
	}
	a := telephony.Attachment{ChannelID: p.Channel, CustomerID: customer, CPEID: p.CPE, Port: 1}
	return p, tx.InsertAttachment(a, key.Seal(telephony.Secret(p.SIPSecret), "sip "+p.Channel))
}

// sit links the place's own extension there and logs it in, with the audit
// entries that leaves.
func sit(tx *storage.Tx, p Place) error {
	for _, action := range []string{"link", "login"} {
		err := tx.InsertAudit(storage.Audit{CustomerID: p.Customer, ActorKind: "fill", ActorName: "fill", Action: action,
			ObjectKind: "channel", ObjectID: p.Channel, Outcome: "done", Before: "null", After: "null"})
		if err != nil {
			return err
		}
	}
	return tx.Carry(p.Customer, p.Extension, telephony.Plan{
		Link:  &telephony.Link{ChannelID: p.Channel, CustomerID: p.Customer, ExtensionID: p.Extension, Slot: 1, Since: tx.Now, By: "fill"},
		Login: &telephony.Login{ChannelID: p.Channel, CustomerID: p.Customer, ExtensionID: p.Extension, Slot: 1, Kind: telephony.LoginLinked, Since: tx.Now},
	})
}
