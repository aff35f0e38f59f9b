package storage

import (
	"fmt"

	"tischlein/internal/telephony"
)

// Counting by state looks closely only at rows that fail or lag behind, which
// are few; all others follow from how large the sets of the facts are, which
// indexes tell. Asking each row of a large customer takes ten times as long.

const factJoins = deskJoins + `
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
	if v["closely"], err = tx.union(v, waitingLinks, set{of: inTrouble, via: ofDevices}, set{of: behind, via: ofDevices}); err != nil {
		return nil, 0, err
	}
	// How many of those are in the sets that otherwise are offline and logged in:
	// a pending one is registered, so only failing ones are unbound.
	unbound, lost := 0, 0
	rows, err := list(tx, "states", `SELECT state, COUNT(*), SUM(unbound), SUM(lost) FROM (
			SELECT `+channelState(listing)+` AS state, CASE WHEN b.channel_id IS NULL THEN 1 ELSE 0 END AS unbound,
				CASE WHEN b.channel_id IS NOT NULL AND l.channel_id IS NOT NULL THEN 1 ELSE 0 END AS lost
			FROM `+tx.d.each+` m `+thenChannels+factJoins+` WHERE c.customer_id = :customer AND c.id = m.value) states GROUP BY state`, v,
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
	var all, offline, logins, away, nothing, waiting int
	for _, q := range []struct {
		of set
		n  *int
	}{
		{set{of: everyChannel}, &all}, {set{of: everyLinked}, &linked}, {set{of: everyLogin}, &logins}, {unregistered, &offline},
		{set{of: everyLogin, but: []string{everyBound}}, &away}, {nothingThere, &nothing}, {noDevice, &waiting},
	} {
		if *q.n, err = tx.size(q.of, v); err != nil {
			return nil, 0, err
		}
	}
	n[telephony.StateNoDevice], n[telephony.StateWaitingForDevice] = nothing, waiting
	n[telephony.StateOffline] = offline - unbound
	n[telephony.StateLoggedIn] = logins - away - lost
	rest := all
	for _, m := range n {
		rest -= m
	}
	n[telephony.StateLoggedOut] = rest
	return n, linked, nil
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
		if q.into.N, err = tx.size(set{of: fmt.Sprintf(`SELECT id FROM (%s LIMIT %d) some`, q.set, few+1)}, v); err != nil {
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
	closely, err := tx.union(v, set{of: inTrouble}, set{of: silent}, set{of: behind}, set{of: unregistered.of, but: unregistered.but, via: ofChannels})
	if err != nil {
		return nil, err
	}
	v["closely"] = closely
	rest, err := tx.size(set{of: everyCPE}, v)
	if err != nil {
		return nil, err
	}
	rows, err := list(tx, "states", `SELECT state, COUNT(*) FROM (SELECT `+cpeState+` AS state FROM `+tx.d.each+` m CROSS JOIN cpes p
			WHERE p.customer_id = :customer AND p.id = m.value) states GROUP BY state`, v,
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
