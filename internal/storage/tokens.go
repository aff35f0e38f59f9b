package storage

import (
	"fmt"
	"strings"
	"time"

	"tischlein/internal/auth"
)

// APIToken is a token of the API, kept as its hash.
type APIToken struct {
	ID          string
	Hash        string
	Name        string
	Role        auth.Role
	PartnerID   string
	CustomerID  string
	ExtensionID string
	Scopes      []auth.Scope
	Expires     time.Time // zero: never
	CreatedBy   string
	Created     time.Time
}

const tokenColumns = `id, hash, name, role, partner_id, customer_id, extension_id, scopes, expires_at, created_by, created_at`

func scanToken(s scanner) (t APIToken, err error) {
	var scopes string
	var expires, created int64
	err = s.Scan(&t.ID, &t.Hash, &t.Name, &t.Role, &t.PartnerID, &t.CustomerID, &t.ExtensionID, &scopes, &expires, &t.CreatedBy, &created)
	for _, x := range strings.Fields(scopes) {
		t.Scopes = append(t.Scopes, auth.Scope(x))
	}
	t.Expires, t.Created = fromMicros(expires), fromMicros(created)
	return t, err
}

// TokenByHash finds a token that has not expired.
func (tx *Tx) TokenByHash(hash string) (APIToken, error) {
	return one("token", tx.row(`SELECT `+tokenColumns+` FROM api_tokens WHERE hash = $1 AND (expires_at = 0 OR expires_at > $2)`, hash, micros(tx.Now)), scanToken)
}

// Token reads one token by its id.
func (tx *Tx) Token(id string) (APIToken, error) {
	return one("token", tx.row(`SELECT `+tokenColumns+` FROM api_tokens WHERE id = $1`, id), scanToken)
}

// Tokens lists tokens by id; partner and customer narrow it when not empty.
func (tx *Tx) Tokens(partnerID, customerID string, p Page) ([]APIToken, error) {
	r, err := tx.query(`SELECT `+tokenColumns+` FROM api_tokens
		WHERE ($1 = '' OR partner_id = $1) AND ($2 = '' OR customer_id = $2) AND id > $3 ORDER BY id LIMIT $4`,
		partnerID, customerID, p.Cursor.ID, p.Limit)
	return all("tokens", scanToken, r, err)
}

// InsertToken adds a token.
func (tx *Tx) InsertToken(t APIToken) error {
	var scopes []string
	for _, s := range t.Scopes {
		scopes = append(scopes, string(s))
	}
	n, err := tx.exec(`INSERT INTO api_tokens (`+tokenColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		t.ID, t.Hash, t.Name, t.Role, t.PartnerID, t.CustomerID, t.ExtensionID, strings.Join(scopes, " "), micros(t.Expires), t.CreatedBy, micros(tx.Now))
	return must("token", n, err)
}

// DeleteToken revokes a token.
func (tx *Tx) DeleteToken(id string) error {
	n, err := tx.exec(`DELETE FROM api_tokens WHERE id = $1`, id)
	return must("token", n, err)
}

// DeleteTokensOf revokes the tokens that speak for a partner, a customer or an
// extension that is gone; id is any of these.
func (tx *Tx) DeleteTokensOf(id string) error {
	if _, err := tx.exec(`DELETE FROM api_tokens WHERE partner_id = $1 OR customer_id = $1 OR extension_id = $1`, id); err != nil {
		return fmt.Errorf("revoking the tokens of %s: %w", id, err)
	}
	return nil
}

// MoveTokens puts a customer's tokens into the reach of the partner that has the
// customer now.
func (tx *Tx) MoveTokens(customerID, partnerID string) error {
	if _, err := tx.exec(`UPDATE api_tokens SET partner_id = $2 WHERE customer_id = $1`, customerID, partnerID); err != nil {
		return fmt.Errorf("moving the tokens of a customer: %w", err)
	}
	return nil
}

// Answer is what a request with an idempotency key was answered.
type Answer struct {
	Request  string // hash of method, path and body
	Status   int
	Body     []byte
	ETag     string
	Location string
}

// Answer finds the answer kept for a token's key.
func (tx *Tx) Answer(tokenID, key string) (Answer, error) {
	return one("answer", tx.row(`SELECT request, status, body, etag, location FROM idempotency WHERE token_id = $1 AND key = $2`, tokenID, key),
		func(s scanner) (a Answer, err error) {
			return a, s.Scan(&a.Request, &a.Status, &a.Body, &a.ETag, &a.Location)
		})
}

// KeepAnswer keeps an answer; the first one stays.
func (tx *Tx) KeepAnswer(tokenID, key string, a Answer) error {
	_, err := tx.exec(`INSERT INTO idempotency (token_id, key, request, status, body, etag, location, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (token_id, key) DO NOTHING`, tokenID, key, a.Request, a.Status, a.Body, a.ETag, a.Location, micros(tx.Now))
	return err
}

// Prune removes what is only kept for a while, at most so many of each: answers after
// a day, device history after 90 days. more says that there may be others.
func (tx *Tx) Prune(most int64) (more bool, err error) {
	answers, err := tx.exec(`DELETE FROM idempotency WHERE (token_id, key) IN
		(SELECT token_id, key FROM idempotency WHERE created_at < $1 LIMIT $2)`, micros(tx.Now.Add(-24*time.Hour)), most)
	if err != nil {
		return false, fmt.Errorf("pruning answers: %w", err)
	}
	lines, err := tx.exec(`DELETE FROM cpe_history WHERE id IN (SELECT id FROM cpe_history WHERE at < $1 LIMIT $2)`, micros(tx.Now.Add(-90*24*time.Hour)), most)
	if err != nil {
		return false, fmt.Errorf("pruning the history of devices: %w", err)
	}
	return answers == most || lines == most, nil
}
