package storage

import (
	"time"

	"tischlein/internal/auth"
)

// PasswordHash reads a user's password hash, nil before the first password.
func (tx *Tx) PasswordHash(userID string) ([]byte, error) {
	return one("user", tx.row(`SELECT password_hash FROM users WHERE id = $1`, userID), func(s scanner) (h []byte, err error) { return h, s.Scan(&h) })
}

// SetPassword writes a user's password hash.
func (tx *Tx) SetPassword(userID string, hash []byte) error {
	n, err := tx.exec(`UPDATE users SET password_hash = $1, version = version + 1 WHERE id = $2`, hash, userID)
	return must("user", n, err)
}

// TOTP is what is kept of a user's second factor, the secrets sealed.
type TOTP struct {
	Sealed  []byte // nil: none
	Since   time.Time
	Step    int64  // the last one used
	Pending []byte // enrolled, not yet confirmed
}

// TOTP reads a user's second factor.
func (tx *Tx) TOTP(userID string) (TOTP, error) {
	return one("user", tx.row(`SELECT totp_sealed, totp_since, totp_step, totp_pending FROM users WHERE id = $1`, userID), func(s scanner) (t TOTP, err error) {
		var since int64
		err = s.Scan(&t.Sealed, &since, &t.Step, &t.Pending)
		t.Since = fromMicros(since)
		return t, err
	})
}

// SetTOTP writes a user's second factor.
func (tx *Tx) SetTOTP(userID string, t TOTP) error {
	n, err := tx.exec(`UPDATE users SET totp_sealed = $1, totp_since = $2, totp_step = $3, totp_pending = $4 WHERE id = $5`,
		t.Sealed, micros(t.Since), t.Step, t.Pending, userID)
	return must("user", n, err)
}

// PutRecoveryCodes replaces a user's recovery codes.
func (tx *Tx) PutRecoveryCodes(userID string, hashes []string) error {
	if _, err := tx.exec(`DELETE FROM recovery_codes WHERE user_id = $1`, userID); err != nil {
		return err
	}
	for _, h := range hashes {
		n, err := tx.exec(`INSERT INTO recovery_codes (user_id, hash) VALUES ($1, $2)`, userID, h)
		if err := must("recovery code", n, err); err != nil {
			return err
		}
	}
	return nil
}

// TakeRecoveryCode uses a code up; not_found when it is none.
func (tx *Tx) TakeRecoveryCode(userID, hash string) error {
	n, err := tx.exec(`DELETE FROM recovery_codes WHERE user_id = $1 AND hash = $2`, userID, hash)
	return must("recovery code", n, err)
}

// RecoveryCodes counts the codes that are left.
func (tx *Tx) RecoveryCodes(userID string) (int, error) {
	return one("recovery codes", tx.row(`SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1`, userID), func(s scanner) (n int, err error) { return n, s.Scan(&n) })
}

// Guard reads the failures of a subject, zero without any.
func (tx *Tx) Guard(subject string) (auth.Guard, error) {
	r, err := tx.query(`SELECT failures, last_at, locked_until FROM sign_in_failures WHERE subject = $1`, subject)
	list, err := all("failures", func(s scanner) (g auth.Guard, err error) {
		var last, until int64
		err = s.Scan(&g.Failures, &last, &until)
		g.Last, g.LockedUntil = fromMicros(last), fromMicros(until)
		return g, err
	}, r, err)
	if len(list) == 0 {
		return auth.Guard{}, err
	}
	return list[0], err
}

// SetGuard writes the failures of a subject.
func (tx *Tx) SetGuard(subject string, g auth.Guard) error {
	n, err := tx.exec(`INSERT INTO sign_in_failures (subject, failures, last_at, locked_until) VALUES ($1, $2, $3, $4)
		ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at, locked_until = excluded.locked_until`,
		subject, g.Failures, micros(g.Last), micros(g.LockedUntil))
	return must("failures", n, err)
}

// ClearGuard forgets the failures of subjects.
func (tx *Tx) ClearGuard(subjects ...string) error {
	for _, s := range subjects {
		if _, err := tx.exec(`DELETE FROM sign_in_failures WHERE subject = $1`, s); err != nil {
			return err
		}
	}
	return nil
}
