package storage

import (
	"strings"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// pinLogin begins the login of an account that stands on a PIN. Nobody can type it
// as a name: a colon is none of its characters.
const pinLogin = "pin:"

// PINLogin is the login of whoever signs in with an extension's number and PIN.
func PINLogin(extensionID string) string { return pinLogin + extensionID }

// ByPIN reports whether the account stands on an extension's PIN: it has no
// password and is on no list of portal users.
func (u PortalUser) ByPIN() bool { return strings.HasPrefix(u.Login, pinLogin) }

// CustomerByNumber finds the customer with the operator's number, for those who
// sign in with it.
func (tx *Tx) CustomerByNumber(number string) (telephony.Customer, error) {
	return one("customer", tx.row(`SELECT `+customerColumns+` FROM customers WHERE number = $1`, number), scanCustomer)
}

// DeletePINSessions ends the sessions that stand on an extension's PIN but one,
// "" for none.
func (tx *Tx) DeletePINSessions(extensionID, but string) (int64, error) {
	return tx.exec(`DELETE FROM sessions WHERE id <> $1 AND user_id IN (SELECT id FROM users WHERE login_key = $2)`, but, auth.LoginKey(PINLogin(extensionID)))
}

// DeleteUsersOf removes the accounts of an extension's own users, and with them
// their sessions.
func (tx *Tx) DeleteUsersOf(customerID, extensionID string) error {
	_, err := tx.exec(`DELETE FROM users WHERE customer_id = $1 AND extension_id = $2 AND role = 'user'`, customerID, extensionID)
	return err
}

// SetLook writes in which language and theme somebody sees the pages.
func (tx *Tx) SetLook(userID, language, theme string) error {
	n, err := tx.exec(`UPDATE users SET language = $1, theme = $2 WHERE id = $3`, language, theme, userID)
	return must("user", n, err)
}

// NobodysPIN reads the guard of a number that no extension has. Wrong PINs are
// counted there as at one that exists, so that the lock does not tell them apart.
// In its row, failures is the moment of the failure before the last one.
func (tx *Tx) NobodysPIN(subject string) (telephony.PINGuard, error) {
	r, err := tx.query(`SELECT failures, last_at, locked_until FROM sign_in_failures WHERE subject = $1`, subject)
	list, err := all("failures", func(s scanner) (g telephony.PINGuard, err error) {
		var before, last, until int64
		if err := s.Scan(&before, &last, &until); err != nil {
			return g, err
		}
		g.LockedUntil = fromMicros(until)
		for _, t := range []int64{before, last} {
			if t > 0 && t >= until {
				g.Failures = append(g.Failures, fromMicros(t))
			}
		}
		return g, nil
	}, r, err)
	if len(list) == 0 {
		return telephony.PINGuard{}, err
	}
	return list[0], err
}

// SetNobodysPIN writes it; a guard that has just locked has no failures.
func (tx *Tx) SetNobodysPIN(subject string, g telephony.PINGuard) error {
	last, before := tx.Now, time.Time{}
	if n := len(g.Failures); n > 1 {
		before = g.Failures[n-2]
	}
	n, err := tx.exec(`INSERT INTO sign_in_failures (subject, failures, last_at, locked_until) VALUES ($1, $2, $3, $4)
		ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at, locked_until = excluded.locked_until`,
		subject, micros(before), micros(last), micros(g.LockedUntil))
	return must("failures", n, err)
}

// NobodysPINSubject names the guard of a number that no extension has.
func NobodysPINSubject(customer, number string) string {
	return "nobody:" + auth.LoginKey(customer) + "/" + auth.LoginKey(number)
}
