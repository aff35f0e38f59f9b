package server

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// visit fetches a page as a browser that trusts our CA does.
func visit(t *testing.T, s *Server, method, address string, form url.Values) (*http.Response, string) {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(s.RootCA()))
	c := &http.Client{
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       patience,
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	a, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a, string(b)
}

func TestU09_FirstAdministratorComesByTheOneTimeLink(t *testing.T) {
	cfg := testConfig(t.TempDir())
	cfg.PortalListen = "127.0.0.1:0"
	s, _ := start(t, cfg)
	link := s.SetupURL()
	if !strings.HasPrefix(link, s.PortalURL()+"/welcome/setup-") || !strings.HasPrefix(s.PortalURL(), "http://127.0.0.1:") {
		t.Fatalf("the link is %q", link)
	}
	if a, page := visit(t, s, "GET", link, nil); a.StatusCode != http.StatusOK || !strings.Contains(page, `name="password_again"`) {
		t.Fatalf("%s: %s", a.Status, page)
	}
	answer := url.Values{"name": {"Ada"}, "login": {"ada"}, "password": {"seven brown chairs"}, "password_again": {"seven brown chairs"}}
	a, page := visit(t, s, "POST", link, answer)
	if a.StatusCode != http.StatusSeeOther || !strings.Contains(a.Header.Get("Set-Cookie"), "tischlein-session=") {
		t.Fatalf("%s: %s", a.Status, page)
	}
	if a, _ := visit(t, s, "POST", link, answer); a.StatusCode != http.StatusNotFound {
		t.Errorf("the link works twice: %s", a.Status)
	}
}

// Passwords cross no wire in the clear: elsewhere than on this machine the portal
// speaks HTTPS, and its cookies are for that alone.
func TestX04_PortalSpeaksPlainHTTPOnThisMachineOnly(t *testing.T) {
	cfg := testConfig(t.TempDir())
	cfg.PortalListen = "0.0.0.0:0"
	s, _ := start(t, cfg)
	if !strings.HasPrefix(s.PortalURL(), "https://127.0.0.1:") {
		t.Fatalf("the portal is at %s", s.PortalURL())
	}
	a, _ := visit(t, s, "GET", s.PortalURL()+"/sign-in", nil)
	if a.StatusCode != http.StatusOK || a.ProtoMajor != 2 || a.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("%s %s, %v", a.Proto, a.Status, a.Header)
	}
	answer := url.Values{"name": {"Ada"}, "login": {"ada"}, "password": {"seven brown chairs"}, "password_again": {"seven brown chairs"}}
	a, page := visit(t, s, "POST", s.SetupURL(), answer)
	cookie := a.Header.Get("Set-Cookie")
	for _, part := range []string{"__Host-session=", "Path=/", "HttpOnly", "Secure", "SameSite=Lax"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("the cookie %q has no %s: %s", cookie, part, page)
		}
	}
	plain, err := http.NewRequestWithContext(t.Context(), "GET", "http"+strings.TrimPrefix(s.PortalURL(), "https")+"/sign-in", nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	got, err := c.Do(plain)
	if err != nil {
		return
	}
	defer got.Body.Close()
	if got.StatusCode != http.StatusBadRequest {
		t.Errorf("plain HTTP is answered with %s", got.Status)
	}
}

// A proxy on this machine may speak HTTPS for us; then cookies are for HTTPS too.
func TestX04_PortalBehindAProxyHasSecureCookies(t *testing.T) {
	cfg := testConfig(t.TempDir())
	cfg.PortalListen, cfg.PortalBaseURL = "127.0.0.1:0", "https://portal.example/"
	s, _ := start(t, cfg)
	if s.PortalURL() != "https://portal.example" {
		t.Errorf("the portal is at %s", s.PortalURL())
	}
	a, _ := visit(t, s, "GET", "http://"+s.Addrs().Portal+"/language?to=nl&next=/sign-in", nil)
	if c := a.Header.Get("Set-Cookie"); !strings.Contains(c, "__Host-language=nl") || !strings.Contains(c, "Secure") {
		t.Errorf("the cookie is %q", c)
	}
}

func TestPortalCanBeOff(t *testing.T) {
	s, _ := start(t, testConfig(t.TempDir()))
	if s.PortalURL() != "" || s.SetupURL() != "" || s.Addrs().Portal != "" {
		t.Errorf("%q %q %q", s.PortalURL(), s.SetupURL(), s.Addrs().Portal)
	}
}
