package storage

import (
	"fmt"

	"tischlein/internal/telephony"
)

// PutUpgrade has a device in a rollout, in place of the one it was in before.
func (tx *Tx) PutUpgrade(rolloutID string, u telephony.Upgrade) error {
	ended := int64(0)
	if u.State == telephony.UpgradeDone || u.State == telephony.UpgradeFailed {
		ended = micros(tx.Now)
	}
	n, err := tx.exec(`INSERT INTO upgrades (customer_id, cpe_id, rollout_id, state, offered, told_at, took_at, ended_at, reason)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (customer_id, cpe_id) DO UPDATE SET rollout_id = excluded.rollout_id, state = excluded.state,
			offered = excluded.offered, told_at = excluded.told_at, took_at = excluded.took_at, ended_at = excluded.ended_at, reason = excluded.reason`,
		u.CustomerID, u.CPEID, rolloutID, u.State, u.Offered, micros(u.ToldAt), micros(u.TookAt), ended, u.Reason)
	return must("upgrade", n, err)
}

// DropUpgrade takes a device out of its rollout.
func (tx *Tx) DropUpgrade(customerID, cpeID string) error {
	n, err := tx.exec(`DELETE FROM upgrades WHERE customer_id = $1 AND cpe_id = $2`, customerID, cpeID)
	return must("upgrade", n, err)
}

// RetryUpgrades has the failed devices of a rollout wait again.
func (tx *Tx) RetryUpgrades(rolloutID string) error {
	_, err := tx.exec(`UPDATE upgrades SET state = 'waiting', offered = FALSE, told_at = 0, took_at = 0, ended_at = 0, reason = ''
		WHERE rollout_id = $1 AND state = 'failed' AND customer_id > ''`, rolloutID)
	return err
}

// Upgrades lists the devices of a rollout in a state with what was observed of
// them, by customer and id; after is the last one that was seen.
func (tx *Tx) Upgrades(rolloutID string, state telephony.UpgradeState, after telephony.Upgrade, limit int) ([]telephony.Upgrade, error) {
	r, err := tx.query(`SELECT d.customer_id, d.cpe_id, d.state, d.offered, d.told_at, d.took_at, d.reason, p.firmware, p.wanted = p.fetched, p.fetched_at,
			EXISTS (SELECT 1 FROM attachments a WHERE a.customer_id = d.customer_id AND a.cpe_id = d.cpe_id),
			EXISTS (SELECT 1 FROM attachments a JOIN bindings b ON b.customer_id = a.customer_id AND b.channel_id = a.channel_id AND b.expires_at > $1
				WHERE a.customer_id = d.customer_id AND a.cpe_id = d.cpe_id)
		FROM upgrades d JOIN cpes p ON p.customer_id = d.customer_id AND p.id = d.cpe_id
		WHERE d.rollout_id = $2 AND d.state = $3 AND (d.customer_id, d.cpe_id) > ($4, $5) ORDER BY d.customer_id, d.cpe_id LIMIT $6`,
		micros(tx.Now), rolloutID, state, after.CustomerID, after.CPEID, limit)
	return all("upgrades", func(s scanner) (u telephony.Upgrade, err error) {
		var told, took, fetched int64
		err = s.Scan(&u.CustomerID, &u.CPEID, &u.State, &u.Offered, &told, &took, &u.Reason, &u.Firmware, &u.Current, &fetched, &u.Attached, &u.Registered)
		u.ToldAt, u.TookAt, u.FetchedAt = fromMicros(told), fromMicros(took), fromMicros(fetched)
		return u, err
	}, r, err)
}

// CountUpgrades counts the devices of a rollout by state.
func (tx *Tx) CountUpgrades(rolloutID string) (map[telephony.UpgradeState]int, error) {
	n := map[telephony.UpgradeState]int{}
	r, err := tx.query(`SELECT state, COUNT(*) FROM upgrades WHERE rollout_id = $1 AND customer_id > '' GROUP BY state`, rolloutID)
	_, err = all("upgrades", func(s scanner) (none struct{}, err error) {
		var state telephony.UpgradeState
		var c int
		err = s.Scan(&state, &c)
		n[state] = c
		return none, err
	}, r, err)
	return n, err
}

// OnTheirWay counts the devices of a rollout that were told since, in
// microseconds of Unix time, and have not arrived.
func (tx *Tx) OnTheirWay(rolloutID string, since int64) (n int, err error) {
	err = tx.row(`SELECT COUNT(*) FROM upgrades WHERE rollout_id = $1 AND state = 'told' AND told_at > $2 AND customer_id > ''`, rolloutID, since).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("counting upgrades: %w", err)
	}
	return n, nil
}

// CustomersIn lists the customers, with their time zones, of a rollout's devices
// in a state.
func (tx *Tx) CustomersIn(rolloutID string, state telephony.UpgradeState) (zones map[string]string, err error) {
	zones = map[string]string{}
	r, err := tx.query(`SELECT DISTINCT d.customer_id, c.time_zone FROM upgrades d JOIN customers c ON c.id = d.customer_id
		WHERE d.rollout_id = $1 AND d.state = $2`, rolloutID, state)
	_, err = all("customers of a rollout", func(s scanner) (none struct{}, err error) {
		var id, zone string
		err = s.Scan(&id, &zone)
		zones[id] = zone
		return none, err
	}, r, err)
	return zones, err
}

// UpgradesOf lists devices of one customer in a rollout and state; offered narrows
// it to those whose configuration names the version, or does not.
func (tx *Tx) UpgradesOf(rolloutID, customerID string, state telephony.UpgradeState, offered bool, limit int) ([]telephony.Upgrade, error) {
	r, err := tx.query(`SELECT customer_id, cpe_id, state, offered, told_at, took_at, reason FROM upgrades
		WHERE rollout_id = $1 AND customer_id = $2 AND state = $3 AND offered = $4 ORDER BY cpe_id LIMIT $5`, rolloutID, customerID, state, offered, limit)
	return all("upgrades", func(s scanner) (u telephony.Upgrade, err error) {
		var told, took int64
		err = s.Scan(&u.CustomerID, &u.CPEID, &u.State, &u.Offered, &told, &took, &u.Reason)
		u.ToldAt, u.TookAt = fromMicros(told), fromMicros(took)
		return u, err
	}, r, err)
}
