package phonesim

import (
	"context"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fileServer serves files by path, 404 otherwise, and remembers what was asked.
type fileServer struct {
	*httptest.Server
	mu     sync.Mutex
	files  map[string]string
	asked  []string
	header http.Header // of the last request
	source string
	hook   func(http.ResponseWriter, *http.Request) bool // true: it answered
}

func newFileServer(t *testing.T, withTLS bool) *fileServer {
	t.Helper()
	s := &fileServer{files: map[string]string{}}
	h := http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.asked = append(s.asked, q.URL.Path)
		s.header, s.source = q.Header, q.RemoteAddr
		if s.hook != nil && s.hook(w, q) {
			return
		}
		body, ok := s.files[q.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		fmt.Fprint(w, body)
	})
	if withTLS {
		s.Server = httptest.NewTLSServer(h)
	} else {
		s.Server = httptest.NewServer(h)
	}
	t.Cleanup(s.Close)
	return s
}

func (s *fileServer) put(path, body string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[path] = body
}

func (s *fileServer) paths() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

func (s *fileServer) wantPaths(t *testing.T, want ...string) {
	t.Helper()
	if got := s.paths(); !slices.Equal(got, want) {
		t.Fatalf("asked\n %s\nwant\n %s", strings.Join(got, "\n "), strings.Join(want, "\n "))
	}
}

func (s *fileServer) last() (http.Header, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.header, s.source
}

func roots(s *fileServer) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return pool
}

// testFleet has short timers; its phones live until the test ends.
func testFleet(t *testing.T, change ...func(*FleetConfig)) *Fleet {
	t.Helper()
	cfg := FleetConfig{SocketsPerAddress: 1, T1: 100 * time.Millisecond, RetryBase: 20 * time.Millisecond}
	for _, f := range change {
		f(&cfg)
	}
	f, err := NewFleet(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

func deadline(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func await(t *testing.T, p *Phone, what string, ok func(State) bool) State {
	t.Helper()
	var last State
	err := p.Wait(deadline(t), func(s State) bool { last = s; return ok(s) })
	if err != nil {
		t.Fatalf("%s never came: %v\n%+v\nscreen %q", what, err, last, p.Screen())
	}
	return last
}

func isRegistered(s State) bool { return s.Registered }

func awaitScreen(t *testing.T, p *Phone, want ...string) {
	t.Helper()
	err := p.WaitScreen(deadline(t), func(l []string) bool { return slices.Equal(l, want) })
	if err != nil {
		t.Fatalf("screen is %q, want %q; %+v", p.Screen(), want, p.State())
	}
}

func yealinkCfg(r *miniRegistrar, user, password, label, display string, more ...string) string {
	kind := map[string]int{"udp": 0, "tcp": 1, "tls": 2}[r.network]
	return fmt.Sprintf("#!version:1.0.0.1\naccount.1.enable = 1\naccount.1.label = %s\naccount.1.display_name = %s\n"+
		"account.1.user_name = %s\naccount.1.auth_name = %s\naccount.1.password = %s\naccount.1.sip_server.1.address = 127.0.0.1\n"+
		"account.1.sip_server.1.port = %s\naccount.1.sip_server.1.transport_type = %d\n%s\n",
		label, display, user, user, password, r.port(), kind, strings.Join(more, "\n"))
}

func snomXML(r *miniRegistrar, user, password, name string, more ...string) string {
	return fmt.Sprintf(`<?xml version="1.0" encoding="utf-8"?><settings><phone-settings>
<user_active idx="1" perm="R">on</user_active><user_realname idx="1" perm="R">%s</user_realname>
<user_name idx="1" perm="R">%s</user_name><user_pname idx="1" perm="R">%s</user_pname><user_pass idx="1" perm="R">%s</user_pass>
<user_host idx="1" perm="R">127.0.0.1:%s</user_host><user_outbound idx="1" perm="R">sip:127.0.0.1:%s;transport=%s</user_outbound>
%s</phone-settings></settings>`, name, user, user, password, r.port(), r.port(), r.network, strings.Join(more, ""))
}

func linphoneXML(r *miniRegistrar, user, name, secret string) string {
	return fmt.Sprintf(`<config xmlns="http://www.linphone.org/xsds/lpconfig.xsd"><section name="proxy_0" overwrite="true">
<entry name="reg_proxy">&lt;sip:127.0.0.1:%s;transport=%s&gt;</entry><entry name="reg_identity">"%s" &lt;sip:%s@127.0.0.1:%s&gt;</entry>
</section><section name="auth_info_0"><entry name="username" overwrite="true">%s</entry>%s</section></config>`,
		r.port(), r.network, name, user, r.port(), user, secret)
}
