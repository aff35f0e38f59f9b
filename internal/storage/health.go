package storage

import (
	"fmt"

	"tischlein/internal/telephony"
)

// Counting by state looks closely only at rows that fail or lag behind, which
// are few; all others follow from how large the sets of the facts are, which
// indexes tell. Asking each row of a large customer takes ten times as long.

const factJoins = `LEFT JOIN attachments a ON a.customer_id = c.customer_id AND a.channel_id = c.id
	LEFT JOIN cpes p ON p.customer_id = a.customer_id AND p.id = a.cpe_id
	LEFT JOIN links k ON k.customer_id = c.customer_id AND k.channel_id = c.id
	LEFT JOIN logins l ON l.customer_id = c.customer_id AND l.channel_id = c.id
	LEFT JOIN bindings b ON b.customer_id = c.customer_id AND b.channel_id = c.id AND b.expires_at > :now`

type stateCount struct {
	code             string
	n, unbound, lost int
}

const thenChannels = `CROSS JOIN channels c `

// CountStates counts the customer's channels by state, and those with a link.
func (tx *Tx) CountStates(customerID, fetching string, listing bool) (n map[telephony.StateCode]int, linked int, err error) {
	v := values{"customer": customerID, "fetching": fetching, "now": micros(tx.Now)}
	n = map[telephony.StateCode]int{}
	closely := everyLinked + ` EXCEPT ` + everyLogin + ` UNION ` + inTrouble + ` UNION ` + behind + merged
	// How many of those are in the sets that otherwise are offline and logged in:
	// a pending one is registered, so only failing ones are unbound.
	unbound, lost := 0, 0
	rows, err := list(tx, "states", `SELECT state, COUNT(*), SUM(unbound), SUM(lost) FROM (
			SELECT `+channelState(listing)+` AS state, CASE WHEN b.channel_id IS NULL THEN 1 ELSE 0 END AS unbound,
				CASE WHEN b.channel_id IS NOT NULL AND l.channel_id IS NOT NULL THEN 1 ELSE 0 END AS lost
			FROM (`+closely+`) m `+thenChannels+factJoins+` WHERE c.customer_id = :customer AND c.id = m.channel_id) states GROUP BY state`, v,
		func(s scanner) (r stateCount, err error) { return r, s.Scan(&r.code, &r.n, &r.unbound, &r.lost) })
	if err != nil {
		return nil, 0, err
	}
	for _, r := range rows {
		switch code := telephony.StateCode(r.code); code {
		case telephony.StateFailed, telephony.StatePending:
			n[code] = r.n
			unbound += r.unbound
			lost += r.lost
		}
	}
	var all, offline, logins, away int
	for _, q := range []struct {
		text string
		n    *int
	}{
		{everyChannel, &all}, {everyLinked, &linked}, {everyLogin, &logins},
		{everyAttached + withoutBinding, &offline}, {lapsedAt(`attachments`), &offline},
		{everyLogin + withoutBinding, &away}, {lapsedAt(`logins`), &away},
	} {
		some, err := tx.size(q.text, v)
		if err != nil {
			return nil, 0, err
		}
		*q.n += some
	}
	if n[telephony.StateNoDevice], err = tx.size(everyChannel+` EXCEPT `+everyAttached+` EXCEPT `+everyLinked+inOrder, v); err != nil {
		return nil, 0, err
	}
	if n[telephony.StateWaitingForDevice], err = tx.size(everyLinked+` EXCEPT `+everyAttached+inOrder, v); err != nil {
		return nil, 0, err
	}
	n[telephony.StateOffline] = offline - unbound
	n[telephony.StateLoggedIn] = logins - away - lost
	rest := all
	for _, m := range n {
		rest -= m
	}
	n[telephony.StateLoggedOut] = rest
	return n, linked, nil
}

// Whatever is not registered has no binding, or one that has lapsed: the first is
// told by two indexes side by side, the second are few and stand in a third.
// Asking every binding when it ends would read all of them.
const withoutBinding = ` EXCEPT SELECT channel_id FROM bindings WHERE customer_id = :customer` + merged

// lapsedAt are the channels in the table whose binding has lapsed. The empty text
// keeps SQLite from going through the customer's bindings instead.
func lapsedAt(table string) string {
	return `SELECT x.channel_id FROM (SELECT channel_id FROM bindings WHERE expires_at <= :now AND customer_id || '' = :customer) b
		CROSS JOIN ` + table + ` x WHERE x.customer_id = :customer AND x.channel_id = b.channel_id`
}

func (tx *Tx) size(set string, v values) (n int, err error) {
	text, args := named(`SELECT COUNT(*) FROM (`+set+`) size`, v)
	if err := tx.row(text, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("counting: %w", err)
	}
	return n, nil
}

// Size is how many of each a customer has, counted no further than is quick.
type Size struct{ Channels, Linked, Extensions, CPEs Total }

// SizeOf counts the customer's objects up to some of each.
func (tx *Tx) SizeOf(customerID string) (s Size, err error) {
	v := values{"customer": customerID}
	for _, q := range []struct {
		set  string
		into *Total
	}{{everyChannel, &s.Channels}, {everyLinked, &s.Linked}, {everyExtension, &s.Extensions}, {everyCPE, &s.CPEs}} {
		if q.into.N, err = tx.size(fmt.Sprintf(`%s LIMIT %d`, q.set, few+1), v); err != nil {
			return s, err
		}
		if q.into.N > few {
			*q.into = Total{N: few, More: true}
		}
	}
	return s, nil
}

// CountCPEStates counts the customer's devices by state.
func (tx *Tx) CountCPEStates(customerID, fetching string) (map[telephony.CPEStateCode]int, error) {
	v := values{"customer": customerID, "fetching": fetching, "now": micros(tx.Now)}
	n := map[telephony.CPEStateCode]int{}
	closely := `SELECT p.id FROM cpes p WHERE p.customer_id = :customer AND p.id > '' AND (` + trouble + `)
		UNION SELECT p.id FROM cpes p WHERE p.customer_id = :customer AND p.id > '' AND p.fetched_at = 0
		UNION SELECT p.id FROM cpes p WHERE p.customer_id = :customer AND p.id > '' AND p.wanted <> p.fetched
		UNION SELECT a.cpe_id FROM (SELECT * FROM (` + everyAttached + withoutBinding + `) n UNION ALL ` + lapsedAt(`attachments`) + `) o CROSS JOIN attachments a
			WHERE a.customer_id = :customer AND a.channel_id = o.channel_id`
	rest, err := tx.size(everyCPE, v)
	if err != nil {
		return nil, err
	}
	rows, err := list(tx, "states", `SELECT state, COUNT(*) FROM (SELECT `+cpeState+` AS state FROM (`+closely+`) m CROSS JOIN cpes p
			WHERE p.customer_id = :customer AND p.id = m.id) states GROUP BY state`, v,
		func(s scanner) (r stateCount, err error) { return r, s.Scan(&r.code, &r.n) })
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if code := telephony.CPEStateCode(r.code); code != telephony.CPEConverged {
			n[code] = r.n
			rest -= r.n
		}
	}
	n[telephony.CPEConverged] = rest
	return n, nil
}
