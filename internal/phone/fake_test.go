package phone

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"tischlein/internal/auth"
	"tischlein/internal/provision"
	"tischlein/internal/provision/drivers"
	"tischlein/internal/telephony"
)

const (
	ownToken   = "q7zt3kxn3vb5syw2mbr9aaq7zt3kxn3v"
	firstToken = "f2firstaccesstokenf2firstaccess2"
	siteToken  = "s3sitetokens3sitetokens3sitetok"
	devicePIN  = "042317"
	yealinkMAC = "805ec0123456"
	otherMAC   = "805ec0654321"
	sipSecret  = "sip-Geheim-0815"
	adminWord  = "Geheim-Admin-4711"
	baseURL    = "https://prov.example.net/d/" + ownToken + "/"
	site       = "203.0.113.10"
	testCA     = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
)

// fake is one device and whoever is armed, as app would know them.
type fake struct {
	mu       sync.Mutex
	device   Device
	revision string
	name     string
	gone     bool       // the token is void
	first    netip.Addr // the address that the first access is bound to
	armed    []telephony.MAC
	pins     []telephony.MAC
	claimed  netip.Addr
	reads    int // of the armed MACs
	lookups  int
	contacts []netip.Addr
	fetches  []Fetch
	refused  []string
	usedHTTP []string // new credentials that were used
	done     int
	said     []string // models, at contacts

	onDesired, onContacted func()
	absent                 bool                     // nobody has any token
	onAsked                func()                   // for a token's device
	edit                   func(*telephony.Desired) // what it should be told besides
}

func newFake(vendor string, mac telephony.MAC) *fake {
	return &fake{device: Device{ID: "cpe1", CustomerID: "cust1", MAC: mac, Driver: vendor, Model: "T46U"}, revision: "r1", name: "Anna Schmidt"}
}

func (f *fake) lock() func() { f.mu.Lock(); return f.mu.Unlock }

func (f *fake) ByToken(_ context.Context, hash string) (Device, error) {
	defer f.lock()()
	if err := f.asked(); err != nil {
		return Device{}, err
	}
	f.lookups++
	if f.gone || hash != auth.HashToken(ownToken) {
		return Device{}, telephony.NotFoundf("device")
	}
	return f.device, nil
}

func (f *fake) ByFirstAccess(_ context.Context, hash string, from netip.Addr) (Device, error) {
	defer f.lock()()
	if err := f.asked(); err != nil {
		return Device{}, err
	}
	if hash != auth.HashToken(firstToken) || f.done > 0 || f.first.IsValid() && f.first != from {
		return Device{}, telephony.NotFoundf("device")
	}
	f.first = from
	return f.device, nil
}

func (f *fake) Claim(_ context.Context, mac telephony.MAC, from netip.Addr) (Device, error) {
	defer f.lock()()
	if mac != f.device.MAC || f.claimed.IsValid() && f.claimed != from {
		return Device{}, telephony.NotFoundf("device")
	}
	f.claimed = from
	f.device.Only = from
	return f.device, nil
}

func (f *fake) Armed(context.Context) ([]telephony.MAC, error) {
	defer f.lock()()
	f.reads++
	return f.armed, nil
}

func (f *fake) Desired(_ context.Context, d Device) (Rendered, error) {
	f.mu.Lock()
	want := Rendered{Revision: f.revision, Desired: telephony.Desired{
		Driver: d.Driver, Model: d.Model, MAC: d.MAC, DeviceName: "Empfang", BaseURL: baseURL, RefetchSeconds: 86400,
		SIP:           telephony.SIPServer{Realm: "sip.example.net", Host: "sip.example.net", Port: 5060, Transport: "udp", Expires: 300, KeepAlive: 25},
		AdminPassword: adminWord, Language: "de", TimeZone: "Europe/Berlin", LoginCode: "901", LogoutCode: "902",
		Emergency: []string{"112"},
		Lines: []telephony.Line{{Port: 1, State: telephony.LineLinked, SIPUser: "c7k2m9x4q1", Secret: sipSecret,
			Number: "101", Name: f.name, Language: "de"}},
	}}
	if f.edit != nil {
		f.edit(&want.Desired)
	}
	hook := f.onDesired
	f.mu.Unlock()
	if hook != nil {
		hook()
	}
	return want, nil
}

func (f *fake) Contacted(_ context.Context, d Device, from netip.Addr) error {
	f.mu.Lock()
	f.contacts = append(f.contacts, from)
	f.said = append(f.said, d.Said)
	hook := f.onContacted
	f.mu.Unlock()
	if hook != nil {
		hook()
	}
	return nil
}

func (f *fake) Fetched(_ context.Context, x Fetch) {
	defer f.lock()()
	f.fetches = append(f.fetches, x)
}

func (f *fake) Refused(_ context.Context, _ Device, _ netip.Addr, why string) {
	defer f.lock()()
	f.refused = append(f.refused, worded(why))
}

// worded is a line of a device's history, which every page can word in its reader's
// language: one that none can is a fault of whoever wrote it.
func worded(why string) string {
	if _, ok := telephony.WhyOf(why); !ok {
		panic("a history says what no page can word: " + why)
	}
	return why
}

func (f *fake) Certified(_ context.Context, c Certificate, _ netip.Addr) (Device, error) {
	defer f.lock()()
	f.lookups++
	if !c.of(f.device) {
		return Device{}, telephony.NotFoundf("device")
	}
	f.device.Certified = true
	return f.device, nil
}

func (f *fake) BySiteToken(_ context.Context, hash string, mac telephony.MAC, from netip.Addr) (Device, error) {
	defer f.lock()()
	if err := f.asked(); err != nil {
		return Device{}, err
	}
	if hash != auth.HashToken(siteToken) || mac != f.device.MAC {
		return Device{}, telephony.NotFoundf("device")
	}
	return f.device, nil
}

func (f *fake) ByPIN(_ context.Context, mac telephony.MAC, pin telephony.Secret, from netip.Addr) (Device, error) {
	defer f.lock()()
	f.lookups++
	if mac != f.device.MAC || pin != devicePIN {
		return Device{}, telephony.NotFoundf("device")
	}
	return f.device, nil
}

func (f *fake) WithPIN(context.Context) ([]telephony.MAC, error) {
	defer f.lock()()
	return f.pins, nil
}

func (f *fake) Disputed(_ context.Context, mac telephony.MAC, _ netip.Addr, why string) {
	defer f.lock()()
	f.refused = append(f.refused, string(mac)+": "+worded(why))
}

func (f *fake) HTTPUsed(_ context.Context, d Device) {
	defer f.lock()()
	f.usedHTTP = append(f.usedHTTP, d.HTTP.User)
}

func (f *fake) FirstAccessDone(context.Context, Device) {
	defer f.lock()()
	f.done++
}

// stage is a server over a fake, with a clock and a log of the test's own.
type stage struct {
	*Server
	t     testing.TB
	fake  *fake
	log   *bytes.Buffer
	clock time.Time
}

func newStage(t testing.TB, f *fake, edit ...func(*Config)) *stage {
	t.Helper()
	st := &stage{t: t, fake: f, log: &bytes.Buffer{}, clock: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}
	cfg := Config{
		Registry: drivers.All(), Devices: f, URL: "https://prov.example.net/p/",
		Log: slog.New(slog.NewTextHandler(st.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Now: func() time.Time { return st.clock }, ScanPause: time.Nanosecond,
	}
	for _, e := range edit {
		e(&cfg)
	}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	st.Server = s
	return st
}

const yealinkUA = "Yealink SIP-T46U 108.86.0.20"

type ask struct {
	method, path, from, ua string
	header                 http.Header
	plain                  bool
	w                      http.ResponseWriter
}

func (st *stage) do(a ask) *httptest.ResponseRecorder {
	st.t.Helper()
	if a.method == "" {
		a.method = "GET"
	}
	if a.from == "" {
		a.from = site
	}
	r := httptest.NewRequest(a.method, "https://prov.example.net/x", nil)
	u, err := r.URL.Parse("https://prov.example.net" + a.path)
	if err != nil {
		st.t.Fatal(err)
	}
	r.URL, r.RequestURI = u, a.path
	r.RemoteAddr = netip.AddrPortFrom(netip.MustParseAddr(a.from), 40000).String()
	for k, v := range a.header {
		r.Header[k] = v
	}
	if a.ua != "" {
		r.Header.Set("User-Agent", a.ua)
	}
	rec := httptest.NewRecorder()
	var w http.ResponseWriter = rec
	if a.w != nil {
		w = a.w
	}
	h := st.Handler()
	if a.plain {
		h = st.PlainHandler()
	}
	h.ServeHTTP(w, r)
	return rec
}

// want checks status, and that a refusal has no body.
func (st *stage) want(status int, a ask) string {
	st.t.Helper()
	rec := st.do(a)
	if rec.Code != status {
		st.t.Fatalf("%s %s from %s: status %d, want %d\n%s", a.method, a.path, a.from, rec.Code, status, st.log)
	}
	if status >= 400 && rec.Body.Len() > 0 {
		st.t.Fatalf("%s: a refusal with a body: %q", a.path, rec.Body)
	}
	return rec.Body.String()
}

func own(file string) ask   { return ask{path: "/d/" + ownToken + "/" + file, ua: yealinkUA} }
func first(file string) ask { return ask{path: "/f/" + firstToken + "/" + file, ua: yealinkUA} }
func bare(file string) ask  { return ask{path: "/" + file, ua: yealinkUA} }

func secretIn(body string) string {
	for _, s := range []string{sipSecret, adminWord, ownToken, firstToken} {
		if strings.Contains(body, s) {
			return s
		}
	}
	return ""
}

func only(t *testing.T, vendor string) *provision.Registry {
	t.Helper()
	d, err := drivers.All().Get(vendor)
	if err != nil {
		t.Fatal(err)
	}
	return provision.NewRegistry(d)
}
