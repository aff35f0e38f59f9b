package storage

import (
	"time"
)

// WebSession is a session of the portal, its token kept as a hash.
type WebSession struct {
	ID        string
	UserID    string
	Half      bool // the second factor is still due
	Address   string
	UserAgent string
	Flash     string
	Created   time.Time
	Seen      time.Time
	Expires   time.Time
}

const sessionColumns = `id, user_id, half, address, user_agent, flash, created_at, seen_at, expires_at`

func scanSession(s scanner) (w WebSession, err error) {
	var created, seen, expires int64
	err = s.Scan(&w.ID, &w.UserID, &w.Half, &w.Address, &w.UserAgent, &w.Flash, &created, &seen, &expires)
	w.Created, w.Seen, w.Expires = fromMicros(created), fromMicros(seen), fromMicros(expires)
	return w, err
}

// SessionByHash finds the session that a cookie bears; whether it has expired is
// the caller's to judge.
func (tx *Tx) SessionByHash(hash string) (WebSession, error) {
	return one("session", tx.row(`SELECT `+sessionColumns+` FROM sessions WHERE hash = $1`, hash), scanSession)
}

// Sessions lists a user's sessions, newest first.
func (tx *Tx) Sessions(userID string) ([]WebSession, error) {
	r, err := tx.query(`SELECT `+sessionColumns+` FROM sessions WHERE user_id = $1 ORDER BY id DESC`, userID)
	return all("sessions", scanSession, r, err)
}

// InsertSession adds a session.
func (tx *Tx) InsertSession(w WebSession, hash string) error {
	n, err := tx.exec(`INSERT INTO sessions (id, hash, user_id, half, address, user_agent, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)`,
		w.ID, hash, w.UserID, w.Half, w.Address, w.UserAgent, micros(tx.Now), micros(w.Expires))
	return must("session", n, err)
}

// TouchSession notes that a session was used from an address.
func (tx *Tx) TouchSession(id, address string) error {
	n, err := tx.exec(`UPDATE sessions SET seen_at = $1, address = $2 WHERE id = $3`, micros(tx.Now), address, id)
	return must("session", n, err)
}

// SetFlash leaves a text for the session's next page.
func (tx *Tx) SetFlash(id, text string) error {
	n, err := tx.exec(`UPDATE sessions SET flash = $1 WHERE id = $2`, text, id)
	return must("session", n, err)
}

// DeleteSession ends one session of a user.
func (tx *Tx) DeleteSession(userID, id string) error {
	n, err := tx.exec(`DELETE FROM sessions WHERE user_id = $1 AND id = $2`, userID, id)
	return must("session", n, err)
}

// DeleteSessions ends all sessions of a user but one, "" for none.
func (tx *Tx) DeleteSessions(userID, but string) (int64, error) {
	return tx.exec(`DELETE FROM sessions WHERE user_id = $1 AND id <> $2`, userID, but)
}

// SignedIn notes when a user last signed in.
func (tx *Tx) SignedIn(userID string) error {
	n, err := tx.exec(`UPDATE users SET signed_in_at = $1 WHERE id = $2`, micros(tx.Now), userID)
	return must("user", n, err)
}

// OneTimeLink is an open invitation or password reset.
type OneTimeLink struct {
	UserID  string
	Kind    string // invitation or reset
	Expires time.Time
}

// PutOneTimeLink opens a link for a user, ending the one before.
func (tx *Tx) PutOneTimeLink(l OneTimeLink, hash string) error {
	n, err := tx.exec(`INSERT INTO one_time_links (user_id, hash, kind, expires_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, kind = excluded.kind, expires_at = excluded.expires_at`,
		l.UserID, hash, l.Kind, micros(l.Expires))
	return must("one-time link", n, err)
}

// OneTimeLink finds a link that has not expired.
func (tx *Tx) OneTimeLink(hash string) (OneTimeLink, error) {
	return one("one-time link", tx.row(`SELECT user_id, kind, expires_at FROM one_time_links WHERE hash = $1 AND expires_at > $2`, hash, micros(tx.Now)),
		func(s scanner) (l OneTimeLink, err error) {
			var expires int64
			err = s.Scan(&l.UserID, &l.Kind, &expires)
			l.Expires = fromMicros(expires)
			return l, err
		})
}

// DeleteOneTimeLink ends a user's open link, if there is one.
func (tx *Tx) DeleteOneTimeLink(userID string) error {
	_, err := tx.exec(`DELETE FROM one_time_links WHERE user_id = $1`, userID)
	return err
}

// PruneSessions removes sessions, links and failures that count no more.
func (tx *Tx) PruneSessions(idle, failures time.Duration) error {
	if _, err := tx.exec(`DELETE FROM sessions WHERE expires_at <= $1 OR seen_at <= $2`, micros(tx.Now), micros(tx.Now.Add(-idle))); err != nil {
		return err
	}
	if _, err := tx.exec(`DELETE FROM one_time_links WHERE expires_at <= $1`, micros(tx.Now)); err != nil {
		return err
	}
	_, err := tx.exec(`DELETE FROM sign_in_failures WHERE last_at < $1`, micros(tx.Now.Add(-failures)))
	return err
}
