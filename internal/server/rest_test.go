package server

import (
	"bufio"
	"io"
	"net/http"
	"strings"
	"testing"

	"tischlein/internal/app"
)

// send is one request as an administrator, by way of the proxies named.
func (s *Server) send(t *testing.T, token, method, path, body string, forwarded ...string) *http.Response {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), method, s.APIURL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+token)
	q.Header.Set("Content-Type", "application/json")
	q.Header["X-Forwarded-For"] = forwarded
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = a.Body.Close() // it was only read
		http.DefaultClient.CloseIdleConnections()
	})
	return a
}

func (s *Server) administrator(t *testing.T) (token string) {
	t.Helper()
	token, _ = ask(t, s, "", "POST", "/v1/setup", map[string]any{"setup_token": s.SetupToken().Reveal(), "name": "first"})["token"].(string)
	return token
}

// Event streams never end by themselves. Were they not ended, the listener would
// wait for them in vain and then tear them off in the middle.
func TestEventStreamsEndWithTheServer(t *testing.T) {
	s, stop := start(t, testConfig(t.TempDir()))
	a := s.send(t, s.administrator(t), "GET", "/v1/events", "")
	lines := bufio.NewReader(a.Body)
	if first, err := lines.ReadString('\n'); err != nil || !strings.HasPrefix(first, ":") {
		t.Fatalf("the stream begins with %q, %v", first, err)
	}
	stopped := make(chan struct{})
	go func() { stop(); close(stopped) }()
	if rest, err := io.ReadAll(lines); err != nil {
		t.Errorf("the stream was torn off after %q: %v", rest, err)
	}
	<-stopped
}

// The API believes the proxies that the phones' listener believes.
func TestD16_APITakesTheClientsAddressFromTrustedProxies(t *testing.T) {
	for _, c := range []struct {
		trusted []string
		want    string
	}{{[]string{"127.0.0.0/8"}, "198.51.100.1"}, {nil, "127.0.0.1"}} {
		cfg := testConfig(t.TempDir())
		cfg.TrustedProxies = c.trusted
		s, _ := start(t, cfg)
		token := s.administrator(t)
		a := s.send(t, token, "POST", "/v1/partners", `{"name":"Haus Holm"}`, "192.0.2.66, 198.51.100.1")
		if a.StatusCode != http.StatusCreated {
			t.Fatal(a.Status)
		}
		log, err := s.App().Audit.List(t.Context(), localAdministrator, "", app.AuditQuery{Action: "create"})
		if err != nil || len(log.Items) == 0 {
			t.Fatalf("%v, %v", log, err)
		}
		if got := log.Items[0]; got.ObjectKind != "partner" || got.From != c.want {
			t.Errorf("trusting %q, %s %s came from %s, want %s", c.trusted, got.Action, got.ObjectKind, got.From, c.want)
		}
	}
}
