package storage

import (
	"fmt"
	"time"

	"tischlein/internal/telephony"
)

const rolloutColumns = `id, firmware_id, driver, model, status, reason, percent, opens, closes, at_once, most_failures, patience, version, created_at, created_by`

func scanRollout(s scanner) (r telephony.Rollout, err error) {
	var patience, at int64
	err = s.Scan(&r.ID, &r.FirmwareID, &r.Driver, &r.Model, &r.Status, &r.Reason, &r.Percent, &r.Opens, &r.Closes, &r.AtOnce, &r.MostFailures, &patience, &r.Version, &at, &r.CreatedBy)
	r.Patience, r.CreatedAt = time.Duration(patience)*time.Second, fromMicros(at)
	return r, err
}

// Rollouts lists all, the newest first, without their customers.
func (tx *Tx) Rollouts(limit int) ([]telephony.Rollout, error) {
	r, err := tx.query(`SELECT `+rolloutColumns+` FROM rollouts ORDER BY created_at DESC, id DESC LIMIT $1`, limit)
	return all("rollouts", scanRollout, r, err)
}

// WorkingRollouts lists the ids of those that have not ended, or whose devices are
// not all told so.
func (tx *Tx) WorkingRollouts() ([]string, error) {
	r, err := tx.query(`SELECT r.id FROM rollouts r WHERE r.status <> 'ended'
		OR EXISTS (SELECT 1 FROM upgrades d WHERE d.rollout_id = r.id AND d.customer_id > '' AND d.state = 'told' AND d.offered) ORDER BY r.id`)
	return all("rollouts", func(s scanner) (id string, err error) { return id, s.Scan(&id) }, r, err)
}

// Rollout reads one with its customers.
func (tx *Tx) Rollout(id string) (telephony.Rollout, error) {
	x, err := one("rollout", tx.row(`SELECT `+rolloutColumns+` FROM rollouts WHERE id = $1`, id), scanRollout)
	if err != nil {
		return x, err
	}
	r, err := tx.query(`SELECT customer_id FROM rollout_customers WHERE rollout_id = $1 ORDER BY customer_id`, id)
	x.Customers, err = all("rollout", func(s scanner) (c string, err error) { return c, s.Scan(&c) }, r, err)
	return x, err
}

// InsertRollout adds one; a model has one at a time.
func (tx *Tx) InsertRollout(r telephony.Rollout) error {
	var there int
	if err := tx.row(`SELECT COUNT(*) FROM rollouts WHERE driver = $1 AND model = $2 AND status <> 'ended'`, r.Driver, r.Model).Scan(&there); err != nil {
		return fmt.Errorf("looking for rollouts: %w", err)
	}
	if there > 0 {
		return telephony.Conflictf("rollout_there", "%s has a rollout that has not ended", r.Model)
	}
	n, err := tx.exec(`INSERT INTO rollouts (`+rolloutColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		r.ID, r.FirmwareID, r.Driver, r.Model, r.Status, r.Reason, r.Percent, r.Opens, r.Closes, r.AtOnce, r.MostFailures, int64(r.Patience/time.Second), r.Version, micros(r.CreatedAt), r.CreatedBy)
	if err := must("rollout", n, err); err != nil {
		return err
	}
	return tx.rolloutCustomers(r)
}

// UpdateRollout writes what people and the rollout itself decide; walk has all
// devices looked at again.
func (tx *Tx) UpdateRollout(r telephony.Rollout, walk bool) error {
	n, err := tx.exec(`UPDATE rollouts SET status = $1, reason = $2, percent = $3, opens = $4, closes = $5, at_once = $6, most_failures = $7, patience = $8,
			version = version + 1, walked = CASE WHEN $9 THEN '' ELSE walked END, walk_at = CASE WHEN $9 THEN 0 ELSE walk_at END
		WHERE id = $10`, r.Status, r.Reason, r.Percent, r.Opens, r.Closes, r.AtOnce, r.MostFailures, int64(r.Patience/time.Second), walk, r.ID)
	if err := must("rollout", n, err); err != nil {
		return err
	}
	return tx.rolloutCustomers(r)
}

func (tx *Tx) rolloutCustomers(r telephony.Rollout) error {
	if _, err := tx.exec(`DELETE FROM rollout_customers WHERE rollout_id = $1`, r.ID); err != nil {
		return fmt.Errorf("writing a rollout's customers: %w", err)
	}
	for _, c := range r.Customers {
		if n, err := tx.exec(`INSERT INTO rollout_customers (rollout_id, customer_id) VALUES ($1, $2)`, r.ID, c); err != nil {
			return must("rollout", n, err)
		}
	}
	return nil
}

// Walk is where a rollout's look at all devices of its model has come to; at is
// when the next one begins.
func (tx *Tx) Walk(id string) (after string, at time.Time, err error) {
	var us int64
	err = tx.row(`SELECT walked, walk_at FROM rollouts WHERE id = $1`, id).Scan(&after, &us)
	return after, fromMicros(us), err
}

// Walked notes how far it has come.
func (tx *Tx) Walked(id, after string, next time.Time) error {
	n, err := tx.exec(`UPDATE rollouts SET walked = $1, walk_at = $2 WHERE id = $3`, after, micros(next), id)
	return must("rollout", n, err)
}

// ModelDevice is a device of a rollout's model, and the rollout it is in.
type ModelDevice struct {
	CustomerID, CPEID string
	Firmware          string
	Lost              bool
	Rollout           string // "" none
	State             telephony.UpgradeState
	Offered           bool
}

// OfModel lists devices of a model across customers, by id.
func (tx *Tx) OfModel(driver, model, after string, limit int) ([]ModelDevice, error) {
	r, err := tx.query(`SELECT p.customer_id, p.id, p.firmware, p.lost, COALESCE(d.rollout_id, ''), COALESCE(d.state, ''), COALESCE(d.offered, FALSE)
		FROM cpes p LEFT JOIN upgrades d ON d.customer_id = p.customer_id AND d.cpe_id = p.id
		WHERE p.driver = $1 AND p.model = $2 AND p.id > $3 ORDER BY p.id LIMIT $4`, driver, model, after, limit)
	return all("devices of a model", func(s scanner) (d ModelDevice, err error) {
		return d, s.Scan(&d.CustomerID, &d.CPEID, &d.Firmware, &d.Lost, &d.Rollout, &d.State, &d.Offered)
	}, r, err)
}
