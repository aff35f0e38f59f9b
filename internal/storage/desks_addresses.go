package storage

import (
	"net/netip"

	"tischlein/internal/telephony"
)

// LinkedDevice is a linked login with the device it is at and where that was seen.
type LinkedDevice struct {
	ChannelID, Channel string
	CPEID, CPE         string
	Number, Name       string // of the extension
	Seen               []netip.Addr
}

// LinkedDevices lists the customer's linked logins and links that wait because of
// the address, by channel.
func (tx *Tx) LinkedDevices(customerID string) ([]LinkedDevice, error) {
	r, err := tx.query(`SELECT h.id, h.name, c.id, c.name, e.number, e.name, c.fetch_addr, c.register_addr FROM links l
		JOIN attachments a ON a.customer_id = l.customer_id AND a.channel_id = l.channel_id
		JOIN cpes c ON c.customer_id = a.customer_id AND c.id = a.cpe_id
		JOIN channels h ON h.customer_id = l.customer_id AND h.id = l.channel_id
		JOIN extensions e ON e.customer_id = l.customer_id AND e.id = l.extension_id
		WHERE l.customer_id = $1 ORDER BY h.name_key, h.id`, customerID)
	return all("linked devices", func(s scanner) (d LinkedDevice, err error) {
		var fetch, register string
		err = s.Scan(&d.ChannelID, &d.Channel, &d.CPEID, &d.CPE, &d.Number, &d.Name, &fetch, &register)
		d.Seen = telephony.CPE{FetchAddr: addrOf(fetch), RegisterAddr: addrOf(register)}.Addresses()
		return d, err
	}, r, err)
}
