package call

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	siplib "github.com/emiago/sipgo/sip"
	"go.uber.org/goleak"

	"tischlein/internal/sip"
	"tischlein/internal/telephony"
)

const testRealm = "example.test"

func TestMain(m *testing.M) {
	siplib.SetTimers(100*time.Millisecond, 400*time.Millisecond, 500*time.Millisecond)
	goleak.VerifyTestMain(m)
}

// house is the rest of Tischlein: who has which extension, and what is recorded.
// The SIP user of a channel is its name; dialling 101 rings whoever has 101.
type house struct {
	mu       sync.Mutex
	at       map[string]telephony.Party // by channel: who is logged in
	policy   telephony.CallPlan         // DeclineAll and the like, taken over into each plan
	plans    map[string]telephony.CallPlan
	inbound  map[string]telephony.CallPlan
	errs     map[string]error
	trunks   []telephony.Trunk
	gate     chan struct{} // Plan waits for it when set
	records  map[string]Record
	saveErr  error
	busy     map[string]bool
	told     []string // "alice busy", in order
	ended    []Ended
	contact  error
	bindings map[string]telephony.Binding
	messages map[string][2]int // by extension: new, old
}

func newHouse() *house {
	return &house{
		at: map[string]telephony.Party{}, plans: map[string]telephony.CallPlan{}, inbound: map[string]telephony.CallPlan{},
		errs: map[string]error{}, records: map[string]Record{}, busy: map[string]bool{}, bindings: map[string]telephony.Binding{},
	}
}

// seat logs somebody in at channels.
func (h *house) seat(number, name string, channels ...string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range channels {
		h.at[c] = telephony.Party{ExtensionID: "ext-" + number, Number: number, Name: name}
	}
}

func (h *house) with(f func()) { h.mu.Lock(); defer h.mu.Unlock(); f() }

func (h *house) Plan(_ context.Context, channelID, dialled string) (telephony.CallPlan, error) {
	h.mu.Lock()
	gate := h.gate
	h.mu.Unlock()
	if gate != nil {
		<-gate
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.errs[dialled]; err != nil {
		return telephony.CallPlan{}, err
	}
	p, ok := h.plans[dialled]
	if !ok {
		p = h.policy
		p.Kind = telephony.CallExtension
		for c, who := range h.at {
			if who.Number == dialled {
				p.Callee = who
				p.Rings = append(p.Rings, telephony.Ring{ChannelID: c, SIPUser: strings.TrimPrefix(c, "ch-")})
			}
		}
		if p.Callee.Number == "" {
			return p, telephony.NotFoundf("extension")
		}
	}
	p.CustomerID, p.ChannelID = "cu-1", channelID
	if p.Caller.Number == "" {
		p.Caller = h.at[channelID]
	}
	return p, nil
}

func (h *house) PlanInbound(_ context.Context, trunkID, dialled, from string) (telephony.CallPlan, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p, ok := h.inbound[trunkID+" "+dialled]
	if !ok {
		return p, telephony.NotFoundf("number")
	}
	p.CustomerID, p.Caller = "cu-1", telephony.Party{Number: from}
	return p, nil
}

func (h *house) Trunks(context.Context) ([]telephony.Trunk, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.trunks, nil
}

func (h *house) Load(_ context.Context, each func(Record) error) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, r := range h.records {
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}

func (h *house) Save(_ context.Context, batch []Record) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.saveErr != nil {
		return h.saveErr
	}
	for _, r := range batch {
		if r.State == nil {
			delete(h.records, r.ID)
		} else {
			h.records[r.ID] = r
		}
	}
	return nil
}

func (h *house) Busy(channelID string, busy bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.busy[channelID] = busy
	h.told = append(h.told, channelID+map[bool]string{true: " busy", false: " free"}[busy])
}

func (h *house) Ended(_ context.Context, e Ended) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended = append(h.ended, e)
}

// see waits until cond holds under the house's lock.
func (h *house) see(t testing.TB, what string, cond func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(waitFor); time.Now().Before(end); <-tick.C {
		h.mu.Lock()
		ok := cond()
		h.mu.Unlock()
		if ok {
			return
		}
	}
	t.Fatalf("never seen: %s", what)
}

// front is the house as the registrar sees it: every user has the same secret.
type front struct{ *house }

func (f front) Credential(_ context.Context, user string) (sip.Credential, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, t := range f.trunks {
		if t.User == user {
			return sip.Credential{SIPUser: user, TrunkID: t.ID, HA1: []sip.HA1{sip.NewHA1(user, testRealm, t.Secret.Reveal())}}, nil
		}
	}
	if user == "nobody" {
		return sip.Credential{}, telephony.NotFoundf("channel")
	}
	return sip.Credential{SIPUser: user, ChannelID: "ch-" + user, CustomerID: "cu-1", HA1: []sip.HA1{sip.NewHA1(user, testRealm, "secret")}}, nil
}

func (f front) Load(_ context.Context, each func(telephony.Binding) error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, b := range f.bindings {
		if err := each(b); err != nil {
			return err
		}
	}
	return nil
}

func (f front) Apply(_ context.Context, batch []sip.BindingChange) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range batch {
		if c.Remove {
			delete(f.bindings, c.Binding.ChannelID)
		} else {
			f.bindings[c.Binding.ChannelID] = c.Binding
		}
	}
	return nil
}

func (f front) Contacted(context.Context, sip.Contact) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.contact
}

func (f front) Unregistered(context.Context, string, string) {}
func (f front) Refused(context.Context, sip.Refusal)         {}
func (f front) Used(context.Context, sip.Usage)              {}

// site is a server on loopback ports, with both of its halves.
type site struct {
	t     testing.TB
	h     *house
	calls *Server
	sip   *sip.Server
	close func()
}

// observed tells calls of registrations, as the composition root does.
type observed struct {
	front
	calls *Server
}

func (o observed) Registered(_ context.Context, b telephony.Binding, fresh bool) {
	if fresh {
		o.calls.Registered(b)
	}
}

func start(t testing.TB, h *house, set ...func(*Config)) *site {
	return startAt(t, h, "127.0.0.1:0", set...)
}

func startAt(t testing.TB, h *house, addr string, set ...func(*Config)) *site {
	t.Helper()
	cfg := Config{House: h, Records: h, Observer: h, Log: slog.New(slog.DiscardHandler)}
	for _, f := range set {
		f(&cfg)
	}
	calls, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	f := front{h}
	s, err := sip.New(sip.Config{
		Realm: testRealm, UDP: []string{addr}, TCP: []string{"127.0.0.1:0"}, Credentials: f, Bindings: f,
		Observer: observed{f, calls}, Calls: calls, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	calls.Attach(s)
	if err := calls.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var parts sync.WaitGroup
	parts.Go(func() {
		if err := s.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	parts.Go(func() { calls.Run(ctx) })
	<-s.Loaded()
	closeAll := sync.OnceFunc(func() {
		cancel()
		parts.Wait()
		if err := calls.Close(context.Background()); err != nil && !errors.Is(err, errDisk) {
			t.Error(err)
		}
	})
	t.Cleanup(closeAll)
	return &site{t: t, h: h, calls: calls, sip: s, close: closeAll}
}

var errDisk = errors.New("disk full")

func prefix(s string) []netip.Prefix { return []netip.Prefix{netip.MustParsePrefix(s)} }

func prefixAddr(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }
