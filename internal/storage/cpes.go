package storage

import (
	"database/sql"
	"fmt"
	"time"

	"tischlein/internal/telephony"
)

const cpeColumns = `id, customer_id, mac, driver, model, name, ports, lost, trust, trust_way, frozen_reason, pending_addr, armed_until,
	wanted, fetched, fetched_at, fetched_ua, firmware, fetch_addr, register_addr,
	pushed, pushed_at, push_outcome, push_status, next_push_at, refused_at, refused_why, version,
	trust_at, trust_evidence, certified, pin_expires, pin_tries`

func scanCPE(s scanner) (c telephony.CPE, err error) {
	var pending, fetch, register string
	var armed, fetchedAt, pushedAt, refusedAt, trustAt, pinExpires int64
	var next sql.NullInt64
	err = s.Scan(&c.ID, &c.CustomerID, &c.MAC, &c.Driver, &c.Model, &c.Name, &c.Ports, &c.Lost, &c.Trust, &c.TrustWay, &c.FrozenReason, &pending, &armed,
		&c.Wanted, &c.Fetched, &fetchedAt, &c.FetchedUA, &c.Firmware, &fetch, &register,
		&c.Pushed, &pushedAt, &c.PushOutcome, &c.PushStatus, &next, &refusedAt, &c.RefusedWhy, &c.Version,
		&trustAt, &c.TrustEvidence, &c.Certified, &pinExpires, &c.PINTries)
	c.PendingAddr, c.FetchAddr, c.RegisterAddr = addrOf(pending), addrOf(fetch), addrOf(register)
	c.ArmedUntil, c.FetchedAt, c.PushedAt, c.RefusedAt = fromMicros(armed), fromMicros(fetchedAt), fromMicros(pushedAt), fromMicros(refusedAt)
	c.NextPush, c.TrustAt, c.PINExpires = fromMicros(next.Int64), fromMicros(trustAt), fromMicros(pinExpires)
	return c, err
}

// CPE reads one CPE of the customer.
func (tx *Tx) CPE(customerID, id string) (telephony.CPE, error) {
	return one("cpe", tx.row(`SELECT `+cpeColumns+` FROM cpes WHERE customer_id = $1 AND id = $2`, customerID, id), scanCPE)
}

// CPEs lists the customer's CPEs by name; a search text that is a MAC finds it.
func (tx *Tx) CPEs(customerID string, p Page) ([]telephony.CPE, error) {
	mac, err := telephony.ParseMAC(p.Search)
	if err != nil {
		mac = "none"
	}
	r, err := tx.query(`SELECT `+cpeColumns+` FROM cpes
		WHERE customer_id = $1 AND (name_key, id) > ($2, $3) AND (name_key LIKE $4 ESCAPE '!' OR mac LIKE $4 ESCAPE '!' OR mac = $5)
		ORDER BY name_key, id LIMIT $6`, customerID, p.Cursor.Key, p.Cursor.ID, p.like(), string(mac), p.Limit)
	return all("cpes", scanCPE, r, err)
}

// CPEsByMAC lists the CPEs that claim a MAC, in whichever customers they are. Its
// text says what the index's does, or SQLite would read every device.
func (tx *Tx) CPEsByMAC(mac telephony.MAC) ([]telephony.CPE, error) {
	r, err := tx.query(`SELECT `+cpeColumns+` FROM cpes WHERE mac = $1 AND mac <> '' ORDER BY id`, mac)
	return all("cpes", scanCPE, r, err)
}

// ArmedMACs lists the MACs whose window is open at the transaction's time, the only
// ones that a request without a token may reach; one twice where two customers have
// opened it. To have each once, SQLite would go through the MACs of all devices.
func (tx *Tx) ArmedMACs() ([]telephony.MAC, error) {
	r, err := tx.query(`SELECT mac FROM cpes WHERE armed_until > 0 AND armed_until > $1 AND mac <> ''`, micros(tx.Now))
	return all("armed devices", func(s scanner) (m telephony.MAC, err error) { return m, s.Scan(&m) }, r, err)
}

// Sealed are a device's secrets as they are kept: encrypted, tokens also hashed
// so that they can be looked up.
type Sealed struct {
	TokenHash string // of the permanent token (P02)
	Token     []byte
	Admin     []byte // administrator password of the device
	HTTPUser  string // "" = none yet
	HTTP      []byte // password of the device at its own directory
}

// InsertCPE adds a CPE. A MAC that the customer already has is a conflict.
func (tx *Tx) InsertCPE(c telephony.CPE, s Sealed) error {
	n, err := tx.exec(`INSERT INTO cpes (id, customer_id, mac, driver, model, name, name_key, ports, token_hash, token_sealed, admin_sealed, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING`,
		c.ID, c.CustomerID, string(c.MAC), c.Driver, c.Model, c.Name, telephony.Fold(c.Name), c.Ports, s.TokenHash, s.Token, s.Admin, micros(tx.Now))
	return taken("cpe", "mac", "mac_taken", c.MAC.Colon(), n, err)
}

// UpdateCPE writes what people decide of a CPE: name, model, driver, MAC, ports, lost.
func (tx *Tx) UpdateCPE(c telephony.CPE) error {
	if err := tx.free(`SELECT COUNT(*) FROM cpes WHERE customer_id = $1 AND mac = $2 AND mac <> '' AND id <> $3`,
		"mac", "mac_taken", c.MAC.Colon(), c.CustomerID, string(c.MAC), c.ID); err != nil {
		return err
	}
	n, err := tx.exec(`UPDATE cpes SET mac = $1, driver = $2, model = $3, name = $4, name_key = $5, ports = $6, lost = $7, version = version + 1
		WHERE customer_id = $8 AND id = $9`,
		string(c.MAC), c.Driver, c.Model, c.Name, telephony.Fold(c.Name), c.Ports, c.Lost, c.CustomerID, c.ID)
	return must("cpe", n, err)
}

// UpdateTrust writes how far the device has proven itself (P03).
func (tx *Tx) UpdateTrust(c telephony.CPE) error {
	n, err := tx.exec(`UPDATE cpes SET trust = $1, trust_way = $2, frozen_reason = $3, pending_addr = $4, armed_until = $5, trust_at = $6, trust_evidence = $7, certified = $8
		WHERE customer_id = $9 AND id = $10`,
		c.Trust, c.TrustWay, c.FrozenReason, addrText(c.PendingAddr), micros(c.ArmedUntil), micros(c.TrustAt), c.TrustEvidence, c.Certified, c.CustomerID, c.ID)
	return must("cpe", n, err)
}

// DeleteCPE removes a CPE that is detached.
func (tx *Tx) DeleteCPE(customerID, id string) error {
	n, err := tx.exec(`DELETE FROM cpes WHERE customer_id = $1 AND id = $2`, customerID, id)
	return must("cpe", n, err)
}

// UpdateAdmin gives the device a new administrator password, sealed.
func (tx *Tx) UpdateAdmin(customerID, cpeID string, sealed []byte) error {
	n, err := tx.exec(`UPDATE cpes SET admin_sealed = $1 WHERE customer_id = $2 AND id = $3`, sealed, customerID, cpeID)
	return must("cpe", n, err)
}

// CPEsAfter lists ids of the customer's CPEs in their order, "" from the first.
func (tx *Tx) CPEsAfter(customerID, after string, limit int) ([]string, error) {
	r, err := tx.query(`SELECT id FROM cpes WHERE customer_id = $1 AND id > $2 ORDER BY id LIMIT $3`, customerID, after, limit)
	return all("cpes", func(s scanner) (id string, err error) { return id, s.Scan(&id) }, r, err)
}

// FirstAccess is a device's first-access URL (P03 b): one use, bound to the
// address that used it, with a time for retries.
type FirstAccess struct {
	Hash    string // "" = none
	Expires time.Time
	Addr    string // the address of its first use, "" = unused
	UsedAt  time.Time
}

// FirstAccess reads it.
func (tx *Tx) FirstAccess(customerID, cpeID string) (FirstAccess, error) {
	return one("cpe", tx.row(`SELECT COALESCE(first_hash, ''), first_expires, first_addr, first_used_at FROM cpes WHERE customer_id = $1 AND id = $2`,
		customerID, cpeID), func(s scanner) (f FirstAccess, err error) {
		var e, u int64
		err = s.Scan(&f.Hash, &e, &f.Addr, &u)
		f.Expires, f.UsedAt = fromMicros(e), fromMicros(u)
		return f, err
	})
}

// UpdateFirstAccess writes it; the zero value voids it.
func (tx *Tx) UpdateFirstAccess(customerID, cpeID string, f FirstAccess) error {
	n, err := tx.exec(`UPDATE cpes SET first_hash = $1, first_expires = $2, first_addr = $3, first_used_at = $4 WHERE customer_id = $5 AND id = $6`,
		null(f.Hash), micros(f.Expires), f.Addr, micros(f.UsedAt), customerID, cpeID)
	return must("cpe", n, err)
}

// SeenAddresses lists the addresses at which the customer's proven devices were
// seen: where a new one may be expected (P03 c).
func (tx *Tx) SeenAddresses(customerID string) ([]string, error) {
	r, err := tx.query(`SELECT DISTINCT fetch_addr FROM cpes WHERE customer_id = $1 AND trust = 'proven' AND fetch_addr <> '' ORDER BY fetch_addr LIMIT 1000`, customerID)
	return all("seen addresses", func(s scanner) (a string, err error) { return a, s.Scan(&a) }, r, err)
}

// CPEByFirstAccess finds a device by the hash of its first-access token.
func (tx *Tx) CPEByFirstAccess(hash string) (telephony.CPE, error) {
	return one("cpe", tx.row(`SELECT `+cpeColumns+` FROM cpes WHERE first_hash = $1`, hash), scanCPE)
}

// History is one line of what happened to a device.
type History struct {
	ID      string
	At      time.Time
	Kind    string // refused, claimed, frozen, other_instance, first_access, …
	Address string
	Detail  string
}

// InsertHistory notes what happened to a device.
func (tx *Tx) InsertHistory(customerID, cpeID string, h History) error {
	n, err := tx.exec(`INSERT INTO cpe_history (id, at, customer_id, cpe_id, kind, address, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		NewID(tx.Now), micros(tx.Now), customerID, cpeID, h.Kind, h.Address, h.Detail)
	return must("history", n, err)
}

// Histories lists a device's history, newest first; before is the id to page on
// from, "" from the newest.
func (tx *Tx) Histories(customerID, cpeID, before string, limit int) ([]History, error) {
	r, err := tx.query(`SELECT id, at, kind, address, detail FROM cpe_history
		WHERE customer_id = $1 AND cpe_id = $2 AND ($3 = '' OR id < $3) ORDER BY id DESC LIMIT $4`, customerID, cpeID, before, limit)
	return all("history", func(s scanner) (h History, err error) {
		var at int64
		err = s.Scan(&h.ID, &at, &h.Kind, &h.Address, &h.Detail)
		h.At = fromMicros(at)
		return h, err
	}, r, err)
}

// CountCPEs counts the customer's devices.
func (tx *Tx) CountCPEs(customerID string) (n int, err error) {
	if err := tx.row(`SELECT COUNT(*) FROM cpes WHERE customer_id = $1`, customerID).Scan(&n); err != nil {
		return 0, fmt.Errorf("counting CPEs: %w", err)
	}
	return n, nil
}
