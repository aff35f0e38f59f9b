package storage

import (
	"net/netip"
	"slices"
	"strings"

	"tischlein/internal/telephony"
)

// A desk is read in one statement, and so is a seat: somebody waits for the link,
// and of a large installation each statement finds its pages cold.

const deskJoins = `LEFT JOIN attachments a ON a.customer_id = c.customer_id AND a.channel_id = c.id
	LEFT JOIN cpes p ON p.customer_id = a.customer_id AND p.id = a.cpe_id
	LEFT JOIN links k ON k.customer_id = c.customer_id AND k.channel_id = c.id
	LEFT JOIN logins l ON l.customer_id = c.customer_id AND l.channel_id = c.id`

const peopleJoins = `
	LEFT JOIN extensions x ON x.customer_id = k.customer_id AND x.id = k.extension_id
	LEFT JOIN extensions u ON u.customer_id = l.customer_id AND u.id = l.extension_id`

var deskText = `SELECT ` + strings.Join([]string{under("c", channelColumns), under("p", cpeColumns), under("k", linkColumns), under("x", extensionColumns),
	under("l", loginColumns), under("u", extensionColumns)}, ", ") + ` FROM channels c ` + deskJoins + peopleJoins + ` WHERE c.customer_id = $1 AND c.id = $2`

// Desk reads a channel as the rules see it.
func (tx *Tx) Desk(customerID, channelID string, list telephony.Allowlist) (telephony.Desk, error) {
	d, err := one("channel", tx.row(deskText, customerID, channelID), across(scanDesk))
	if err == nil && d.CPE != nil {
		d.Refused, _ = list.Check(d.CPE.Addresses())
	}
	return d, err
}

func scanDesk(s scanner) (d telephony.Desk, err error) {
	if d.Channel, err = scanChannel(s); err != nil {
		return d, err
	}
	c, err := scanCPE(s)
	if err != nil {
		return d, err
	}
	k, err := scanLink(s)
	if err != nil {
		return d, err
	}
	x, err := scanExtension(s)
	if err != nil {
		return d, err
	}
	l, err := scanLogin(s)
	if err != nil {
		return d, err
	}
	u, err := scanExtension(s)
	if c.ID != "" {
		d.CPE = &c
	}
	if k.ChannelID != "" {
		d.Link, d.LinkedTo = &k, &x
	}
	if l.ChannelID != "" {
		d.Login, d.User = &l, &u
	}
	return d, err
}

var seatText = `SELECT ` + strings.Join([]string{under("e", extensionColumns), under("k", linkColumns), `g.name`, under("l", loginColumns), `h.name`}, ", ") + `
	FROM extensions e
	LEFT JOIN links k ON k.customer_id = e.customer_id AND k.extension_id = e.id
	LEFT JOIN channels g ON g.customer_id = k.customer_id AND g.id = k.channel_id
	LEFT JOIN logins l ON l.customer_id = e.customer_id AND l.extension_id = e.id
	LEFT JOIN channels h ON h.customer_id = l.customer_id AND h.id = l.channel_id
	WHERE e.customer_id = $1 AND e.id = $2 ORDER BY k.slot, l.slot`

// Seat reads an extension as the rules see it.
func (tx *Tx) Seat(customerID, extensionID string) (s telephony.Seat, err error) {
	s.Places = map[string]string{}
	r, err := tx.query(seatText, customerID, extensionID)
	// Each link comes with each login: two of each at most.
	_, err = all("extension", across(func(row scanner) (none struct{}, err error) {
		if s.Extension, err = scanExtension(row); err != nil {
			return none, err
		}
		k, err := scanLink(row)
		if err != nil {
			return none, err
		}
		var linked, loggedIn string
		if err := row.Scan(&linked); err != nil {
			return none, err
		}
		l, err := scanLogin(row)
		if err != nil {
			return none, err
		}
		err = row.Scan(&loggedIn)
		if k.ChannelID != "" && !slices.Contains(s.Links, k) {
			s.Links = append(s.Links, k)
			s.Places[k.ChannelID] = linked
		}
		if l.ChannelID != "" && !slices.Contains(s.Logins, l) {
			s.Logins = append(s.Logins, l)
			s.Places[l.ChannelID] = loggedIn
		}
		return none, err
	}), r, err)
	if err == nil && s.Extension.ID == "" {
		err = telephony.NotFoundf("extension")
	}
	return s, err
}

// Unmoved reports that a device's showing itself at an address, fetching or
// registering, cannot change anything: it is known there, proven, addresses are
// not listed, all its links are logged in and its guests known there. It errs on
// the side of false; then the rules must look.
func (tx *Tx) Unmoved(customerID, cpeID string, at netip.Addr, registering bool) (bool, error) {
	query := unmovedFetching
	if registering {
		query = unmovedRegistering
	}
	return one("cpe", tx.row(query, at.String(), customerID, cpeID), func(s scanner) (yes bool, err error) { return yes, s.Scan(&yes) })
}

const (
	unmovedFetching    = `SELECT c.fetch_addr = $1 AND ` + unmoved
	unmovedRegistering = `SELECT c.register_addr = $1 AND c.trust <> 'pending' AND ` + unmoved

	unmoved = `NOT c.lost AND NOT k.ip_listing
			AND NOT EXISTS (SELECT 1 FROM attachments a
				LEFT JOIN links l ON l.customer_id = a.customer_id AND l.channel_id = a.channel_id
				LEFT JOIN logins g ON g.customer_id = a.customer_id AND g.channel_id = a.channel_id
				WHERE a.customer_id = c.customer_id AND a.cpe_id = c.id
					AND (l.channel_id IS NOT NULL AND g.channel_id IS NULL OR g.kind = 'hotdesk' AND g.address <> $1))
		FROM cpes c JOIN customers k ON k.id = c.customer_id WHERE c.customer_id = $2 AND c.id = $3`
)

// LinkedAddresses lists, for every linked login of the customer, where its
// device was seen.
func (tx *Tx) LinkedAddresses(customerID string) ([][]netip.Addr, error) {
	r, err := tx.query(`SELECT c.fetch_addr, c.register_addr FROM logins l
		JOIN attachments a ON a.channel_id = l.channel_id JOIN cpes c ON c.customer_id = a.customer_id AND c.id = a.cpe_id
		WHERE l.customer_id = $1 AND l.kind = 'linked'`, customerID)
	return all("linked devices", func(s scanner) ([]netip.Addr, error) {
		var fetch, register string
		err := s.Scan(&fetch, &register)
		return telephony.CPE{FetchAddr: addrOf(fetch), RegisterAddr: addrOf(register)}.Addresses(), err
	}, r, err)
}
