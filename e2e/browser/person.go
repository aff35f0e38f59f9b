package browser

import (
	"net/netip"
	"testing"

	"github.com/chromedp/cdproto/network"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

const sessionCookie = "tischlein-session"

// Cookie is the session that somebody is signed in with.
func (p Person) Cookie() string { return sessionCookie + "=" + p.session.Token.Reveal() }

// Password is everybody's.
const Password = "Kirschkuchen-mit-Sahne"

// Person is somebody who may sign in.
type Person struct {
	ID, Name, Login string
	session         app.Session
}

var here = netip.MustParseAddr("127.0.0.1")

// Person makes somebody with a role; administrators of a customer are the world's customer's.
func (w *World) Person(name, login string, role auth.Role) Person {
	w.t.Helper()
	spec := app.UserSpec{Name: name, Login: login, Role: role}
	if role == auth.CustomerAdmin {
		spec.CustomerID = w.Customer.ID
	}
	u, link, err := w.App().Users.Create(w.t.Context(), operator, spec)
	w.ok(err)
	s, err := w.App().Sessions.AcceptWelcome(w.t.Context(), app.Acceptance{
		Token: link.Token.Reveal(), Password: telephony.Secret(Password), From: here, UserAgent: "test",
	})
	w.ok(err)
	return Person{ID: u.ID, Name: name, Login: login, session: s}
}

// Admin opens a browser in which an administrator of the operator's is signed in.
func (w *World) Admin(as As) *Tab {
	w.t.Helper()
	w.admins++
	login := "admin"
	if w.admins > 1 {
		login += string(rune('0' + w.admins))
	}
	return w.Enter(as, w.Person("Vera Amt", login, auth.OperatorAdmin))
}

// Enter opens a browser in which somebody is signed in already.
func (w *World) Enter(as As, p Person) *Tab { w.t.Helper(); return w.EnterFor(w.t, as, p) }

// EnterFor is Enter for a part of the world's test.
func (w *World) EnterFor(t testing.TB, as As, p Person) *Tab {
	t.Helper()
	b := Open(t, as)
	call(b, network.SetCookie, network.SetCookieParams{
		Name: sessionCookie, Value: p.session.Token.Reveal(), URL: w.Portal, HTTPOnly: new(true), SameSite: network.CookieSameSiteLax,
	})
	return b
}

// Partner makes a partner.
func (w *World) Partner(name string) (id string) {
	w.t.Helper()
	p, err := w.App().Partners.Create(w.t.Context(), operator, telephony.Partner{Name: name})
	w.ok(err)
	return p.ID
}

// Token makes an API token.
func (w *World) Token(name string) (id string) {
	w.t.Helper()
	v, _, err := w.App().Tokens.Create(w.t.Context(), operator, app.TokenSpec{Name: name, Role: auth.OperatorSupport})
	w.ok(err)
	return v.ID
}

// Number adds an outside number of the customer and gives its id.
func (w *World) Number(e164 string) (id string) {
	w.t.Helper()
	v, err := w.App().Numbers.Create(w.t.Context(), operator, telephony.Number{CustomerID: w.Customer.ID, E164: e164})
	w.ok(err)
	return v.Number.ID
}

// Trunk adds a trunk, of the installation with customer "", and gives its id.
func (w *World) Trunk(customer, name, source string) (id string) {
	w.t.Helper()
	v, err := w.App().Trunks.Create(w.t.Context(), operator, telephony.Trunk{CustomerID: customer, Name: name, Host: "sip.netz.example", Sources: []netip.Prefix{netip.MustParsePrefix(source)}})
	w.ok(err)
	return v.Trunk.ID
}

// SpeaksAndSees keeps somebody's own language and theme ("" for the browser's).
func (w *World) SpeaksAndSees(p Person, language, theme string) {
	w.t.Helper()
	w.ok(w.App().Profile.Update(w.t.Context(), p.session, app.ProfileForm{Name: p.Name, Language: language, Theme: theme}))
}

// EndSessions ends somebody's sessions, as time does.
func (w *World) EndSessions(p Person) {
	w.t.Helper()
	_, err := w.App().Users.EndSessions(w.t.Context(), operator, p.ID)
	w.ok(err)
}
