package storage

import (
	"fmt"
	"net/netip"

	"tischlein/internal/telephony"
)

// Trunk is a trunk as it is kept; Secret of its telephony.Trunk is empty.
type Trunk struct {
	telephony.Trunk
	Sealed []byte // nil: no secret
}

const trunkColumns = `id, COALESCE(customer_id, ''), name, is_switch, host, sources, sip_user, secret_sealed, emergency, version`

func scanTrunk(s scanner) (t Trunk, err error) {
	var sources string
	err = s.Scan(&t.ID, &t.CustomerID, &t.Name, &t.Switch, &t.Host, &sources, &t.User, &t.Sealed, &t.Emergency, &t.Version)
	for _, text := range listOf(sources) {
		if p, err := netip.ParsePrefix(text); err == nil { // written by sourcesText
			t.Sources = append(t.Sources, p)
		}
	}
	return t, err
}

func sourcesText(list []netip.Prefix) string {
	texts := make([]string, len(list))
	for i, p := range list {
		texts[i] = p.String()
	}
	return listText(texts)
}

// Trunk reads one trunk of the customer; of the installation where customerID
// is "".
func (tx *Tx) Trunk(customerID, id string) (Trunk, error) {
	return one("trunk", tx.row(`SELECT `+trunkColumns+` FROM trunks WHERE COALESCE(customer_id, '') = $1 AND id = $2`, customerID, id), scanTrunk)
}

// TrunkByID reads a trunk, whose it is.
func (tx *Tx) TrunkByID(id string) (Trunk, error) {
	return one("trunk", tx.row(`SELECT `+trunkColumns+` FROM trunks WHERE id = $1`, id), scanTrunk)
}

// Trunks lists the customer's own trunks by name; the installation's where
// customerID is "".
func (tx *Tx) Trunks(customerID string, p Page) ([]Trunk, error) {
	r, err := tx.query(`SELECT `+trunkColumns+` FROM trunks
		WHERE COALESCE(customer_id, '') = $1 AND (name_key, id) > ($2, $3) AND name_key LIKE $4 ESCAPE '!'
		ORDER BY name_key, id LIMIT $5`, customerID, p.Cursor.Key, p.Cursor.ID, p.like(), p.Limit)
	return all("trunks", scanTrunk, r, err)
}

// TrunksFor lists the trunks that may carry the customer's calls: its own and the
// installation's, each in the order in which they were made.
func (tx *Tx) TrunksFor(customerID string) ([]Trunk, error) {
	r, err := tx.query(`SELECT `+trunkColumns+` FROM trunks WHERE customer_id = $1 OR customer_id IS NULL ORDER BY id`, customerID)
	return all("trunks", scanTrunk, r, err)
}

// EveryTrunk lists the trunks of all customers and the installation.
func (tx *Tx) EveryTrunk() ([]Trunk, error) {
	r, err := tx.query(`SELECT ` + trunkColumns + ` FROM trunks ORDER BY id`)
	return all("trunks", scanTrunk, r, err)
}

const trunkName = `SELECT COUNT(*) FROM trunks WHERE COALESCE(customer_id, '') = $1 AND name_key = $2 AND id <> $3`

// InsertTrunk adds a trunk; a name that its customer has already is a conflict.
func (tx *Tx) InsertTrunk(t Trunk) error {
	if err := tx.free(trunkName, "name", "name_taken", t.Name, t.CustomerID, telephony.Fold(t.Name), t.ID); err != nil {
		return err
	}
	n, err := tx.exec(`INSERT INTO trunks (id, customer_id, name, name_key, is_switch, host, sources, sip_user, secret_sealed, emergency, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		t.ID, null(t.CustomerID), t.Name, telephony.Fold(t.Name), t.Switch, t.Host, sourcesText(t.Sources), t.User, t.Sealed, t.Emergency, micros(tx.Now))
	return must("trunk", n, err)
}

// UpdateTrunk writes a trunk.
func (tx *Tx) UpdateTrunk(t Trunk) error {
	if err := tx.free(trunkName, "name", "name_taken", t.Name, t.CustomerID, telephony.Fold(t.Name), t.ID); err != nil {
		return err
	}
	n, err := tx.exec(`UPDATE trunks SET name = $1, name_key = $2, is_switch = $3, host = $4, sources = $5, sip_user = $6, secret_sealed = $7, emergency = $8,
			version = version + 1 WHERE COALESCE(customer_id, '') = $9 AND id = $10`,
		t.Name, telephony.Fold(t.Name), t.Switch, t.Host, sourcesText(t.Sources), t.User, t.Sealed, t.Emergency, t.CustomerID, t.ID)
	return must("trunk", n, err)
}

// DeleteTrunk removes a trunk.
func (tx *Tx) DeleteTrunk(customerID, id string) error {
	n, err := tx.exec(`DELETE FROM trunks WHERE COALESCE(customer_id, '') = $1 AND id = $2`, customerID, id)
	return must("trunk", n, err)
}

// SeenElsewhere reports whether devices of other customers register from addresses
// between the two.
func (tx *Tx) SeenElsewhere(customerID string, first, last netip.Addr) (yes bool, err error) {
	err = tx.row(`SELECT EXISTS (SELECT 1 FROM cpes WHERE customer_id <> $1 AND register_key >= $2 AND register_key <= $3)`,
		customerID, addrKey(first), addrKey(last)).Scan(&yes)
	if err != nil {
		return false, fmt.Errorf("looking for phones at an address: %w", err)
	}
	return yes, nil
}
