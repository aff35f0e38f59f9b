package app

import (
	"context"
	"net/netip"
	"slices"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Trunks keeps the peers that are no phones (C10): a customer's own, or with
// customerID "" the installation's, which carry the calls of every customer
// without its own. The operator keeps the installation's, operator and partner
// the customers'; a customer's administrator reads its own.
type Trunks struct{ *core }

// TrunkView is a trunk as people see it: its secret is never shown.
type TrunkView struct {
	Trunk     telephony.Trunk // Secret is ""
	HasSecret bool
}

func trunkView(t storage.Trunk) TrunkView { return TrunkView{t.Trunk, len(t.Sealed) > 0} }

// servers refuses who is served and does not serve: trunks, numbers and limits
// are not for a customer's own administrator.
func servers(actor auth.Actor) error {
	if actor.Operator() || actor.Role == auth.PartnerAdmin {
		return nil
	}
	return telephony.Forbiddenf("operator_or_partner", "only the operator or the partner sets this")
}

// read runs f where the actor may read the trunks of customerID.
func (t Trunks) read(ctx context.Context, actor auth.Actor, customerID string, f func(*storage.Tx) error) error {
	if customerID != "" {
		return t.look(ctx, actor, customerID, func(tx *storage.Tx, _ telephony.Customer) error { return f(tx) })
	}
	if err := installation(actor, auth.ScopeRead); err != nil {
		return err
	}
	return t.db.View(ctx, f)
}

// write runs f where the actor may change the trunks of customerID.
func (t Trunks) write(ctx context.Context, actor auth.Actor, customerID, action, id string, f func(*storage.Tx) error) error {
	if customerID != "" {
		return t.change(ctx, actor, auth.ScopeWrite, customerID, action, "trunk", id, func(tx *storage.Tx, _ telephony.Customer) error {
			if err := servers(actor); err != nil {
				return err
			}
			return f(tx)
		})
	}
	if err := installation(actor, auth.ScopeAdmin); err != nil {
		return err
	}
	return t.db.Update(ctx, f)
}

// installation is the check for what belongs to no customer.
func installation(actor auth.Actor, s auth.Scope) error {
	if !actor.Operator() {
		return telephony.NotFoundf("trunk")
	}
	if !actor.Can(s) {
		return auth.Denied(s)
	}
	return nil
}

// List lists trunks by name.
func (t Trunks) List(ctx context.Context, actor auth.Actor, customerID string, q Query) (l List[TrunkView], err error) {
	pg, err := page(q)
	if err != nil {
		return l, err
	}
	err = t.read(ctx, actor, customerID, func(tx *storage.Tx) error {
		rows, err := tx.Trunks(customerID, pg)
		var items []TrunkView
		for _, r := range rows {
			items = append(items, trunkView(r))
		}
		l = list(items, pg, func(v TrunkView) (string, string) { return telephony.Fold(v.Trunk.Name), v.Trunk.ID })
		return err
	})
	return l, err
}

// Get reads one trunk.
func (t Trunks) Get(ctx context.Context, actor auth.Actor, customerID, id string) (v TrunkView, err error) {
	err = t.read(ctx, actor, customerID, func(tx *storage.Tx) error {
		r, err := tx.Trunk(customerID, id)
		v = trunkView(r)
		return err
	})
	return v, err
}

// Create adds a trunk; x.CustomerID "" makes it the installation's.
func (t Trunks) Create(ctx context.Context, actor auth.Actor, x telephony.Trunk) (v TrunkView, err error) {
	err = t.write(ctx, actor, x.CustomerID, "create", "", func(tx *storage.Tx) error {
		r := storage.Trunk{}
		if r.Trunk, err = telephony.CheckTrunk(x); err != nil {
			return err
		}
		r.ID, r.Version = storage.NewID(tx.Now), 1
		if err := t.seal(tx, &r); err != nil {
			return err
		}
		if err := tx.InsertTrunk(r); err != nil {
			return err
		}
		v = trunkView(r)
		t.changed(tx, r.Trunk, "changed")
		return audit(tx, actor, x.CustomerID, "create", "trunk", r.ID, nil, trunkKept(v))
	})
	return v, err
}

// Update changes a trunk. f sees no secret; one that it sets replaces what was
// there, "" keeps it, and without a user name there is none.
func (t Trunks) Update(ctx context.Context, actor auth.Actor, customerID, id string, version int64, f func(*telephony.Trunk) error) (v TrunkView, err error) {
	err = t.write(ctx, actor, customerID, "update", id, func(tx *storage.Tx) error {
		r, err := tx.Trunk(customerID, id)
		if err != nil {
			return err
		}
		before := trunkView(r)
		if err := versioned(version, r.Version); err != nil {
			return err
		}
		x := r.Trunk
		x.Sources = slices.Clone(x.Sources)
		if err := f(&x); err != nil {
			return err
		}
		x.ID, x.CustomerID, x.Version = r.ID, r.CustomerID, r.Version
		if r.Trunk, err = telephony.CheckTrunk(x); err != nil {
			return err
		}
		if err := t.seal(tx, &r); err != nil {
			return err
		}
		if err := tx.UpdateTrunk(r); err != nil {
			return err
		}
		r.Version++
		v = trunkView(r)
		t.changed(tx, r.Trunk, "changed")
		return audit(tx, actor, customerID, "update", "trunk", id, trunkKept(before), trunkKept(v))
	})
	return v, err
}

// Delete removes a trunk. It is refused when the trunk is no longer at version; 0
// is any. Calls that it carries go on.
func (t Trunks) Delete(ctx context.Context, actor auth.Actor, customerID, id string, version int64) error {
	return t.write(ctx, actor, customerID, "delete", id, func(tx *storage.Tx) error {
		r, err := tx.Trunk(customerID, id)
		if err != nil {
			return err
		}
		if err := versioned(version, r.Version); err != nil {
			return err
		}
		if err := tx.DeleteTrunk(customerID, id); err != nil {
			return err
		}
		t.changed(tx, r.Trunk, "deleted")
		return audit(tx, actor, customerID, "delete", "trunk", id, trunkKept(trunkView(r)), nil)
	})
}

// seal puts the secret away and sees that neither another trunk nor phones of
// other customers are where this one comes from: whose a request is must be
// certain.
func (t Trunks) seal(tx *storage.Tx, r *storage.Trunk) error {
	switch {
	case r.User == "":
		r.Sealed = nil
	case r.Secret != "":
		r.Sealed = t.key.Seal(r.Secret, "trunk "+r.ID)
	}
	r.Secret = ""
	others, err := tx.EveryTrunk()
	if err != nil {
		return err
	}
	for _, p := range r.Sources {
		taken := slices.ContainsFunc(others, func(o storage.Trunk) bool {
			return o.ID != r.ID && slices.ContainsFunc(o.Sources, p.Overlaps)
		})
		// What comes from there would no longer be taken for their phones'.
		if !taken && r.CustomerID != "" {
			if taken, err = tx.SeenElsewhere(r.CustomerID, p.Masked().Addr(), lastOf(p)); err != nil {
				return err
			}
		}
		if taken {
			e := telephony.Conflictf("source_taken", "%s is where another trunk or other phones come from", p)
			e.Field = "sources"
			return e
		}
	}
	return nil
}

// lastOf is the last address of a prefix.
func lastOf(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().AsSlice()
	for bit := p.Bits(); bit < 8*len(b); bit++ {
		b[bit/8] |= 0x80 >> (bit % 8)
	}
	a, _ := netip.AddrFromSlice(b) // as long as it was
	return a
}

// changed has the part that carries calls ask for the trunks anew.
func (t Trunks) changed(tx *storage.Tx, x telephony.Trunk, what string) {
	tx.AfterCommit(func() { t.ports.Calls.TrunksChanged() })
	t.tell(tx, x.CustomerID, "trunk", x.ID, what, "")
}

// trunkKept is what the log keeps of a trunk: all but its secret, of which it says
// that there is one.
func trunkKept(v TrunkView) map[string]any {
	return map[string]any{"name": v.Trunk.Name, "switch": v.Trunk.Switch, "host": v.Trunk.Host, "sources": v.Trunk.Sources,
		"user": v.Trunk.User, "secret": v.HasSecret, "emergency": v.Trunk.Emergency}
}
