package web

import (
	"net/http"

	"tischlein/internal/app"
	"tischlein/internal/telephony"
	"tischlein/internal/web/view"
)

// customerCookie keeps the customer's number for the next time: whoever signs in at
// this browser again belongs to the same one. It is no secret.
const customerCookie = "customer"

// ownPath is where an end user is led after signing in: to a page of their own.
func ownPath(next string) string {
	if next = localPath(next); signInPath(next) == "/sign-in" {
		return "/me"
	}
	return next
}

// selfSignInAsk asks for customer, extension and PIN. The QR code at a phone knows
// the customer already, and so does this browser the next time.
func (p *Portal) selfSignInAsk(c *Call) error {
	next := ownPath(c.R.FormValue("next"))
	if c.endUser() {
		return c.Redirect(next)
	}
	customer, _ := deskOf(next)
	if customer == "" {
		customer = p.cookie(c.R, customerCookie)
	}
	return p.showSelfSignIn(c, http.StatusOK, Fill("customer", customer), next)
}

func (p *Portal) showSelfSignIn(c *Call, status int, f view.Form, next string) error {
	m := view.SelfSignInModel{Form: f, Next: next, Done: c.R.URL.Query().Get("done") != ""}
	if c.Session.Stage == app.SessionFull {
		m.Present = c.Actor.Name
	}
	_, m.Desk = deskOf(next)
	return c.Gate(status, view.Page{Title: c.T("self.title")}, view.SelfSignIn(m))
}

// selfSignIn signs in by number and PIN. Who is signed in to the portal here leaves
// it: one browser is one person at a time.
func (p *Portal) selfSignIn(c *Call) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	next := ownPath(f.Value("next"))
	if f.Need("customer", "number", "pin"); f.OK() {
		s, err := p.app.SelfService.SignIn(c.R.Context(), app.PINSignIn{
			Customer: f.Value("customer"), Number: f.Value("number"), PIN: telephony.Secret(f.Value("pin")), From: c.From, UserAgent: c.R.UserAgent(),
		})
		if err == nil {
			return p.selfArrived(c, s, f.Value("customer"), next)
		}
		if err := f.Take(err, "customer", "number", "pin"); err != nil {
			return err
		}
	}
	return p.showSelfSignIn(c, f.Status(), f.Form, next)
}

func (p *Portal) selfArrived(c *Call, s app.Session, customer, next string) error {
	if c.Session.ID != "" {
		if err := p.app.Sessions.SignOut(c.R.Context(), c.Session); err != nil {
			return err
		}
	}
	p.setCookie(c.W, customerCookie, customer, yearLong)
	return p.arrived(c, s, next)
}
