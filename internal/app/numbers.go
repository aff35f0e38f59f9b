package app

import (
	"context"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Numbers keeps the numbers of the outside world that lead to a customer (C10).
// Operator and partner say which these are, because a number that is claimed is
// nobody else's; whom one rings is also the customer's to say.
type Numbers struct{ *core }

// NumberView is a number with whom it rings.
type NumberView struct {
	Number    telephony.Number
	Extension *telephony.Extension // nil: nobody yet
}

func numberView(tx *storage.Tx, n telephony.Number) (v NumberView, err error) {
	v.Number = n
	if n.ExtensionID == "" {
		return v, nil
	}
	x, err := tx.Extension(n.CustomerID, n.ExtensionID)
	v.Extension = &x
	return v, err
}

// List lists the customer's numbers; Search finds parts of a number or its note.
func (n Numbers) List(ctx context.Context, actor auth.Actor, customerID string, q Query) (l List[NumberView], err error) {
	pg, err := page(q)
	if err != nil {
		return l, err
	}
	err = n.look(ctx, actor, customerID, func(tx *storage.Tx, _ telephony.Customer) error {
		rows, err := tx.Numbers(customerID, pg)
		var items []NumberView
		for _, r := range rows {
			items = append(items, NumberView(r))
		}
		l = list(items, pg, func(v NumberView) (string, string) { return v.Number.E164, v.Number.ID })
		return err
	})
	return l, err
}

// Get reads one number.
func (n Numbers) Get(ctx context.Context, actor auth.Actor, customerID, id string) (v NumberView, err error) {
	err = n.look(ctx, actor, customerID, func(tx *storage.Tx, _ telephony.Customer) error {
		x, err := tx.Number(customerID, id)
		if err != nil {
			return err
		}
		v, err = numberView(tx, x)
		return err
	})
	return v, err
}

// checkNumber reads the number as it is dialled at the customer, and checks that
// whom it rings is the customer's.
func checkNumber(tx *storage.Tx, c telephony.Customer, x *telephony.Number) (err error) {
	if x.E164, err = telephony.E164("e164", x.E164, false); err != nil {
		return err
	}
	if x.Note, err = telephony.OptionalText("note", x.Note); err != nil {
		return err
	}
	if x.ExtensionID == "" {
		return nil
	}
	_, err = tx.Extension(c.ID, x.ExtensionID)
	return err
}

// Create adds a number, leading to x.ExtensionID or to nobody yet.
func (n Numbers) Create(ctx context.Context, actor auth.Actor, x telephony.Number) (v NumberView, err error) {
	err = n.change(ctx, actor, auth.ScopeWrite, x.CustomerID, "create", "number", "", func(tx *storage.Tx, c telephony.Customer) error {
		if err := servers(actor); err != nil {
			return err
		}
		if err := checkNumber(tx, c, &x); err != nil {
			return err
		}
		x.ID, x.Version = storage.NewID(tx.Now), 1
		if err := tx.InsertNumber(x); err != nil {
			return err
		}
		n.changed(tx, x, "changed")
		if v, err = numberView(tx, x); err != nil {
			return err
		}
		return audit(tx, actor, x.CustomerID, "create", "number", x.ID, nil, numberKept(x))
	})
	return v, err
}

// Update says whom a number rings, and its note. Another number is another
// number's object.
func (n Numbers) Update(ctx context.Context, actor auth.Actor, customerID, id string, version int64, f func(*telephony.Number) error) (v NumberView, err error) {
	err = n.change(ctx, actor, auth.ScopeWrite, customerID, "update", "number", id, func(tx *storage.Tx, c telephony.Customer) error {
		before, err := tx.Number(customerID, id)
		if err != nil {
			return err
		}
		if err := versioned(version, before.Version); err != nil {
			return err
		}
		x := before
		if err := f(&x); err != nil {
			return err
		}
		if err := checkNumber(tx, c, &x); err != nil {
			return err
		}
		if x.E164 != before.E164 {
			return telephony.Invalidf("e164", "number_fixed", "a number cannot become another one; add that one")
		}
		if err := tx.UpdateNumber(x); err != nil {
			return err
		}
		x.Version++
		n.changed(tx, x, "changed")
		if x.ExtensionID != before.ExtensionID && before.ExtensionID != "" {
			n.tell(tx, customerID, "extension", before.ExtensionID, "changed", "")
		}
		if v, err = numberView(tx, x); err != nil {
			return err
		}
		return audit(tx, actor, customerID, "update", "number", id, numberKept(before), numberKept(x))
	})
	return v, err
}

// Delete removes a number that nobody shows outside. It is refused when the number
// is no longer at version; 0 is any.
func (n Numbers) Delete(ctx context.Context, actor auth.Actor, customerID, id string, version int64) error {
	return n.change(ctx, actor, auth.ScopeWrite, customerID, "delete", "number", id, func(tx *storage.Tx, _ telephony.Customer) error {
		if err := servers(actor); err != nil {
			return err
		}
		x, err := tx.Number(customerID, id)
		if err != nil {
			return err
		}
		if err := versioned(version, x.Version); err != nil {
			return err
		}
		shown, err := tx.ShowsOutside(customerID, x.E164)
		if err != nil {
			return err
		}
		if shown > 0 {
			return telephony.Conflictf("number_shown", "calls of the customer or of an extension show %s outside; give them another first", x.E164)
		}
		if err := tx.DeleteNumber(customerID, id); err != nil {
			return err
		}
		n.changed(tx, x, "deleted")
		return audit(tx, actor, customerID, "delete", "number", id, numberKept(x), nil)
	})
}

func (n Numbers) changed(tx *storage.Tx, x telephony.Number, what string) {
	n.tell(tx, x.CustomerID, "number", x.ID, what, x.E164)
	if x.ExtensionID != "" {
		n.tell(tx, x.CustomerID, "extension", x.ExtensionID, "changed", "")
	}
}

func numberKept(x telephony.Number) map[string]any {
	return map[string]any{"e164": x.E164, "extension": x.ExtensionID, "note": x.Note}
}

// outbound checks that a number to be shown outside is the customer's: nobody
// calls with the number of somebody else.
func outbound(tx *storage.Tx, customerID, number string) error {
	if number == "" {
		return nil
	}
	has, err := tx.HasNumber(customerID, number)
	if err == nil && !has {
		return telephony.Invalidf("outbound_number", "number_foreign", "%s is not one of the customer's numbers", number)
	}
	return err
}
