package web

import (
	"context"
	"html"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
)

// returned is a browser of the administrator whose session has ended.
func (h *house) returned() *browser {
	h.Helper()
	h.session = "" // signed in by hand, as people are
	b := h.administrator()
	b.leave()
	return b
}

// leave lets the session end by itself, as time does.
func (b *browser) leave() { delete(b.cookies, b.portal.cookieName(sessionCookie)) }

// enter signs in on the page to which an answer leads, and gives where that leads.
func (b *browser) enter(a answer) string {
	b.Helper()
	to, err := url.Parse(a.wants(b, http.StatusSeeOther).header.Get("Location"))
	if err != nil || to.Path != "/sign-in" {
		b.Fatalf("leads to %v: %v", to, err)
	}
	b.get(to.String()).wants(b, http.StatusOK)
	return b.post("/sign-in", "login", "frida", "password", password, "next", to.Query().Get("next")).wants(b, http.StatusSeeOther).header.Get("Location")
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)

// again are the names and values of a page's hidden fields in turn.
func (a answer) again() (pairs []string) {
	for _, m := range hiddenField.FindAllStringSubmatch(a.text, -1) {
		pairs = append(pairs, html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	return pairs
}

func TestU09_WhatWasTypedIsKeptOverSigningIn(t *testing.T) {
	h := newHouse(t)
	customer, x, _ := h.floor(false)
	page := "/customers/" + customer + "/extensions/" + x
	b := h.returned()
	b.headers["Referer"] = "http://portal.test" + page
	next := b.enter(b.post(page, "number", "101", "name", `Erika "Eri" <Weber>`, "multi_login", "on", "channel", ""))
	if want := keptPath + "?next=" + url.QueryEscape(page); next != want {
		t.Fatalf("signing in leads to %s, want %s", next, want)
	}
	a := b.get(next).wants(t, http.StatusOK).says(t, "Noch nicht gespeichert", `action="`+page+`"`, "Erika &#34;Eri&#34; &lt;Weber&gt;", `href="`+page+`"`)
	if v, err := h.app.Extensions.Get(context.Background(), h.system, customer, x); err != nil || v.Extension.Name != "Erika Weber" {
		t.Fatalf("saved before somebody said so: %q %v", v.Extension.Name, err)
	}
	b.get(next).leads(t, page) // offered once
	b.post(page, a.again()...).wants(t, http.StatusSeeOther)
	if v, err := h.app.Extensions.Get(context.Background(), h.system, customer, x); err != nil || v.Extension.Name != `Erika "Eri" <Weber>` || !v.Extension.MultiLogin {
		t.Errorf("sent again: %+v %v", v.Extension, err)
	}
}

func TestU09_WhatWasTypedIsKeptOverTheSecondFactorToo(t *testing.T) {
	h := newHouse(t)
	h.session = ""
	b := h.administrator()
	secret := enrolled(t, b)
	b.post("/account/second-factor", "secret", secret, "code", codeAt(t, secret, time.Now())).wants(t, http.StatusOK)
	b.leave()
	code := b.enter(b.post("/customers/new", "number", "1001", "name", "Gasthaus Adler"))
	to, err := url.Parse(code)
	if err != nil || to.Path != "/sign-in/code" {
		t.Fatalf("leads to %s: %v", code, err)
	}
	next := to.Query().Get("next")
	b.get(next).leads(t, code) // half in is not in
	b.post("/sign-in/code", "code", codeAt(t, secret, time.Now().Add(30*time.Second)), "next", next).leads(t, next)
	b.get(next).wants(t, http.StatusOK).says(t, "Noch nicht gespeichert", "Gasthaus Adler")
}

// Who signs in instead gets nothing of it, neither do those who come too late.
func TestU09_WhatWasTypedIsTheirsAndForAShortTime(t *testing.T) {
	h := newHouse(t)
	b := h.returned()
	a := b.post("/customers/new", "number", "1001", "name", "Gasthaus Adler").wants(t, http.StatusSeeOther)
	next := b.enter(a)
	late := &browser{house: h, cookies: maps.Clone(b.cookies), headers: b.headers}
	tampered := &browser{house: h, cookies: maps.Clone(b.cookies), headers: b.headers}
	other := h.signedIn(app.UserSpec{Name: "Otto Sorg", Login: "otto", Role: auth.OperatorAdmin})
	kept := b.cookies[b.portal.cookieName(keptCookie)]
	other.cookies[b.portal.cookieName(keptCookie)] = kept
	other.get(next).leads(t, "/")
	other.get("/customers").hides(t, "Gasthaus Adler").says(t, "ließen sich nicht aufheben")
	if other.cookies[b.portal.cookieName(keptCookie)] != "" {
		t.Error("it stays in another's browser")
	}
	tampered.cookies[b.portal.cookieName(keptCookie)] = kept[:20] + "AAAA" + kept[24:]
	tampered.get(next).leads(t, "/")
	h.portal.now = func() time.Time { return time.Now().Add(keptFor + time.Second) }
	late.get(next).leads(t, "/")
	h.portal.now = time.Now
	b.get(next).wants(t, http.StatusOK).says(t, "Gasthaus Adler")
	b.post("/sign-out").wants(t, http.StatusSeeOther)
	b.post("/customers/new", "number", "1001", "name", "Gasthaus Adler").leads(t, "/sign-in") // who signed out left nothing
}

func TestU09_SecretsAreNotKept(t *testing.T) {
	h := newHouse(t)
	customer, _, _ := h.floor(false)
	b := h.returned()
	page := "/customers/" + customer + "/extensions/new"
	next := b.enter(b.post(page, "number", "102", "name", "Paul", "pin", "82730945"))
	a := b.get(next).wants(t, http.StatusOK).hides(t, "82730945").says(t, `name="pin" type="password" value=""`, "Geheimes heben wir nicht auf")
	if slices.Contains(a.again(), "pin") {
		t.Error("the empty PIN stands in the form twice")
	}
	b.post(page, append(a.again(), "pin", "82730945")...).wants(t, http.StatusSeeOther)
	for _, r := range Routes() { // forms of passwords, codes and files are none of these
		if r.Keeps && (strings.Contains(r.Pattern, "password") || strings.Contains(r.Pattern, "factor") || strings.Contains(r.Pattern, "pin") ||
			strings.Contains(r.Pattern, "files") || strings.Contains(r.Pattern, "sign-in") || strings.Contains(r.Pattern, "overrides") || strings.Contains(r.Pattern, "welcome")) {
			t.Errorf("%s %s keeps what was typed", r.Method, r.Pattern)
		}
	}
	b.leave()
	b.headers["Referer"] = "http://portal.test/account/password"
	a = b.post("/account/password", "password", password, "new_password", "x", "new_password_again", "x").leads(t, "/sign-in?next=%2Faccount%2Fpassword")
	if got := a.header.Get("Set-Cookie"); got != "" {
		t.Errorf("the browser is given %q", got)
	}
}

// Every secret field of the templates stands in a form that is not kept, or is
// taken out of it.
func TestU09_EverySecretFieldIsKnown(t *testing.T) {
	field := regexp.MustCompile(`Name: "([a-z_]+)"[^\n]*Type: "password"`)
	notKept := []string{"password", "password_again", "new_password", "new_password_again", "new_pin", "new_pin_again", "value"} // value: an override's
	files, err := filepath.Glob("view/*.templ")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range field.FindAllStringSubmatch(string(b), -1) {
			found++
			if _, ok := keptSecrets[m[1]]; !ok && !slices.Contains(notKept, m[1]) {
				t.Errorf("%s: is the form of %q kept? Then its secret is to be taken out", name, m[1])
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d secret fields were found", found)
	}
}

// What is too much for a cookie is not kept, and that is said.
func TestU09_WhatIsTooMuchIsNotKept(t *testing.T) {
	h := newHouse(t)
	b := h.returned()
	noise := make([]byte, 6000)
	for i := range noise {
		noise[i] = byte('!' + rand.IntN(90))
	}
	for _, name := range []string{string(noise), strings.Repeat("a", 200<<10)} {
		next := b.enter(b.post("/customers/new", "number", "1001", "name", name))
		b.get(next).leads(t, "/")
		b.get("/customers").says(t, "Es ist nichts gespeichert")
		b.leave()
	}
}

func TestX04_WhatIsKeptIsSealed(t *testing.T) {
	h := newHouse(t)
	b := h.returned()
	a := b.post("/customers/new", "number", "1001", "name", "Gasthaus Adler", "note", strings.Repeat("lang ", 400)).wants(t, http.StatusSeeOther)
	got := a.header.Get("Set-Cookie")
	if len(got) > 4096 || !strings.Contains(got, "HttpOnly") || !strings.Contains(got, "Max-Age=900") || strings.Contains(got, "Adler") {
		t.Errorf("the cookie is %q", got)
	}
}
