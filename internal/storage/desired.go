package storage

import (
	"database/sql"

	"tischlein/internal/telephony"
)

// Port is one port of a device with what sits there: the facts from which a
// telephony.Line is made.
type Port struct {
	Port     int
	Channel  telephony.Channel
	Secret   []byte // sealed
	Linked   bool
	Login    telephony.LoginKind // "" when nobody is logged in
	Number   string
	Name     string
	Language string
	ExtID    string
}

// Ports lists the attached ports of a device, in port order.
func (tx *Tx) Ports(customerID, cpeID string) ([]Port, error) {
	r, err := tx.query(`SELECT a.port, a.secret_sealed, c.id, c.name, c.sip_user, c.location, c.desk, k.channel_id IS NOT NULL,
			l.kind, e.id, e.number, e.name, e.language
		FROM attachments a
		JOIN channels c ON c.customer_id = a.customer_id AND c.id = a.channel_id
		LEFT JOIN links k ON k.channel_id = a.channel_id
		LEFT JOIN logins l ON l.channel_id = a.channel_id
		LEFT JOIN extensions e ON e.customer_id = a.customer_id AND e.id = l.extension_id
		WHERE a.customer_id = $1 AND a.cpe_id = $2 ORDER BY a.port`, customerID, cpeID)
	return all("ports", func(s scanner) (p Port, err error) {
		var kind, ext, number, name, lang sql.NullString
		err = s.Scan(&p.Port, &p.Secret, &p.Channel.ID, &p.Channel.Name, &p.Channel.SIPUser, &p.Channel.Location, &p.Channel.Desk, &p.Linked,
			&kind, &ext, &number, &name, &lang)
		p.Login = telephony.LoginKind(kind.String)
		p.ExtID, p.Number, p.Name, p.Language = ext.String, number.String, name.String, lang.String
		return p, err
	}, r, err)
}
