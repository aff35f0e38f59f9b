package storage

import (
	"cmp"
	"database/sql"
	"fmt"
	"time"
)

// OverridePlace is for whom parameters of a vendor's files are set: a device, a
// customer, a model (CustomerID is ""), or the installation.
type OverridePlace struct {
	CustomerID string
	CPEID      string
	Driver     string
	Model      string
}

func (p OverridePlace) whose() string { return cmp.Or(p.CPEID, p.CustomerID) }

// Override is one parameter that is set there.
type Override struct {
	OverridePlace
	Name   string
	Value  string
	Sealed []byte // a secret, instead of Value
	SetAt  time.Time
	SetBy  string
}

const overrideColumns = `customer_id, cpe_id, driver, model, name, value, value_sealed, set_at, set_by`

func scanOverride(s scanner) (o Override, err error) {
	var customer, cpe sql.NullString
	var at int64
	err = s.Scan(&customer, &cpe, &o.Driver, &o.Model, &o.Name, &o.Value, &o.Sealed, &at, &o.SetBy)
	o.CustomerID, o.CPEID, o.SetAt = customer.String, cpe.String, fromMicros(at)
	return o, err
}

// Overrides lists what is set for one place, by name.
func (tx *Tx) Overrides(p OverridePlace) ([]Override, error) {
	r, err := tx.query(`SELECT `+overrideColumns+` FROM overrides WHERE whose = $1 AND driver = $2 AND model = $3 AND COALESCE(customer_id, '') = $4 ORDER BY name`,
		p.whose(), p.Driver, p.Model, p.CustomerID)
	return all("overrides", scanOverride, r, err)
}

// OverridesUpon lists what is set for the place and for all around it: of a device
// its customer, its model and the installation. It is in no order.
func (tx *Tx) OverridesUpon(p OverridePlace) ([]Override, error) {
	r, err := tx.query(`SELECT `+overrideColumns+` FROM overrides
		WHERE whose IN ('', $1, $2) AND driver = $3 AND model IN ('', $4) AND COALESCE(customer_id, '') IN ('', $1)`,
		p.CustomerID, p.CPEID, p.Driver, p.Model)
	return all("overrides", scanOverride, r, err)
}

// PutOverride sets one parameter.
func (tx *Tx) PutOverride(o Override) error {
	n, err := tx.exec(`INSERT INTO overrides (whose, driver, model, name, customer_id, cpe_id, value, value_sealed, set_at, set_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (whose, driver, model, name) DO UPDATE SET value = excluded.value, value_sealed = excluded.value_sealed, set_at = excluded.set_at, set_by = excluded.set_by`,
		o.whose(), o.Driver, o.Model, o.Name, null(o.CustomerID), null(o.CPEID), o.Value, o.Sealed, micros(tx.Now), o.SetBy)
	return must("override", n, err)
}

// DeleteOverride takes one parameter back, if it was set.
func (tx *Tx) DeleteOverride(p OverridePlace, name string) error {
	_, err := tx.exec(`DELETE FROM overrides WHERE whose = $1 AND driver = $2 AND model = $3 AND name = $4 AND COALESCE(customer_id, '') = $5`,
		p.whose(), p.Driver, p.Model, name, p.CustomerID)
	if err != nil {
		return fmt.Errorf("removing an override: %w", err)
	}
	return nil
}
