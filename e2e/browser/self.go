package browser

import (
	"tischlein/internal/app"
	"tischlein/internal/telephony"
)

// PIN is everybody's.
const PIN = pin

// Self is somebody who has signed in to their own pages with number and PIN.
func (w *World) Self(x telephony.Extension) Person {
	w.t.Helper()
	s, err := w.App().SelfService.SignIn(w.t.Context(), app.PINSignIn{
		Customer: w.Customer.Number, Number: x.Number, PIN: pin, From: here, UserAgent: "test",
	})
	w.ok(err)
	return Person{ID: s.UserID, Name: x.Name, session: s}
}

// GivePIN has an administrator set somebody's PIN.
func (w *World) GivePIN(x telephony.Extension, pin string) {
	w.t.Helper()
	w.ok(w.App().Extensions.SetPIN(w.t.Context(), operator, w.Customer.ID, x.ID, telephony.Secret(pin)))
}

// Desk is where the QR code at a free phone leads.
func (w *World) Desk(c telephony.Channel) string {
	return w.Portal + "/desk/" + w.Customer.Number + "/" + c.Desk
}
