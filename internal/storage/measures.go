package storage

import "time"

// Measures are figures of the whole installation.
type Measures struct {
	Pushes    map[bool]int       // devices that should be told something, by bulk
	Oldest    map[bool]time.Time // since when the oldest of them has been due
	Behind    int                // devices that have not fetched what they should have
	Rollouts  map[string]int     // by status; without those that have ended
	Upgrades  map[string]int     // devices of those rollouts by state
	Redirects map[string]int     // entries at makers' services by state
}

// Measure reads them, each by an index of few rows.
func (tx *Tx) Measure() (m Measures, err error) {
	m = Measures{Pushes: map[bool]int{}, Oldest: map[bool]time.Time{}}
	for _, bulk := range []bool{false, true} {
		var n int
		var at int64
		if err = tx.row(`SELECT COUNT(*), COALESCE(MIN(next_push_at), 0) FROM cpes WHERE push_bulk = $1 AND next_push_at IS NOT NULL`, bulk).Scan(&n, &at); err != nil {
			return m, err
		}
		m.Pushes[bulk], m.Oldest[bulk] = n, fromMicros(at)
	}
	if err = tx.row(`SELECT COUNT(*) FROM cpes WHERE id > '' AND wanted <> fetched`).Scan(&m.Behind); err != nil {
		return m, err
	}
	for _, q := range []struct {
		into *map[string]int
		text string
	}{
		{&m.Rollouts, `SELECT status, COUNT(*) FROM rollouts WHERE status <> 'ended' GROUP BY status`},
		{&m.Upgrades, `SELECT d.state, COUNT(*) FROM rollouts r JOIN upgrades d ON d.rollout_id = r.id WHERE r.status <> 'ended' GROUP BY d.state`},
		{&m.Redirects, `SELECT state, COUNT(*) FROM redirects GROUP BY state`},
	} {
		*q.into = map[string]int{}
		r, err := tx.query(q.text)
		_, err = all("measures", func(s scanner) (none struct{}, err error) {
			var word string
			var n int
			err = s.Scan(&word, &n)
			(*q.into)[word] = n
			return none, err
		}, r, err)
		if err != nil {
			return m, err
		}
	}
	return m, nil
}
