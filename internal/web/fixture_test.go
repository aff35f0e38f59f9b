package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/provision/drivers"
	"tischlein/internal/storage"
	"tischlein/internal/storagetest"
	"tischlein/internal/telephony"
)

// password is everybody's in these tests.
const password = "nine green chairs at noon"

// house is the portal over the real use cases on a real database.
type house struct {
	testing.TB
	portal *Portal
	app    *app.App
	db     *storage.DB
	setup  string // the one-time link's token of the first start, "" after it
	log    *bytes.Buffer
	system auth.Actor

	session string // the administrator's, until somebody has taken it
}

// newHouse opens an installation with its first administrator, Frida Kahl: a copy
// of one that was made once, because making passwords takes time.
func newHouse(t testing.TB) *house {
	t.Helper()
	m, err := moved()
	if err != nil {
		t.Fatalf("making the house to copy: %v", err)
	}
	path := storagetest.SQLite(t)
	if err := os.WriteFile(path, m.records, 0o600); err != nil {
		t.Fatal(err)
	}
	h := openHouse(t, path, app.PortalSettings{})
	h.session = m.session
	return h
}

// newEmptyHouse opens an installation that has never been started.
func newEmptyHouse(t testing.TB, settings app.PortalSettings) *house {
	t.Helper()
	return openHouse(t, storagetest.SQLite(t), settings)
}

// moved is a house with its first administrator: all its records, and the cookie
// of their session.
var moved = sync.OnceValues(func() (m struct {
	records []byte
	session string
}, err error) {
	dir, err := os.MkdirTemp("", "tischlein-web-")
	if err != nil {
		return m, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "tischlein.db")
	db, err := storage.Open(context.Background(), path, time.Now)
	if err != nil {
		return m, err
	}
	a, setup, err := openApp(db, slog.New(slog.DiscardHandler), app.PortalSettings{})
	if err != nil {
		return m, errors.Join(err, db.Close())
	}
	s, err := a.Sessions.AcceptWelcome(context.Background(), app.Acceptance{
		Token: setup.Reveal(), Name: "Frida Kahl", Login: "frida", Language: "de", Password: password, UserAgent: userAgent, From: netip.MustParseAddr("192.0.2.1"),
	})
	if err := errors.Join(err, db.Close()); err != nil {
		return m, err
	}
	m.session = s.Token.Reveal()
	m.records, err = os.ReadFile(path)
	return m, err
})

func openApp(db *storage.DB, log *slog.Logger, settings app.PortalSettings) (*app.App, telephony.Secret, error) {
	key, err := auth.NewKey(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		return nil, "", err
	}
	return app.Open(context.Background(), app.Config{
		DB: db, Key: key, Drivers: drivers.All(), Log: log,
		Settings: app.Settings{
			Realm: "test.example", Node: "n1", BaseURL: "https://prov.test.example", Transport: "udp", Portal: settings, FirmwareDir: filepath.Join(os.TempDir(), "tischlein-firmware-test"),
			SIP:       map[string]telephony.SIPServer{"udp": {Host: "sip.test.example", Port: 5060, Transport: "udp"}},
			Redirects: map[string]string{"yealink": "yealink_rps"},
		},
	})
}

func openHouse(t testing.TB, path string, settings app.PortalSettings) *house {
	t.Helper()
	h := &house{TB: t, log: &bytes.Buffer{}, system: auth.System}
	log := slog.New(slog.NewTextHandler(h.log, nil))
	h.db = storagetest.Open(t, path, nil)
	a, setup, err := openApp(h.db, log, settings)
	if err != nil {
		t.Fatal(err)
	}
	h.app, h.setup = a, setup.Reveal()
	if h.portal, err = New(Config{App: a, BaseURL: "http://portal.test", Log: log, Heartbeat: 50 * time.Millisecond, Turn: 50 * time.Millisecond}); err != nil {
		t.Fatal(err)
	}
	return h
}

const userAgent = "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0 Safari/537.36"

// browser is one person's browser: it keeps cookies and follows nothing by itself.
type browser struct {
	*house
	cookies map[string]string
	headers map[string]string
}

func (h *house) browser() *browser {
	return &browser{house: h, cookies: map[string]string{}, headers: map[string]string{"Accept-Language": "de"}}
}

// administrator is a browser signed in as the operator's first administrator; each
// has a session of its own.
func (h *house) administrator() *browser {
	h.Helper()
	b := h.browser()
	if h.session == "" {
		b.post("/sign-in", "login", "frida", "password", password).wants(h, http.StatusSeeOther)
		return b
	}
	b.cookies[h.portal.cookieName(sessionCookie)], h.session = h.session, ""
	return b
}

// signedIn is a browser signed in as a new user of the role.
func (h *house) signedIn(s app.UserSpec) *browser {
	h.Helper()
	if s.Name == "" {
		s.Name = "Somebody"
	}
	_, link, err := h.app.Users.Create(context.Background(), h.system, s)
	if err != nil {
		h.Fatal(err)
	}
	b := h.browser()
	b.post("/welcome/"+link.Token.Reveal(), "password", password, "password_again", password).wants(h, http.StatusSeeOther)
	return b
}

type answer struct {
	status int
	header http.Header
	text   string
}

func (b *browser) get(path string) answer { b.Helper(); return b.do(http.MethodGet, path, nil) }

// post sends a form: names and values in turn.
func (b *browser) post(path string, pairs ...string) answer {
	b.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return b.do(http.MethodPost, path, strings.NewReader(v.Encode()))
}

func (b *browser) do(method, path string, body io.Reader) answer {
	b.Helper()
	r := b.request(method, path, body)
	w := httptest.NewRecorder()
	b.portal.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	return answer{w.Code, w.Header(), w.Body.String()}
}

func (b *browser) request(method, path string, body io.Reader) *http.Request {
	r := httptest.NewRequest(method, "http://portal.test"+path, body)
	r.Header.Set("User-Agent", userAgent)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for k, v := range b.headers {
		r.Header.Set(k, v)
	}
	for k, v := range b.cookies {
		r.AddCookie(&http.Cookie{Name: k, Value: v})
	}
	return r
}

func (a answer) wants(t testing.TB, status int) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("got %d, want %d: %s", a.status, status, a.text)
	}
	return a
}

// leads checks where an answer redirects to.
func (a answer) leads(t testing.TB, to string) answer {
	t.Helper()
	a.wants(t, http.StatusSeeOther)
	if got := a.header.Get("Location"); got != to {
		t.Fatalf("leads to %q, want %q", got, to)
	}
	return a
}

// says checks that the page holds every text.
func (a answer) says(t testing.TB, texts ...string) answer {
	t.Helper()
	for _, s := range texts {
		if !strings.Contains(a.text, s) {
			t.Fatalf("the page does not say %q: %s", s, a.text)
		}
	}
	return a
}

// hides checks that the page holds none of the texts.
func (a answer) hides(t testing.TB, texts ...string) answer {
	t.Helper()
	for _, s := range texts {
		if strings.Contains(a.text, s) {
			t.Fatalf("the page says %q: %s", s, a.text)
		}
	}
	return a
}
