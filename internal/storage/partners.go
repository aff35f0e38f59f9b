package storage

import (
	"fmt"

	"tischlein/internal/telephony"
)

const partnerColumns = `id, name, version`

func scanPartner(s scanner) (p telephony.Partner, err error) {
	return p, s.Scan(&p.ID, &p.Name, &p.Version)
}

// Partner reads one partner.
func (tx *Tx) Partner(id string) (telephony.Partner, error) {
	return one("partner", tx.row(`SELECT `+partnerColumns+` FROM partners WHERE id = $1`, id), scanPartner)
}

// Partners lists partners by name.
func (tx *Tx) Partners(p Page) ([]telephony.Partner, error) {
	r, err := tx.query(`SELECT `+partnerColumns+` FROM partners
		WHERE (name_key, id) > ($1, $2) AND name_key LIKE $3 ESCAPE '!' ORDER BY name_key, id LIMIT $4`,
		p.Cursor.Key, p.Cursor.ID, p.like(), p.Limit)
	return all("partners", scanPartner, r, err)
}

// InsertPartner adds a partner; a name that is taken is a conflict.
func (tx *Tx) InsertPartner(p telephony.Partner) error {
	n, err := tx.exec(`INSERT INTO partners (id, name, name_key, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (name_key) DO NOTHING`,
		p.ID, p.Name, telephony.Fold(p.Name), micros(tx.Now))
	return taken("partner", "name", "name_taken", p.Name, n, err)
}

// UpdatePartner renames a partner.
func (tx *Tx) UpdatePartner(p telephony.Partner) error {
	if err := tx.free(`SELECT COUNT(*) FROM partners WHERE name_key = $1 AND id <> $2`, "name", "name_taken", p.Name, telephony.Fold(p.Name), p.ID); err != nil {
		return err
	}
	n, err := tx.exec(`UPDATE partners SET name = $1, name_key = $2, version = version + 1 WHERE id = $3`, p.Name, telephony.Fold(p.Name), p.ID)
	return must("partner", n, err)
}

// DeletePartner removes a partner that has no customers.
func (tx *Tx) DeletePartner(id string) error {
	n, err := tx.exec(`DELETE FROM partners WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM customers WHERE partner_id = $1)`, id)
	if err == nil && n == 0 {
		if _, err := tx.Partner(id); err != nil {
			return err
		}
		return telephony.Conflictf("in_use", "the partner still has customers")
	}
	return must("partner", n, err)
}

// taken turns an insert that ON CONFLICT swallowed into a conflict on the field.
// Checking by the row count keeps the PostgreSQL transaction alive, which a
// failed statement would not.
func taken(what, field, reason, value string, n int64, err error) error {
	if err != nil {
		return fmt.Errorf("inserting %s: %w", what, err)
	}
	if n == 0 {
		e := telephony.Conflictf(reason, "%q is already in use", value)
		e.Field = field
		return e
	}
	return nil
}

// free refuses a value that another row holds; the unique index stays the judge
// of two transactions at once.
func (tx *Tx) free(count, field, reason, value string, args ...any) error {
	var n int64
	if err := tx.row(count, args...).Scan(&n); err != nil {
		return fmt.Errorf("looking for %s: %w", field, err)
	}
	if n > 0 {
		e := telephony.Conflictf(reason, "%q is already in use", value)
		e.Field = field
		return e
	}
	return nil
}
