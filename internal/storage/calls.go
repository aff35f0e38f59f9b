package storage

import (
	"fmt"
	"time"

	"tischlein/internal/telephony"
)

// CallRecord is a call that is up.
type CallRecord struct {
	ID         string
	CustomerID string
	ChannelIDs []string
	State      []byte // nil: it has ended
}

// callGrace is how long a call's record is kept that nobody touches: no call is
// up for longer (C09).
const callGrace = 24 * time.Hour

// EachCall calls f for every call that was up when it was last written.
func (tx *Tx) EachCall(f func(CallRecord) error) error {
	r, err := tx.query(`SELECT id, customer_id, channels, state FROM calls ORDER BY id`)
	list, err := all("calls", func(s scanner) (c CallRecord, err error) {
		var channels string
		err = s.Scan(&c.ID, &c.CustomerID, &channels, &c.State)
		c.ChannelIDs = listOf(channels)
		return c, err
	}, r, err)
	if err != nil {
		return err
	}
	for _, c := range list {
		if err := f(c); err != nil {
			return err
		}
	}
	return nil
}

// PutCalls writes calls and removes those that have ended.
func (tx *Tx) PutCalls(list []CallRecord) error {
	for _, c := range list {
		var err error
		if c.State == nil {
			_, err = tx.exec(`DELETE FROM calls WHERE customer_id = $1 AND id = $2`, c.CustomerID, c.ID)
		} else {
			_, err = tx.exec(`INSERT INTO calls (id, customer_id, channels, state, updated_at) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (id) DO UPDATE SET channels = excluded.channels, state = excluded.state, updated_at = excluded.updated_at`,
				c.ID, c.CustomerID, listText(c.ChannelIDs), c.State, micros(tx.Now))
		}
		if err != nil {
			return fmt.Errorf("writing calls: %w", err)
		}
	}
	return nil
}

// PruneCalls removes what is left of calls that nobody has ended, and emergency
// calls that can no longer be called back.
func (tx *Tx) PruneCalls() error {
	if _, err := tx.exec(`DELETE FROM calls WHERE updated_at < $1`, micros(tx.Now.Add(-callGrace))); err != nil {
		return fmt.Errorf("pruning calls: %w", err)
	}
	if _, err := tx.exec(`DELETE FROM emergency_calls WHERE called_at < $1`, micros(tx.Now.Add(-callGrace))); err != nil {
		return fmt.Errorf("pruning emergency calls: %w", err)
	}
	return nil
}

// InsertEmergencyCall notes that a channel called an emergency number as number.
func (tx *Tx) InsertEmergencyCall(customerID, channelID, number string) error {
	n, err := tx.exec(`INSERT INTO emergency_calls (id, customer_id, channel_id, number, called_at) VALUES ($1, $2, $3, $4, $5)`,
		NewID(tx.Now), customerID, channelID, number, micros(tx.Now))
	return must("emergency call", n, err)
}

// CallBack is a device that called an emergency number.
type CallBack struct {
	CustomerID string
	Ring       telephony.Ring
}

// CallBacks lists the channels that called an emergency number as number since
// the moment, the latest first.
func (tx *Tx) CallBacks(number string, since time.Time) ([]CallBack, error) {
	r, err := tx.query(`SELECT c.customer_id, c.id, c.sip_user FROM channels c
		JOIN (SELECT customer_id, channel_id, MAX(called_at) AS at FROM emergency_calls WHERE number = $1 AND called_at > $2 GROUP BY customer_id, channel_id) e
			ON e.customer_id = c.customer_id AND e.channel_id = c.id
		ORDER BY e.at DESC, c.id`, number, micros(since))
	return all("emergency calls", func(s scanner) (b CallBack, err error) {
		return b, s.Scan(&b.CustomerID, &b.Ring.ChannelID, &b.Ring.SIPUser)
	}, r, err)
}

// KeepQuiet lets the device at a channel be told nothing before the moment.
func (tx *Tx) KeepQuiet(customerID, channelID string, until time.Time) error {
	_, err := tx.exec(`UPDATE cpes SET quiet_until = $1 WHERE customer_id = $2
		AND id IN (SELECT cpe_id FROM attachments WHERE customer_id = $2 AND channel_id = $3)`, micros(until), customerID, channelID)
	return err
}

// QuietUntil is the moment before which the device is to be told nothing; zero:
// it may be told.
func (tx *Tx) QuietUntil(customerID, cpeID string) (time.Time, error) {
	return one("cpe", tx.row(`SELECT quiet_until FROM cpes WHERE customer_id = $1 AND id = $2`, customerID, cpeID), func(s scanner) (time.Time, error) {
		var us int64
		err := s.Scan(&us)
		if us <= micros(tx.Now) {
			us = 0
		}
		return fromMicros(us), err
	})
}

// PushNotBefore puts off a push that has just been claimed.
func (tx *Tx) PushNotBefore(customerID, cpeID string, at time.Time) error {
	n, err := tx.exec(`UPDATE cpes SET next_push_at = $1, push_tries = 0 WHERE customer_id = $2 AND id = $3`, micros(at), customerID, cpeID)
	return must("cpe", n, err)
}
