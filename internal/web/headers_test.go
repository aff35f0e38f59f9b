package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/web/static"
)

func TestX04_EveryAnswerHasTheHeadersOfASVS(t *testing.T) {
	b := newHouse(t).administrator()
	for _, path := range []string{"/sign-in", "/account", "/nowhere", "/customers/none", static.URL("app.css"), "/static/x/none.js"} {
		h := b.get(path).header
		for name, want := range map[string]string{
			"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
			"Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
		t.Errorf("the policy lets too much through: %s", policy)
	}
	if got := b.get("/account").header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("pages may be kept: %q", got)
	}
}

var inline = regexp.MustCompile(`(?i)<script(>|[^>]*[^>]>[^<])|\sstyle=|\son[a-z]+=|javascript:`)

// The policy forbids it; a page that has it would be broken without anybody
// noticing on the server.
func TestX04_NoPageHasInlineScriptOrStyle(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	for _, path := range []string{"/sign-in", "/account", "/account/password", "/account/second-factor", "/nowhere"} {
		if m := inline.FindString(b.get(path).text); m != "" {
			t.Errorf("%s has %q", path, m)
		}
	}
	empty := newEmptyHouse(t, app.PortalSettings{})
	if m := inline.FindString(empty.browser().get("/welcome/"+empty.setup).wants(t, http.StatusOK).text); m != "" {
		t.Errorf("welcome has %q", m)
	}
	if !inline.MatchString(`<script>x</script>`) || !inline.MatchString(`<p style="x">`) || inline.MatchString(`<script defer src="/a.js"></script>`) {
		t.Error("the pattern finds nothing")
	}
}

func TestX04_CookiesAreHostOnlyAndOutOfReachOfScripts(t *testing.T) {
	h := newHouse(t)
	for secure, want := range map[bool]string{false: "tischlein-session=", true: "__Host-session="} {
		h.portal.secure = secure
		w := httptest.NewRecorder()
		h.portal.setCookie(w, sessionCookie, "value", 0)
		c := w.Header().Get("Set-Cookie")
		if !strings.HasPrefix(c, want) || !strings.Contains(c, "HttpOnly") || !strings.Contains(c, "SameSite=Lax") || !strings.Contains(c, "Path=/") ||
			strings.Contains(c, "Domain") || strings.Contains(c, "Secure") != secure {
			t.Errorf("secure %v: %s", secure, c)
		}
	}
}

func TestX04_AnotherSiteCannotPost(t *testing.T) {
	b := newHouse(t).administrator()
	b.headers["Sec-Fetch-Site"] = "cross-site"
	b.post("/account", "name", "Mallory").wants(t, http.StatusForbidden).says(t, "kam von einer anderen Website")
	b.get("/account").wants(t, http.StatusOK).hides(t, "Mallory") // reading is no harm
	b.headers["Sec-Fetch-Site"] = "same-site"                     // a sister of our host is another site too
	b.post("/sign-out").wants(t, http.StatusForbidden)
	b.headers["Sec-Fetch-Site"] = ""
	b.headers["Origin"] = "https://evil.example" // a browser that does not tell the site
	b.post("/sign-out").wants(t, http.StatusForbidden)
	b.headers["Origin"] = "http://portal.test"
	b.post("/account", "name", "Frida", "language", "", "theme", "").leads(t, "/account")
}

func TestX04_BodiesAreBounded(t *testing.T) {
	b := newHouse(t).browser()
	a := b.do(http.MethodPost, "/sign-in", strings.NewReader("login="+strings.Repeat("x", 2<<20)))
	a.wants(t, http.StatusUnprocessableEntity).says(t, "Das war zu viel auf einmal.")
}

func TestQ10_PagesAndFilesAreCompressedAndFilesKept(t *testing.T) {
	b := newHouse(t).administrator()
	b.headers["Accept-Encoding"] = "gzip"
	weight := 0
	for _, path := range []string{"/account", static.URL("app.css"), static.URL("app.js"), static.URL("sprite.svg"), static.URL("icon.svg")} {
		a := b.get(path).wants(t, http.StatusOK)
		weight += len(a.text)
		if a.header.Get("Content-Encoding") != "gzip" {
			t.Fatalf("%s is not compressed", path)
		}
		z, err := gzip.NewReader(strings.NewReader(a.text))
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := io.ReadAll(z); err != nil || len(plain) <= len(a.text) {
			t.Errorf("%s: %d bytes from %d, %v", path, len(plain), len(a.text), err)
		}
		if path != "/account" && !strings.Contains(a.header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s is not kept: %s", path, a.header.Get("Cache-Control"))
		}
	}
	if weight > 150<<10 {
		t.Errorf("the first page weighs %d bytes", weight)
	}
	t.Logf("the first page weighs %d bytes", weight)
	old := b.get("/static/000000000000/app.js").wants(t, http.StatusOK)
	if old.header.Get("Cache-Control") != "no-cache" {
		t.Errorf("an older program's file is kept: %s", old.header.Get("Cache-Control"))
	}
}
