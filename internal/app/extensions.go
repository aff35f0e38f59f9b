package app

import (
	"context"
	"slices"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Extensions keeps people's internal numbers.
type Extensions struct{ *core }

func (x Extensions) view(tx *storage.Tx, e telephony.Extension) (v ExtensionView, err error) {
	v.Extension = e
	if v.Extension.Keys, err = tx.Keys(e.CustomerID, e.ID); err != nil {
		return v, err
	}
	if v.Links, err = tx.Links(e.CustomerID, e.ID); err != nil {
		return v, err
	}
	if v.Logins, err = tx.Logins(e.CustomerID, e.ID); err != nil {
		return v, err
	}
	if v.Places, err = x.places(tx, e.CustomerID, v); err != nil {
		return v, err
	}
	if v.Numbers, err = tx.NumbersOf(e.CustomerID, e.ID); err != nil {
		return v, err
	}
	p, err := tx.PIN(e.CustomerID, e.ID)
	if p.Guard.Locked(tx.Now) {
		v.LockedUntil = p.Guard.LockedUntil
	}
	return v, err
}

// Get reads one extension.
func (x Extensions) Get(ctx context.Context, actor auth.Actor, customerID, id string) (v ExtensionView, err error) {
	err = x.look(ctx, actor, customerID, func(tx *storage.Tx, _ telephony.Customer) error {
		e, err := tx.Extension(customerID, id)
		if err != nil {
			return err
		}
		v, err = x.view(tx, e)
		return err
	})
	return v, err
}

// Linkable lists the channels that can be chosen for the extension (S10).
func (x Extensions) Linkable(ctx context.Context, actor auth.Actor, customerID, extensionID string, q Query) (l List[telephony.Channel], err error) {
	pg, err := page(q)
	if err != nil {
		return l, err
	}
	err = x.look(ctx, actor, customerID, func(tx *storage.Tx, _ telephony.Customer) error {
		if _, err := tx.Extension(customerID, extensionID); err != nil {
			return err
		}
		items, err := tx.UnlinkedChannels(customerID, pg)
		l = list(items, pg, func(c telephony.Channel) (string, string) { return telephony.Fold(c.Name), c.ID })
		return err
	})
	return l, err
}

func checkExtension(e *telephony.Extension, digits int) (err error) {
	if e.Number, err = telephony.ExtensionNumber("number", e.Number, digits); err != nil {
		return err
	}
	if e.Name, err = telephony.Name("name", e.Name); err != nil {
		return err
	}
	if e.OutboundNumber, err = telephony.E164("outbound_number", e.OutboundNumber, true); err != nil {
		return err
	}
	e.Language, err = telephony.Language("language", e.Language, true)
	return err
}

// Create adds an extension; the customer's first one fixes the length of all
// (D21). pin "" sets none.
func (x Extensions) Create(ctx context.Context, actor auth.Actor, e telephony.Extension, pin telephony.Secret) (v ExtensionView, err error) {
	var hash []byte
	if pin != "" {
		if hash, err = x.hashPIN(ctx, pin); err != nil {
			return v, err
		}
	}
	err = x.change(ctx, actor, auth.ScopeWrite, e.CustomerID, "create", "extension", "", func(tx *storage.Tx, c telephony.Customer) error {
		if err := checkExtension(&e, c.ExtensionDigits); err != nil {
			return err
		}
		if dialled(c, e.Number) {
			return telephony.Invalidf("number", "number_is_code", "%s is dialled for something else", e.Number)
		}
		if c.ExtensionDigits == 0 {
			c.ExtensionDigits = len(e.Number)
			if err := tx.UpdateCustomer(c, false); err != nil {
				return err
			}
		}
		if err := outbound(tx, c.ID, e.OutboundNumber); err != nil {
			return err
		}
		e.ID, e.Version = storage.NewID(tx.Now), 1
		if err := tx.InsertExtension(e); err != nil {
			return err
		}
		if err := x.putKeys(tx, c, &e); err != nil {
			return err
		}
		if pin != "" {
			if err := x.setPIN(tx, &e, pin, hash, true); err != nil {
				return err
			}
		}
		v = ExtensionView{Extension: e}
		x.tell(tx, e.CustomerID, "extension", e.ID, "changed", "")
		return audit(tx, actor, e.CustomerID, "create", "extension", e.ID, nil, e)
	})
	return v, err
}

func dialled(c telephony.Customer, number string) bool {
	return number == c.LoginCode || number == c.LogoutCode || slices.Contains(c.EmergencyNumbers, number)
}

// setPIN checks a PIN and writes it; hash is of it.
func (k *core) setPIN(tx *storage.Tx, e *telephony.Extension, pin telephony.Secret, hash []byte, administrator bool) error {
	must, err := telephony.CheckPIN("pin", pin.Reveal(), e.Number, administrator)
	if err != nil {
		return err
	}
	e.HasPIN, e.PINMustChange = true, must
	if _, err := tx.DeletePINSessions(e.ID, ""); err != nil { // who knew the old one is out
		return err
	}
	return tx.UpdatePIN(e.CustomerID, e.ID, storage.PIN{Hash: hash, MustChange: must})
}

// Delete unlinks, logs off and removes an extension (D15). It is refused when the
// extension is no longer at version; 0 is any.
func (x Extensions) Delete(ctx context.Context, actor auth.Actor, customerID, id string, version int64) error {
	return x.change(ctx, actor, auth.ScopeWrite, customerID, "delete", "extension", id, func(tx *storage.Tx, _ telephony.Customer) error {
		s, err := tx.Seat(customerID, id)
		if err != nil {
			return err
		}
		if err := versioned(version, s.Extension.Version); err != nil {
			return err
		}
		p := telephony.Plan{Unlink: s.Links}
		for _, l := range s.Logins {
			p.End = append(p.End, telephony.Ending{Login: l, Reason: telephony.EndDeleted})
		}
		if err := x.carry(tx, actor, customerID, id, p, false); err != nil {
			return err
		}
		watching, err := tx.WatchingChannels(customerID, id, mostWatching+1)
		if err != nil {
			return err
		}
		if err := tx.WatchersChanged(customerID, id); err != nil {
			return err
		}
		if s.Extension.Keys, err = tx.Keys(customerID, id); err != nil { // for the log
			return err
		}
		if err := tx.DeleteExtension(customerID, id); err != nil {
			return err
		}
		if err := x.watchers(tx, customerID, watching); err != nil {
			return err
		}
		if err := tx.DeleteTokensOf(id); err != nil {
			return err
		}
		if err := tx.DeleteUsersOf(customerID, id); err != nil {
			return err
		}
		x.tell(tx, customerID, "extension", id, "deleted", "")
		return audit(tx, actor, customerID, "delete", "extension", id, s.Extension, nil)
	})
}

// SetPIN sets an extension's PIN (D20). A user sets their own, and not 0000.
func (x Extensions) SetPIN(ctx context.Context, actor auth.Actor, customerID, id string, pin telephony.Secret) error {
	need := auth.ScopeWrite
	if actor.Role == auth.User {
		need = auth.ScopeLogin
	}
	hash, err := x.hashPIN(ctx, pin)
	if err != nil {
		return err
	}
	return x.change(ctx, actor, need, customerID, "set_pin", "extension", id, func(tx *storage.Tx, _ telephony.Customer) error {
		if actor.Role == auth.User && actor.ExtensionID != id {
			return telephony.NotFoundf("extension")
		}
		e, err := tx.Extension(customerID, id)
		if err != nil {
			return err
		}
		if err := x.setPIN(tx, &e, pin, hash, actor.Administrator()); err != nil {
			return err
		}
		x.tell(tx, customerID, "extension", id, "changed", "")
		return audit(tx, actor, customerID, "set_pin", "extension", id, nil, nil)
	})
}

// Unlock lifts the lock after wrong PINs (D20).
func (x Extensions) Unlock(ctx context.Context, actor auth.Actor, customerID, id string) error {
	return x.change(ctx, actor, auth.ScopeWrite, customerID, "unlock", "extension", id, func(tx *storage.Tx, _ telephony.Customer) error {
		p, err := tx.PIN(customerID, id)
		if err != nil {
			return err
		}
		p.Guard = telephony.PINGuard{}
		if err := tx.UpdatePIN(customerID, id, p); err != nil {
			return err
		}
		x.tell(tx, customerID, "extension", id, "changed", "")
		return audit(tx, actor, customerID, "unlock", "extension", id, nil, nil)
	})
}
