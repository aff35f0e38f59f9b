package sip

import (
	"context"
	"strings"
	"testing"
	"time"
)

func TestC03_RegisterRefreshRemove(t *testing.T) {
	for _, transport := range everyTransport {
		t.Run(transport, func(t *testing.T) {
			h := newHouse("alice")
			s := start(t, h)
			p := dialPhone(t, s, transport, "alice")
			p.instance = "<urn:uuid:1>"
			m := want(t, p.register(300), 200)
			if c := m.get("contact"); !strings.Contains(c, p.contactURI()) || !strings.Contains(c, "expires=300") || !strings.Contains(c, "urn:uuid:1") {
				t.Errorf("Contact of the 200: %s", c)
			}
			h.see(t, "registered", func() bool { return len(h.registered) == 1 && h.freshes[0] })
			if b := h.stored["ch-alice"]; b.Contact != p.contactURI() || b.CSeq != 2 || b.CallID != p.callID || b.Transport != transport || b.Display != "Desk 12" || b.Node != "node-1" || b.UserAgent != p.agent {
				t.Errorf("stored: %+v", b)
			}
			b, ok := s.Lookup("alice")
			if !ok || b.Source.String() != p.conn.LocalAddr().String() {
				t.Errorf("bound at %v, want %v", b.Source, p.conn.LocalAddr())
			}
			want(t, p.register(300), 200)
			h.see(t, "refreshed", func() bool { return len(h.registered) == 2 && !h.freshes[1] && h.applied == 1 })
			m = want(t, p.register(0), 200)
			if m.get("contact") != "" {
				t.Errorf("a removed binding is listed: %s", m.raw)
			}
			h.see(t, "removed", func() bool { return len(h.gone) == 1 && h.gone[0] == "ch-alice unregistered" && len(h.stored) == 0 })
			if _, ok := s.Lookup("alice"); ok {
				t.Error("still bound")
			}
		})
	}
}

func TestC03_DurableBefore200(t *testing.T) {
	h := newHouse("alice")
	h.gate = make(chan struct{})
	s := start(t, h)
	p := dialPhone(t, s, "udp", "alice")
	p.send(p.request(300, ""))
	p.take(want(t, p.read(), 401))
	p.send(p.request(300, ""))
	eventually(t, "the change is on its way", func() bool {
		sh := s.table.shardOf("alice")
		sh.mu.Lock()
		defer sh.mu.Unlock()
		return sh.users["alice"] != nil && sh.users["alice"].pending != nil
	})
	// While the disk has not answered, OPTIONS is and the REGISTER is not.
	if m := p.options(); !strings.Contains(m.get("cseq"), "OPTIONS") {
		t.Fatalf("answered before the disk: %s", m.raw)
	}
	if _, ok := s.Lookup("alice"); ok {
		t.Error("bound before the disk")
	}
	close(h.gate)
	want(t, p.read(), 200)
}

func TestC03_DiskFailureIs503AndLeavesThingsAsTheyWere(t *testing.T) {
	h := newHouse("alice")
	s := start(t, h)
	p := dialPhone(t, s, "udp", "alice")
	want(t, p.register(300), 200)
	before, _ := s.Lookup("alice")
	h.mu.Lock()
	h.applyErr = errDisk
	h.mu.Unlock()
	moved := dialPhone(t, s, "udp", "alice")
	moved.callID = "other"
	m := want(t, moved.register(300), 503)
	if m.get("retry-after") == "" {
		t.Error("503 without Retry-After")
	}
	if after, _ := s.Lookup("alice"); after.Source != before.Source {
		t.Errorf("moved to %v though nothing was written", after.Source)
	}
	h.mu.Lock()
	h.applyErr = nil
	h.mu.Unlock()
	want(t, moved.register(300), 200)
}

func TestC03_OneDevicePerChannel(t *testing.T) {
	h := newHouse("alice")
	s := start(t, h)
	first := dialPhone(t, s, "udp", "alice")
	first.instance = "<urn:uuid:1>"
	want(t, first.register(300), 200)

	other := dialPhone(t, s, "udp", "alice")
	other.instance, other.callID = "<urn:uuid:2>", "c2"
	want(t, other.register(300), 403)
	h.see(t, "the refusal is shown", func() bool {
		return len(h.refusals) == 1 && h.refusals[0].Reason == RefusedInstance && h.refusals[0].ChannelID == "ch-alice"
	})
	want(t, other.register(0), 403)
	if b, _ := s.Lookup("alice"); b.Instance != "<urn:uuid:1>" {
		t.Errorf("bound: %+v", b)
	}

	again := dialPhone(t, s, "udp", "alice") // the same device after a reboot
	again.instance, again.callID = "<urn:uuid:1>", "c3"
	want(t, again.register(300), 200)
	if b, _ := s.Lookup("alice"); b.Source.String() != again.conn.LocalAddr().String() {
		t.Errorf("bound at %v", b.Source)
	}
	plain := dialPhone(t, s, "tcp", "alice") // a phone that sends none
	plain.callID = "c4"
	want(t, plain.register(300), 200)
	if b, _ := s.Lookup("alice"); b.Transport != "tcp" || b.Instance != "" {
		t.Errorf("bound: %+v", b)
	}
}

func TestC03_OrderOfRegisters(t *testing.T) {
	h := newHouse("alice")
	s := start(t, h)
	p := dialPhone(t, s, "udp", "alice")
	p.cseq = 10
	want(t, p.register(300), 200)
	high := p.cseq
	p.cseq = 3 // overtaken on the way: same Call-ID, lower CSeq
	want(t, p.register(0), 500)
	if _, ok := s.Lookup("alice"); !ok {
		t.Fatal("a stale REGISTER removed the binding")
	}
	p.callID, p.cseq = "after-reboot", 0
	want(t, p.register(300), 200)
	if b, _ := s.Lookup("alice"); b.CallID != "after-reboot" || b.CSeq >= uint32(high) {
		t.Errorf("bound: %+v", b)
	}
}

func TestC03_RetransmissionIsAnsweredAgain(t *testing.T) {
	h := newHouse("alice")
	s := start(t, h)
	p := dialPhone(t, s, "udp", "alice")
	p.send(p.request(300, ""))
	p.take(p.read())
	raw := p.request(300, "")
	p.send(raw)
	first := want(t, p.read(), 200)
	p.send(raw)
	second := want(t, p.read(), 200)
	if first.get("to") != second.get("to") {
		t.Errorf("tags differ: %s, %s", first.get("to"), second.get("to"))
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.applied != 1 || s.Stats().Retransmitted != 1 {
		t.Errorf("applied %d, retransmitted %d", h.applied, s.Stats().Retransmitted)
	}
}

func TestC03_ContactsAndExpires(t *testing.T) {
	h := newHouse("alice")
	s := start(t, h)
	p := dialPhone(t, s, "udp", "alice")
	uri := p.contactURI()
	want(t, p.registerWith(0, "Contact: *\r\nExpires: 0\r\n"), 200) // nothing there: fine
	for _, c := range []struct {
		name, extra string
		status      int
		expires     string
	}{
		{"two devices", "Contact: <" + uri + ">, <sip:alice@192.0.2.9>\r\nExpires: 300\r\n", 403, ""},
		{"two lines", "Contact: <" + uri + ">\r\nContact: <sip:alice@192.0.2.9>\r\n", 403, ""},
		{"star with another", "Contact: *, <" + uri + ">\r\nExpires: 0\r\n", 400, ""},
		{"star that stays", "Contact: *\r\nExpires: 60\r\n", 400, ""},
		{"star without Expires", "Contact: *\r\n", 400, ""},
		{"too brief", "Contact: <" + uri + ">;expires=5\r\nExpires: 300\r\n", 423, ""},
		{"too long", "Contact: <" + uri + ">\r\nExpires: 999999\r\n", 200, "expires=3600"},
		{"default", "Contact: <" + uri + ">\r\n", 200, "expires=3600"},
		{"unreadable counts as default", "Contact: <" + uri + ">\r\nExpires: soon\r\n", 200, "expires=3600"},
		{"the parameter wins", "Contact: <" + uri + ">;expires=120\r\nExpires: 300\r\n", 200, "expires=120"},
		{"old one cleared in passing", "Contact: <sip:alice@192.0.2.9>;expires=0, <" + uri + ">;expires=200\r\n", 200, "expires=200"},
		{"only asking", "Supported: path\r\n", 200, "expires=200"},
		{"no SIP", "Contact: <mailto:alice@example.test>\r\n", 400, ""},
		{"broken", "Contact: <sip:alice@\r\n", 400, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := want(t, p.registerWith(0, c.extra), c.status)
			if !strings.Contains(m.get("contact"), c.expires) {
				t.Errorf("Contact %q, want %s", m.get("contact"), c.expires)
			}
			if c.status == 423 && m.get("min-expires") != "60" {
				t.Errorf("Min-Expires %q", m.get("min-expires"))
			}
		})
	}
	want(t, p.registerWith(0, "Contact: *\r\nExpires: 0\r\n"), 200)
	if _, ok := s.Lookup("alice"); ok {
		t.Error("* did not remove the binding")
	}
}

func TestC03_RefreshWrittenBeforeStoredExpiryLapses(t *testing.T) {
	h := newHouse("alice")
	clk := newClock()
	s := start(t, h, func(c *Config) { c.Now = clk.now })
	p := dialPhone(t, s, "udp", "alice")
	want(t, p.register(300), 200)
	clk.add(100 * time.Second)
	want(t, p.register(300), 200)
	s.sweep(20)
	p.options()
	h.mu.Lock()
	if h.applied != 1 {
		t.Errorf("%d changes written: a refresh was written though the stored one holds", h.applied)
	}
	h.mu.Unlock()
	clk.add(185 * time.Second) // the stored expiry is 15 s off
	s.sweep(20)
	h.see(t, "the refresh is written", func() bool {
		return h.applied == 2 && h.stored["ch-alice"].Expires.Equal(clk.now().Add(115*time.Second))
	})
	clk.add(200 * time.Second)
	s.sweep(20)
	h.see(t, "lapsed", func() bool { return len(h.gone) == 1 && h.gone[0] == "ch-alice expired" && len(h.stored) == 0 })
}

func TestC03_ReachableAfterRestart(t *testing.T) {
	h := newHouse("alice", "bob")
	s := start(t, h)
	udp, tcp := dialPhone(t, s, "udp", "alice"), dialPhone(t, s, "tcp", "bob")
	want(t, udp.register(300), 200)
	want(t, tcp.register(300), 200)
	addr := s.Addrs()["udp"][0]
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = start(t, h, func(c *Config) { c.UDP = []string{addr} })
	eventually(t, "both loaded", func() bool { return s.Stats().Bindings == 2 })
	pushed := push(s, "alice")
	m := udp.read()
	if !strings.HasPrefix(m.first, "NOTIFY ") {
		t.Fatalf("got %s", m.first)
	}
	udp.answer(m, "200 OK", "")
	if r := <-pushed; r.Outcome != "answered" {
		t.Errorf("UDP after restart: %+v", r)
	}
	if r := <-push(s, "bob"); r.Outcome != "unreachable" {
		t.Errorf("TCP after restart: %+v", r)
	}
	tcp2 := dialPhone(t, s, "tcp", "bob")
	tcp2.callID = "again"
	want(t, tcp2.register(300), 200)
	pushed = push(s, "bob")
	tcp2.answer(tcp2.read(), "200 OK", "")
	if r := <-pushed; r.Outcome != "answered" {
		t.Errorf("TCP after it spoke: %+v", r)
	}
}

func TestC03_ShutdownWritesRefreshes(t *testing.T) {
	h := newHouse("alice")
	clk := newClock()
	s := start(t, h, func(c *Config) { c.Now = clk.now })
	p := dialPhone(t, s, "udp", "alice")
	want(t, p.register(300), 200)
	clk.add(100 * time.Second)
	want(t, p.register(300), 200)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := h.stored["ch-alice"].Expires; !got.Equal(clk.now().Add(300 * time.Second)) {
		t.Errorf("stored until %v", got)
	}
}

func TestP14_DropVoidsTheBinding(t *testing.T) {
	h := newHouse("alice")
	s := start(t, h)
	p := dialPhone(t, s, "tcp", "alice")
	want(t, p.register(300), 200)
	h.change("alice", func(c *Credential) { c.HA1 = []HA1{NewHA1("alice", testRealm, "new")} })
	if err := s.Drop(context.Background(), "alice", "detached"); err != nil {
		t.Fatal(err)
	}
	if _, ok := s.Lookup("alice"); ok || len(h.stored) != 0 {
		t.Error("still bound")
	}
	h.see(t, "told", func() bool { return len(h.gone) == 1 && h.gone[0] == "ch-alice detached" })
	if raw, err := p.readRaw(waitFor); err == nil {
		t.Errorf("the connection lives: %q", raw)
	}
	old := dialPhone(t, s, "udp", "alice")
	if m := old.register(300); m.status != 401 {
		t.Errorf("the void secret got %s", m.first)
	}
	old.secret, old.nonce = "new", ""
	want(t, old.register(300), 200)
}
