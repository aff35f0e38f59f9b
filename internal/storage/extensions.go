package storage

import (
	"encoding/json"
	"fmt"
	"time"

	"tischlein/internal/telephony"
)

const extensionColumns = `id, customer_id, number, name, language, capacity, pin_hash IS NOT NULL, pin_must_change, outbound_number, version`

func scanExtension(s scanner) (e telephony.Extension, err error) {
	var capacity int
	err = s.Scan(&e.ID, &e.CustomerID, &e.Number, &e.Name, &e.Language, &capacity, &e.HasPIN, &e.PINMustChange, &e.OutboundNumber, &e.Version)
	e.MultiLogin = capacity > 1
	return e, err
}

// Extension reads one extension of the customer.
func (tx *Tx) Extension(customerID, id string) (telephony.Extension, error) {
	return one("extension", tx.row(`SELECT `+extensionColumns+` FROM extensions WHERE customer_id = $1 AND id = $2`, customerID, id), scanExtension)
}

// ExtensionByNumber finds the customer's extension with that number.
func (tx *Tx) ExtensionByNumber(customerID, number string) (telephony.Extension, error) {
	return one("extension", tx.row(`SELECT `+extensionColumns+` FROM extensions WHERE customer_id = $1 AND number = $2`, customerID, number), scanExtension)
}

// Extensions lists the customer's extensions by number.
func (tx *Tx) Extensions(customerID string, p Page) ([]telephony.Extension, error) {
	r, err := tx.query(`SELECT `+extensionColumns+` FROM extensions
		WHERE customer_id = $1 AND (number, id) > ($2, $3) AND (name_key LIKE $4 ESCAPE '!' OR number LIKE $4 ESCAPE '!')
		ORDER BY number, id LIMIT $5`, customerID, p.Cursor.Key, p.Cursor.ID, p.like(), p.Limit)
	return all("extensions", scanExtension, r, err)
}

// OfferedExtensions lists what can be chosen on the channel page (S10, D01):
// extensions whose logins and waiting links leave room.
func (tx *Tx) OfferedExtensions(customerID string, p Page) ([]telephony.Extension, error) {
	r, err := tx.query(`SELECT `+extensionColumns+` FROM extensions
		WHERE customer_id = $1
			AND capacity > (SELECT COUNT(*) FROM logins WHERE logins.extension_id = extensions.id AND logins.kind = 'hotdesk')
				+ (SELECT COUNT(*) FROM links WHERE links.extension_id = extensions.id)
			AND (number, id) > ($2, $3) AND (name_key LIKE $4 ESCAPE '!' OR number LIKE $4 ESCAPE '!')
		ORDER BY number, id LIMIT $5`, customerID, p.Cursor.Key, p.Cursor.ID, p.like(), p.Limit)
	return all("extensions", scanExtension, r, err)
}

// InsertExtension adds an extension; a number that is taken is a conflict.
func (tx *Tx) InsertExtension(e telephony.Extension) error {
	n, err := tx.exec(`INSERT INTO extensions (id, customer_id, number, name, name_key, last_key, language, capacity, outbound_number, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (customer_id, number) DO NOTHING`,
		e.ID, e.CustomerID, e.Number, e.Name, telephony.Fold(e.Name), lastKey(e.Name), e.Language, e.Capacity(), e.OutboundNumber, micros(tx.Now))
	return taken("extension", "number", "number_taken", e.Number, n, err)
}

// UpdateExtension writes number, name, language, outbound number and capacity. The capacity
// cascades into links and logins, where the database refuses a slot above it.
func (tx *Tx) UpdateExtension(e telephony.Extension) error {
	if err := tx.free(`SELECT COUNT(*) FROM extensions WHERE customer_id = $1 AND number = $2 AND id <> $3`,
		"number", "number_taken", e.Number, e.CustomerID, e.Number, e.ID); err != nil {
		return err
	}
	n, err := tx.exec(`UPDATE extensions SET number = $1, name = $2, name_key = $3, last_key = $4, language = $5, capacity = $6, outbound_number = $7, version = version + 1
		WHERE customer_id = $8 AND id = $9`,
		e.Number, e.Name, telephony.Fold(e.Name), lastKey(e.Name), e.Language, e.Capacity(), e.OutboundNumber, e.CustomerID, e.ID)
	return must("extension", n, err)
}

// DeleteExtension removes an extension that is unlinked and logged out; its
// numbers lead to nobody then.
func (tx *Tx) DeleteExtension(customerID, id string) error {
	if _, err := tx.exec(`UPDATE numbers SET extension_id = NULL, version = version + 1 WHERE customer_id = $1 AND extension_id = $2`, customerID, id); err != nil {
		return fmt.Errorf("releasing numbers: %w", err)
	}
	n, err := tx.exec(`DELETE FROM extensions WHERE customer_id = $1 AND id = $2`, customerID, id)
	return must("extension", n, err)
}

// CountExtensions counts the customer's extensions other than the one named.
func (tx *Tx) CountExtensions(customerID, but string) (n int, err error) {
	if err := tx.row(`SELECT COUNT(*) FROM extensions WHERE customer_id = $1 AND id <> $2`, customerID, but).Scan(&n); err != nil {
		return 0, fmt.Errorf("counting extensions: %w", err)
	}
	return n, nil
}

// PIN is an extension's PIN as it is kept.
type PIN struct {
	Hash       []byte // nil: none set
	MustChange bool
	Guard      telephony.PINGuard
}

// PIN reads what is kept of an extension's PIN.
func (tx *Tx) PIN(customerID, extensionID string) (PIN, error) {
	return one("extension", tx.row(`SELECT pin_hash, pin_must_change, pin_failures, locked_until FROM extensions WHERE customer_id = $1 AND id = $2`,
		customerID, extensionID), func(s scanner) (p PIN, err error) {
		var failures string
		var locked int64
		if err := s.Scan(&p.Hash, &p.MustChange, &failures, &locked); err != nil {
			return p, err
		}
		p.Guard.LockedUntil = fromMicros(locked)
		var us []int64
		if failures != "" {
			if err := json.Unmarshal([]byte(failures), &us); err != nil {
				return p, err
			}
		}
		for _, x := range us {
			p.Guard.Failures = append(p.Guard.Failures, time.UnixMicro(x).UTC())
		}
		return p, nil
	})
}

// UpdatePIN writes what is kept of an extension's PIN.
func (tx *Tx) UpdatePIN(customerID, extensionID string, p PIN) error {
	failures := ""
	if len(p.Guard.Failures) > 0 {
		var us []int64
		for _, t := range p.Guard.Failures {
			us = append(us, micros(t))
		}
		b, _ := json.Marshal(us) // integers always marshal
		failures = string(b)
	}
	n, err := tx.exec(`UPDATE extensions SET pin_hash = $1, pin_must_change = $2, pin_failures = $3, locked_until = $4 WHERE customer_id = $5 AND id = $6`,
		p.Hash, p.MustChange, failures, micros(p.Guard.LockedUntil), customerID, extensionID)
	return must("extension", n, err)
}
