package storage

import (
	"time"

	"tischlein/internal/telephony"
)

// ExtensionRow is an extension in a list.
type ExtensionRow struct {
	Extension   telephony.Extension
	LockedUntil time.Time
}

const (
	everyExtension = `SELECT id FROM extensions WHERE customer_id = :customer`
	linkedOnes     = `SELECT extension_id AS id FROM links WHERE customer_id = :customer`
	loggedInOnes   = `SELECT extension_id AS id FROM logins WHERE customer_id = :customer`
	extensionsFrom = `extensions e`

	isLinked    = `EXISTS (SELECT 1 FROM links k WHERE k.customer_id = :customer AND k.extension_id = e.id` + alone + `)`
	isLoggedIn  = `EXISTS (SELECT 1 FROM logins l WHERE l.customer_id = :customer AND l.extension_id = e.id` + alone + `)`
	isHotdesked = `EXISTS (SELECT 1 FROM logins l WHERE l.customer_id = :customer AND l.extension_id = e.id AND l.kind = 'hotdesk'` + alone + `)`
	// isOffered is S10 with D01 in SQL: logins and waiting links leave room.
	isOffered = `e.capacity > (SELECT COUNT(*) FROM logins l WHERE l.customer_id = :customer AND l.extension_id = e.id AND l.kind = 'hotdesk')
		+ (SELECT COUNT(*) FROM links k WHERE k.customer_id = :customer AND k.extension_id = e.id)`
)

var theExtensions = &sheet[ExtensionRow]{
	what: "extensions", from: extensionsFrom, id: `e.id`, where: `e.customer_id = :customer`,
	columns: under("e", extensionColumns) + `, e.locked_until`,
	search:  `e.name_key LIKE :like ESCAPE '!' OR e.number LIKE :like ESCAPE '!'`,
	sorts: map[string][]leg{
		"number": {{from: extensionsFrom, key: `e.number`}},
		"name":   {{from: extensionsFrom, key: `e.name_key`}},
		// Somebody with two places stands at the one of the lower slot.
		"place": {{from: `channels s CROSS JOIN logins t CROSS JOIN extensions e`, key: `s.name_key`,
			where: `s.customer_id = :customer AND t.customer_id = s.customer_id AND t.channel_id = s.id AND e.customer_id = t.customer_id AND e.id = t.extension_id
				AND NOT EXISTS (SELECT 1 FROM logins o WHERE o.extension_id = t.extension_id AND o.slot < t.slot AND o.customer_id = :customer)`},
			{from: extensionsFrom, key: `e.number`, only: "_logged_out"}},
	},
	filters: map[string]filter{
		"free":      {where: `NOT ` + isLinked + ` AND NOT ` + isLoggedIn, among: set{of: everyExtension, but: []string{linkedOnes, loggedInOnes}}, exact: true},
		"linked":    {where: isLinked, among: set{of: `SELECT DISTINCT extension_id FROM links WHERE customer_id = :customer`}, exact: true},
		"hotdesked": {where: isHotdesked, among: set{of: `SELECT DISTINCT extension_id FROM logins WHERE customer_id = :customer AND kind = 'hotdesk'`}, exact: true},
		"locked":    {where: `e.locked_until > :now`, among: set{of: `SELECT id FROM extensions WHERE customer_id = :customer AND locked_until > :now AND locked_until > 0`}, exact: true},
		"multi":     {where: `e.capacity = 2`, among: set{of: `SELECT id FROM extensions WHERE customer_id = :customer AND capacity = 2`}, exact: true},
		"offered":   {where: isOffered},
		"refused":   {where: `NOT (` + isOffered + `)`},

		"_logged_out": {where: `NOT ` + isLoggedIn, among: set{of: everyExtension, but: []string{loggedInOnes}}, exact: true},
	},
	scan: func(s scanner) (r ExtensionRow, err error) {
		if r.Extension, err = scanExtension(s); err != nil {
			return r, err
		}
		var locked int64
		err = s.Scan(&locked)
		r.LockedUntil = fromMicros(locked)
		return r, err
	},
}

// ListedExtensions lists the customer's extensions.
func (tx *Tx) ListedExtensions(customerID string, q Listing, counted bool) ([]Marked[ExtensionRow], Total, error) {
	return listed(tx, theExtensions, q, counted, values{"customer": customerID, "now": micros(tx.Now)})
}
