package storage

import (
	"time"
)

// lookAnew stands where nobody has worked out yet when a login ends.
const lookAnew = 1

// LoginEndsAnew has the ends of a customer's hot-desk logins worked out anew: its
// limits or its clock have changed. One statement, however many they are.
func (tx *Tx) LoginEndsAnew(customerID string) error {
	_, err := tx.exec(`UPDATE logins SET ends_at = $1 WHERE customer_id = $2 AND kind = 'hotdesk'`, lookAnew, customerID)
	return err
}

// DueLogin is a login that the customer's limits may have ended.
type DueLogin struct{ CustomerID, ChannelID string }

// DueLogins lists the logins that are due to end or to be looked at, the longest
// overdue first.
func (tx *Tx) DueLogins(limit int) ([]DueLogin, error) {
	r, err := tx.query(`SELECT customer_id, channel_id FROM logins WHERE ends_at > 0 AND ends_at <= $1 ORDER BY ends_at, channel_id LIMIT $2`, micros(tx.Now), limit)
	return all("due logins", func(s scanner) (d DueLogin, err error) { return d, s.Scan(&d.CustomerID, &d.ChannelID) }, r, err)
}

// UpdateLoginEnd notes when the login at a channel is due to end, zero for never.
func (tx *Tx) UpdateLoginEnd(customerID, channelID string, until time.Time) error {
	n, err := tx.exec(`UPDATE logins SET ends_at = $1 WHERE customer_id = $2 AND channel_id = $3`, micros(until), customerID, channelID)
	return must("login", n, err)
}
