package app

import (
	"bytes"
	"context"
	"net/netip"
	"slices"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// SelfService lets end users in to their own pages, by number and PIN (H02), and
// keeps what they set there. What they do at desks is Desks' and Logins'.
type SelfService struct{ *core }

// PINSignIn is what somebody typed to sign in as an extension.
type PINSignIn struct {
	Customer  string // the operator's number for the customer
	Number    string // of the extension
	PIN       telephony.Secret
	From      netip.Addr
	UserAgent string
}

// pinSignInFailed says the same of an unknown customer, an unknown number and a
// wrong PIN.
func pinSignInFailed() error {
	return &telephony.Error{Code: telephony.Unauthenticated, Reason: "pin_sign_in_failed", Message: "the customer, the number or the PIN is wrong"}
}

// SignIn makes a session for an extension's number and PIN. A wrong PIN counts as
// one typed at a phone does (D20, X03). While the PIN is the administrator's 0000,
// the session can do nothing but change it.
func (s SelfService) SignIn(ctx context.Context, in PINSignIn) (done Session, err error) {
	var customerID string
	err = s.db.View(ctx, func(tx *storage.Tx) error {
		c, err := tx.CustomerByNumber(storable(in.Customer))
		if customerID = c.ID; telephony.CodeOf(err) == telephony.NotFound {
			return nil // judged below, as a number that nobody has
		}
		return err
	})
	if err != nil {
		return done, err
	}
	try := pinTry{CustomerID: customerID, Number: in.Number, PIN: in.PIN, Path: "self_service", Action: "sign_in"}
	if customerID == "" {
		try.Stranger = in.Customer
	}
	visitor := auth.Actor{Kind: "visitor", From: in.From}
	x, kept, err := s.provePIN(ctx, visitor, try)
	if telephony.ReasonOf(err) == "pin_wrong" {
		err = pinSignInFailed()
	}
	if err != nil {
		return done, err
	}
	err = s.db.Update(ctx, func(tx *storage.Tx) error {
		now, err := tx.PIN(x.CustomerID, x.ID)
		if telephony.CodeOf(err) == telephony.NotFound || err == nil && !bytes.Equal(now.Hash, kept.Hash) {
			return pinSignInFailed() // changed or deleted while it was checked
		}
		if err != nil {
			return err
		}
		if now.Guard.Locked(tx.Now) {
			return pinLocked(now.Guard) // from another node, while this one checked
		}
		now.Guard = telephony.PINGuard{}
		if err := tx.UpdatePIN(x.CustomerID, x.ID, now); err != nil {
			return err
		}
		u, err := s.account(tx, x)
		if err != nil {
			return err
		}
		if done, err = s.open(tx, u, false, in.From, in.UserAgent); err != nil {
			return err
		}
		if err := tx.SignedIn(u.ID); err != nil {
			return err
		}
		return audit(tx, userActor(u, in.From), u.CustomerID, "sign_in", "extension", x.ID, nil, map[string]string{"path": "self_service"})
	})
	return done, err
}

// account is the account that sessions of an extension's PIN stand on: it keeps
// how somebody wants to see the pages, and is made when it is first needed.
func (s SelfService) account(tx *storage.Tx, x telephony.Extension) (storage.PortalUser, error) {
	u, err := tx.PortalUserByLogin(storage.PINLogin(x.ID))
	if telephony.CodeOf(err) != telephony.NotFound {
		return u, err
	}
	u = storage.PortalUser{ID: storage.NewID(tx.Now), Login: storage.PINLogin(x.ID), Name: x.Name, Role: auth.User,
		CustomerID: x.CustomerID, ExtensionID: x.ID, Language: x.Language, CreatedBy: "self-service"}
	if err := tx.InsertPortalUser(u); err != nil {
		return u, err
	}
	return tx.PortalUser(u.ID)
}

// ChangePIN sets a new PIN for the session's own extension (D20). Other sessions
// that stand on the PIN end. The present one is not asked for while it is the
// administrator's, which everybody knows.
func (s SelfService) ChangePIN(ctx context.Context, x Session, present, fresh telephony.Secret) error {
	u, err := s.mine(ctx, x)
	if err != nil {
		return err
	}
	if u.PINMustChange {
		present = telephony.AdministratorPIN
	}
	if fresh == present {
		return telephony.Invalidf("new_pin", "pin_same", "this is the PIN already")
	}
	actor := userActor(u, x.Actor.From)
	return Desks{s.core, Logins(s)}.ChangePIN(ctx, actor, PINChange{CustomerID: u.CustomerID, Session: x.ID, Old: present, New: fresh, Path: "self_service"})
}

// Look changes in which language ("" = the browser's) and theme ("" = the system's)
// the session's person sees the pages.
func (s SelfService) Look(ctx context.Context, x Session, language, theme string) (err error) {
	if language, err = telephony.Language("language", language, true); err != nil {
		return err
	}
	if !slices.Contains(themes, theme) {
		return telephony.Invalidf("theme", "theme_unknown", "the theme is none of light and dark")
	}
	u, err := s.mine(ctx, x)
	if err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *storage.Tx) error { return tx.SetLook(u.ID, language, theme) })
}

// mine is the account of an end user's session; it need not be full.
func (s SelfService) mine(ctx context.Context, x Session) (u storage.PortalUser, err error) {
	if x.Number == "" || x.Stage != SessionFull && x.Stage != SessionPIN {
		return u, sessionUnknown()
	}
	err = s.db.View(ctx, func(tx *storage.Tx) error { u, err = tx.PortalUser(x.UserID); return err })
	if telephony.CodeOf(err) == telephony.NotFound || err == nil && u.Number == "" {
		err = sessionUnknown()
	}
	return u, err
}

// SubscribeOwn gives an end user the events of their own extension and of nothing
// else, from after the given number on.
func (e Events) SubscribeOwn(ctx context.Context, actor auth.Actor, after uint64) (<-chan Event, error) {
	if actor.Role != auth.User || actor.ExtensionID == "" {
		return nil, auth.Denied(auth.ScopeLogin)
	}
	return e.bus.subscribe(ctx, after, func(x Event) bool {
		return x.CustomerID == actor.CustomerID && x.Kind == "extension" && x.ID == actor.ExtensionID
	}), nil
}

// Customer is the customer of an end user's session: its name, number and clock.
func (s SelfService) Customer(ctx context.Context, x Session) (c telephony.Customer, err error) {
	if x.Number == "" {
		return c, sessionUnknown()
	}
	err = s.db.View(ctx, func(tx *storage.Tx) error { c, err = tx.Customer(x.Actor.CustomerID); return err })
	return c, err
}
