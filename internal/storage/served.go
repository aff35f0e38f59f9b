package storage

import (
	"fmt"
	"time"
)

// Served is one file as its device last took it, its secrets replaced.
type Served struct {
	Kind  string
	Name  string
	Body  []byte // compressed by who keeps it
	Taken time.Time
}

// KeepServed keeps the files of the revision that a device has taken, in place of
// those before. They must bear no secret any more.
func (tx *Tx) KeepServed(customerID, cpeID, revision string, files []Served) error {
	n, err := tx.exec(`UPDATE cpes SET served = $1 WHERE customer_id = $2 AND id = $3`, revision, customerID, cpeID)
	if err := must("cpe", n, err); err != nil {
		return err
	}
	if _, err := tx.exec(`DELETE FROM served WHERE customer_id = $1 AND cpe_id = $2`, customerID, cpeID); err != nil {
		return fmt.Errorf("removing kept files: %w", err)
	}
	for _, f := range files {
		n, err := tx.exec(`INSERT INTO served (cpe_id, kind, customer_id, name, body, taken_at) VALUES ($1, $2, $3, $4, $5, $6)`,
			cpeID, f.Kind, customerID, f.Name, f.Body, micros(f.Taken))
		if err := must("kept file", n, err); err != nil {
			return err
		}
	}
	return nil
}

// ServedFiles lists the files that a device last took.
func (tx *Tx) ServedFiles(customerID, cpeID string) ([]Served, error) {
	r, err := tx.query(`SELECT kind, name, body, taken_at FROM served WHERE customer_id = $1 AND cpe_id = $2 ORDER BY kind`, customerID, cpeID)
	return all("kept files", func(s scanner) (f Served, err error) {
		var at int64
		err = s.Scan(&f.Kind, &f.Name, &f.Body, &at)
		f.Taken = fromMicros(at)
		return f, err
	}, r, err)
}
