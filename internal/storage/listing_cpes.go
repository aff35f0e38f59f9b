package storage

import (
	"tischlein/internal/telephony"
)

// CPERow is a device in a list, with what the records say of its registration.
type CPERow struct {
	CPE        telephony.CPE
	Attached   bool
	Registered bool
}

// alone asks row by row: PostgreSQL would rather read all of the other table, as
// if the whole list were wanted and not the first 50 rows of it.
const alone = ` LIMIT 1 OFFSET 0`

const (
	cpeAttached   = `EXISTS (SELECT 1 FROM attachments a WHERE a.customer_id = :customer AND a.cpe_id = p.id` + alone + `)`
	cpeRegistered = `EXISTS (SELECT 1 FROM attachments a CROSS JOIN bindings b
		WHERE a.customer_id = :customer AND a.cpe_id = p.id AND b.customer_id = a.customer_id AND b.channel_id = a.channel_id AND b.expires_at > :now` + alone + `)`
	// cpeState is telephony.StateOfCPE over the facts of a row.
	cpeState = `CASE WHEN ` + trouble + ` THEN 'failed'
		WHEN p.fetched_at = 0 AND p.fetch_addr = '' AND p.register_addr = '' AND NOT ` + cpeRegistered + ` THEN 'never_contacted'
		WHEN ` + cpeAttached + ` AND NOT ` + cpeRegistered + ` THEN 'offline'
		WHEN p.wanted <> p.fetched AND :fetching LIKE '% ' || p.driver || ' %' THEN 'pending' ELSE 'converged' END`
	everyCPE = `SELECT id FROM cpes WHERE customer_id = :customer`
	cpesFrom = `cpes p`
)

func cpeSheet() *sheet[CPERow] {
	filters := map[string]filter{
		"unattached": {where: `NOT ` + cpeAttached,
			among: set{of: everyCPE, but: []string{`SELECT cpe_id AS id FROM attachments WHERE customer_id = :customer`}}, exact: true},
	}
	var states []leg
	for code, f := range map[telephony.CPEStateCode]filter{
		telephony.CPEFailed:         {among: set{of: inTrouble}, exact: true},
		telephony.CPENeverContacted: {among: set{of: silent}},
		// Bounded inside already: a device that stands there twice does no harm.
		telephony.CPEOffline:   {among: set{of: unregistered.of, but: unregistered.but, via: ofChannels, all: true}},
		telephony.CPEPending:   {among: set{of: behind}},
		telephony.CPEConverged: {},
	} {
		f.where, f.group = cpeState+` = '`+string(code)+`'`, "state"
		filters[string(code)] = f
	}
	for _, s := range telephony.CPEStateCodes {
		states = append(states, leg{from: cpesFrom, key: `p.name_key`, only: string(s)})
	}
	by := func(column string) []leg {
		filters["_no_"+column] = filter{where: column + ` = ''`, among: set{of: `SELECT p.id FROM cpes p WHERE p.customer_id = :customer AND ` + column + ` = ''`}, exact: true}
		return []leg{{from: cpesFrom, key: column, where: column + ` > ''`}, {from: cpesFrom, key: `p.name_key`, only: "_no_" + column}}
	}
	return &sheet[CPERow]{
		what: "cpes", from: cpesFrom, id: `p.id`, where: `p.customer_id = :customer`,
		columns: under("p", cpeColumns) + `, ` + cpeAttached + `, ` + cpeRegistered,
		search:  `p.name_key LIKE :like ESCAPE '!' OR p.mac LIKE :like ESCAPE '!' OR p.mac = :mac`,
		sorts: map[string][]leg{
			"name": {{from: cpesFrom, key: `p.name_key`}}, "state": states,
			"mac": by(`p.mac`), "model": by(`p.model`), "firmware": by(`p.firmware`),
		},
		filters: filters,
		scan: func(s scanner) (r CPERow, err error) {
			if r.CPE, err = scanCPE(s); err != nil {
				return r, err
			}
			return r, s.Scan(&r.Attached, &r.Registered)
		},
	}
}

var theCPEs = cpeSheet()

// ListedCPEs lists the customer's devices; a search text that is a MAC in any
// notation finds it.
func (tx *Tx) ListedCPEs(customerID, fetching string, q Listing, counted bool) ([]Marked[CPERow], Total, error) {
	mac, err := telephony.ParseMAC(q.Search)
	if err != nil {
		mac = "none"
	}
	return listed(tx, theCPEs, q, counted, values{"customer": customerID, "fetching": fetching, "now": micros(tx.Now), "mac": string(mac)})
}

// ObservedCPE reads whether a device is attached and registered somewhere.
func (tx *Tx) ObservedCPE(customerID, cpeID string) (attached, registered bool, err error) {
	text, args := named(`SELECT `+cpeAttached+`, `+cpeRegistered+` FROM cpes p WHERE p.customer_id = :customer AND p.id = :cpe`,
		values{"customer": customerID, "cpe": cpeID, "now": micros(tx.Now)})
	_, err = one("cpe", tx.row(text, args...), func(s scanner) (none struct{}, err error) { return none, s.Scan(&attached, &registered) })
	return attached, registered, err
}

// BoundPorts are the ports of a device whose channel is registered.
func (tx *Tx) BoundPorts(customerID, cpeID string) (map[int]bool, error) {
	r, err := tx.query(`SELECT a.port FROM attachments a JOIN bindings b ON b.customer_id = a.customer_id AND b.channel_id = a.channel_id
		WHERE a.customer_id = $1 AND a.cpe_id = $2 AND b.expires_at > $3`, customerID, cpeID, micros(tx.Now))
	ports, err := all("registered ports", func(s scanner) (n int, err error) { return n, s.Scan(&n) }, r, err)
	bound := map[int]bool{}
	for _, p := range ports {
		bound[p] = true
	}
	return bound, err
}
