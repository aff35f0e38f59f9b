package storage

import (
	"fmt"

	"tischlein/internal/telephony"
)

const factJoins = `LEFT JOIN attachments a ON a.customer_id = c.customer_id AND a.channel_id = c.id
	LEFT JOIN cpes p ON p.customer_id = a.customer_id AND p.id = a.cpe_id
	LEFT JOIN links k ON k.customer_id = c.customer_id AND k.channel_id = c.id
	LEFT JOIN logins l ON l.customer_id = c.customer_id AND l.channel_id = c.id
	LEFT JOIN bindings b ON b.customer_id = c.customer_id AND b.channel_id = c.id AND b.expires_at > :now`

// CountStates counts the customer's channels by state, and those with a link.
func (tx *Tx) CountStates(customerID, fetching string, listing bool) (map[telephony.StateCode]int, int, error) {
	text, args := named(`SELECT state, COUNT(*), SUM(linked) FROM (
			SELECT `+channelState(listing)+` AS state, CASE WHEN k.channel_id IS NULL THEN 0 ELSE 1 END AS linked
			FROM channels c `+factJoins+` WHERE c.customer_id = :customer) states GROUP BY state`,
		values{"customer": customerID, "fetching": fetching, "now": micros(tx.Now)})
	linked := 0
	counts, err := counted[telephony.StateCode](tx, "channels", text, args, func(s scanner, code *telephony.StateCode, n *int) error {
		var m int
		err := s.Scan(code, n, &m)
		linked += m
		return err
	})
	return counts, linked, err
}

// CountCPEStates counts the customer's devices by state.
func (tx *Tx) CountCPEStates(customerID, fetching string) (map[telephony.CPEStateCode]int, error) {
	text, args := named(`SELECT state, COUNT(*) FROM (SELECT `+cpeState+` AS state FROM cpes p WHERE p.customer_id = :customer) states GROUP BY state`,
		values{"customer": customerID, "fetching": fetching, "now": micros(tx.Now)})
	return counted[telephony.CPEStateCode](tx, "cpes", text, args, func(s scanner, code *telephony.CPEStateCode, n *int) error { return s.Scan(code, n) })
}

func counted[C ~string](tx *Tx, what, text string, args []any, scan func(scanner, *C, *int) error) (map[C]int, error) {
	r, err := tx.query(text, args...)
	if err != nil {
		return nil, fmt.Errorf("counting %s: %w", what, err)
	}
	defer r.Close()
	counts := map[C]int{}
	for r.Next() {
		var code C
		var n int
		if err := scan(r, &code, &n); err != nil {
			return nil, fmt.Errorf("counting %s: %w", what, err)
		}
		counts[code] = n
	}
	return counts, r.Err()
}
