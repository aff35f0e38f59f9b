package storage

import (
	"fmt"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// PortalUser is somebody who signs in to the portal. Partner and Customer are
// names, read only; for a customer's user PartnerOf is the customer's partner.
type PortalUser struct {
	ID          string
	Login       string
	Name        string
	Role        auth.Role
	PartnerID   string
	CustomerID  string
	ExtensionID string
	Language    string
	Theme       string
	Disabled    bool
	HasPassword bool
	HasTOTP     bool
	Version     int64
	CreatedBy   string
	Created     time.Time
	SignedIn    time.Time

	Partner     string
	Customer    string
	PartnerOf   string
	LinkExpires time.Time
	LockedUntil time.Time // of its password or its codes, the later

	Number        string // of the extension it is bound to, "" = none, or it is gone
	PINMustChange bool   // the extension's
}

// PasswordSubject names the failures of a login's passwords, SecondSubject
// those of a user's codes.
func PasswordSubject(login string) string { return "password:" + auth.LoginKey(login) }

// SecondSubject names the failures of a user's codes.
func SecondSubject(userID string) string { return "second:" + userID }

const (
	userColumns = `u.id, u.login, u.name, u.role, COALESCE(u.partner_id, ''), COALESCE(u.customer_id, ''), u.extension_id, u.language, u.theme,
		u.disabled, u.password_hash IS NOT NULL, u.totp_sealed IS NOT NULL, u.version, u.created_by, u.created_at, u.signed_in_at,
		COALESCE(p.name, ''), COALESCE(c.name, ''), COALESCE(u.partner_id, c.partner_id, ''), COALESCE(l.expires_at, 0),
		COALESCE(f.locked_until, 0), COALESCE(g.locked_until, 0), COALESCE(x.number, ''), COALESCE(x.name, ''), COALESCE(x.pin_must_change, FALSE)`
	userTables = ` FROM users u LEFT JOIN partners p ON p.id = u.partner_id LEFT JOIN customers c ON c.id = u.customer_id
		LEFT JOIN one_time_links l ON l.user_id = u.id
		LEFT JOIN sign_in_failures f ON f.subject = 'password:' || u.login_key
		LEFT JOIN sign_in_failures g ON g.subject = 'second:' || u.id
		LEFT JOIN extensions x ON x.customer_id = u.customer_id AND x.id = u.extension_id`
)

func scanUser(s scanner) (u PortalUser, err error) {
	var created, signedIn, link, password, second int64
	var name string
	err = s.Scan(&u.ID, &u.Login, &u.Name, &u.Role, &u.PartnerID, &u.CustomerID, &u.ExtensionID, &u.Language, &u.Theme,
		&u.Disabled, &u.HasPassword, &u.HasTOTP, &u.Version, &u.CreatedBy, &created, &signedIn,
		&u.Partner, &u.Customer, &u.PartnerOf, &link, &password, &second, &u.Number, &name, &u.PINMustChange)
	if u.ByPIN() && name != "" {
		u.Name = name // they are who the extension says
	}
	u.Created, u.SignedIn, u.LinkExpires, u.LockedUntil = fromMicros(created), fromMicros(signedIn), fromMicros(link), fromMicros(max(password, second))
	return u, err
}

// PortalUser reads one user.
func (tx *Tx) PortalUser(id string) (PortalUser, error) {
	return one("user", tx.row(`SELECT `+userColumns+userTables+` WHERE u.id = $1`, id), scanUser)
}

// PortalUserByLogin finds who signs in by the name, in any case.
func (tx *Tx) PortalUserByLogin(login string) (PortalUser, error) {
	return one("user", tx.row(`SELECT `+userColumns+userTables+` WHERE u.login_key = $1`, auth.LoginKey(login)), scanUser)
}

// PortalUsers lists users by name; partner narrows it to the partner's own and
// its customers', customer to the customer's, when not empty. Who signs in by PIN
// is an extension, and not listed.
func (tx *Tx) PortalUsers(partnerID, customerID string, p Page) ([]PortalUser, error) {
	r, err := tx.query(`SELECT `+userColumns+userTables+`
		WHERE ($1 = '' OR u.partner_id = $1 OR c.partner_id = $1) AND ($2 = '' OR u.customer_id = $2)
			AND u.login_key NOT LIKE '`+pinLogin+`%' AND (u.name_key, u.id) > ($3, $4) AND (u.name_key LIKE $5 ESCAPE '!' OR u.login_key LIKE $5 ESCAPE '!')
		ORDER BY u.name_key, u.id LIMIT $6`, partnerID, customerID, p.Cursor.Key, p.Cursor.ID, p.like(), p.Limit)
	return all("users", scanUser, r, err)
}

// InsertPortalUser adds a user who has no password yet; a login that is taken is
// a conflict.
func (tx *Tx) InsertPortalUser(u PortalUser) error {
	n, err := tx.exec(`INSERT INTO users (id, login, login_key, name, name_key, role, partner_id, customer_id, extension_id, language, disabled, created_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (login_key) DO NOTHING`,
		u.ID, u.Login, auth.LoginKey(u.Login), u.Name, telephony.Fold(u.Name), u.Role, null(u.PartnerID), null(u.CustomerID), u.ExtensionID,
		u.Language, u.Disabled, u.CreatedBy, micros(tx.Now))
	return taken("user", "login", "login_taken", u.Login, n, err)
}

// UpdatePortalUser writes what people may change of a user.
func (tx *Tx) UpdatePortalUser(u PortalUser) error {
	key := auth.LoginKey(u.Login)
	if err := tx.free(`SELECT COUNT(*) FROM users WHERE login_key = $1 AND id <> $2`, "login", "login_taken", u.Login, key, u.ID); err != nil {
		return err
	}
	n, err := tx.exec(`UPDATE users SET login = $1, login_key = $2, name = $3, name_key = $4, role = $5, partner_id = $6, customer_id = $7,
			extension_id = $8, language = $9, theme = $10, disabled = $11, version = version + 1 WHERE id = $12`,
		u.Login, key, u.Name, telephony.Fold(u.Name), u.Role, null(u.PartnerID), null(u.CustomerID), u.ExtensionID, u.Language, u.Theme, u.Disabled, u.ID)
	return must("user", n, err)
}

// DeletePortalUser removes a user with sessions, codes and links.
func (tx *Tx) DeletePortalUser(id string) error {
	n, err := tx.exec(`DELETE FROM users WHERE id = $1`, id)
	return must("user", n, err)
}

// OtherOperatorAdmins counts the operator's administrators who can sign in,
// without the one named.
func (tx *Tx) OtherOperatorAdmins(id string) (n int64, err error) {
	err = tx.row(`SELECT COUNT(*) FROM users WHERE role = 'operator_admin' AND NOT disabled AND password_hash IS NOT NULL AND id <> $1`, id).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("counting administrators: %w", err)
	}
	return n, nil
}
