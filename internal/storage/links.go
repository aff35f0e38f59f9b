package storage

import (
	"fmt"

	"tischlein/internal/telephony"
)

const linkColumns = `channel_id, customer_id, extension_id, slot, created_at, created_by`

func scanLink(s scanner) (l telephony.Link, err error) {
	var at int64
	err = s.Scan(&l.ChannelID, &l.CustomerID, &l.ExtensionID, &l.Slot, &at, &l.By)
	l.Since = fromMicros(at)
	return l, err
}

// Links lists the links of an extension, oldest slot first.
func (tx *Tx) Links(customerID, extensionID string) ([]telephony.Link, error) {
	r, err := tx.query(`SELECT `+linkColumns+` FROM links WHERE customer_id = $1 AND extension_id = $2 ORDER BY slot`, customerID, extensionID)
	return all("links", scanLink, r, err)
}

const loginColumns = `channel_id, customer_id, extension_id, slot, kind, created_at, address, path, ends_at`

func scanLogin(s scanner) (l telephony.Login, err error) {
	var at, until int64
	var address string
	err = s.Scan(&l.ChannelID, &l.CustomerID, &l.ExtensionID, &l.Slot, &l.Kind, &at, &address, &l.Path, &until)
	l.Since, l.Address = fromMicros(at), addrOf(address)
	if until > lookAnew {
		l.Until = fromMicros(until)
	}
	return l, err
}

// Login reads the login at a channel.
func (tx *Tx) Login(customerID, channelID string) (telephony.Login, error) {
	return one("login", tx.row(`SELECT `+loginColumns+` FROM logins WHERE customer_id = $1 AND channel_id = $2`, customerID, channelID), scanLogin)
}

// Logins lists where an extension is logged in.
func (tx *Tx) Logins(customerID, extensionID string) ([]telephony.Login, error) {
	r, err := tx.query(`SELECT `+loginColumns+` FROM logins WHERE customer_id = $1 AND extension_id = $2 ORDER BY slot`, customerID, extensionID)
	return all("logins", scanLogin, r, err)
}

// Carry writes a plan of the rules: ends and unlinks first, so that slots are
// free for what comes.
func (tx *Tx) Carry(customerID, extensionID string, p telephony.Plan) error {
	for _, e := range p.End {
		n, err := tx.exec(`DELETE FROM logins WHERE customer_id = $1 AND channel_id = $2 AND extension_id = $3`,
			customerID, e.Login.ChannelID, e.Login.ExtensionID)
		if err := must("login", n, err); err != nil {
			return err
		}
	}
	for _, l := range p.Unlink {
		n, err := tx.exec(`DELETE FROM links WHERE customer_id = $1 AND channel_id = $2`, customerID, l.ChannelID)
		if err := must("link", n, err); err != nil {
			return err
		}
	}
	if p.Reslot {
		for _, table := range []string{"links", "logins"} {
			if _, err := tx.exec(`UPDATE `+table+` SET slot = 1 WHERE customer_id = $1 AND extension_id = $2`, customerID, extensionID); err != nil {
				return fmt.Errorf("moving %s to slot 1: %w", table, err)
			}
		}
	}
	if p.Link != nil {
		if err := tx.insertLink(*p.Link); err != nil {
			return err
		}
	}
	if p.Login != nil {
		if err := tx.insertLogin(*p.Login); err != nil {
			return err
		}
	}
	if p.Rebind != nil {
		n, err := tx.exec(`UPDATE logins SET address = $1 WHERE customer_id = $2 AND channel_id = $3`,
			addrText(p.Rebind.Address), customerID, p.Rebind.ChannelID)
		return must("login", n, err)
	}
	return nil
}

func (tx *Tx) insertLink(l telephony.Link) error {
	n, err := tx.exec(`INSERT INTO links (channel_id, customer_id, extension_id, capacity, slot, created_at, created_by)
		SELECT $1, $2, id, capacity, $3, $4, $5 FROM extensions WHERE customer_id = $2 AND id = $6`,
		l.ChannelID, l.CustomerID, l.Slot, micros(l.Since), l.By, l.ExtensionID)
	return must("link", n, err)
}

func (tx *Tx) insertLogin(l telephony.Login) error {
	link := ""
	if l.Kind == telephony.LoginLinked {
		link = l.ChannelID
	}
	n, err := tx.exec(`INSERT INTO logins (channel_id, customer_id, extension_id, capacity, slot, kind, link_channel_id, address, path, created_at, ends_at)
		SELECT $1, $2, id, capacity, $3, $4, $5, $6, $7, $8, $9 FROM extensions WHERE customer_id = $2 AND id = $10`,
		l.ChannelID, l.CustomerID, l.Slot, l.Kind, null(link), addrText(l.Address), l.Path, micros(l.Since), micros(l.Until), l.ExtensionID)
	return must("login", n, err)
}
