package app_test

import (
	"bytes"
	"net/netip"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/provision/drivers"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

const (
	phrase  = telephony.Secret("vier Pferde am Fluss")
	another = telephony.Secret("sieben Boote im Hafen")
	browser = "Firefox on a desk"
)

var desk = netip.MustParseAddr("192.0.2.77")

// invite has admin make a user and gives the link.
func (h *house) invite(s app.UserSpec) (app.UserView, app.OneTimeLink) {
	h.Helper()
	if s.Name == "" {
		s.Name = "Person " + s.Login
	}
	v, l, err := h.app.Users.Create(bg, h.admin, s)
	h.ok(err)
	return v, l
}

func (h *house) accept(l app.OneTimeLink, password telephony.Secret) (app.Session, error) {
	return h.app.Sessions.AcceptWelcome(bg, app.Acceptance{Token: l.Token.Reveal(), Password: password, From: desk, UserAgent: browser})
}

// person is a user who has accepted, with the session in which they did.
func (h *house) person(s app.UserSpec) app.Session {
	h.Helper()
	_, l := h.invite(s)
	x, err := h.accept(l, phrase)
	h.ok(err)
	return x
}

func (h *house) signIn(login string, password telephony.Secret, from netip.Addr) (app.Session, error) {
	return h.app.Sessions.SignIn(bg, app.SignIn{Login: login, Password: password, From: from, UserAgent: browser})
}

// session reads the session as the next request would.
func (h *house) session(x app.Session) (app.Session, error) {
	return h.app.Sessions.Authenticate(bg, x.Token.Reveal(), desk)
}

func (h *house) alive(x app.Session) app.Session {
	h.Helper()
	now, err := h.session(x)
	h.ok(err)
	return now
}

func (h *house) ended(x app.Session) {
	h.Helper()
	_, err := h.session(x)
	h.refused(err, telephony.Unauthenticated, "session_unknown")
}

// code is what the authenticator app shows now.
func (h *house) code(secret telephony.Secret) string {
	h.Helper()
	c, err := totp.GenerateCode(secret.Reveal(), h.clock())
	h.ok(err)
	return c
}

// enrol switches the second factor on.
func (h *house) enrol(x app.Session) (secret telephony.Secret, recovery []telephony.Secret) {
	h.Helper()
	e, err := h.app.Profile.EnrolTOTP(bg, x, "Tischlein")
	h.ok(err)
	recovery, err = h.app.Profile.ConfirmTOTP(bg, x, h.code(e.Secret))
	h.ok(err)
	h.pass(time.Minute) // so that the next code is another one
	return e.Secret, recovery
}

// settings opens the use cases anew with other settings of the portal.
func (h *house) settings(p app.PortalSettings) {
	h.Helper()
	var err error
	h.app, _, err = app.Open(bg, config(h.T, h.db, h.clock, p))
	h.ok(err)
}

func config(t *testing.T, db *storage.DB, now func() time.Time, p app.PortalSettings) app.Config {
	t.Helper()
	key, err := auth.NewKey(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return app.Config{DB: db, Key: key, Drivers: drivers.All(), Now: now, Settings: app.Settings{
		Realm: "test.example", Node: "n1", BaseURL: "https://prov.test.example", Transport: "udp", Portal: p,
		SIP: map[string]telephony.SIPServer{"udp": {Host: "sip.test.example", Port: 5060, Transport: "udp"}},
	}}
}

// audited demands an entry about an object in the log of a customer, "" for the
// installation's.
func (h *house) audited(customerID, action, outcome, objectID string) app.AuditEntry {
	h.Helper()
	l, err := h.app.Audit.List(bg, h.admin, customerID, app.AuditQuery{Action: action, ObjectID: objectID})
	h.ok(err)
	for _, a := range l.Items {
		if a.Outcome == outcome && a.ObjectID == objectID {
			return a
		}
	}
	h.Fatalf("no entry says that %s of %q was %s", action, objectID, outcome)
	return app.AuditEntry{}
}
