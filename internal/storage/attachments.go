package storage

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"tischlein/internal/telephony"
)

const attachmentColumns = `channel_id, customer_id, cpe_id, port, created_at`

func scanAttachment(s scanner) (a telephony.Attachment, err error) {
	var at int64
	err = s.Scan(&a.ChannelID, &a.CustomerID, &a.CPEID, &a.Port, &at)
	a.Since = fromMicros(at)
	return a, err
}

// Attachment reads what is attached to a channel.
func (tx *Tx) Attachment(customerID, channelID string) (telephony.Attachment, error) {
	return one("attachment", tx.row(`SELECT `+attachmentColumns+` FROM attachments WHERE customer_id = $1 AND channel_id = $2`, customerID, channelID), scanAttachment)
}

// Attachments lists the channels of a device, in port order.
func (tx *Tx) Attachments(customerID, cpeID string) ([]telephony.Attachment, error) {
	r, err := tx.query(`SELECT `+attachmentColumns+` FROM attachments WHERE customer_id = $1 AND cpe_id = $2 ORDER BY port`, customerID, cpeID)
	return all("attachments", scanAttachment, r, err)
}

// InsertAttachment connects a port with a channel, with a new sealed SIP secret
// (P14). Both the channel and the port must be free.
func (tx *Tx) InsertAttachment(a telephony.Attachment, sealed []byte) error {
	n, err := tx.exec(`INSERT INTO attachments (channel_id, customer_id, cpe_id, port, secret_sealed, created_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT DO NOTHING`, a.ChannelID, a.CustomerID, a.CPEID, a.Port, sealed, micros(tx.Now))
	if err == nil && n == 0 {
		return telephony.Conflictf("attached", "the channel or the port of the device is already connected")
	}
	return must("attachment", n, err)
}

// DeleteAttachment disconnects a channel; its login must have ended before.
func (tx *Tx) DeleteAttachment(customerID, channelID string) error {
	n, err := tx.exec(`DELETE FROM attachments WHERE customer_id = $1 AND channel_id = $2`, customerID, channelID)
	return must("attachment", n, err)
}

// Credentials are what a channel may register with: sealed secrets.
type Credentials struct {
	ChannelID  string
	CustomerID string
	SIPUser    string
	CPEID      string
	Driver     string
	SHA256Used bool
	Lost       bool
	Secret     []byte
	Previous   []byte // nil: none that still counts
	PrevUntil  time.Time
	Epoch      int64 // of the customer: the verdict on an address is asked anew when it rises
}

// CredentialsByUser finds what the SIP user name may register with; not_found
// for unknown names and for channels without a device.
func (tx *Tx) CredentialsByUser(user string) (Credentials, error) {
	return one("credentials", tx.row(`SELECT c.id, c.customer_id, c.sip_user, p.id, p.driver, p.sha256_used, p.lost, a.secret_sealed, a.prev_sealed, a.prev_until, k.epoch
		FROM channels c JOIN attachments a ON a.channel_id = c.id JOIN cpes p ON p.id = a.cpe_id JOIN customers k ON k.id = c.customer_id
		WHERE c.sip_user = $1`, user), func(s scanner) (c Credentials, err error) {
		var until int64
		err = s.Scan(&c.ChannelID, &c.CustomerID, &c.SIPUser, &c.CPEID, &c.Driver, &c.SHA256Used, &c.Lost, &c.Secret, &c.Previous, &until, &c.Epoch)
		c.PrevUntil = fromMicros(until)
		return c, err
	})
}

// UpdateSecret gives an attachment a new secret; the one its device has stays valid
// until the time given (P14). Where it has not even registered with the one before,
// the older one is what it has, and its time runs on.
func (tx *Tx) UpdateSecret(customerID, channelID string, sealed []byte, until time.Time) error {
	n, err := tx.exec(`UPDATE attachments SET
			prev_sealed = CASE WHEN prev_sealed IS NOT NULL AND prev_until > $1 THEN prev_sealed ELSE secret_sealed END,
			prev_until = CASE WHEN prev_sealed IS NOT NULL AND prev_until > $1 THEN prev_until ELSE $2 END,
			secret_sealed = $3
		WHERE customer_id = $4 AND channel_id = $5`, micros(tx.Now), micros(until), sealed, customerID, channelID)
	return must("attachment", n, err)
}

// EndPreviousSecrets voids previous secrets whose time is over, some at a time, and
// lists the SIP users that had them.
func (tx *Tx) EndPreviousSecrets(limit int) ([]string, error) {
	r, err := tx.query(`SELECT a.channel_id, a.customer_id, c.sip_user FROM attachments a JOIN channels c ON c.id = a.channel_id
		WHERE a.customer_id = c.customer_id AND a.prev_until > 0 AND a.prev_until <= $1 LIMIT $2`, micros(tx.Now), limit)
	type over struct{ channelID, customerID, user string }
	list, err := all("previous secrets", func(s scanner) (o over, err error) { return o, s.Scan(&o.channelID, &o.customerID, &o.user) }, r, err)
	var users []string
	for _, o := range list {
		if err := tx.DropPrevious(o.customerID, o.channelID); err != nil {
			return nil, err
		}
		users = append(users, o.user)
	}
	return users, err
}

// DropPrevious voids the previous secret once the new one has registered.
func (tx *Tx) DropPrevious(customerID, channelID string) error {
	n, err := tx.exec(`UPDATE attachments SET prev_sealed = NULL, prev_until = 0 WHERE customer_id = $1 AND channel_id = $2`, customerID, channelID)
	return must("attachment", n, err)
}

// MarkSHA256 notes that the channel's device has authenticated with SHA-256:
// nothing weaker is accepted from it any more (C02).
func (tx *Tx) MarkSHA256(customerID, cpeID string) error {
	n, err := tx.exec(`UPDATE cpes SET sha256_used = TRUE WHERE customer_id = $1 AND id = $2`, customerID, cpeID)
	return must("cpe", n, err)
}

// FreePort is the lowest port of the device that no channel uses, 0 if none.
func (tx *Tx) FreePort(customerID, cpeID string) (int, error) {
	var ports int
	err := tx.row(`SELECT ports FROM cpes WHERE customer_id = $1 AND id = $2`, customerID, cpeID).Scan(&ports)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, telephony.NotFoundf("cpe")
	}
	if err != nil {
		return 0, fmt.Errorf("reading ports: %w", err)
	}
	used, err := tx.Attachments(customerID, cpeID)
	if err != nil {
		return 0, err
	}
	taken := map[int]bool{}
	for _, a := range used {
		taken[a.Port] = true
	}
	for p := 1; p <= ports; p++ {
		if !taken[p] {
			return p, nil
		}
	}
	return 0, nil
}

// CPEOfChannel finds the device that is attached to a channel.
func (tx *Tx) CPEOfChannel(channelID string) (customerID, cpeID string, err error) {
	a, err := one("attachment", tx.row(`SELECT `+attachmentColumns+` FROM attachments WHERE channel_id = $1`, channelID), scanAttachment)
	return a.CustomerID, a.CPEID, err
}
