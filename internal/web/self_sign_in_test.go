package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/telephony"
)

func channelOf(o *office, name string) telephony.Channel {
	return telephony.Channel{CustomerID: o.customer.ID, Name: name}
}

// hidden is the value of a hidden field of the page.
func hidden(t *testing.T, page, name string) string {
	t.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("the page has no field %s: %s", name, page)
	}
	return m[1]
}

func TestH02_SelfServiceSignIn(t *testing.T) {
	o := newOffice(t)
	ada := o.person("101", "Ada Wirt", false)
	b := o.browser()
	b.get("/sign-in").says(t, `href="/sign-in/extension"`)
	b.get("/me").leads(t, "/sign-in/extension?next=%2Fme")
	b.post("/sign-in/extension", "customer", "", "number", "101", "pin", pin).wants(t, http.StatusUnprocessableEntity).
		says(t, "Eine Angabe stimmt noch nicht.", `value="101"`).hides(t, pin)
	b.post("/sign-in/extension", "customer", "1001", "number", "101", "pin", "9999").wants(t, http.StatusUnprocessableEntity).
		says(t, "Kundennummer, Nebenstelle oder PIN stimmt nicht.").hides(t, "9999")
	b.post("/sign-in/extension", "customer", "1001", "number", "101", "pin", pin, "next", "/customers").leads(t, "/me")
	b.get("/").leads(t, "/me")
	b.get("/sign-in").leads(t, "/")
	b.get("/sign-in/extension").leads(t, "/me")
	b.get("/me").says(t, "Ada Wirt").hides(t, "Kunden", "/search", "Mein Konto")
	if got := b.cookies[b.portal.cookieName(customerCookie)]; got != "1001" {
		t.Errorf("the browser keeps %q", got)
	}
	_ = ada
}

// One browser is one person: whoever signs in as an extension leaves the portal.
func TestH02_SelfServiceSignInEndsThePortalSession(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	o := h.office("1001")
	place := o.place("Empfang")
	o.person("101", "Ada Wirt", false)
	b.get("/me").leads(t, "/sign-in/extension?next=%2Fme")
	b.get(o.desk(place)).wants(t, http.StatusSeeOther)
	b.get("/sign-in/extension").says(t, "In diesem Browser ist Frida Kahl im Portal angemeldet.")
	before := b.cookies[b.portal.cookieName(sessionCookie)]
	b.post("/sign-in/extension", "customer", "1001", "number", "101", "pin", pin).leads(t, "/me")
	b.get("/customers").wants(t, http.StatusNotFound)
	b.cookies[b.portal.cookieName(sessionCookie)] = before
	b.get("/customers").leads(t, "/sign-in?next=%2Fcustomers")
}

func TestD20_ThePIN0000IsChangedBeforeAnythingElse(t *testing.T) {
	o := newOffice(t)
	place, ada := o.place("Empfang"), o.person("101", "Ada Wirt", false)
	o.fine(o.app.Extensions.SetPIN(t.Context(), o.system, o.customer.ID, ada.ID, telephony.AdministratorPIN))
	b := o.browser()
	gate := "/me/pin?next=" + strings.ReplaceAll(o.desk(place), "/", "%2F")
	b.post("/sign-in/extension", "customer", "1001", "number", "101", "pin", "0000", "next", o.desk(place)).leads(t, gate)
	for _, path := range []string{"/me", "/", o.desk(place), "/me/look", "/customers", "/account"} {
		if a := b.get(path).wants(t, http.StatusSeeOther); !strings.HasPrefix(a.header.Get("Location"), "/me/pin") {
			t.Errorf("%s leads to %s", path, a.header.Get("Location"))
		}
	}
	b.post(o.desk(place)).wants(t, http.StatusSeeOther)
	if o.here(place) != "" {
		t.Fatal("logged in with 0000")
	}
	b.get(gate).wants(t, http.StatusOK).says(t, "Wählen Sie Ihre PIN", "4 bis 8 Ziffern", "nicht Ihre Nebenstelle 101").hides(t, `name="pin"`)
	b.post("/me/pin", "new_pin", "1234", "new_pin_again", "1234").wants(t, http.StatusUnprocessableEntity).says(t, "zu leicht zu erraten")
	b.post("/me/pin", "new_pin", "8351", "new_pin_again", "8352").wants(t, http.StatusUnprocessableEntity).says(t, "nicht gleich").hides(t, "8351", "8352")
	b.post("/me/pin", "new_pin", "8351", "new_pin_again", "8351", "next", o.desk(place)).leads(t, o.desk(place))
	b.get(o.desk(place)).says(t, "Ihre PIN ist geändert.", "An Empfang anmelden?")
}

func TestD20_SelfServiceChangesThePIN(t *testing.T) {
	o := newOffice(t)
	ada := o.person("101", "Ada Wirt", false)
	b, other := o.self(ada), o.self(ada)
	b.get("/me/pin").wants(t, http.StatusOK).says(t, "Jetzige PIN", "keine Reihe wie 1234 oder 9876")
	b.post("/me/pin", "pin", "9999", "new_pin", "8351", "new_pin_again", "8351").wants(t, http.StatusUnprocessableEntity).
		says(t, "Das ist nicht Ihre jetzige PIN.").hides(t, "8351", "9999")
	b.post("/me/pin", "pin", pin, "new_pin", "7777", "new_pin_again", "7777").wants(t, http.StatusUnprocessableEntity).says(t, "zu leicht zu erraten")
	b.post("/me/pin", "pin", pin, "new_pin", "8351", "new_pin_again", "8351").leads(t, "/me")
	b.get("/me").says(t, "Ihre PIN ist geändert.")
	other.get("/me").leads(t, "/sign-in/extension?next=%2Fme")
	for range 3 {
		b.post("/me/pin", "pin", "9999", "new_pin", "2468", "new_pin_again", "2468").wants(t, http.StatusUnprocessableEntity)
	}
	b.post("/me/pin", "pin", "8351", "new_pin", "2468", "new_pin_again", "2468").says(t, "Zu viele falsche PINs")
	b.get("/me").says(t, "Nach zu vielen falschen PINs gesperrt bis")
}

func TestX03_SelfServiceAnswersWhatIsWrongAlike(t *testing.T) {
	o := newOffice(t)
	ada := o.person("101", "Ada Wirt", false)
	doors := [][2]string{{"1001", "101"}, {"1001", "777"}, {"9999", "101"}}
	for round := range 4 {
		var first answer
		for i, d := range doors {
			a := o.browser().post("/sign-in/extension", "customer", d[0], "number", d[1], "pin", "9999")
			a.text = strings.NewReplacer(d[0], "", `value="`+d[1]+`"`, `value=""`).Replace(a.text)
			if i == 0 {
				first = a
			} else if a.status != first.status || a.text != first.text {
				t.Errorf("round %d: %v is told apart: %d, %s\nand %d, %s", round, d, a.status, a.text, first.status, first.text)
			}
		}
		if locked := strings.Contains(first.text, "gesperrt"); locked != (round == 3) {
			t.Errorf("round %d: %s", round, first.text)
		}
	}
	v, err := o.app.Extensions.Get(t.Context(), o.system, o.customer.ID, ada.ID)
	if err != nil || v.LockedUntil.IsZero() {
		t.Errorf("the portal does not show the lock: %+v, %v", v, err)
	}
}

func TestU09_PortalAccountOfAnEndUser(t *testing.T) {
	h := newHouse(t)
	admin := h.administrator()
	o := h.office("1001")
	ada := o.person("101", "Ada Wirt", false)
	form := []string{"name", "Ada Wirt", "login", "ada", "role", "user"}
	admin.get("/users/new").says(t, `value="user"`, `name="extension_id"`)
	admin.post("/users/new", append(form, "customer_id", "1001", "extension_id", "999")...).wants(t, http.StatusUnprocessableEntity).says(t, "Diese Nebenstelle gibt es nicht.")
	a := admin.post("/users/new", append(form, "customer_id", "1001", "extension_id", "101")...).wants(t, http.StatusOK)
	link := regexp.MustCompile(`/welcome/[^"<\s]+`).FindString(a.text)
	admin.get("/users").says(t, "Gasthaus Adler · 101")
	b := h.browser()
	b.post(link, "password", password, "password_again", password).leads(t, "/me")
	b.get("/").leads(t, "/me")
	b.get("/me").says(t, "Ada Wirt", "Mein Konto")
	b.get("/account").wants(t, http.StatusOK).says(t, "Zweiter Faktor").hides(t, `href="/customers"`, "/search")
	b.get("/customers").wants(t, http.StatusNotFound)
	b.post("/sign-out").leads(t, "/sign-in?done=1")
	b.post("/sign-in", "login", "ada", "password", password, "next", "/customers").leads(t, "/me")
	_ = ada
}

func TestU01_SelfServiceSpeaksTheLanguageThatIsChosen(t *testing.T) {
	o := newOffice(t)
	b := o.self(o.person("101", "Ada Wirt", false))
	b.post("/me/look", "language", "nl", "theme", "dark").leads(t, "/me")
	b.get("/me").says(t, `<html lang="nl" data-theme="dark"`, "Mijn telefoon")
	b.post("/me/look", "language", "xx", "theme", "").wants(t, http.StatusUnprocessableEntity)
	o.self(telephony.Extension{Number: "101"}).get("/me").says(t, `<html lang="nl"`) // it is kept for the next time
}

// Every route, as an end user: the portal is not there for them, and of their own
// pages only what is theirs (X02).
func TestX02_AnEndUserSeesTheirOwnAndNothingElse(t *testing.T) {
	h := newHouse(t)
	h.administrator()
	e, foreign := h.estate("1111", "Nah"), h.estate("2222", "Fern")
	o := &office{house: h, customer: telephony.Customer{ID: e["customer"], Number: "1111"}, phones: 9}
	place := o.place("Nahes Büro")
	e["desk"] = place.Desk
	ada := o.person("105", "Ada Wirt", false)
	byPIN := o.self(ada)
	byPassword := h.signedIn(app.UserSpec{Login: "ada", Role: auth.User, CustomerID: e["customer"], ExtensionID: ada.ID})
	before := h.snapshot(foreign)
	for _, r := range Routes() {
		whole := map[string]estate{"their customer's": e, "another's": foreign}
		for whose, x := range whole {
			p := path(t, r.Pattern, x, x)
			for how, b := range map[string]*browser{"PIN": byPIN, "password": byPassword} {
				what := r.Method + " " + r.Pattern + ", " + whose + ", by " + how
				switch {
				case r.Reach == SignedIn, r.Reach == OfCustomer, strings.HasPrefix(r.Pattern, "/account") && how == "PIN",
					r.Reach == Own && whose == "another's" && variable.MatchString(r.Pattern):
					a := b.do(r.Method, p, strings.NewReader(""))
					if a.status != http.StatusNotFound {
						t.Errorf("%s: %d", what, a.status)
					}
					for _, secret := range []string{"Geheim", foreign["mac"]} {
						if strings.Contains(a.text, secret) {
							t.Errorf("%s tells %q", what, secret)
						}
					}
				}
			}
		}
	}
	// A colleague's login at another phone is not theirs to end.
	bruno := o.person("106", "Bruno Koch", false)
	o.logIn(place, bruno)
	byPIN.post("/me/places/"+place.ID+"/logout").wants(t, http.StatusNotFound).hides(t, "Bruno")
	if o.here(place) != bruno.ID {
		t.Error("a colleague was logged off")
	}
	if after := h.snapshot(foreign); after != before {
		t.Errorf("something was changed: %s, before %s", after, before)
	}
}
