// Package redirecttest stands in for the makers' redirect services. It checks
// signatures and tokens by itself and not with the client's code, so that it can
// catch the client's mistakes.
package redirecttest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// Service is one fake. Set what it does before or between requests.
type Service struct {
	URL    string
	Client *http.Client // trusts it

	mu      sync.Mutex
	entries map[string]string // MAC → URL; "" where none is told
	foreign map[string]bool
	mood    Mood
	calls   int
	told    bytes.Buffer
	hanging chan struct{}
}

// Mood is how a fake answers.
type Mood int

// The moods.
const (
	Kind     Mood = iota
	Refusing      // everything, with words
	Hanging       // no answer at all
	Broken        // 503
)

// What every fake's account is.
const (
	ID, Secret     = "key-id", "key-secret"
	User, Password = "ops@example.com", "user-password"
	Account, Site  = "company-1", "7"
	Profile        = "profile-1"
	Setting        = "setting-server-id"
)

// Start starts the fake of a service.
func Start(t *testing.T, service string) *Service {
	t.Helper()
	s := &Service{entries: map[string]string{}, foreign: map[string]bool{}, hanging: make(chan struct{})}
	h := map[string]func(*Service) http.Handler{"yealink_rps": yealink, "snom_sraps": snom, "grandstream_gdms": grandstream, "poly_lens": poly, "gigaset_redirect": gigaset}[service]
	if h == nil {
		t.Fatalf("there is no fake of %q", service)
	}
	inner := h(s)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch s.hear(r) {
		case Hanging:
			select {
			case <-r.Context().Done():
			case <-s.hanging:
			}
		case Broken:
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			inner.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(func() {
		close(s.hanging)
		srv.Close()
	})
	s.URL, s.Client = srv.URL, srv.Client()
	return s
}

// hear writes down what a request says.
func (s *Service) hear(r *http.Request) Mood {
	body, _ := io.ReadAll(r.Body) // what is missing the fake misses, too
	r.Body = io.NopCloser(bytes.NewReader(body))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	fmt.Fprintf(&s.told, "%s %s\n%v\n%s\n", r.Method, r.URL, r.Header, body)
	return s.mood
}

// Told is all that was said in requests so far: addresses, headers and bodies.
func (s *Service) Told() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.told.String()
}

// Be changes the mood.
func (s *Service) Be(m Mood) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mood = m
}

// Own gives a device (12 hex digits) to somebody else, or takes it from them.
func (s *Service) Own(mac string, foreign bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.foreign, mac)
	if foreign {
		s.foreign[mac] = true
		delete(s.entries, mac)
	}
}

// Entry is where a device is sent.
func (s *Service) Entry(mac string) (url string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	url, ok = s.entries[mac]
	return url, ok
}

// Set changes an entry behind our back.
func (s *Service) Set(mac, url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries[mac] = url
}

// Calls counts the requests so far.
func (s *Service) Calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

// verdicts of put and get.
const (
	fine = iota
	absent
	another
	refusing
)

func (s *Service) put(mac, url string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.mood == Refusing:
		return refusing
	case s.foreign[mac]:
		return another
	}
	s.entries[mac] = url
	return fine
}

func (s *Service) get(mac string) (string, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	url, ok := s.entries[mac]
	switch {
	case s.mood == Refusing:
		return "", refusing
	case s.foreign[mac]:
		return "", another
	case !ok:
		return "", absent
	}
	return url, fine
}

func (s *Service) remove(mac string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mood == Refusing {
		return refusing
	}
	if s.foreign[mac] {
		return another
	}
	delete(s.entries, mac)
	return fine
}
