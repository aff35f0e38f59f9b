package sip

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"math/big"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tischlein/internal/telephony"
)

const testRealm = "example.test"

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// house is the rest of Tischlein as the registrar sees it: credentials, a disk
// that may fail or wait, and a record of what was told.
type house struct {
	mu         sync.Mutex
	creds      map[string]Credential
	stored     map[string]telephony.Binding
	applied    int // changes
	batches    int
	applyErr   error
	gate       chan struct{} // Apply waits for it when set
	contactErr error
	asked      int // look-ups
	contacts   []Contact
	registered []telephony.Binding
	freshes    []bool
	gone       []string
	refusals   []Refusal
	uses       []Usage
}

func newHouse(users ...string) *house {
	h := &house{creds: map[string]Credential{}, stored: map[string]telephony.Binding{}}
	for _, u := range users {
		h.add(u)
	}
	return h
}

func (h *house) add(u string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.creds[u] = Credential{SIPUser: u, ChannelID: "ch-" + u, CustomerID: "cu-1", HA1: []HA1{NewHA1(u, testRealm, "secret-"+u)}}
}

func (h *house) change(user string, f func(*Credential)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := h.creds[user]
	c.HA1 = slices.Clone(c.HA1)
	f(&c)
	h.creds[user] = c
}

func (h *house) Credential(_ context.Context, user string) (Credential, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked++
	c, ok := h.creds[user]
	if !ok {
		return Credential{}, telephony.NotFoundf("channel")
	}
	return c, nil
}

func (h *house) Load(_ context.Context, each func(telephony.Binding) error) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, b := range h.stored {
		if err := each(b); err != nil {
			return err
		}
	}
	return nil
}

func (h *house) Apply(_ context.Context, batch []BindingChange) error {
	h.mu.Lock()
	gate := h.gate
	h.mu.Unlock()
	if gate != nil {
		<-gate
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.applyErr != nil {
		return h.applyErr
	}
	h.batches++
	h.applied += len(batch)
	for _, c := range batch {
		if c.Remove {
			delete(h.stored, c.Binding.ChannelID)
		} else {
			h.stored[c.Binding.ChannelID] = c.Binding
		}
	}
	return nil
}

func (h *house) Contacted(_ context.Context, c Contact) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.contacts = append(h.contacts, c)
	return h.contactErr
}

func (h *house) Registered(_ context.Context, b telephony.Binding, fresh bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.registered, h.freshes = append(h.registered, b), append(h.freshes, fresh)
}

func (h *house) Unregistered(_ context.Context, channelID, reason string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.gone = append(h.gone, channelID+" "+reason)
}

func (h *house) Refused(_ context.Context, r Refusal) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.refusals = append(h.refusals, r)
}

func (h *house) Used(_ context.Context, u Usage) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.uses = append(h.uses, u)
}

// see waits until cond holds under the house's lock.
func (h *house) see(t testing.TB, what string, cond func() bool) {
	t.Helper()
	eventually(t, what, func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return cond()
	})
}

func eventually(t testing.TB, what string, cond func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(waitFor); time.Now().Before(end); <-tick.C {
		if cond() {
			return
		}
	}
	t.Fatalf("never seen: %s", what)
}

// clock is a time that only the test moves.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Unix(1_790_000_000, 0)} }

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.t }

func (c *clock) add(d time.Duration) { c.mu.Lock(); c.t = c.t.Add(d); c.mu.Unlock() }

// start runs a registrar on loopback ports of the kernel's choice.
func start(t testing.TB, h *house, set ...func(*Config)) *Server {
	t.Helper()
	cfg := Config{
		Realm: testRealm, Node: "node-1", UDP: []string{"127.0.0.1:0"}, TCP: []string{"127.0.0.1:0"},
		TLS: []string{"127.0.0.1:0"}, TLSConfig: testTLS(t), Credentials: h, Bindings: h, Observer: h,
		T1: 50 * time.Millisecond, Log: slog.New(slog.DiscardHandler), PingEvery: time.Hour, SweepEvery: time.Hour,
	}
	for _, f := range set {
		f(&cfg)
	}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Run(context.Background()) }()
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return s
}

var testCertificate = sync.OnceValues(func() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	tmpl := x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{testRealm}}
	der, err := x509.CreateCertificate(rand.Reader, &tmpl, &tmpl, key.Public(), key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
})

func testTLS(t testing.TB) *tls.Config {
	t.Helper()
	cert, err := testCertificate()
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{cert}}
}

var errDisk = errors.New("disk full")

func want(t testing.TB, m msg, status int) msg {
	t.Helper()
	if m.status != status {
		t.Fatalf("got %q, want status %d\n%s", m.first, status, m.raw)
	}
	return m
}

var everyTransport = []string{"udp", "tcp", "tls"}
