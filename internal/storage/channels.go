package storage

import (
	"fmt"

	"tischlein/internal/telephony"
)

const channelColumns = `id, customer_id, name, kind, location, elin, sip_user, desk, version`

func scanChannel(s scanner) (c telephony.Channel, err error) {
	return c, s.Scan(&c.ID, &c.CustomerID, &c.Name, &c.Kind, &c.Location, &c.ELIN, &c.SIPUser, &c.Desk, &c.Version)
}

// Channel reads one channel of the customer.
func (tx *Tx) Channel(customerID, id string) (telephony.Channel, error) {
	return one("channel", tx.row(`SELECT `+channelColumns+` FROM channels WHERE customer_id = $1 AND id = $2`, customerID, id), scanChannel)
}

// Channels lists the customer's channels by name.
func (tx *Tx) Channels(customerID string, p Page) ([]telephony.Channel, error) {
	r, err := tx.query(`SELECT `+channelColumns+` FROM channels
		WHERE customer_id = $1 AND (name_key, id) > ($2, $3) AND name_key LIKE $4 ESCAPE '!'
		ORDER BY name_key, id LIMIT $5`, customerID, p.Cursor.Key, p.Cursor.ID, p.like(), p.Limit)
	return all("channels", scanChannel, r, err)
}

// UnlinkedChannels lists what can be chosen on the extension page (S10): places
// for a device that are not linked.
func (tx *Tx) UnlinkedChannels(customerID string, p Page) ([]telephony.Channel, error) {
	r, err := tx.query(`SELECT `+channelColumns+` FROM channels
		WHERE customer_id = $1 AND kind = 'cpe' AND NOT EXISTS (SELECT 1 FROM links WHERE links.channel_id = channels.id)
			AND (name_key, id) > ($2, $3) AND name_key LIKE $4 ESCAPE '!'
		ORDER BY name_key, id LIMIT $5`, customerID, p.Cursor.Key, p.Cursor.ID, p.like(), p.Limit)
	return all("channels", scanChannel, r, err)
}

// InsertChannel adds a channel; a name that is taken is a conflict.
func (tx *Tx) InsertChannel(c telephony.Channel) error {
	n, err := tx.exec(`INSERT INTO channels (id, customer_id, name, name_key, last_key, kind, location, location_key, elin, sip_user, created_at, desk)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (customer_id, name_key) DO NOTHING`,
		c.ID, c.CustomerID, c.Name, telephony.Fold(c.Name), lastKey(c.Name), c.Kind, c.Location, telephony.Fold(c.Location), c.ELIN, c.SIPUser, micros(tx.Now), c.Desk)
	return taken("channel", "name", "name_taken", c.Name, n, err)
}

// UpdateChannel writes name, location and ELIN.
func (tx *Tx) UpdateChannel(c telephony.Channel) error {
	if err := tx.free(`SELECT COUNT(*) FROM channels WHERE customer_id = $1 AND name_key = $2 AND id <> $3`,
		"name", "name_taken", c.Name, c.CustomerID, telephony.Fold(c.Name), c.ID); err != nil {
		return err
	}
	n, err := tx.exec(`UPDATE channels SET name = $1, name_key = $2, last_key = $3, location = $4, location_key = $5, elin = $6, version = version + 1 WHERE customer_id = $7 AND id = $8`,
		c.Name, telephony.Fold(c.Name), lastKey(c.Name), c.Location, telephony.Fold(c.Location), c.ELIN, c.CustomerID, c.ID)
	return must("channel", n, err)
}

// DeleteChannel removes a channel that is detached and unlinked.
func (tx *Tx) DeleteChannel(customerID, id string) error {
	n, err := tx.exec(`DELETE FROM channels WHERE customer_id = $1 AND id = $2`, customerID, id)
	return must("channel", n, err)
}

// Places maps the ids of the customer's channels to their names.
func (tx *Tx) Places(customerID string, ids []string) (map[string]string, error) {
	m := make(map[string]string, len(ids))
	for _, id := range ids {
		var name string
		if err := tx.row(`SELECT name FROM channels WHERE customer_id = $1 AND id = $2`, customerID, id).Scan(&name); err != nil {
			return nil, fmt.Errorf("reading channel names: %w", err)
		}
		m[id] = name
	}
	return m, nil
}
