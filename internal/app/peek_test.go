package app_test

import (
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
)

// A page that is left open asks for what changed by itself. Were that a use of the
// session, no session would ever be idle.
func TestU09_PeekingKeepsNoSessionAlive(t *testing.T) {
	both(t, func(h *house) {
		h.settings(app.PortalSettings{SessionIdle: 30 * time.Minute, SessionLife: 24 * time.Hour})
		x := h.person(app.UserSpec{Login: "ada", Role: auth.OperatorAdmin})
		for range 2 {
			h.pass(14 * time.Minute)
			if y, err := h.app.Sessions.Peek(bg, x.Token.Reveal(), desk); err != nil || y.ID != x.ID || y.Stage != app.SessionFull {
				t.Fatalf("%+v, %v", y, err)
			}
		}
		h.pass(2 * time.Minute)
		if _, err := h.app.Sessions.Peek(bg, x.Token.Reveal(), desk); err == nil {
			t.Error("looking kept it alive")
		}
		h.ended(x)
	})
}
