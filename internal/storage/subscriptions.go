package storage

import (
	"fmt"

	"tischlein/internal/telephony"
)

// Subscription is a phone's wish to be told of an extension (C12).
type Subscription struct {
	ID         string
	CustomerID string
	ChannelID  string
	State      []byte // nil: it has ended
}

// EachSubscription calls f for every subscription as it was last written.
func (tx *Tx) EachSubscription(f func(Subscription) error) error {
	r, err := tx.query(`SELECT id, customer_id, channel_id, state FROM subscriptions ORDER BY id`)
	list, err := all("subscriptions", func(s scanner) (n Subscription, err error) {
		return n, s.Scan(&n.ID, &n.CustomerID, &n.ChannelID, &n.State)
	}, r, err)
	if err != nil {
		return err
	}
	for _, n := range list {
		if err := f(n); err != nil {
			return err
		}
	}
	return nil
}

// PutSubscriptions writes subscriptions and removes those that have ended.
func (tx *Tx) PutSubscriptions(list []Subscription) error {
	for _, n := range list {
		var err error
		if n.State == nil {
			_, err = tx.exec(`DELETE FROM subscriptions WHERE customer_id = $1 AND id = $2`, n.CustomerID, n.ID)
		} else {
			_, err = tx.exec(`INSERT INTO subscriptions (id, customer_id, channel_id, state, updated_at) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (id) DO UPDATE SET channel_id = excluded.channel_id, state = excluded.state, updated_at = excluded.updated_at`,
				n.ID, n.CustomerID, n.ChannelID, n.State, micros(tx.Now))
		}
		if err != nil {
			return fmt.Errorf("writing subscriptions: %w", err)
		}
	}
	return nil
}

// PruneSubscriptions removes what nobody has renewed nor ended: none is for longer.
func (tx *Tx) PruneSubscriptions() error {
	if _, err := tx.exec(`DELETE FROM subscriptions WHERE updated_at < $1`, micros(tx.Now.Add(-callGrace))); err != nil {
		return fmt.Errorf("pruning subscriptions: %w", err)
	}
	return nil
}

// Messages are how many messages wait for an extension.
func (tx *Tx) Messages(customerID, extensionID string) (telephony.Messages, error) {
	return one("extension", tx.row(`SELECT messages_new, messages_old FROM extensions WHERE customer_id = $1 AND id = $2`, customerID, extensionID),
		func(s scanner) (m telephony.Messages, err error) { return m, s.Scan(&m.New, &m.Old) })
}

// SetMessages writes how many messages wait for an extension.
func (tx *Tx) SetMessages(customerID, extensionID string, m telephony.Messages) error {
	n, err := tx.exec(`UPDATE extensions SET messages_new = $1, messages_old = $2 WHERE customer_id = $3 AND id = $4`, m.New, m.Old, customerID, extensionID)
	return must("extension", n, err)
}
