package storage

import (
	"tischlein/internal/telephony"
)

// CustomerRow is a customer in a list, with what its indexes say at once of its
// devices' health.
type CustomerRow struct {
	Customer telephony.Customer
	Failing  int // devices that are lost, frozen or were refused
	Behind   int // devices that lack their newest configuration
}

const (
	customersFrom = `customers c`
	inReach       = `(:partner = '' OR c.partner_id = :partner) AND (:customer = '' OR c.id = :customer)`
	// p.id > '' has SQLite take the index of the few and not one of all devices.
	failing  = `(SELECT COUNT(*) FROM cpes p WHERE p.customer_id = c.id AND p.id > '' AND (` + trouble + `))`
	isBehind = `(SELECT COUNT(*) FROM cpes p WHERE p.customer_id = c.id AND p.id > '' AND p.wanted <> p.fetched)`
	// Worst first, ascending: the complement, as text of one length.
	health = `CAST(1000000000 - g.n AS TEXT)`
)

var theCustomers = &sheet[CustomerRow]{
	what: "customers", from: customersFrom, id: `c.id`, where: inReach,
	columns: `c.id, COALESCE(c.partner_id, ''), c.number, c.name, c.language, c.time_zone, c.ip_listing,
		c.login_code, c.logout_code, c.emergency_numbers, c.extension_digits, c.version, c.hotdesk_hours, c.hotdesk_end, c.trust_minimum, ` + under("c", callColumns) + `, ` + failing + `, ` + isBehind,
	search: `c.name_key LIKE :like ESCAPE '!' OR c.number LIKE :like ESCAPE '!'`,
	sorts: map[string][]leg{
		"name":   {{from: customersFrom, key: `c.name_key`}},
		"number": {{from: customersFrom, key: `c.number`}},
		"health": {{from: `(SELECT p.customer_id, COUNT(*) AS n FROM cpes p WHERE ` + trouble + ` GROUP BY p.customer_id) g JOIN customers c ON c.id = g.customer_id`, key: health},
			{from: customersFrom, key: `c.name_key`, where: failing + ` = 0`}},
	},
	filters: map[string]filter{"failing": {where: failing + ` > 0`}},
	scan: func(s scanner) (r CustomerRow, err error) {
		if r.Customer, err = scanCustomer(s); err != nil {
			return r, err
		}
		return r, s.Scan(&r.Failing, &r.Behind)
	},
}

// Reach is what somebody may see across customers: a partner's, one, or all.
type Reach struct{ PartnerID, CustomerID string }

// ListedCustomers lists the customers within reach.
func (tx *Tx) ListedCustomers(reach Reach, q Listing, counted bool) ([]Marked[CustomerRow], Total, error) {
	return listed(tx, theCustomers, q, counted, values{"partner": reach.PartnerID, "customer": reach.CustomerID})
}
