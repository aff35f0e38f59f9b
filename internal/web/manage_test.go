package web

import (
	"net/http"
	"regexp"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
)

var welcomeLink = regexp.MustCompile(`http://portal\.test(/welcome/[^"&]+)`)

func TestU09_AnInvitationMakesAUserWhoSignsInWithTheirReach(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	h.estate("2222", "Fern")
	b.post("/users/new", "name", "Karl Kunde", "login", "", "role", "customer_admin").wants(h, http.StatusUnprocessableEntity).says(h, "Karl Kunde", "login-error")
	b.post("/users/new", "name", "Karl Kunde", "login", "karl", "role", "customer_admin", "customer_id", "9999").wants(h, http.StatusUnprocessableEntity).says(h, "customer_id-error")
	a := b.post("/users/new", "name", "Karl Kunde", "login", "karl", "role", "customer_admin", "customer_id", "2222").wants(h, http.StatusOK)
	link := welcomeLink.FindStringSubmatch(a.text)
	if link == nil || a.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("no link that is shown once: %v", a.header)
	}
	b.get("/users").says(h, "Karl Kunde", "eingeladen", "Geheim 2222").hides(h, "/welcome/")
	k := h.browser()
	k.post(link[1], "password", password, "password_again", password).wants(h, http.StatusSeeOther)
	k.get("/customers").says(h, "Geheim 2222")
	k.get("/partners").wants(h, http.StatusNotFound)
	k.get("/users").wants(h, http.StatusOK).hides(h, "Frida Kahl")
}

func TestU09_AnAdministratorMendsAndEndsAUsersAccess(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	s := h.signedIn(app.UserSpec{Name: "Susi Support", Login: "susi", Role: auth.OperatorSupport})
	id := regexp.MustCompile(`/users/([0-9a-z]+)">Susi`).FindStringSubmatch(b.get("/users").text)
	if id == nil {
		t.Fatal("Susi is not in the list")
	}
	user := "/users/" + id[1]
	b.get(user).says(h, "Susi Support", "aktiv")
	b.post(user+"/end-sessions").wants(h, http.StatusSeeOther)
	s.get("/customers").wants(h, http.StatusSeeOther) // to the sign-in page
	a := b.post(user+"/link").wants(h, http.StatusOK)
	if !welcomeLink.MatchString(a.text) {
		t.Error("no link")
	}
	b.post(user, "name", "Susi S.", "login", "susi", "role", "operator_support", "version", "1").says(h)
	b.post(user+"/delete").wants(h, http.StatusSeeOther)
	b.get("/users").hides(h, user)
	b.get(user).wants(h, http.StatusNotFound)
}

func TestU09_PartnersAreKeptByTheOperatorAlone(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	b.post("/partners/new", "name", "").wants(h, http.StatusUnprocessableEntity)
	b.post("/partners/new", "name", "Nord Telefon").wants(h, http.StatusSeeOther)
	id := regexp.MustCompile(`/partners/([0-9a-z]+)">Nord`).FindStringSubmatch(b.get("/partners").text)
	if id == nil {
		t.Fatal("the partner is not in the list")
	}
	partner := "/partners/" + id[1]
	b.post(partner, "name", "Nord & Süd", "version", "1").wants(h, http.StatusSeeOther)
	b.get(partner).says(h, "Nord &amp; Süd")
	p := h.signedIn(app.UserSpec{Name: "Paul", Login: "paul", Role: auth.PartnerAdmin, PartnerID: id[1]})
	p.get(partner).wants(h, http.StatusNotFound)
	p.post("/partners/new", "name", "Meiner").wants(h, http.StatusNotFound)
	b.post(partner+"/delete").wants(h, http.StatusSeeOther)
	b.get("/partners").hides(h, partner)
}

func TestU09_ATokenIsShownOnceAndRevoked(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	b.post("/tokens/new", "name", "", "role", "operator_support", "days", "30").wants(h, http.StatusUnprocessableEntity)
	a := b.post("/tokens/new", "name", "CRM", "role", "operator_support", "days", "30", "scopes", "read").wants(h, http.StatusOK)
	secret := regexp.MustCompile(`tsl-[a-z0-9]+`).FindString(a.text)
	if secret == "" {
		t.Fatal("the token is not shown")
	}
	list := b.get("/tokens").says(h, "CRM", "lesen").hides(h, secret)
	id := regexp.MustCompile(`/tokens/([0-9a-z]+)/revoke`).FindStringSubmatch(list.text)
	if id == nil {
		t.Fatal("the token cannot be revoked")
	}
	b.get("/tokens/"+id[1]+"/revoke").wants(h, http.StatusOK).says(h, "Token „CRM“ widerrufen?", `action="/tokens/`+id[1]+`/revoke"`)
	b.get("/tokens").says(h, "CRM") // asking ends nothing
	b.post("/tokens/"+id[1]+"/revoke").wants(h, http.StatusSeeOther)
	b.get("/tokens/"+id[1]+"/revoke").wants(h, http.StatusNotFound)
	b.get("/tokens").hides(h, "CRM")
}
