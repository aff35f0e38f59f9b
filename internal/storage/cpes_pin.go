package storage

import (
	"time"

	"tischlein/internal/telephony"
)

// DevicePIN is what is kept of a PIN that is typed at a phone (P03 d).
type DevicePIN struct {
	Hash    []byte // nil: none
	Expires time.Time
	Tries   int // wrong ones
	Addr    string
	UsedAt  time.Time // zero: not yet
}

// DevicePIN reads a device's.
func (tx *Tx) DevicePIN(customerID, cpeID string) (DevicePIN, error) {
	return one("cpe", tx.row(`SELECT pin_hash, pin_expires, pin_tries, pin_addr, pin_used_at FROM cpes WHERE customer_id = $1 AND id = $2`, customerID, cpeID),
		func(s scanner) (p DevicePIN, err error) {
			var expires, used int64
			err = s.Scan(&p.Hash, &expires, &p.Tries, &p.Addr, &used)
			p.Expires, p.UsedAt = fromMicros(expires), fromMicros(used)
			return p, err
		})
}

// UpdateDevicePIN writes it; the zero value voids it.
func (tx *Tx) UpdateDevicePIN(customerID, cpeID string, p DevicePIN) error {
	n, err := tx.exec(`UPDATE cpes SET pin_hash = $1, pin_expires = $2, pin_tries = $3, pin_addr = $4, pin_used_at = $5 WHERE customer_id = $6 AND id = $7`,
		p.Hash, micros(p.Expires), p.Tries, p.Addr, micros(p.UsedAt), customerID, cpeID)
	return must("cpe", n, err)
}

// MACsWithPIN lists the MACs for which a PIN may be typed, as ArmedMACs does.
func (tx *Tx) MACsWithPIN() ([]telephony.MAC, error) {
	r, err := tx.query(`SELECT mac FROM cpes WHERE pin_expires > 0 AND pin_expires > $1 AND mac <> ''`, micros(tx.Now))
	return all("devices with a PIN", func(s scanner) (m telephony.MAC, err error) { return m, s.Scan(&m) }, r, err)
}
