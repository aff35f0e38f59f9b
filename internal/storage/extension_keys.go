package storage

import (
	"database/sql"
	"fmt"

	"tischlein/internal/telephony"
)

const (
	keyColumns = `k.kind, k.label, k.dials, w.number, w.name`
	keysFrom   = `extension_keys k LEFT JOIN extensions w ON w.customer_id = k.customer_id AND w.id = k.watched_id`
)

// scanKey reads a key and the name of whom it watches, "" = nobody.
func scanKey(s scanner, before ...any) (k telephony.Key, watched string, err error) {
	var number, name sql.NullString
	err = s.Scan(append(before, &k.Kind, &k.Label, &k.Value, &number, &name)...)
	if k.Kind == telephony.KeyWatch {
		k.Value = number.String
	}
	return k, name.String, err
}

// Keys are the keys of an extension in their order; those that watch somebody have
// the number that they have now.
func (tx *Tx) Keys(customerID, extensionID string) ([]telephony.Key, error) {
	r, err := tx.query(`SELECT `+keyColumns+` FROM `+keysFrom+` WHERE k.customer_id = $1 AND k.extension_id = $2 ORDER BY k.position`, customerID, extensionID)
	return all("keys", func(s scanner) (telephony.Key, error) {
		k, _, err := scanKey(s)
		return k, err
	}, r, err)
}

// PortKeys are the keys of who is logged in at a device, by port. A key without a
// label that watches somebody bears their name.
func (tx *Tx) PortKeys(customerID, cpeID string) (map[int][]telephony.Key, error) {
	type placed struct {
		port int
		key  telephony.Key
	}
	r, err := tx.query(`SELECT a.port, `+keyColumns+` FROM attachments a
		JOIN logins l ON l.customer_id = a.customer_id AND l.channel_id = a.channel_id
		JOIN extension_keys k ON k.customer_id = l.customer_id AND k.extension_id = l.extension_id
		LEFT JOIN extensions w ON w.customer_id = k.customer_id AND w.id = k.watched_id
		WHERE a.customer_id = $1 AND a.cpe_id = $2 ORDER BY a.port, k.position`, customerID, cpeID)
	list, err := all("keys", func(s scanner) (p placed, err error) {
		var watched string
		p.key, watched, err = scanKey(s, &p.port)
		if p.key.Label == "" {
			p.key.Label = watched
		}
		return p, err
	}, r, err)
	keys := map[int][]telephony.Key{}
	for _, p := range list {
		keys[p.port] = append(keys[p.port], p.key)
	}
	return keys, err
}

// PutKeys replaces the keys of an extension. What they watch must be there.
func (tx *Tx) PutKeys(customerID, extensionID string, keys []telephony.Key) error {
	if _, err := tx.exec(`DELETE FROM extension_keys WHERE customer_id = $1 AND extension_id = $2`, customerID, extensionID); err != nil {
		return fmt.Errorf("removing keys: %w", err)
	}
	for i, k := range keys {
		watched, dials := "", k.Value
		if k.Kind == telephony.KeyWatch {
			who, err := tx.ExtensionByNumber(customerID, k.Value)
			if err != nil {
				return err
			}
			watched, dials = who.ID, ""
		}
		n, err := tx.exec(`INSERT INTO extension_keys (customer_id, extension_id, position, kind, label, dials, watched_id) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			customerID, extensionID, i+1, k.Kind, k.Label, dials, null(watched))
		if err := must("key", n, err); err != nil {
			return err
		}
	}
	return nil
}

// WatchingChannels are channels where somebody is logged in who has a key that
// watches the extension, at most limit of them.
func (tx *Tx) WatchingChannels(customerID, extensionID string, limit int) ([]string, error) {
	r, err := tx.query(`SELECT DISTINCT l.channel_id FROM extension_keys k JOIN logins l ON l.customer_id = k.customer_id AND l.extension_id = k.extension_id
		WHERE k.customer_id = $1 AND k.watched_id = $2 ORDER BY l.channel_id LIMIT $3`, customerID, extensionID, limit)
	return all("channels", func(s scanner) (id string, err error) { return id, s.Scan(&id) }, r, err)
}

// WatchersChanged says that keys which watch the extension are no longer what was
// read of them, but those of the extension itself.
func (tx *Tx) WatchersChanged(customerID, extensionID string) error {
	_, err := tx.exec(`UPDATE extensions SET version = version + 1 WHERE customer_id = $1
		AND id <> $2 AND id IN (SELECT extension_id FROM extension_keys WHERE customer_id = $1 AND watched_id = $2)`, customerID, extensionID)
	if err != nil {
		return fmt.Errorf("noting changed keys: %w", err)
	}
	return nil
}
