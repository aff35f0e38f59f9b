package storage

import (
	"net/netip"

	"tischlein/internal/telephony"
)

// maybe turns "not found" into absence where absence is a fact, not an error.
func maybe[T any](v T, err error) (*T, error) {
	if err == nil {
		return &v, nil
	}
	if telephony.CodeOf(err) == telephony.NotFound {
		return nil, nil
	}
	return nil, err
}

// Desk reads a channel as the rules see it.
func (tx *Tx) Desk(customerID, channelID string, list telephony.Allowlist) (d telephony.Desk, err error) {
	if d.Channel, err = tx.Channel(customerID, channelID); err != nil {
		return d, err
	}
	a, err := maybe(tx.Attachment(customerID, channelID))
	if err != nil {
		return d, err
	}
	if a != nil {
		c, err := tx.CPE(customerID, a.CPEID)
		if err != nil {
			return d, err
		}
		d.CPE = &c
		if refused, ok := list.Check(c.Addresses()); !ok {
			d.Refused = refused
		}
	}
	if d.Link, err = maybe(tx.Link(customerID, channelID)); err != nil {
		return d, err
	}
	if d.Login, err = maybe(tx.Login(customerID, channelID)); err != nil {
		return d, err
	}
	if d.Link != nil {
		if d.LinkedTo, err = maybe(tx.Extension(customerID, d.Link.ExtensionID)); err != nil {
			return d, err
		}
	}
	if d.Login != nil {
		if d.Link != nil && d.Link.ExtensionID == d.Login.ExtensionID {
			d.User = d.LinkedTo
		} else if d.User, err = maybe(tx.Extension(customerID, d.Login.ExtensionID)); err != nil {
			return d, err
		}
	}
	return d, nil
}

// Seat reads an extension as the rules see it.
func (tx *Tx) Seat(customerID, extensionID string) (s telephony.Seat, err error) {
	if s.Extension, err = tx.Extension(customerID, extensionID); err != nil {
		return s, err
	}
	if s.Links, err = tx.Links(customerID, extensionID); err != nil {
		return s, err
	}
	if s.Logins, err = tx.Logins(customerID, extensionID); err != nil {
		return s, err
	}
	var at []string
	for _, l := range s.Links {
		at = append(at, l.ChannelID)
	}
	for _, l := range s.Logins {
		at = append(at, l.ChannelID)
	}
	s.Places, err = tx.Places(customerID, at)
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
