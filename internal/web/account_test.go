package web

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

var secretField = regexp.MustCompile(`name="secret" value="([A-Z2-7]{32})"`)

// enrolled begins to set a second factor up and gives its secret.
func enrolled(t *testing.T, b *browser) string {
	t.Helper()
	m := secretField.FindStringSubmatch(b.post("/account/second-factor/enrol").wants(t, http.StatusOK).says(t, "<svg class=\"qr\"").text)
	if m == nil {
		t.Fatal("there is no secret to take")
	}
	return m[1]
}

func codeAt(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func TestU09_SecondFactorIsSetUpAskedForAndTakenOff(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	secret := enrolled(t, b)
	again := b.post("/account/second-factor", "secret", secret, "code", "000000").wants(t, http.StatusUnprocessableEntity).says(t, "Der Code stimmt nicht.")
	if m := secretField.FindStringSubmatch(again.text); m == nil || m[1] != secret {
		t.Fatal("after a wrong code the app would have to take another secret")
	}
	shown := b.post("/account/second-factor", "secret", secret, "code", codeAt(t, secret, time.Now())).wants(t, http.StatusOK)
	if shown.header.Get("Content-Encoding") != "" {
		t.Error("a page with secrets is compressed")
	}
	_, list, _ := strings.Cut(shown.text, `id="codes">`)
	list, _, _ = strings.Cut(list, "<")
	codes := strings.Fields(html.UnescapeString(list))
	if len(codes) != 10 {
		t.Fatalf("recovery codes: %q", list)
	}
	b.get("/account").says(t, "eingeschaltet", "noch 10 Wiederherstellungscodes").hides(t, codes[0])

	other := h.browser()
	other.post("/sign-in", "login", "frida", "password", password, "next", "/account").leads(t, "/sign-in/code?next=%2Faccount")
	other.get("/account").leads(t, "/sign-in/code?next=%2Faccount") // half in is not in
	other.get("/sign-in/code?next=%2Faccount").wants(t, http.StatusOK).says(t, `autocomplete="one-time-code"`)
	other.post("/sign-in/code", "code", "123456", "next", "/account").wants(t, http.StatusUnprocessableEntity).hides(t, `value="123456"`)
	other.post("/sign-in/code", "code", codes[0], "next", "/account").leads(t, "/account")
	other.get("/account").wants(t, http.StatusOK).says(t, "noch 9 Wiederherstellungscodes", "Alle anderen beenden")

	other.post("/account/second-factor/off", "password", "wrong", "code", codes[1]).wants(t, http.StatusUnprocessableEntity).says(t, "Das ist nicht Ihr Passwort.")
	other.post("/account/second-factor/codes", "password", password, "code", codes[1]).wants(t, http.StatusOK).says(t, "Wir zeigen sie nur jetzt").hides(t, codes[2])
	other.post("/account/second-factor/off", "password", password, "code", codes[2]).wants(t, http.StatusUnprocessableEntity) // replaced by the new ones
}

func TestU09_OwnPasswordAndSessions(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	other := h.browser()
	other.headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/150.0"
	other.post("/sign-in", "login", "frida", "password", password).leads(t, "/")
	page := b.get("/account").says(t, "Chrome · Linux", "Firefox · Windows", "diese Sitzung")
	end := regexp.MustCompile(`action="(/account/sessions/[^"]+/end)"`).FindStringSubmatch(page.text)
	if end == nil {
		t.Fatal("the other session cannot be ended")
	}
	b.post(end[1]).leads(t, "/account")
	b.get("/account").says(t, "Die Sitzung ist beendet.").hides(t, "Firefox")
	other.get("/account").leads(t, "/sign-in?next=%2Faccount")

	b.post("/account/password", "password", "wrong", "new_password", "eleven blue lamps", "new_password_again", "eleven blue lamps").
		wants(t, http.StatusUnprocessableEntity).says(t, "Das ist nicht Ihr Passwort.")
	b.post("/account/password", "password", password, "new_password", "frida kahl 1", "new_password_again", "frida kahl 1").
		wants(t, http.StatusUnprocessableEntity).says(t, "kaum mehr als der Name")
	old := b.cookies[b.portal.cookieName(sessionCookie)]
	b.post("/account/password", "password", password, "new_password", "eleven blue lamps", "new_password_again", "eleven blue lamps").leads(t, "/account")
	b.get("/account").wants(t, http.StatusOK).says(t, "Ihr Passwort ist geändert.")
	b.cookies[b.portal.cookieName(sessionCookie)] = old
	b.get("/account").leads(t, "/sign-in?next=%2Faccount")
}

func TestOwnProfileKeepsWhatWasTypedAndNamesTheField(t *testing.T) {
	b := newHouse(t).administrator()
	b.post("/account", "name", "", "language", "en", "theme", "dark").wants(t, http.StatusUnprocessableEntity).
		says(t, `<option value="en" selected>`, `<option value="dark" selected>`, "Diese Angabe fehlt.", `id="name-error"`)
	b.post("/account", "name", strings.Repeat("x", 200), "language", "", "theme", "").wants(t, http.StatusUnprocessableEntity).says(t, "Das ist zu lang.")
	b.post("/account", "name", "F", "language", "xx", "theme", "").wants(t, http.StatusUnprocessableEntity).says(t, "Diese Sprache gibt es hier nicht.")
	b.post("/account/sessions/unknown/end").wants(t, http.StatusNotFound)
}

func TestBrowsersAreToldApart(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36":           "Chrome · Linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/156.0 Safari/537.36 Edg/156.0":               "Edge · Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1": "Safari · iPhone",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 15.0; rv:150.0) Firefox/150.0":                    "Firefox · macOS",
		"curl/8.14": "curl/8.14", "": "",
	} {
		if got := browserOf(agent); got != want {
			t.Errorf("%q is %q, want %q", agent, got, want)
		}
	}
}
