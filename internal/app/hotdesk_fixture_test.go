package app_test

import (
	"encoding/json"
	"errors"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

// phone is the actor that the phone at a channel is.
func (h *house) phone(ch telephony.Channel) auth.Actor {
	return auth.PhoneActor(h.cust.ID, ch.ID, ch.Name, home)
}

// signedIn is an extension's own user with a session of theirs.
func (h *house) signedIn(e telephony.Extension) auth.Actor {
	return auth.UserActor("p"+e.Number, e.Name, auth.User, "", e.CustomerID, e.ID, home)
}

// tryAt types number and PIN at the phone of a channel.
func (h *house) tryAt(ch telephony.Channel, number, p string, more func(*app.LoginRequest)) (app.Here, []app.Effect, error) {
	r := app.LoginRequest{CustomerID: h.cust.ID, ChannelID: ch.ID, Number: number, PIN: telephony.Secret(p), Path: "key"}
	if more != nil {
		more(&r)
	}
	return h.app.Desks.LogIn(bg, h.phone(ch), r)
}

func (h *house) tryOut(ch telephony.Channel, w telephony.Where) ([]app.Effect, error) {
	return h.app.Desks.LogOut(bg, h.phone(ch), app.LogoutRequest{CustomerID: h.cust.ID, ChannelID: ch.ID, Where: w, Path: "code"})
}

func (h *house) here(ch telephony.Channel) app.Here {
	h.Helper()
	x, err := h.app.Desks.Here(bg, h.phone(ch), h.cust.ID, ch.ID)
	h.ok(err)
	return x
}

// limits sets the customer's limits of hot-desk logins.
func (h *house) limits(hours int, end string) {
	h.Helper()
	c, err := h.app.Customers.Update(bg, h.admin, h.cust.ID, 0, func(c *telephony.Customer) error {
		c.HotdeskHours, c.HotdeskEnd = hours, end
		return nil
	})
	h.ok(err)
	h.cust = c
}

// endLogins runs the periodic work until nothing is due.
func (h *house) endLogins() {
	h.Helper()
	for more := true; more; {
		var err error
		more, err = h.app.Jobs.EndLogins(bg)
		h.ok(err)
	}
}

// detail are the facts of a refusal.
func detail(err error) map[string]any {
	var e *telephony.Error
	errors.As(err, &e)
	return e.Detail
}

// facts are what an entry of the audit log keeps.
func (h *house) facts(text string) map[string]any {
	h.Helper()
	m := map[string]any{}
	h.ok(json.Unmarshal([]byte(text), &m))
	return m
}

// lastLogout is the entry that tells of the last logout at a channel.
func (h *house) lastLogout(ch telephony.Channel) (e app.AuditEntry, before, after map[string]any) {
	h.Helper()
	for _, a := range h.audits(app.AuditQuery{ObjectID: ch.ID, Action: "logout", Outcome: "done"}) {
		return a, h.facts(a.Before), h.facts(a.After)
	}
	h.Fatalf("no entry tells of a logout at %s", ch.Name)
	return e, nil, nil
}
