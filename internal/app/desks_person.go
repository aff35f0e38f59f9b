package app

import (
	"bytes"
	"cmp"
	"context"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Mine is what end users see of themselves.
type Mine struct {
	Extension             telephony.Extension
	Places                []Place   // where they are logged in
	Waiting               []Place   // links that wait for their device
	LockedUntil           time.Time // hot-desk login locked after wrong PINs; zero: it is not
	LoginCode, LogoutCode string
}

// Mine says where an extension is logged in, for its own user or an administrator.
// extensionID "" is the actor's own.
func (d Desks) Mine(ctx context.Context, actor auth.Actor, customerID, extensionID string) (m Mine, err error) {
	if extensionID == "" {
		extensionID = actor.ExtensionID
	}
	err = d.db.View(ctx, func(tx *storage.Tx) error {
		c, err := scoped(tx, actor, auth.ScopeLogin, customerID)
		if err != nil {
			return err
		}
		if actor.AtPhone() || !actor.Speaks(extensionID) {
			return telephony.NotFoundf("extension")
		}
		m, err = d.mine(tx, c, extensionID)
		return err
	})
	return m, err
}

func (d Desks) mine(tx *storage.Tx, c telephony.Customer, extensionID string) (m Mine, err error) {
	s, err := tx.Seat(c.ID, extensionID)
	if err != nil {
		return m, err
	}
	m = Mine{Extension: s.Extension, LoginCode: c.LoginCode, LogoutCode: c.LogoutCode}
	at := map[string]bool{}
	for _, l := range s.Logins {
		p, err := placeOf(tx, l)
		if err != nil {
			return m, err
		}
		at[l.ChannelID] = l.Kind == telephony.LoginLinked
		m.Places = append(m.Places, p)
	}
	for _, k := range s.Links {
		if at[k.ChannelID] {
			continue
		}
		p, err := placeOf(tx, telephony.Login{CustomerID: c.ID, ChannelID: k.ChannelID, Kind: telephony.LoginLinked, Since: k.Since})
		if err != nil {
			return m, err
		}
		m.Waiting = append(m.Waiting, p)
	}
	pin, err := tx.PIN(c.ID, extensionID)
	if pin.Guard.Locked(tx.Now) {
		m.LockedUntil = pin.Guard.LockedUntil
	}
	return m, err
}

// PINChange is an end user's change of their PIN.
type PINChange struct {
	CustomerID  string
	ChannelID   string // the phone at which it is done, "" away from one
	Number      string // whose, as it is typed at a phone; "" = ExtensionID's
	ExtensionID string // "" = the actor's own
	Session     string // of the actor's, which stays when the others that stand on the PIN end
	Old, New    telephony.Secret
	Path        string
}

// ChangePIN changes a PIN by who knows it (D20). The old one is judged as at a
// login; the new one must not be easy to guess.
func (d Desks) ChangePIN(ctx context.Context, actor auth.Actor, r PINChange) error {
	err := d.db.View(ctx, func(tx *storage.Tx) error {
		if _, err := atDesk(tx, actor, r.CustomerID, r.ChannelID); err != nil {
			return err
		}
		if r.Number != "" {
			return nil
		}
		id := cmp.Or(r.ExtensionID, actor.ExtensionID)
		if actor.AtPhone() || !actor.Speaks(id) {
			return telephony.NotFoundf("extension")
		}
		x, err := tx.Extension(r.CustomerID, id)
		r.Number = x.Number
		return err
	})
	if err != nil {
		return err
	}
	x, pin, err := d.provePIN(ctx, actor, pinTry{CustomerID: r.CustomerID, ChannelID: r.ChannelID, Number: r.Number, PIN: r.Old, Path: r.Path, Action: "set_pin"})
	if err != nil {
		return err
	}
	if _, err := telephony.CheckPIN("new_pin", r.New.Reveal(), x.Number, false); err != nil {
		return err
	}
	hash, err := d.hashPIN(ctx, r.New)
	if err != nil {
		return err
	}
	fresh := storage.PIN{Hash: hash}
	return d.actOn(ctx, actor, r.CustomerID, "set_pin", "extension", x.ID, r.Path, false, func(tx *storage.Tx, _ telephony.Customer) error {
		now, err := tx.PIN(r.CustomerID, x.ID)
		if err != nil {
			return err
		}
		if now.Guard.Locked(tx.Now) {
			return pinLocked(now.Guard)
		}
		if !bytes.Equal(now.Hash, pin.Hash) {
			return wrongPIN() // changed meanwhile
		}
		if err := tx.UpdatePIN(r.CustomerID, x.ID, fresh); err != nil {
			return err
		}
		if _, err := tx.DeletePINSessions(x.ID, r.Session); err != nil { // who knew the old one is out
			return err
		}
		d.tell(tx, r.CustomerID, "extension", x.ID, "changed", "")
		return audit(tx, actor, r.CustomerID, "set_pin", "extension", x.ID, nil, map[string]any{"path": pathOf(actor, r.Path)})
	})
}
