package storage

import (
	"fmt"
	"time"

	"tischlein/internal/telephony"
)

// CPEByToken finds a device by the hash of its permanent token, or of the one
// before that while it lasts.
func (tx *Tx) CPEByToken(hash string) (telephony.CPE, error) {
	return one("cpe", tx.row(`SELECT `+cpeColumns+` FROM cpes WHERE token_hash = $1 OR prev_hash = $1 AND prev_until > $2`, hash, micros(tx.Now)), scanCPE)
}

// RotateToken gives the device a new token. The one that it has leads it to the new
// one until the time given, zero: not at all (P14). Where it has not even used the one
// before, the older one is what it has, and its time runs on.
func (tx *Tx) RotateToken(customerID, cpeID string, s Sealed, until time.Time) error {
	n, err := tx.exec(`UPDATE cpes SET
			prev_hash = CASE WHEN NOT $1 THEN NULL WHEN prev_hash IS NOT NULL AND prev_until > $2 THEN prev_hash ELSE token_hash END,
			prev_until = CASE WHEN $1 AND prev_hash IS NOT NULL AND prev_until > $2 THEN prev_until ELSE $3 END,
			token_hash = $4, token_sealed = $5
		WHERE customer_id = $6 AND id = $7`, !until.IsZero(), micros(tx.Now), micros(until), s.TokenHash, s.Token, customerID, cpeID)
	return must("cpe", n, err)
}

// RetirePreviousToken voids the token before the last rotation, once the present
// one has been used; it reports whether there was one.
func (tx *Tx) RetirePreviousToken(customerID, cpeID, used string) (bool, error) {
	n, err := tx.exec(`UPDATE cpes SET prev_hash = NULL, prev_until = 0 WHERE customer_id = $1 AND id = $2 AND token_hash = $3 AND prev_hash IS NOT NULL`, customerID, cpeID, used)
	return n > 0, err
}

// HasPreviousToken reports whether the token given is the device's present one
// while an older one is kept.
func (tx *Tx) HasPreviousToken(customerID, cpeID, used string) (yes bool, err error) {
	err = tx.row(`SELECT token_hash = $3 AND prev_hash IS NOT NULL FROM cpes WHERE customer_id = $1 AND id = $2`, customerID, cpeID, used).Scan(&yes)
	return yes, err
}

// Ended is a device whose secrets from before a rotation are void, unused the new.
type Ended struct{ CustomerID, CPEID string }

// EndPreviousTokens voids the tokens and HTTP passwords from before a rotation whose
// time is over, some at a time. Such a directory goes on demanding a password, though
// nobody has shown the new one: else time would open what a rotation closed.
func (tx *Tx) EndPreviousTokens(limit int) ([]Ended, error) {
	r, err := tx.query(`SELECT customer_id, id FROM cpes
		WHERE prev_until > 0 AND prev_until <= $1 OR http_prev_until > 0 AND http_prev_until <= $1 LIMIT $2`, micros(tx.Now), limit)
	list, err := all("previous tokens", func(s scanner) (e Ended, err error) { return e, s.Scan(&e.CustomerID, &e.CPEID) }, r, err)
	for _, e := range list {
		if _, err := tx.exec(`UPDATE cpes SET prev_hash = NULL, prev_until = 0 WHERE customer_id = $1 AND id = $2 AND prev_until <= $3`,
			e.CustomerID, e.CPEID, micros(tx.Now)); err != nil {
			return nil, fmt.Errorf("ending a token: %w", err)
		}
		if _, err := tx.exec(`UPDATE cpes SET http_prev_user = '', http_prev_sealed = NULL, http_prev_until = 0, http_taken = TRUE
			WHERE customer_id = $1 AND id = $2 AND http_prev_until > 0 AND http_prev_until <= $3`, e.CustomerID, e.CPEID, micros(tx.Now)); err != nil {
			return nil, fmt.Errorf("ending a password: %w", err)
		}
	}
	return list, err
}
