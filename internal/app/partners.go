package app

import (
	"context"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Partners keeps the resellers; only the operator sees them.
type Partners struct{ *core }

func operator(actor auth.Actor, s auth.Scope) error {
	if !actor.Operator() {
		return telephony.NotFoundf("partner")
	}
	if !actor.Can(s) {
		return auth.Denied(s)
	}
	return nil
}

// List lists partners by name.
func (p Partners) List(ctx context.Context, actor auth.Actor, q Query) (l List[telephony.Partner], err error) {
	if err := operator(actor, auth.ScopeRead); err != nil {
		return l, err
	}
	pg, err := page(q)
	if err != nil {
		return l, err
	}
	err = p.db.View(ctx, func(tx *storage.Tx) error {
		items, err := tx.Partners(pg)
		l = list(items, pg, func(x telephony.Partner) (string, string) { return telephony.Fold(x.Name), x.ID })
		return err
	})
	return l, err
}

// Get reads one partner.
func (p Partners) Get(ctx context.Context, actor auth.Actor, id string) (x telephony.Partner, err error) {
	if err := operator(actor, auth.ScopeRead); err != nil {
		return x, err
	}
	err = p.db.View(ctx, func(tx *storage.Tx) error { x, err = tx.Partner(id); return err })
	return x, err
}

// Create adds a partner.
func (p Partners) Create(ctx context.Context, actor auth.Actor, x telephony.Partner) (telephony.Partner, error) {
	if err := operator(actor, auth.ScopeAdmin); err != nil {
		return x, err
	}
	var err error
	if x.Name, err = telephony.Name("name", x.Name); err != nil {
		return x, err
	}
	err = p.db.Update(ctx, func(tx *storage.Tx) error {
		x.ID, x.Version = storage.NewID(tx.Now), 1
		if err := tx.InsertPartner(x); err != nil {
			return err
		}
		return audit(tx, actor, "", "create", "partner", x.ID, nil, x)
	})
	return x, err
}

// Update changes a partner.
func (p Partners) Update(ctx context.Context, actor auth.Actor, id string, version int64, f func(*telephony.Partner) error) (x telephony.Partner, err error) {
	if err := operator(actor, auth.ScopeAdmin); err != nil {
		return x, err
	}
	err = p.db.Update(ctx, func(tx *storage.Tx) error {
		before, err := tx.Partner(id)
		if err != nil {
			return err
		}
		if err := versioned(version, before.Version); err != nil {
			return err
		}
		x = before
		if err := f(&x); err != nil {
			return err
		}
		if x.Name, err = telephony.Name("name", x.Name); err != nil {
			return err
		}
		if err := tx.UpdatePartner(x); err != nil {
			return err
		}
		x.Version++
		return audit(tx, actor, "", "update", "partner", id, before, x)
	})
	return x, err
}

// Delete removes a partner that has no customers. It is refused when the partner
// is no longer at version; 0 is any.
func (p Partners) Delete(ctx context.Context, actor auth.Actor, id string, version int64) error {
	if err := operator(actor, auth.ScopeAdmin); err != nil {
		return err
	}
	return p.db.Update(ctx, func(tx *storage.Tx) error {
		before, err := tx.Partner(id)
		if err != nil {
			return err
		}
		if err := versioned(version, before.Version); err != nil {
			return err
		}
		if err := tx.DeletePartner(id); err != nil {
			return err
		}
		if err := tx.DeleteTokensOf(id); err != nil {
			return err
		}
		return audit(tx, actor, "", "delete", "partner", id, before, nil)
	})
}
