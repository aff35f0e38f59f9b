package storage

import (
	"strings"
	"time"
)

// SiteToken opens the first access of a customer's devices, each once (P03 b). It
// is kept as its hash.
type SiteToken struct {
	ID         string
	CustomerID string
	Name       string
	Hash       string
	Devices    int // how many it is for
	Used       int
	Addresses  []string // entries of an allowlist
	Expires    time.Time
	Voided     time.Time // zero: not
	CreatedBy  string
	Created    time.Time
}

const siteTokenColumns = `id, customer_id, name, hash, devices, used, addresses, expires_at, voided_at, created_by, created_at`

func scanSiteToken(s scanner) (t SiteToken, err error) {
	var addresses string
	var expires, voided, created int64
	err = s.Scan(&t.ID, &t.CustomerID, &t.Name, &t.Hash, &t.Devices, &t.Used, &addresses, &expires, &voided, &t.CreatedBy, &created)
	t.Addresses, t.Expires, t.Voided, t.Created = strings.Fields(addresses), fromMicros(expires), fromMicros(voided), fromMicros(created)
	return t, err
}

// SiteTokenByHash finds one by what its URL bears.
func (tx *Tx) SiteTokenByHash(hash string) (SiteToken, error) {
	return one("site token", tx.row(`SELECT `+siteTokenColumns+` FROM site_tokens WHERE hash = $1`, hash), scanSiteToken)
}

// SiteTokens lists the customer's, newest last.
func (tx *Tx) SiteTokens(customerID string, p Page) ([]SiteToken, error) {
	r, err := tx.query(`SELECT `+siteTokenColumns+` FROM site_tokens WHERE customer_id = $1 AND id > $2 ORDER BY id LIMIT $3`, customerID, p.Cursor.ID, p.Limit)
	return all("site tokens", scanSiteToken, r, err)
}

// InsertSiteToken adds one.
func (tx *Tx) InsertSiteToken(t SiteToken) error {
	n, err := tx.exec(`INSERT INTO site_tokens (id, customer_id, name, hash, devices, addresses, expires_at, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		t.ID, t.CustomerID, t.Name, t.Hash, t.Devices, strings.Join(t.Addresses, " "), micros(t.Expires), t.CreatedBy, micros(tx.Now))
	return must("site token", n, err)
}

// VoidSiteToken ends one.
func (tx *Tx) VoidSiteToken(customerID, id string) error {
	n, err := tx.exec(`UPDATE site_tokens SET voided_at = CASE WHEN voided_at = 0 THEN $1 ELSE voided_at END WHERE customer_id = $2 AND id = $3`, micros(tx.Now), customerID, id)
	return must("site token", n, err)
}

// SiteTokenUse says where and when a device used a site token; not_found: it has
// not.
func (tx *Tx) SiteTokenUse(customerID, id, cpeID string) (addr string, at time.Time, err error) {
	type use struct {
		addr string
		at   int64
	}
	u, err := one("use", tx.row(`SELECT address, used_at FROM site_token_uses WHERE customer_id = $1 AND site_token_id = $2 AND cpe_id = $3`, customerID, id, cpeID),
		func(s scanner) (u use, err error) { return u, s.Scan(&u.addr, &u.at) })
	return u.addr, fromMicros(u.at), err
}

// UseSiteToken notes that a device uses it; ok is false when it was used up
// meanwhile.
func (tx *Tx) UseSiteToken(customerID, id, cpeID, addr string) (ok bool, err error) {
	n, err := tx.exec(`UPDATE site_tokens SET used = used + 1 WHERE customer_id = $1 AND id = $2 AND used < devices`, customerID, id)
	if err != nil || n == 0 {
		return false, err
	}
	n, err = tx.exec(`INSERT INTO site_token_uses (site_token_id, cpe_id, customer_id, address, used_at) VALUES ($1, $2, $3, $4, $5)`, id, cpeID, customerID, addr, micros(tx.Now))
	return true, must("use", n, err)
}
