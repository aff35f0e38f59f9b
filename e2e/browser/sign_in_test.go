package browser_test

import (
	"testing"
	"time"

	"tischlein/e2e/browser"
	"tischlein/internal/auth"
)

func TestU09_FirstAdministratorByOneTimeLink(t *testing.T) {
	w := browser.NewWorld(t)
	first := w.FirstAdmin()
	b := browser.Open(t, browser.As{})
	b.Go(w.Portal + first)
	b.Accessible()
	b.Fill(browser.Field("Name"), "Vera Amt")
	b.Fill(browser.Field("Benutzername"), "vera")
	b.Fill(browser.Field("Neues Passwort"), browser.Password)
	b.Fill(browser.Field("Neues Passwort wiederholen"), browser.Password)
	b.Click(browser.Button("Passwort setzen und anmelden"))
	b.Sees(browser.Heading("Kunden"))
	b.Reads("Vera Amt")

	again := browser.Open(t, browser.As{})
	again.Expect(404, "/welcome/")
	again.Go(w.Portal + first)
	again.Sees(browser.Heading("Nicht gefunden"))
	again.Accessible()
}

func TestU09_SignInByPasswordAndCode(t *testing.T) {
	w := browser.NewWorld(t)
	p := w.Person("Otto Sorg", "otto", auth.OperatorAdmin)
	secret := w.SecondFactor(p)
	b := browser.Open(t, browser.As{})
	b.Expect(401, "/sign-in")
	b.Expect(422, "/sign-in")
	b.Go(w.Portal + "/customers")
	b.At("/sign-in")

	b.Fill(browser.Field("Benutzername"), "otto")
	b.Fill(browser.Field("Passwort"), "falsch-geraten")
	b.Click(browser.Button("Anmelden"))
	b.Sees(browser.Button("Anmelden"))
	if v := b.Find(browser.Field("Benutzername")).Value; v != "otto" {
		t.Errorf("the form kept the login %q", v)
	}
	b.Accessible()

	b.Fill(browser.Field("Passwort"), browser.Password)
	b.Press("Enter")
	b.Fill(browser.Field("Bestätigungscode"), "000000")
	b.Press("Enter")
	b.Accessible()
	// A code counts once, and the one of this half minute is used up; the next is let in early.
	b.Fill(browser.Field("Bestätigungscode"), browser.Code(secret, time.Now().Add(30*time.Second)))
	b.Press("Enter")
	b.Sees(browser.Heading("Kunden"))
	b.At("/customers")
}

// Whose session ended is led to the sign-in page, and from there back to where they were.
func TestU09_ExpiredSessionReturnsAfterSignIn(t *testing.T) {
	w := browser.NewWorld(t)
	w.Channel("Empfang")
	p := w.Person("Vera Amt", "vera", auth.OperatorAdmin)
	b := w.Enter(browser.As{}, p)
	place := "/customers/" + w.Customer.ID + "/channels?sort=-name"
	b.Go(w.Portal + place)
	b.Sees(browser.Link("Empfang"))
	w.EndSessions(p)
	b.Reload()
	b.At("/sign-in")
	b.Fill(browser.Field("Benutzername"), "vera")
	b.Fill(browser.Field("Passwort"), browser.Password)
	b.Click(browser.Button("Anmelden"))
	b.Sees(browser.Link("Empfang"))
	if got := b.URL(); got != w.Portal+place {
		t.Errorf("returned to %s, and was at %s", got, place)
	}
}

// What was typed when the session ended is still there after signing in, second factor and all, and is saved by a
// click, without scripts too.
func TestU09_WhatWasTypedOutlivesTheSession(t *testing.T) {
	for name, as := range map[string]browser.As{"with scripts": {}, "without": {NoScript: true}} {
		t.Run(name, func(t *testing.T) {
			w := browser.NewWorld(t)
			p := w.Person("Vera Amt", "vera", auth.OperatorAdmin)
			b := browser.Open(t, as)
			b.Go(w.Portal + "/customers/" + w.Customer.ID + "/channels/new")
			b.Fill(browser.Field("Benutzername"), "vera")
			b.Fill(browser.Field("Passwort"), browser.Password)
			b.Click(browser.Button("Anmelden"))
			b.Fill(browser.Field("Name"), "Empfang Süd")
			secret := w.SecondFactor(p)
			b.Expect(401, "/customers/")
			w.EndSessions(p)

			b.Click(browser.Button("Kanal anlegen"))
			b.At("/sign-in")
			b.Reads("Was Sie eingegeben haben, ist noch da")
			b.Fill(browser.Field("Benutzername"), "vera")
			b.Fill(browser.Field("Passwort"), browser.Password)
			b.Click(browser.Button("Anmelden"))
			b.Fill(browser.Field("Bestätigungscode"), browser.Code(secret, time.Now().Add(30*time.Second)))
			b.Click(browser.Button("Anmelden"))
			b.Sees(browser.Heading("Noch nicht gespeichert"))
			b.Reads("Empfang Süd")
			if !as.NoScript {
				b.Accessible()
			}
			b.Click(browser.Button("Noch einmal senden"))
			b.Sees(browser.Heading("Kanal bearbeiten"))
			b.Reads("Empfang Süd ist angelegt")
		})
	}
}
