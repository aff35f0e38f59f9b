package storage

import (
	"time"

	"tischlein/internal/telephony"
)

// Redirect is a device's entry at its maker's redirect service, with what only the
// one who writes it may know.
type Redirect struct {
	telephony.Redirect
	CustomerID, CPEID string
	MAC               telephony.MAC
	URL               []byte // sealed; nil: stage 1
	Hash              string // of the token in URL, "" for stage 1
	Version           int64  // raised with each change of what is wanted
}

const redirectColumns = `customer_id, mac, cpe_id, service, serial, wanted, url_sealed, url_hash, state, detail, tries, next_at, changed_at, version`

func scanRedirect(s scanner) (r Redirect, err error) {
	var next, changed int64
	err = s.Scan(&r.CustomerID, &r.MAC, &r.CPEID, &r.Service, &r.Serial, &r.Wanted, &r.URL, &r.Hash, &r.State, &r.Detail, &r.Tries, &next, &changed, &r.Version)
	r.Next, r.ChangedAt, r.Fresh = fromMicros(next), fromMicros(changed), r.Hash != ""
	return r, err
}

// Redirect reads a device's entry.
func (tx *Tx) Redirect(customerID, cpeID string) (Redirect, error) {
	return one("redirect entry", tx.row(`SELECT `+redirectColumns+` FROM redirects r WHERE customer_id = $1 AND cpe_id = $2
		AND EXISTS (SELECT 1 FROM cpes c WHERE c.customer_id = r.customer_id AND c.id = r.cpe_id AND c.mac = r.mac)`, customerID, cpeID), scanRedirect)
}

// WantRedirect writes what is wanted of the entry, which is due at once.
func (tx *Tx) WantRedirect(r Redirect) error {
	if r.URL == nil {
		r.URL = []byte{}
	}
	n, err := tx.exec(`INSERT INTO redirects (customer_id, mac, cpe_id, service, serial, wanted, url_sealed, url_hash, state, next_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $9, $9)
		ON CONFLICT (customer_id, mac) DO UPDATE SET cpe_id = excluded.cpe_id, service = excluded.service, serial = excluded.serial, wanted = excluded.wanted,
			url_sealed = excluded.url_sealed, url_hash = excluded.url_hash, state = 'waiting', detail = '', tries = 0, next_at = excluded.next_at,
			changed_at = excluded.changed_at, version = redirects.version + 1`,
		r.CustomerID, string(r.MAC), r.CPEID, r.Service, r.Serial, r.Wanted, r.URL, r.Hash, micros(tx.Now))
	return must("redirect entry", n, err)
}

// RetryRedirect makes the entry due now.
func (tx *Tx) RetryRedirect(customerID, cpeID string) error {
	n, err := tx.exec(`UPDATE redirects SET next_at = $1, tries = 0 WHERE customer_id = $2 AND cpe_id = $3`, micros(tx.Now), customerID, cpeID)
	return must("redirect entry", n, err)
}

// ClaimRedirects takes up to limit entries that are due, and lets none of them be
// due again before retry.
func (tx *Tx) ClaimRedirects(limit int, retry time.Time) ([]Redirect, error) {
	r, err := tx.query(`UPDATE redirects SET next_at = $1, tries = tries + 1
		WHERE (customer_id, mac) IN (SELECT customer_id, mac FROM redirects WHERE next_at <= $2 ORDER BY next_at LIMIT $3`+tx.d.skipLocked+`)
		RETURNING `+redirectColumns, micros(retry), micros(tx.Now), limit)
	return all("due redirect entries", scanRedirect, r, err)
}

// StaleRedirects lists entries, by customer and device, that fit their device no
// more: it is gone, lost or has another MAC, or its first-access URL has been used or
// replaced. It looks at every entry.
func (tx *Tx) StaleRedirects(limit int) ([][2]string, error) {
	r, err := tx.query(`SELECT customer_id, cpe_id FROM redirects WHERE wanted AND next_at > $1 AND state = 'set' AND NOT EXISTS (
		SELECT 1 FROM cpes c WHERE c.customer_id = redirects.customer_id AND c.id = redirects.cpe_id AND c.mac = redirects.mac AND NOT c.lost
			AND (redirects.url_hash = '' OR c.first_hash = redirects.url_hash)) ORDER BY customer_id, mac LIMIT $2`, micros(tx.Now), limit)
	return all("stale redirect entries", func(s scanner) (x [2]string, err error) { return x, s.Scan(&x[0], &x[1]) }, r, err)
}

// RedirectRival reports whether the entry of that MAC is another customer's of this
// installation: who has it, or while nobody does, whose device was there first; or
// who has proven that the device is theirs.
func (tx *Tx) RedirectRival(customerID, cpeID string, mac telephony.MAC) (yes bool, err error) {
	err = tx.row(`SELECT EXISTS (SELECT 1 FROM redirects WHERE mac = $1 AND customer_id <> $2 AND wanted
			AND (state = 'set' OR state IN ('waiting', 'unavailable') AND cpe_id < $3))
		OR EXISTS (SELECT 1 FROM cpes WHERE mac = $1 AND mac <> '' AND customer_id <> $2 AND trust = 'proven')`, string(mac), customerID, cpeID).Scan(&yes)
	return yes, err
}

// RedirectShared reports whether another customer's entry of that MAC may be the
// one that the service has: it must not go with this one's.
func (tx *Tx) RedirectShared(customerID string, mac telephony.MAC) (yes bool, err error) {
	err = tx.row(`SELECT EXISTS (SELECT 1 FROM redirects WHERE mac = $1 AND customer_id <> $2 AND wanted AND state IN ('set', 'waiting', 'unavailable'))`,
		string(mac), customerID).Scan(&yes)
	return yes, err
}

// UpdateRedirectURL writes where the entry leads, as part of the same wish.
func (tx *Tx) UpdateRedirectURL(r Redirect) error {
	if r.URL == nil {
		r.URL = []byte{}
	}
	n, err := tx.exec(`UPDATE redirects SET wanted = $1, url_sealed = $2, url_hash = $3 WHERE customer_id = $4 AND mac = $5`,
		r.Wanted, r.URL, r.Hash, r.CustomerID, string(r.MAC))
	return must("redirect entry", n, err)
}

// RedirectDone notes how the entry was found, unless something else is wanted
// since; changed tells whether that is new.
func (tx *Tx) RedirectDone(r Redirect, s telephony.RedirectState, detail string, next time.Time) (changed bool, err error) {
	if s == telephony.RedirectRemoved {
		n, err := tx.exec(`DELETE FROM redirects WHERE customer_id = $1 AND mac = $2 AND version = $3`, r.CustomerID, string(r.MAC), r.Version)
		return n > 0, err
	}
	var before telephony.RedirectState
	err = tx.row(`SELECT COALESCE(MAX(state), '') FROM redirects WHERE customer_id = $1 AND mac = $2 AND version = $3`, r.CustomerID, string(r.MAC), r.Version).Scan(&before)
	if err != nil || before == "" {
		return false, err
	}
	tries := r.Tries
	if s == telephony.RedirectSet {
		tries = 0
	}
	_, err = tx.exec(`UPDATE redirects SET state = $1, detail = $2, tries = $3, next_at = $4, changed_at = CASE WHEN state = $1 THEN changed_at ELSE $5 END
		WHERE customer_id = $6 AND mac = $7`, s, detail, tries, micros(next), micros(tx.Now), r.CustomerID, string(r.MAC))
	return before != s, err
}
