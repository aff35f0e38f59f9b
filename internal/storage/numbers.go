package storage

import (
	"fmt"

	"tischlein/internal/telephony"
)

const numberColumns = `id, customer_id, e164, COALESCE(extension_id, ''), note, version`

func scanNumber(s scanner) (n telephony.Number, err error) {
	return n, s.Scan(&n.ID, &n.CustomerID, &n.E164, &n.ExtensionID, &n.Note, &n.Version)
}

// Number reads one number of the customer.
func (tx *Tx) Number(customerID, id string) (telephony.Number, error) {
	return one("number", tx.row(`SELECT `+numberColumns+` FROM numbers WHERE customer_id = $1 AND id = $2`, customerID, id), scanNumber)
}

// NumberByE164 finds the number, whose it is: no two customers have the same.
func (tx *Tx) NumberByE164(e164 string) (telephony.Number, error) {
	return one("number", tx.row(`SELECT `+numberColumns+` FROM numbers WHERE e164 = $1`, e164), scanNumber)
}

// NumberRow is a number with the extension that it rings.
type NumberRow struct {
	Number    telephony.Number
	Extension *telephony.Extension // nil: nobody yet
}

func scanNumberRow(s scanner) (r NumberRow, err error) {
	if r.Number, err = scanNumber(s); err != nil {
		return r, err
	}
	x, err := scanExtension(s)
	if x.ID != "" {
		r.Extension = &x
	}
	return r, err
}

// Numbers lists the customer's numbers in their order.
func (tx *Tx) Numbers(customerID string, p Page) ([]NumberRow, error) {
	return list(tx, "numbers", `SELECT `+under("n", numberColumns)+`, `+under("x", extensionColumns)+` FROM numbers n
		LEFT JOIN extensions x ON x.customer_id = n.customer_id AND x.id = n.extension_id
		WHERE n.customer_id = :customer AND (n.e164, n.id) > (:key, :id) AND (n.e164 LIKE :fold ESCAPE '!' OR `+noteContains+`)
		ORDER BY n.e164, n.id LIMIT :limit`,
		values{"customer": customerID, "key": p.Cursor.Key, "id": p.Cursor.ID, "fold": p.like(), "like": like(p.Search), "limit": p.Limit}, scanNumberRow)
}

// noteContains holds where a note has the text, as it was typed or whatever its case:
// on SQLite LOWER knows the letters of ASCII only.
const noteContains = `n.note LIKE :like ESCAPE '!' OR LOWER(REPLACE(REPLACE(REPLACE(n.note, 'Ä', 'ä'), 'Ö', 'ö'), 'Ü', 'ü')) LIKE :fold ESCAPE '!'`

// NumbersOf lists the numbers that lead to an extension.
func (tx *Tx) NumbersOf(customerID, extensionID string) ([]telephony.Number, error) {
	r, err := tx.query(`SELECT `+numberColumns+` FROM numbers WHERE customer_id = $1 AND extension_id = $2 ORDER BY e164, id`, customerID, extensionID)
	return all("numbers", scanNumber, r, err)
}

// HasNumber reports whether the number is one of the customer's.
func (tx *Tx) HasNumber(customerID, e164 string) (yes bool, err error) {
	err = tx.row(`SELECT EXISTS (SELECT 1 FROM numbers WHERE customer_id = $1 AND e164 = $2)`, customerID, e164).Scan(&yes)
	return yes, err
}

// ShowsOutside counts whose calls show the number outside: the customer's own, and
// those of extensions that chose it.
func (tx *Tx) ShowsOutside(customerID, e164 string) (n int, err error) {
	if err := tx.row(`SELECT (SELECT COUNT(*) FROM customers WHERE id = $1 AND outbound_number = $2)
		+ (SELECT COUNT(*) FROM extensions WHERE customer_id = $1 AND outbound_number = $2)`, customerID, e164).Scan(&n); err != nil {
		return 0, fmt.Errorf("looking who shows a number: %w", err)
	}
	return n, nil
}

// InsertNumber adds a number; one that anybody has already is a conflict.
func (tx *Tx) InsertNumber(x telephony.Number) error {
	n, err := tx.exec(`INSERT INTO numbers (id, customer_id, e164, extension_id, note, created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (e164) DO NOTHING`,
		x.ID, x.CustomerID, x.E164, null(x.ExtensionID), x.Note, micros(tx.Now))
	return taken("number", "e164", "number_taken", x.E164, n, err)
}

// UpdateNumber writes whom the number rings, and its note.
func (tx *Tx) UpdateNumber(x telephony.Number) error {
	n, err := tx.exec(`UPDATE numbers SET extension_id = $1, note = $2, version = version + 1 WHERE customer_id = $3 AND id = $4`,
		null(x.ExtensionID), x.Note, x.CustomerID, x.ID)
	return must("number", n, err)
}

// DeleteNumber removes a number.
func (tx *Tx) DeleteNumber(customerID, id string) error {
	n, err := tx.exec(`DELETE FROM numbers WHERE customer_id = $1 AND id = $2`, customerID, id)
	return must("number", n, err)
}
