package call

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
)

// middle is a relay that writes its own address into what it is given, and what it
// was asked into a list.
type middle struct {
	mu    sync.Mutex
	asked []string
	err   error
	deaf  bool // it never answers
}

func (m *middle) ask(ctx context.Context, what, call, from, to string, sdp []byte) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked = append(m.asked, strings.TrimSpace(what+" "+from+" "+to))
	if m.deaf {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return []byte(strings.ReplaceAll(string(sdp), "IN IP4 192.0.2.1", "IN IP4 198.51.100."+fmt.Sprint(len(m.asked)))), m.err
}

func (m *middle) Offer(ctx context.Context, call, from, to string, sdp []byte) ([]byte, error) {
	return m.ask(ctx, "offer", call, from, to, sdp)
}

func (m *middle) Answer(ctx context.Context, call, from, to string, sdp []byte) ([]byte, error) {
	return m.ask(ctx, "answer", call, from, to, sdp)
}

func (m *middle) Delete(ctx context.Context, call, from string) error {
	_, err := m.ask(ctx, "delete", call, from, "", nil)
	return err
}

func (m *middle) with(f func()) { m.mu.Lock(); defer m.mu.Unlock(); f() }

// wasAsked waits until the relay was asked this, and nothing else.
func (m *middle) wasAsked(t *testing.T, h *house, want ...string) {
	t.Helper()
	h.see(t, strings.Join(want, ", "), func() bool {
		m.mu.Lock()
		defer m.mu.Unlock()
		return len(m.asked) >= len(want)
	})
	m.mu.Lock()
	defer m.mu.Unlock()
	if !slices.Equal(m.asked, want) {
		t.Errorf("asked %q, want %q", m.asked, want)
	}
}

// at is a registered phone with an address of its own.
func (s *site) at(addr, transport, user string) *phone {
	s.t.Helper()
	p := s.away(addr, transport, user)
	p.register()
	return p
}

func (s *site) away(addr, transport, user string) *phone {
	s.t.Helper()
	p := &phone{
		t: s.t, s: s, transport: transport, user: user, secret: "secret", seen: map[string]bool{},
		more: make(chan struct{}, 1), done: make(chan struct{}), regID: "reg-" + user, body: offer,
	}
	d := net.Dialer{LocalAddr: &net.UDPAddr{IP: net.ParseIP(addr)}}
	if transport == "tcp" {
		d.LocalAddr = &net.TCPAddr{IP: net.ParseIP(addr)}
	}
	c, err := d.Dial(transport, s.sip.Addrs()[transport][0])
	if err != nil {
		s.t.Fatal(err)
	}
	p.conn = c
	if transport == "tcp" {
		p.rd = bufio.NewReader(c)
	}
	go p.listen(c, p.rd)
	s.t.Cleanup(func() { p.conn.Close(); <-p.done })
	return p
}

// sites has Erika (101) and Bernd (102) behind different addresses, and Dora (104)
// behind Erika's.
func sites(t *testing.T, h *house, m *middle, set ...func(*Config)) (s *site, alice, bob, dora *phone) {
	t.Helper()
	h.seat("101", "Erika", "ch-alice")
	h.seat("102", "Bernd", "ch-bob")
	h.seat("104", "Dora", "ch-dora")
	s = start(t, h, append([]func(*Config){func(c *Config) { c.Relay = m }}, set...)...)
	return s, s.at("127.0.0.2", "udp", "alice"), s.at("127.0.0.3", "tcp", "bob"), s.at("127.0.0.2", "udp", "dora")
}

func tagOfTalk(c *talk) string { _, tag, _ := strings.Cut(c.local, ";tag="); return tag }

// through fails unless the message bears what the relay made of its n-th question.
func through(t *testing.T, m msg, n int) {
	t.Helper()
	if !strings.Contains(m.body, fmt.Sprintf("c=IN IP4 198.51.100.%d\r\n", n)) || m.get("content-length") != fmt.Sprint(len(m.body)) {
		t.Errorf("not by the relay's answer %d:\n%s", n, m.raw)
	}
}

func TestC13_PhonesBehindOneAddressTalkDirectly(t *testing.T) {
	h, m := newHouse(), &middle{}
	_, alice, _, dora := sites(t, h, m)
	a, b := alice.talksTo(dora, "104")
	if b.invite.body != offer || a.answered.body != offer {
		t.Errorf("changed: %q, %q", b.invite.body, a.answered.body)
	}
	a.hangUp(b)
	m.wasAsked(t, h)
}

func TestC13_TheRelayStandsBetweenPhonesAtDifferentAddresses(t *testing.T) {
	h, m := newHouse(), &middle{}
	_, alice, bob, _ := sites(t, h, m)
	a := alice.dial("102", "")
	b := bob.rings()
	through(t, b.invite, 1)
	x, y := tagOfTalk(a), tagOfTalk(b)
	b.reply(b.invite, "183 Session Progress", "Content-Type: application/sdp\r\n", offer)
	through(t, alice.told("INVITE", 183), 2)
	b.answers("")
	got := alice.told("INVITE", 200)
	through(t, got, 2) // the same answer as before
	a.ack(got)
	bob.asked("ACK")
	want := []string{"offer " + x, "answer " + x + " " + y}

	// Each side offers again, with an answer in the 200; the same words are a new offer.
	for _, c := range []struct{ from, to *talk }{{a, b}, {b, a}} {
		for _, method := range []string{"INVITE", "UPDATE"} {
			from, to := tagOfTalk(c.from), tagOfTalk(c.to)
			c.from.request(method, "Content-Type: application/sdp\r\n", offer)
			q := c.to.p.asked(method)
			want = append(want, "offer "+from+" "+to, "answer "+from+" "+to)
			through(t, q, len(want)-1)
			c.to.reply(q, "200 OK", "Content-Type: application/sdp\r\n", offer)
			through(t, c.from.p.told(method, 200), len(want))
			if method == "INVITE" {
				c.from.p.send(c.from.build("ACK", "", ""))
				c.to.p.asked("ACK")
			}
		}
	}
	// An INVITE without an offer: it comes in the 200, the answer in the ACK.
	a.request("INVITE", "", "")
	q := bob.asked("INVITE")
	b.reply(q, "200 OK", "Content-Type: application/sdp\r\n", offer)
	want = append(want, "offer "+y+" "+x, "answer "+y+" "+x)
	through(t, alice.told("INVITE", 200), len(want)-1)
	a.p.send(a.build("ACK", "Content-Type: application/sdp\r\n", offer))
	through(t, bob.asked("ACK"), len(want))
	// What is no description is none of its business.
	a.request("INFO", "Content-Type: application/dtmf-relay\r\n", "Signal=5\r\n")
	b.ok(bob.asked("INFO"))
	alice.told("INFO", 200)
	a.hangUp(b)
	m.wasAsked(t, h, append(want, "delete "+x)...)
}

func TestC13_AnOfferMayComeWithTheAnswer(t *testing.T) {
	h, m := newHouse(), &middle{}
	_, alice, bob, _ := sites(t, h, m)
	alice.body = ""
	a := alice.dial("102", "Supported: 100rel\r\n")
	b := bob.rings()
	x, y := tagOfTalk(a), tagOfTalk(b)
	b.reply(b.invite, "183 Session Progress", "Require: 100rel\r\nRSeq: 1\r\nContent-Type: application/sdp\r\n", offer)
	got := alice.told("INVITE", 183)
	through(t, got, 1)
	early := *a
	early.settle(got)
	early.request("PRACK", "RAck: 1 1 INVITE\r\nContent-Type: application/sdp\r\n", offer)
	q := bob.asked("PRACK")
	through(t, q, 2)
	b.ok(q)
	alice.told("PRACK", 200)
	a.cancel("")
	a.ack(alice.told("INVITE", 487))
	b.cancelled()
	m.wasAsked(t, h, "offer "+y+" "+x, "answer "+y+" "+x, "delete "+y)
}

func TestC13_EachDeviceThatRingsHasItsOwnWay(t *testing.T) {
	h, m := newHouse(), &middle{}
	s, alice, bob, dora := sites(t, h, m)
	h.with(func() { delete(h.at, "ch-dora") })
	h.seat("102", "Bernd", "ch-dora") // one device here, one there
	a := alice.dial("102", "")
	b, d := bob.rings(), dora.rings()
	if d.invite.body != offer {
		t.Errorf("not directly: %s", d.invite.raw)
	}
	through(t, b.invite, 1)
	b.ringing()
	alice.told("INVITE", 180)
	d.answers("")
	got := alice.told("INVITE", 200)
	if got.body != offer {
		t.Errorf("not directly: %s", got.raw)
	}
	a.ack(got)
	dora.asked("ACK")
	b.cancelled()
	m.wasAsked(t, h, "offer "+tagOfTalk(a), "delete "+tagOfTalk(a))
	if n := s.calls.Direct(); n != 0 {
		t.Errorf("%d went directly for want of the relay", n)
	}
}

func TestC13_WithoutTheRelaysAnswerACallGoesOnDirectly(t *testing.T) {
	for _, silent := range []bool{false, true} {
		h, m := newHouse(), &middle{deaf: silent, err: errors.New("no ports left")}
		s, alice, bob, _ := sites(t, h, m)
		a, b := alice.talksTo(bob, "102")
		if b.invite.body != offer || a.answered.body != offer {
			t.Errorf("silent %v: %q, %q", silent, b.invite.body, a.answered.body)
		}
		a.hangUp(b)
		m.with(func() { m.deaf, m.err = false, nil })
		a, b = alice.talksTo(bob, "102")
		if relayed := b.invite.body != offer; relayed == silent { // a silent one is left alone for a while
			t.Errorf("silent %v: the next call's media is relayed: %v", silent, relayed)
		}
		if n := s.calls.Direct(); n != map[bool]int64{false: 1, true: 2}[silent] {
			t.Errorf("silent %v: counted %d", silent, n)
		}
		if silent {
			s.calls.relaying.again.Store(0)
			a.hangUp(b)
			a, b = alice.talksTo(bob, "102")
			if b.invite.body == offer || s.calls.Direct() != 0 {
				t.Errorf("it is back, and not asked: %s; counted %d", b.invite.raw, s.calls.Direct())
			}
		}
		a.hangUp(b)
	}
}

func TestC13_ARelayedCallOutlivesARestart(t *testing.T) {
	h, m := newHouse(), &middle{}
	s, alice, bob, _ := sites(t, h, m)
	addr := s.sip.Addrs()["udp"][0]
	bob.conn.Close()
	<-bob.done
	reg := bob.reg
	bob = s.away("127.0.0.3", "udp", "bob")
	bob.reg = reg
	bob.register()
	a, b := alice.talksTo(bob, "102")
	x, y := tagOfTalk(a), tagOfTalk(b)
	s.close()
	startAt(t, h, addr, func(c *Config) { c.Relay = m })
	b.request("INVITE", "Content-Type: application/sdp\r\n", offer)
	q := alice.asked("INVITE")
	through(t, q, 3)
	a.reply(q, "200 OK", "Content-Type: application/sdp\r\n", offer)
	through(t, bob.told("INVITE", 200), 4)
	b.p.send(b.build("ACK", "", ""))
	alice.asked("ACK")
	a.hangUp(b)
	m.wasAsked(t, h, "offer "+x, "answer "+x+" "+y, "offer "+y+" "+x, "answer "+y+" "+x, "delete "+x)
}
