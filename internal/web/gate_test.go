package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
)

func TestU09_OneTimeLinkMakesTheFirstAdministratorOnce(t *testing.T) {
	h := newEmptyHouse(t, app.PortalSettings{})
	b := h.browser()
	link := "/welcome/" + h.setup
	a := b.get(link).wants(t, http.StatusOK).says(t, "Willkommen", `name="login"`)
	if got := a.header.Get("Referrer-Policy"); got != "no-referrer" {
		t.Errorf("the address of the link is told on: %q", got)
	}
	b.get(link).wants(t, http.StatusOK) // looking does not use it up
	b.post(link, "name", "Frida Kahl", "login", "frida", "password", "short", "password_again", "short").
		wants(t, http.StatusUnprocessableEntity).says(t, "mindestens 12 Zeichen", `value="Frida Kahl"`, `value="frida"`).hides(t, `value="short"`)
	b.post(link, "name", "Frida Kahl", "login", "frida", "password", password, "password_again", "another one").
		wants(t, http.StatusUnprocessableEntity).says(t, "Die beiden Passwörter sind nicht gleich.")
	b.post(link, "name", "Frida Kahl", "login", "frida", "password", password, "password_again", password).leads(t, "/")
	b.get("/account").wants(t, http.StatusOK).says(t, "Frida Kahl", "Betreiber, Administration")
	h.browser().get(link).wants(t, http.StatusNotFound).says(t, "Dieser Link ist falsch, abgelaufen oder schon benutzt")
}

func TestU09_SignInAndOut(t *testing.T) {
	h := newHouse(t)
	h.administrator()
	b := h.browser()
	b.get("/account").leads(t, "/sign-in?next=%2Faccount")
	b.get("/sign-in?next=%2Faccount").wants(t, http.StatusOK).says(t, "Danach geht es dort weiter", `value="/account"`)
	b.post("/sign-in", "login", "frida", "password", "wrong one", "next", "/account").
		wants(t, http.StatusUnprocessableEntity).says(t, "Benutzername oder Passwort stimmt nicht.", `value="frida"`).hides(t, "wrong one")
	b.post("/sign-in", "login", "", "password", "").wants(t, http.StatusUnprocessableEntity).
		says(t, "2 Angaben stimmen noch nicht.", `aria-describedby="login-error"`, `aria-invalid="true"`)
	b.post("/sign-in", "login", "frida", "password", password, "next", "/account").leads(t, "/account")
	before := b.cookies[b.portal.cookieName(sessionCookie)]
	b.get("/sign-in?next=%2Faccount").leads(t, "/account")
	b.post("/sign-out").leads(t, "/sign-in?done=1")
	b.get("/sign-in?done=1").says(t, "Sie sind abgemeldet.")
	b.cookies[b.portal.cookieName(sessionCookie)] = before
	b.get("/account").leads(t, "/sign-in?next=%2Faccount")
}

// A session that ends on the way leads back to where somebody was.
func TestU09_EndedSessionComesBackToThePage(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	b.headers["Referer"] = "http://portal.test/account?x=1"
	b.post("/account", "name", "x").leads(t, "/sign-in?next="+"%2Faccount%3Fx%3D1")
	delete(b.headers, "Referer")
	b.headers["HX-Request"], b.headers["HX-Current-URL"] = "true", "http://portal.test/customers/7/channels?sort=-name"
	a := b.get("/account").wants(t, http.StatusUnauthorized)
	if got := a.header.Get("HX-Redirect"); got != "/sign-in?next=%2Fcustomers%2F7%2Fchannels%3Fsort%3D-name" {
		t.Errorf("a part leads to %q", got)
	}
}

func TestSignInLeadsToOurOwnPagesOnly(t *testing.T) {
	for _, c := range []struct{ next, to string }{
		{"/customers?q=a", "/customers?q=a"}, {"", "/"}, {"//evil.example", "/"}, {"https://evil.example/", "/"}, {`/\evil.example`, "/"},
		{"javascript:alert(1)", "/"}, {"evil", "/"}, {"/%2f/evil.example", "/"}, {"/account#x", "/account"}, {"/" + strings.Repeat("a", 3000), "/"},
		{"/a\r\nSet-Cookie: x=1", "/"},
	} {
		if got := localPath(c.next); got != c.to {
			t.Errorf("%q leads to %q, want %q", c.next, got, c.to)
		}
	}
}

func TestX03_GuessingPasswordsIsSlowedDown(t *testing.T) {
	h := newHouse(t)
	h.administrator()
	b := h.browser()
	last := 0
	for range 30 {
		if last = b.post("/sign-in", "login", "frida", "password", "guess guess guess").status; last == http.StatusTooManyRequests {
			break
		}
	}
	if last != http.StatusTooManyRequests {
		t.Fatalf("after 30 guesses the answer is %d", last)
	}
	b.post("/sign-in", "login", "frida", "password", password).wants(t, http.StatusTooManyRequests).says(t, "Zu viele Fehlversuche")
}

func TestU01_LanguageComesFromTheBrowserThenFromThePerson(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	for header, want := range map[string]string{"de-DE": "Anmelden", "en-GB,de;q=0.5": "Sign in", "nl": "Aanmelden", "fr": "Anmelden"} {
		b.headers["Accept-Language"] = header
		b.get("/sign-in").says(t, "<h1>"+want+"</h1>")
	}
	b.headers["Accept-Language"] = "nl"
	b.get("/sign-in").says(t, `<html lang="nl"`)
	b.get("/language?to=en&next=/sign-in").leads(t, "/sign-in")
	b.get("/sign-in").says(t, `<html lang="en"`)
	b.get("/language?to=xx&next=//evil.example").leads(t, "/")
	b.get("/sign-in").says(t, `<html lang="en"`)
	admin := h.administrator() // of a German browser, which the account keeps
	admin.headers["Accept-Language"] = "nl"
	admin.get("/account").says(t, `<html lang="de"`)
	admin.post("/account", "name", "Frida Kahl", "language", "nl", "theme", "dark").leads(t, "/account")
	admin.get("/account").says(t, `<html lang="nl" data-theme="dark"`, "Uw gegevens zijn opgeslagen.")
	admin.get("/account").hides(t, "Uw gegevens zijn opgeslagen.")
}

// A role that must have a second factor can do nothing before it has one.
func TestU09_RoleThatNeedsASecondFactorSetsItUpFirst(t *testing.T) {
	h := newEmptyHouse(t, app.PortalSettings{SecondFactor: []auth.Role{auth.OperatorAdmin}})
	b := h.browser()
	b.post("/welcome/"+h.setup, "name", "Frida", "login", "frida", "password", password, "password_again", password).leads(t, "/account/second-factor")
	b.get("/account").leads(t, "/account/second-factor")
	b.get("/account/second-factor").wants(t, http.StatusOK).says(t, "Ihre Rolle verlangt einen zweiten Faktor")
	secret := enrolled(t, b)
	b.post("/account/second-factor", "secret", secret, "code", codeAt(t, secret, time.Now())).wants(t, http.StatusOK).says(t, "Wiederherstellungscodes")
	b.get("/account").wants(t, http.StatusOK)
}
