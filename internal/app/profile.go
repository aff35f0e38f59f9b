package app

import (
	"context"
	"slices"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Profile is what portal users change of themselves.
type Profile struct{ *core }

// ProfileForm is what users say about themselves.
type ProfileForm struct {
	Name     string
	Language string // "" = the browser's
	Theme    string // "" = the system's, light, dark
}

// themes are the looks of the portal; "" is the system's.
var themes = []string{"", "light", "dark"}

// Update changes name, language and theme.
func (p Profile) Update(ctx context.Context, x Session, f ProfileForm) (err error) {
	if f.Name, err = telephony.Name("name", f.Name); err != nil {
		return err
	}
	if f.Language, err = telephony.Language("language", f.Language, true); err != nil {
		return err
	}
	if !slices.Contains(themes, f.Theme) {
		return telephony.Invalidf("theme", "theme_unknown", "the theme is none of light and dark")
	}
	return p.own(ctx, x, func(tx *storage.Tx, u storage.PortalUser) error {
		before := ProfileForm{u.Name, u.Language, u.Theme}
		if before == f {
			return nil
		}
		u.Name, u.Language, u.Theme = f.Name, f.Language, f.Theme
		if err := tx.UpdatePortalUser(u); err != nil {
			return err
		}
		return audit(tx, x.Actor, u.CustomerID, "update", "user", u.ID, before, f)
	})
}

// present checks the password that somebody signed in has now, and gives its hash.
func (p Profile) present(ctx context.Context, x Session, password telephony.Secret) (hash []byte, err error) {
	if x.Stage != SessionFull {
		return nil, sessionUnknown()
	}
	subject := storage.PasswordSubject(x.Login)
	if err := p.attempt(ctx, subject, x.Actor.From); err != nil {
		return nil, err
	}
	var u storage.PortalUser
	err = p.own(ctx, x, func(tx *storage.Tx, now storage.PortalUser) (err error) {
		u = now
		hash, err = tx.PasswordHash(u.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	right, err := p.passwords.Verify(ctx, password, hash)
	if err != nil {
		return nil, err
	}
	if !right {
		wrong := telephony.Forbiddenf("password_wrong", "this is not your password")
		wrong.Field = "password"
		return nil, p.failed(ctx, u, x.Actor.From, subject, "password_wrong", wrong)
	}
	p.sources.GiveBack(x.Actor.From)
	return hash, p.db.Update(ctx, func(tx *storage.Tx) error { return tx.ClearGuard(subject) })
}

// ChangePassword needs the present password. It ends every session of the user
// and gives a new one in place of this one.
func (p Profile) ChangePassword(ctx context.Context, x Session, current, fresh telephony.Secret, userAgent string) (done Session, err error) {
	if err := auth.CheckPassword("new_password", fresh, x.Name, x.Login); err != nil {
		return done, err
	}
	before, err := p.present(ctx, x, current)
	if err != nil {
		return done, err
	}
	if same, err := p.passwords.Verify(ctx, fresh, before); err != nil {
		return done, err
	} else if same {
		return done, telephony.Invalidf("new_password", "password_same", "this is your password already")
	}
	hash, err := p.passwords.Hash(ctx, fresh)
	if err != nil {
		return done, err
	}
	err = p.own(ctx, x, func(tx *storage.Tx, u storage.PortalUser) error {
		now, err := tx.PasswordHash(u.ID)
		if err != nil {
			return err
		}
		if string(now) != string(before) {
			return telephony.Conflictf("version_changed", "the password was changed meanwhile")
		}
		if err := p.setPassword(tx, u, hash); err != nil {
			return err
		}
		if done, err = p.open(tx, u, false, x.Actor.From, userAgent); err != nil {
			return err
		}
		return audit(tx, x.Actor, u.CustomerID, "change_password", "user", u.ID, nil, nil)
	})
	return done, err
}

// setPassword writes a password and ends what stood on the one before: sessions,
// an open link, and the failures that were counted.
func (k *core) setPassword(tx *storage.Tx, u storage.PortalUser, hash []byte) error {
	if err := tx.SetPassword(u.ID, hash); err != nil {
		return err
	}
	if _, err := tx.DeleteSessions(u.ID, ""); err != nil {
		return err
	}
	if err := tx.DeleteOneTimeLink(u.ID); err != nil {
		return err
	}
	return tx.ClearGuard(storage.PasswordSubject(u.Login))
}
