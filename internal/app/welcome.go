package app

import (
	"context"
	"net/netip"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// LinkKind says what a one-time link is for.
type LinkKind string

// The kinds of one-time links, and how long each lives.
const (
	LinkFirstAdmin LinkKind = "first_admin"
	LinkInvitation LinkKind = "invitation"
	LinkReset      LinkKind = "reset"

	invitationLife = 72 * time.Hour
	resetLife      = time.Hour
)

// OneTimeLink is shown once, to whoever asked for it.
type OneTimeLink struct {
	Kind    LinkKind
	Token   telephony.Secret
	Expires time.Time
}

// Welcome is what a one-time link leads to. Name and Login are "" for the first
// administrator, who chooses them.
type Welcome struct {
	Kind     LinkKind
	Name     string
	Login    string
	Language string
	Expires  time.Time
}

// Acceptance is what somebody answers to a one-time link.
type Acceptance struct {
	Token     string
	Name      string // first administrator; invitation: "" keeps
	Login     string // first administrator
	Language  string // "" keeps, for the first administrator the browser's
	Password  telephony.Secret
	From      netip.Addr
	UserAgent string
}

// welcomed resolves a link, u without id for the first administrator.
func (s Sessions) welcomed(tx *storage.Tx, token string) (w Welcome, u storage.PortalUser, err error) {
	unknown := &telephony.Error{Code: telephony.NotFound, Reason: "link_unknown", Message: "this link is wrong, was used or has expired"}
	hash := auth.HashToken(token)
	l, err := tx.OneTimeLink(hash)
	if telephony.CodeOf(err) == telephony.NotFound {
		i, err := tx.Installation()
		if err != nil {
			return w, u, err
		}
		if i.SetupHash == "" || i.SetupHash != hash || !tx.Now.Before(i.SetupExpires) {
			return w, u, unknown
		}
		return Welcome{Kind: LinkFirstAdmin, Expires: i.SetupExpires}, u, nil
	}
	if err == nil {
		u, err = tx.PortalUser(l.UserID)
	}
	if err != nil {
		return w, u, err
	}
	if u.Disabled {
		return w, u, unknown
	}
	return Welcome{Kind: LinkKind(l.Kind), Name: u.Name, Login: u.Login, Language: u.Language, Expires: l.Expires}, u, nil
}

// Welcome says what a one-time link is for, without using it.
func (s Sessions) Welcome(ctx context.Context, token string, from netip.Addr) (w Welcome, err error) {
	if until, ok := s.sources.Take(from, s.now()); !ok {
		return w, tooManyFailures(until)
	}
	err = s.db.View(ctx, func(tx *storage.Tx) error { w, _, err = s.welcomed(tx, token); return err })
	if err == nil {
		s.sources.GiveBack(from)
	}
	return w, err
}

// AcceptWelcome uses a one-time link up: it sets the password, makes the first
// administrator where that is what the link is for, and signs in. A second
// factor is asked for as ever.
func (s Sessions) AcceptWelcome(ctx context.Context, a Acceptance) (done Session, err error) {
	w, err := s.Welcome(ctx, a.Token, a.From)
	if err != nil {
		return done, err
	}
	if err := a.fill(w); err != nil {
		return done, err
	}
	hash, err := s.passwords.Hash(ctx, a.Password)
	if err != nil {
		return done, err
	}
	err = s.db.Update(ctx, func(tx *storage.Tx) error {
		w, u, err := s.welcomed(tx, a.Token)
		if err != nil {
			return err
		}
		if u, err = s.accept(tx, w, u, a); err != nil {
			return err
		}
		if err := s.setPassword(tx, u, hash); err != nil {
			return err
		}
		action := "accept_invitation"
		if w.Kind == LinkReset {
			action = "reset_password"
		}
		if err := audit(tx, userActor(u, a.From), u.CustomerID, action, "user", u.ID, nil, nil); err != nil {
			return err
		}
		done, err = s.enter(tx, u, a.From, a.UserAgent)
		return err
	})
	return done, err
}

// fill checks what was answered.
func (a *Acceptance) fill(w Welcome) (err error) {
	if a.Name == "" && w.Kind != LinkFirstAdmin || w.Kind == LinkReset {
		a.Name = w.Name
	}
	if a.Name, err = telephony.Name("name", a.Name); err != nil {
		return err
	}
	if w.Kind != LinkFirstAdmin {
		a.Login = w.Login
	}
	if a.Login, err = auth.Login("login", a.Login); err != nil {
		return err
	}
	if a.Language == "" {
		a.Language = w.Language
	}
	if a.Language, err = telephony.Language("language", a.Language, true); err != nil {
		return err
	}
	return auth.CheckPassword("password", a.Password, a.Name, a.Login)
}

// accept writes the user as they described themselves. Once the operator has an
// administrator, the token of the first start is of no use any more.
func (s Sessions) accept(tx *storage.Tx, w Welcome, u storage.PortalUser, a Acceptance) (storage.PortalUser, error) {
	if w.Kind == LinkFirstAdmin {
		u = storage.PortalUser{ID: storage.NewID(tx.Now), Role: auth.OperatorAdmin, Login: a.Login, Name: a.Name, Language: a.Language, CreatedBy: "first start"}
		if err := tx.InsertPortalUser(u); err != nil {
			return u, err
		}
		actor := auth.Actor{Kind: "setup", Name: "first start", From: a.From}
		if err := audit(tx, actor, "", "create", "user", u.ID, nil, specOf(u)); err != nil {
			return u, err
		}
	} else if u.Name != a.Name || u.Language != a.Language {
		before := specOf(u)
		u.Name, u.Language = a.Name, a.Language
		if err := tx.UpdatePortalUser(u); err != nil {
			return u, err
		}
		if err := audit(tx, userActor(u, a.From), u.CustomerID, "update", "user", u.ID, before, specOf(u)); err != nil {
			return u, err
		}
	}
	if u.Role != auth.OperatorAdmin {
		return u, nil
	}
	i, err := tx.Installation()
	if err == nil && i.SetupHash != "" {
		i.SetupHash = ""
		err = tx.UpdateInstallation(i)
	}
	return u, err
}
