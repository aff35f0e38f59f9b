package app

import (
	"errors"
	"maps"
	"slices"

	"tischlein/internal/auth"
	"tischlein/internal/provision"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// patch is Change inside a transaction.
func (o Overrides) patch(tx *storage.Tx, actor auth.Actor, p OverridePlace, version int64, patch OverridePatch) (s OverrideSheet, err error) {
	at, drv, err := o.place(tx, p)
	if err != nil {
		return s, err
	}
	before, err := o.sheet(tx, at, drv)
	if err != nil {
		return s, err
	}
	if err := versioned(version, before.Version); err != nil {
		return s, err
	}
	cat, ok := drv.(provision.Catalogued)
	if !ok || !drv.Info().Fetches() {
		return s, telephony.Conflictf("vendor_takes_nothing", "these devices take no parameters from here")
	}
	was := before.Set
	for _, name := range patch.Clear {
		if err := tx.DeleteOverride(at, name); err != nil {
			return s, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(patch.Set)) {
		if p, _ := cat.Catalogue().Lookup(name); p.Operator && !actor.Operator() {
			e := telephony.Forbiddenf("parameter_operator", "only the operator sets %s: it decides where the phone sends or takes something", name)
			e.Field = "set." + name
			return s, e
		}
		row, err := o.row(at, cat.Catalogue(), name, patch.Set[name])
		if err != nil {
			return s, err
		}
		row.SetBy = actor.Name
		if err := tx.PutOverride(row); err != nil {
			return s, err
		}
	}
	if s, err = o.sheet(tx, at, drv); err != nil {
		return s, err
	}
	if len(s.Set) > mostOverrides {
		return s, telephony.Conflictf("overrides_too_many", "%d parameters are set; at most %d are allowed", len(s.Set), mostOverrides)
	}
	if s.Version == before.Version {
		return s, nil
	}
	if err := o.raise(tx, s.Place); err != nil {
		return s, err
	}
	kind, id := "driver", s.Place.Vendor
	switch s.Place.Level() {
	case LevelDevice:
		kind, id = "cpe", s.Place.CPEID
	case LevelCustomer:
		kind, id = "customer", s.Place.CustomerID
	}
	return s, audit(tx, actor, at.CustomerID, "override", kind, id, overridesKept(s.Place, was, s.Set), overridesKept(s.Place, s.Set, was))
}

// row is a parameter as it is kept: a secret is sealed.
func (o Overrides) row(at storage.OverridePlace, cat *provision.Catalogue, name, value string) (row storage.Override, err error) {
	if value == "" {
		value = cat.Null
	}
	field := "set." + name
	if len(value) > mostOverrideText {
		return row, telephony.Invalidf(field, "text_too_long", "%d bytes; at most %d are allowed", len(value), mostOverrideText)
	}
	if err := cat.Overridable(name, value); err != nil {
		var e *telephony.Error
		if errors.As(err, &e) {
			e.Field = field
		}
		return row, err
	}
	row = storage.Override{OverridePlace: at, Name: name, Value: value}
	if p, _ := cat.Lookup(name); p.Type == provision.Secret {
		row.Value, row.Sealed = "", o.key.Seal(telephony.Secret(value), overrideLabel(row))
	}
	return row, nil
}

// raise has the devices looked at again that the place reaches: one at once, more
// of them a few at a time (Q06).
func (o Overrides) raise(tx *storage.Tx, p OverridePlace) error {
	switch p.Level() {
	case LevelDevice:
		return o.refresh(tx, p.CustomerID, p.CPEID, false)
	case LevelCustomer:
		if err := tx.RaiseEpoch(p.CustomerID); err != nil {
			return err
		}
		tx.AfterCommit(func() { o.ports.Devices.ChangedCustomer(p.CustomerID); o.ports.Wake() })
		return nil
	}
	// Which customers have such devices is not asked: that would read every device
	// in this transaction. The sweep does, and tells those that differ.
	if err := tx.RaiseEveryEpoch(); err != nil {
		return err
	}
	tx.AfterCommit(func() { o.ports.Devices.ChangedAll(); o.ports.Wake() })
	return nil
}

// overridesKept is what the log keeps: the parameters of list that differ in other,
// without secrets.
func overridesKept(p OverridePlace, list, other []OverrideView) map[string]any {
	m := map[string]any{}
	if p.Level() == LevelModel {
		m["model"] = p.Model
	}
	for _, x := range list {
		if i := slices.IndexFunc(other, func(y OverrideView) bool { return y.Name == x.Name }); i >= 0 && !x.Secret && other[i].Value == x.Value {
			continue
		}
		m[x.Name] = x.Value
		if x.Secret {
			m[x.Name] = provision.Masked
		}
	}
	return m
}

// overridesOf are the parameters that a device is to be told (P08).
func (k *core) overridesOf(tx *storage.Tx, c telephony.CPE, drv provision.Driver) ([]telephony.Override, error) {
	if _, ok := drv.(provision.Catalogued); !ok {
		return nil, nil
	}
	rows, err := k.inForce(tx, storage.OverridePlace{CustomerID: c.CustomerID, CPEID: c.ID, Driver: c.Driver, Model: modelOf(drv, c.Model)}, drv)
	var list []telephony.Override
	for _, x := range rows {
		v := telephony.Override{Name: x.Name}
		v.Value, v.Secret, _ = k.judged(x, drv)
		list = append(list, v)
	}
	return list, err
}
