package call

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tischlein/internal/sip"
	"tischlein/internal/telephony"
)

func TestH04_AFreeDeskTakesOverNoCallByACode(t *testing.T) {
	h := newHouse()
	h.seat("101", "Erika", "ch-alice")
	h.seat("102", "Bernd", "ch-bob")
	h.with(func() {
		h.plans["901"] = telephony.CallPlan{Kind: telephony.CallLogin, Callee: telephony.Party{Number: "901"}}
		h.plans["112"] = telephony.CallPlan{Kind: telephony.CallEmergency, Number: "112"}
	})
	s := start(t, h)
	alice, bob, free := s.registered("udp", "alice"), s.registered("udp", "bob"), s.registered("udp", "free")
	peer := s.phone("udp", "peer")
	h.with(func() {
		p := h.plans["112"]
		p.Trunk = &telephony.Trunk{ID: "t1", Host: peer.conn.LocalAddr().String()}
		h.plans["112"] = p
	})
	a, b := alice.talksTo(bob, "102")
	over := fmt.Sprintf("Replaces: %s;to-tag=%s;from-tag=%s\r\n", a.id, parseTag(b.local), parseTag(a.local))
	f := free.dial("901", over)
	f.ack(free.told("INVITE", 501)) // this server has no voice: it is a code and nothing else
	bob.quiet("its call is taken over", func(m msg) bool { return m.method == "INVITE" && m.status == 0 })

	f = free.dial("112", over) // help is called, whatever else the INVITE says
	o := peer.rings()
	o.refuses("486 Busy Here")
	f.ack(free.told("INVITE", 486))
	bob.quiet("its call is taken over", func(m msg) bool { return m.method == "INVITE" && m.status == 0 })
	a.hangUp(b)
}

func TestD24_ATrunkCallsBackNobodyElsesEmergency(t *testing.T) {
	h := newHouse()
	s, alice, _, peer := office(t, h)
	h.with(func() {
		h.plans["112"] = telephony.CallPlan{Kind: telephony.CallEmergency, Number: "112", Caller: telephony.Party{Number: "+49301"}, Trunk: &telephony.Trunk{ID: "t1", Host: peer.conn.LocalAddr().String()}}
	})
	a := alice.dial("112", "")
	o := peer.rings()
	o.refuses("486 Busy Here")
	a.ack(alice.told("INVITE", 486))
	s.trunk(telephony.Trunk{ID: "t2", CustomerID: "cu-2", Sources: prefix("127.0.0.1/32")})
	back := peer.dial("+49301", "")
	back.ack(peer.told("INVITE", 404))
	alice.quiet("another customer's trunk rings it", func(m msg) bool { return m.method == "INVITE" && m.status == 0 })
}

func TestC08_TwoAnswersBehindOneTrunkAreTwoCalls(t *testing.T) {
	h := newHouse()
	_, alice, _, peer := office(t, h)
	a := alice.dial("0551", "")
	one := peer.rings()
	two := *one
	two.local = two.invite.get("to") + ";tag=second"
	one.answers("")
	first := alice.told("INVITE", 200)
	two.answers("")
	second := alice.told("INVITE", 200)
	if first.tag("to") == second.tag("to") {
		t.Fatal("the same answer twice")
	}
	other := *a
	a.ack(first)
	if m := peer.asked("ACK"); m.tag("to") != parseTag(one.local) {
		t.Errorf("%s", m.raw)
	}
	other.other = other.invite.get("to")
	other.ack(second)
	if m := peer.asked("ACK"); m.tag("to") != "second" {
		t.Errorf("%s", m.raw)
	}
	other.hangUp(&two)
	a.hangUp(one)
	h.see(t, "free, and one call", func() bool { return !h.busy["ch-alice"] && len(h.ended) == 1 })
}

func TestC08_TheGoodbyeToALateAnswerAcknowledgesItsInvite(t *testing.T) {
	h := newHouse()
	_, alice, desk, home := pair(t, h)
	a := alice.dial("102", "Supported: 100rel\r\n")
	d, m := desk.rings(), home.rings()
	d.reply(d.invite, "183 Session Progress", "Require: 100rel\r\nRSeq: 7\r\n", "")
	early := *a
	early.settle(alice.told("INVITE", 183))
	early.request("PRACK", "RAck: 7 1 INVITE\r\n", "")
	d.ok(desk.asked("PRACK"))
	alice.told("PRACK", 200)
	a.cancel("")
	a.ack(alice.told("INVITE", 487))
	desk.asked("CANCEL")
	d.answers("") // it had been picked up already
	invite, _, _ := strings.Cut(d.invite.get("cseq"), " ")
	if ack := desk.asked("ACK"); ack.get("cseq") != invite+" ACK" {
		t.Errorf("%s", ack.raw)
	}
	d.ok(desk.asked("BYE"))
	m.refuses("486 Busy Here")
}

func TestC10_NobodyOutsideMakesAPhoneAnswerByItself(t *testing.T) {
	h := newHouse()
	s, alice, bob, peer := office(t, h)
	const asks = "Alert-Info: <http://h/>;info=alert-autoanswer\r\nCall-Info: <sip:h>;answer-after=0\r\nAnswer-Mode: Auto\r\nPriv-Answer-Mode: Auto\r\n"
	a := alice.dial("102", asks) // an intercom inside is the customer's own affair
	b := bob.rings()
	if b.invite.get("call-info") == "" || b.invite.get("alert-info") == "" {
		t.Errorf("%s", b.invite.raw)
	}
	b.refuses("486 Busy Here")
	a.ack(alice.told("INVITE", 486))
	s.trunk(telephony.Trunk{ID: "t1", Sources: prefix("127.0.0.0/8")})
	a = peer.dial("+4930102", asks)
	b = bob.rings()
	for _, name := range []string{"alert-info", "call-info", "answer-mode", "priv-answer-mode"} {
		if v := b.invite.get(name); v != "" {
			t.Errorf("%s: %s", name, v)
		}
	}
	b.refuses("486 Busy Here")
	a.ack(peer.told("INVITE", 486))
}

func TestC07_NoOtherWayToSayWhoPays(t *testing.T) {
	h := newHouse()
	_, alice, _, peer := office(t, h)
	a := alice.dial("0551", "P-Charge-Info: <sip:+4999@h>\r\nP-Served-User: <sip:+4999@h>\r\nP-Asserted-Identity : <sip:+4999@h>\r\np-preferred-identity: <sip:+4999@h>\r\nX-Own: kept\r\n")
	o := peer.rings()
	if strings.Contains(o.invite.raw, "+4999") || o.invite.get("x-own") != "kept" {
		t.Errorf("%s", o.invite.raw)
	}
	o.refuses("486 Busy Here")
	a.ack(alice.told("INVITE", 486))
}

func TestC14_AFloodOfInvitesOfOneChannelIsHeldInBounds(t *testing.T) {
	h := newHouse()
	h.seat("101", "Erika", "ch-alice")
	h.seat("102", "Bernd", "ch-bob")
	s := start(t, h)
	alice, bob, carla := s.registered("tcp", "alice"), s.registered("tcp", "bob"), s.registered("udp", "carla")
	gate := make(chan struct{})
	let := sync.OnceFunc(func() { h.with(func() { h.gate = nil }); close(gate) })
	defer let()
	h.with(func() { h.gate = gate })
	open := 0
	for range 3 * mostOpen { // nobody acknowledges what is refused
		alice.dial("103", "")
	}
	for range 2 * mostOpen {
		m := alice.take("refusal", func(m msg) bool { return m.method == "INVITE" && m.status > 200 && m.status != 487 })
		if m.status != 503 || m.get("retry-after") == "" {
			t.Fatalf("%s", m.raw)
		}
	}
	s.calls.serving.each(func(*serverTx) { open++ })
	if open != mostOpen {
		t.Errorf("%d transactions are held", open)
	}
	let()
	a := carla.dial("102", "") // who floods stops nobody else
	b := bob.rings()
	b.refuses("486 Busy Here")
	a.ack(carla.told("INVITE", 486))

}

func TestC10_ATrunkOfBothFamiliesIsReachedByTheOneWeSpeak(t *testing.T) {
	h := newHouse()
	s, alice, _, peer := office(t, h)
	at := prefixAddr(peer.conn.LocalAddr().String())
	h.with(func() { h.plans["0551"].Trunk.Host = "sip.example.net" })
	n := &s.calls.trunks.names
	n.mu.Lock()
	n.known = map[string]place{"sip:sip.example.net": {
		at: []netip.AddrPort{netip.MustParseAddrPort("[2001:db8::1]:5060"), at}, until: time.Now().Add(time.Hour),
	}}
	n.mu.Unlock()
	a := alice.dial("0551", "")
	o := peer.rings()
	o.refuses("486 Busy Here")
	a.ack(alice.told("INVITE", 486))
}

func TestH02_OurMediaIsWhereThePhoneReachesIt(t *testing.T) {
	s := start(t, newHouse())
	s.registered("udp", "alice")
	at, ok := s.sip.Route("alice")
	if !ok {
		t.Fatal("no route")
	}
	host, _, _ := net.SplitHostPort(s.sip.Advertised(at.Flow))
	c := &Server{front: named{s.sip}, ctx: t.Context()}
	c.trunks.names.known = map[string]place{"voice.example.net": {
		at: []netip.AddrPort{netip.MustParseAddrPort("[2001:db8::1]:5060"), netip.MustParseAddrPort(host + ":5060")}, until: time.Now().Add(time.Hour),
	}}
	if got := c.mediaPlace(at.Flow).Host.String(); got != host {
		t.Errorf("%s, want %s", got, host)
	}
}

// named is a front that is known by a name.
type named struct{ *sip.Server }

func (named) Advertised(sip.Flow) string { return "voice.example.net:5060" }

// slow is a relay that thinks about each answer until its time is over.
type slow struct{ thinking atomic.Int32 }

func (*slow) Offer(_ context.Context, _, _, _ string, sdp []byte) ([]byte, error) { return sdp, nil }
func (*slow) Delete(context.Context, string, string) error                        { return nil }
func (r *slow) Answer(ctx context.Context, _, _, _ string, sdp []byte) ([]byte, error) {
	r.thinking.Add(1)
	defer r.thinking.Add(-1)
	<-ctx.Done()
	return sdp, nil
}

func TestC13_NobodyWaitsForTheRelayOfAnothersCall(t *testing.T) {
	h, r := newHouse(), &slow{}
	h.seat("101", "Erika", "ch-alice")
	h.seat("102", "Bernd", "ch-bob")
	s := start(t, h, func(c *Config) { c.Relay = r })
	alice, bob := s.at("127.0.0.2", "udp", "alice"), s.at("127.0.0.3", "udp", "bob")
	a := alice.dial("102", "")
	b := bob.rings()
	b.reply(b.invite, "183 Session Progress", "Content-Type: application/sdp\r\n", offer)
	h.see(t, "the relay is asked", func() bool { return r.thinking.Load() > 0 })
	via := b.invite.get("via")
	_, branch, _ := strings.Cut(strings.TrimSuffix(via, ";rport"), ";branch=")
	for i := range 8 { // as a reader of the sockets does it, which has other phones to serve
		raw := fmt.Sprintf("SIP/2.0 18%d Still Ringing\r\nVia: %s\r\nFrom: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %s\r\nContent-Length: 0\r\n\r\n",
			i, via, b.invite.get("from"), b.local, b.id, b.invite.get("cseq"))
		s.calls.Response(sip.Response{Raw: []byte(raw), Branch: branch, Method: "INVITE", Status: 180 + i})
	}
	if r.thinking.Load() == 0 {
		t.Error("the reader has waited for the relay")
	}
	alice.told("INVITE", 183)
	for i := range 8 {
		alice.told("INVITE", 180+i) // none is lost, and their order stays
	}
	a.cancel("")
	a.ack(alice.told("INVITE", 487))
	b.cancelled()
}
