package storage

import (
	"time"
)

// Installation is the one row of facts that hold for all: made at first start.
type Installation struct {
	Realm        string // fixed: every HA1 depends on it (C01)
	KeyCheck     []byte // tells at start whether the key file is the right one
	Drivers      string // versions of the drivers that computed the wanted revisions
	SetupHash    string // of the one-time setup token, "" once used
	SetupExpires time.Time
}

// Installation is not_found before the first start.
func (tx *Tx) Installation() (Installation, error) {
	return one("installation", tx.row(`SELECT realm, key_check, drivers, setup_hash, setup_expires FROM installation WHERE id = 1`),
		func(s scanner) (i Installation, err error) {
			var us int64
			err = s.Scan(&i.Realm, &i.KeyCheck, &i.Drivers, &i.SetupHash, &us)
			i.SetupExpires = fromMicros(us)
			return i, err
		})
}

// InsertInstallation makes the row at first start.
func (tx *Tx) InsertInstallation(i Installation) error {
	n, err := tx.exec(`INSERT INTO installation (id, realm, key_check, drivers, setup_hash, setup_expires, created_at) VALUES (1, $1, $2, $3, $4, $5, $6)`,
		i.Realm, i.KeyCheck, i.Drivers, i.SetupHash, micros(i.SetupExpires), micros(tx.Now))
	return must("installation", n, err)
}

// UpdateInstallation writes what may change: drivers and the setup token.
func (tx *Tx) UpdateInstallation(i Installation) error {
	n, err := tx.exec(`UPDATE installation SET drivers = $1, setup_hash = $2, setup_expires = $3 WHERE id = 1`,
		i.Drivers, i.SetupHash, micros(i.SetupExpires))
	return must("installation", n, err)
}
