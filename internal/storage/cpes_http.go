package storage

import "time"

// HTTPCredentials are what a device's own directory demands of it (P02): sealed
// passwords. Users are random, one for each password.
type HTTPCredentials struct {
	User     string // "" = it has none yet
	Password []byte
	// PrevUser and PrevPassword are those before a rotation, "" and nil when the
	// new ones have been used; they count until PrevUntil.
	PrevUser     string
	PrevPassword []byte
	PrevUntil    time.Time
	// Taken: the device has taken a whole chain of files that bore User.
	Taken bool
}

// HTTPCredentials reads a device's.
func (tx *Tx) HTTPCredentials(customerID, cpeID string) (HTTPCredentials, error) {
	return one("cpe", tx.row(`SELECT http_user, http_sealed, http_prev_user, http_prev_sealed, http_prev_until, http_taken FROM cpes WHERE customer_id = $1 AND id = $2`,
		customerID, cpeID), func(s scanner) (h HTTPCredentials, err error) {
		var until int64
		err = s.Scan(&h.User, &h.Password, &h.PrevUser, &h.PrevPassword, &until, &h.Taken)
		h.PrevUntil = fromMicros(until)
		return h, err
	})
}

// UpdateHTTPCredentials writes them.
func (tx *Tx) UpdateHTTPCredentials(customerID, cpeID string, h HTTPCredentials) error {
	n, err := tx.exec(`UPDATE cpes SET http_user = $1, http_sealed = $2, http_prev_user = $3, http_prev_sealed = $4, http_prev_until = $5, http_taken = $6
		WHERE customer_id = $7 AND id = $8`, h.User, h.Password, h.PrevUser, h.PrevPassword, micros(h.PrevUntil), h.Taken, customerID, cpeID)
	return must("cpe", n, err)
}

// TookHTTP notes that the device has taken a whole chain of files with that user;
// it reports whether that is news.
func (tx *Tx) TookHTTP(customerID, cpeID, user string) (bool, error) {
	n, err := tx.exec(`UPDATE cpes SET http_taken = TRUE WHERE customer_id = $1 AND id = $2 AND http_user = $3 AND NOT http_taken`, customerID, cpeID, user)
	return n > 0, err
}

// UsedHTTP voids the credentials before that user's; it reports whether there were
// any. Who shows the new ones has them, however much of its chain it took: else
// nothing would be demanded any more.
func (tx *Tx) UsedHTTP(customerID, cpeID, user string) (bool, error) {
	n, err := tx.exec(`UPDATE cpes SET http_prev_user = '', http_prev_sealed = NULL, http_prev_until = 0, http_taken = TRUE
		WHERE customer_id = $1 AND id = $2 AND http_user = $3 AND http_prev_user <> ''`, customerID, cpeID, user)
	return n > 0, err
}

// ForgetHTTP has the device's directory demand nothing until it has taken its
// credentials again: it has proven itself anew and may have lost them.
func (tx *Tx) ForgetHTTP(customerID, cpeID string) error {
	n, err := tx.exec(`UPDATE cpes SET http_taken = FALSE, http_prev_user = '', http_prev_sealed = NULL, http_prev_until = 0 WHERE customer_id = $1 AND id = $2`, customerID, cpeID)
	return must("cpe", n, err)
}
