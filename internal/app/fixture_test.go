package app_test

import (
	"bytes"
	"context"
	"net/netip"
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

const pin = "4711"

var (
	bg     = context.Background()
	home   = netip.MustParseAddr("203.0.113.7")
	abroad = netip.MustParseAddr("198.51.100.9")
)

// house is an installation with one customer, whose clock the test turns.
type house struct {
	*testing.T
	app      *app.App
	db       *storage.DB
	admin    auth.Actor
	setup    telephony.Secret // the one-time token of the first start
	cust     telephony.Customer
	firmware string // the directory of it
	sip      *registrar
	dev      *devices

	mu  sync.Mutex
	now time.Time
}

// both runs f in a fresh house on each database.
func both(t *testing.T, f func(h *house)) {
	t.Helper()
	storagetest.Each(t, func(t *testing.T, dsn string) { f(open(t, dsn)) })
}

func open(t *testing.T, dsn string) *house {
	t.Helper()
	h := &house{T: t, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), sip: &registrar{bindings: map[string]telephony.Binding{}}, dev: &devices{}, firmware: t.TempDir()}
	h.admin = auth.Actor{Kind: "token", ID: "t", Name: "Ada Admin", Role: auth.OperatorAdmin, Scopes: auth.Scopes, From: netip.MustParseAddr("192.0.2.1")}
	h.db = storagetest.Open(t, dsn, h.clock)
	key, err := auth.NewKey(bytes.Repeat([]byte{7}, 32))
	h.ok(err)
	h.app, h.setup, err = app.Open(bg, app.Config{DB: h.db, Key: key, Drivers: drivers.All(), Now: h.clock, Settings: app.Settings{
		Realm: "test.example", Node: "n1", BaseURL: "https://prov.test.example", Transport: "udp", FirmwareDir: h.firmware, FirmwareMost: 1 << 20,
		SIP:       map[string]telephony.SIPServer{"udp": {Host: "sip.test.example", Port: 5060, Transport: "udp"}},
		Redirects: map[string]string{"yealink": "yealink_rps"},
	}})
	h.ok(err)
	h.app.Wire(app.Ports{Wake: func() {}, Devices: h.dev, Registrar: h.sip})
	t.Cleanup(h.flush)
	h.cust = h.customer("1000")
	return h
}

// flush writes all observations and waits for what runs beside the use cases.
func (h *house) flush() {
	ctx, stop := context.WithCancel(bg)
	stop()
	h.app.Run(ctx)
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *house) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func (h *house) ok(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) refused(err error, code telephony.Code, reason string) {
	h.Helper()
	if err == nil || telephony.CodeOf(err) != code || reason != "" && telephony.ReasonOf(err) != reason {
		h.Fatalf("got %v (%s, %s), want %s, %s", err, telephony.CodeOf(err), telephony.ReasonOf(err), code, reason)
	}
}

// says checks that the refusal names what its reader must know.
func (h *house) says(err error, words ...string) {
	h.Helper()
	for _, w := range words {
		if err == nil || !strings.Contains(err.Error(), w) {
			h.Fatalf("%v does not name %q", err, w)
		}
	}
}

func (h *house) customer(number string) telephony.Customer {
	h.Helper()
	c, err := h.app.Customers.Create(bg, h.admin, telephony.Customer{Number: number, Name: "Firma " + number})
	h.ok(err)
	return c
}

func (h *house) channel(name string) telephony.Channel {
	h.Helper()
	v, err := h.app.Channels.Create(bg, h.admin, telephony.Channel{CustomerID: h.cust.ID, Name: name})
	h.ok(err)
	return v.Channel
}

func (h *house) extension(number string, multi bool) telephony.Extension {
	h.Helper()
	v, err := h.app.Extensions.Create(bg, h.admin, telephony.Extension{CustomerID: h.cust.ID, Number: number, Name: "Person " + number, MultiLogin: multi}, pin)
	h.ok(err)
	return v.Extension
}

func (h *house) cpe(mac string) telephony.CPE {
	h.Helper()
	return h.device(telephony.CPE{Driver: "yealink", Model: "T46U", MAC: telephony.MAC(mac)})
}

func (h *house) device(x telephony.CPE) telephony.CPE {
	h.Helper()
	x.CustomerID = h.cust.ID
	v, err := h.app.CPEs.Create(bg, h.admin, x)
	h.ok(err)
	return v.CPE
}

// desk is a channel with a device; last is the last pair of its MAC.
func (h *house) desk(name, last string) (telephony.Channel, telephony.CPE) {
	h.Helper()
	ch, x := h.channel(name), h.cpe("805ec00000"+last)
	h.attach(x, ch)
	return ch, x
}

func (h *house) attach(x telephony.CPE, ch telephony.Channel) []app.Effect {
	h.Helper()
	done, err := h.app.CPEs.Attach(bg, h.admin, h.cust.ID, x.ID, ch.ID, 0, false)
	h.ok(err)
	return done
}

func (h *house) tryLink(ch telephony.Channel, e telephony.Extension, side telephony.Side, takeOver bool) ([]app.Effect, error) {
	return h.app.Links.Link(bg, h.admin, app.LinkRequest{CustomerID: h.cust.ID, ChannelID: ch.ID, ExtensionID: e.ID, Side: side, TakeOver: takeOver})
}

func (h *house) link(ch telephony.Channel, e telephony.Extension) []app.Effect {
	h.Helper()
	done, err := h.tryLink(ch, e, telephony.FromChannel, false)
	h.ok(err)
	return done
}

func (h *house) unlink(ch telephony.Channel) {
	h.Helper()
	_, err := h.app.Links.Unlink(bg, h.admin, h.cust.ID, ch.ID, false)
	h.ok(err)
}

func (h *house) tryLogin(ch telephony.Channel, e telephony.Extension, p string, takeOver bool) ([]app.Effect, error) {
	return h.app.Logins.Login(bg, h.user(e), app.LoginRequest{CustomerID: h.cust.ID, ChannelID: ch.ID, Number: e.Number, PIN: telephony.Secret(p), TakeOver: takeOver, Path: "api"})
}

func (h *house) login(ch telephony.Channel, e telephony.Extension) {
	h.Helper()
	_, err := h.tryLogin(ch, e, pin, false)
	h.ok(err)
	h.pass(time.Second) // so that one login is older than another
}

func (h *house) view(ch telephony.Channel) app.ChannelView {
	h.Helper()
	v, err := h.app.Channels.Get(bg, h.admin, h.cust.ID, ch.ID)
	h.ok(err)
	return v
}

func (h *house) extView(e telephony.Extension) app.ExtensionView {
	h.Helper()
	v, err := h.app.Extensions.Get(bg, h.admin, h.cust.ID, e.ID)
	h.ok(err)
	return v
}

// at demands who is logged in at a channel, and how; kind "" demands nobody.
func (h *house) at(ch telephony.Channel, e telephony.Extension, kind telephony.LoginKind) {
	h.Helper()
	l := h.view(ch).Login
	switch {
	case kind == "" && l != nil:
		h.Fatalf("%s: %s is logged in (%s), want nobody", ch.Name, l.ExtensionID, l.Kind)
	case kind != "" && (l == nil || l.ExtensionID != e.ID || l.Kind != kind):
		h.Fatalf("%s: login %+v, want %s %s", ch.Name, l, e.Number, kind)
	}
}

func (h *house) state(ch telephony.Channel, want telephony.StateCode) telephony.State {
	h.Helper()
	s := h.view(ch).State
	if s.Code != want {
		h.Fatalf("%s: state %+v, want %s", ch.Name, s, want)
	}
	return s
}

func (h *house) nobody(ch telephony.Channel) { h.Helper(); h.at(ch, telephony.Extension{}, "") }

// registers has the device of a channel show itself by REGISTER.
func (h *house) registers(ch telephony.Channel, from netip.Addr) {
	h.Helper()
	h.ok(h.app.Registrar.Contacted(bg, h.cust.ID, ch.ID, from))
	h.sip.bind(telephony.Binding{ChannelID: ch.ID, CustomerID: h.cust.ID, SIPUser: ch.SIPUser, Source: netip.AddrPortFrom(from, 5060), Registered: h.clock()})
}

func (h *house) fetches(x telephony.CPE, from netip.Addr) {
	h.Helper()
	h.ok(h.app.Devices.Contacted(bg, app.Device{ID: x.ID, CustomerID: x.CustomerID, Driver: x.Driver}, from))
}

func (h *house) sweep() {
	h.Helper()
	for more := true; more; {
		var err error
		more, err = h.app.Jobs.Sweep(bg)
		h.ok(err)
	}
}

func (h *house) listing(on bool) {
	h.Helper()
	_, err := h.app.Customers.Update(bg, h.admin, h.cust.ID, 0, func(c *telephony.Customer) error { c.IPListing = on; return nil })
	h.ok(err)
}

func (h *house) allow(text string) {
	h.Helper()
	_, err := h.app.Customers.Allow(bg, h.admin, h.cust.ID, text, "")
	h.ok(err)
}

func (h *house) audits(q app.AuditQuery) []app.AuditEntry {
	h.Helper()
	l, err := h.app.Audit.List(bg, h.admin, h.cust.ID, q)
	h.ok(err)
	return l.Items
}

// endedFor demands that the audit log says why a login at the channel ended.
func (h *house) endedFor(ch telephony.Channel, why telephony.EndReason) {
	h.Helper()
	for _, a := range h.audits(app.AuditQuery{ObjectID: ch.ID, Action: "logout"}) {
		if a.Outcome == "done" && strings.Contains(a.After, `"`+string(why)+`"`) {
			return
		}
	}
	h.Fatalf("the audit log does not say that the login at %s ended for %s", ch.Name, why)
}

func has(done []app.Effect, kind, channel string) bool {
	for _, e := range done {
		if e.Kind == kind && e.Channel == channel {
			return true
		}
	}
	return false
}
