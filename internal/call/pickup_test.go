package call

import (
	"fmt"
	"strings"
	"testing"

	"tischlein/internal/telephony"
)

// codes lets everybody dial *8, alone and with 102 behind it.
func (h *house) codes() {
	h.with(func() {
		for _, whose := range []string{"", "102"} {
			h.plans["*8"+whose] = telephony.CallPlan{Kind: telephony.CallPickup, Callee: telephony.Party{Number: "*8"}, Argument: whose}
		}
	})
}

// from is an offer that can be told from others.
func from(addr string) string { return sdp(addr, "m=audio 4000 RTP/AVP 8 0", "a=sendrecv") }

func hears(t *testing.T, m msg, addr string) {
	t.Helper()
	if !strings.Contains(m.body, "\r\nc=IN IP4 "+addr+"\r\n") || m.get("content-type") != "application/sdp" {
		t.Errorf("does not hear %s: %s", addr, m.raw)
	}
}

// acked acknowledges what both sides of a call that was picked up have got.
func acked(a, c *talk) (alice, carla msg) {
	alice, carla = a.p.told("INVITE", 200), c.p.told("INVITE", 200)
	a.ack(alice)
	c.ack(carla)
	return alice, carla
}

func TestC12_ARingingCallIsPickedUp(t *testing.T) {
	for _, way := range []string{"code with number", "code alone", "Replaces", "Replaces, tags swapped"} {
		t.Run(way, func(t *testing.T) {
			h := newHouse()
			h.codes()
			_, alice, bob, carla := cubicles(t, h)
			alice.body, carla.body = from("192.0.2.11"), from("192.0.2.33")
			w, mine := carla.watches("102", "dialog"), bob.watches("103", "dialog")
			w.sees("")
			mine.sees("")
			a := alice.dial("102", "")
			b := bob.rings()
			b.ringing()
			alice.told("INVITE", 180)
			rings := w.sees("early").Dialogs[0]
			to, extra := "*8102", ""
			switch over := "Replaces: %s;to-tag=%s;from-tag=%s;early-only\r\n"; way {
			case "code alone":
				to = "*8"
			case "Replaces":
				to, extra = "101", fmt.Sprintf(over, rings.CallID, rings.RemoteTag, rings.LocalTag)
			case "Replaces, tags swapped":
				to, extra = "102", fmt.Sprintf(over, rings.CallID, rings.LocalTag, rings.RemoteTag)
			}
			c := carla.dial(to, extra)
			one, two := acked(a, c)
			if p := one.get("p-asserted-identity"); !strings.HasPrefix(p, `"Carla" <sip:103@`) || !strings.HasPrefix(one.get("contact"), "<sip:103@") {
				t.Errorf("alice is told of %s, %s", p, one.get("contact"))
			}
			if p := two.get("p-asserted-identity"); !strings.HasPrefix(p, `"Erika" <sip:101@`) || !strings.HasPrefix(two.get("contact"), "<sip:101@") {
				t.Errorf("carla is told of %s, %s", p, two.get("contact"))
			}
			hears(t, one, "192.0.2.33")
			hears(t, two, "192.0.2.11")
			if m := b.cancelled(); m.get("reason") != elsewhere {
				t.Errorf("%s", m.raw)
			}
			w.sees("terminated")
			if talks := mine.sees("confirmed").Dialogs[0]; talks.CallID != c.id || talks.Remote.Identity.URI != "sip:101@"+testRealm {
				t.Errorf("carla is seen as %+v", talks)
			}
			h.see(t, "both talk", func() bool { return h.busy["ch-alice"] && h.busy["ch-carla"] && !h.busy["ch-bob"] })

			// Hold, and its end from the other side: each knows the call by its own Call-ID.
			a.request("INVITE", "Content-Type: application/sdp\r\n", offer)
			m := carla.asked("INVITE")
			if m.get("call-id") != c.id || m.tag("to") != c.invite.tag("from") || m.tag("from") != a.invite.tag("from") {
				t.Errorf("%s", m.raw)
			}
			c.answersIn(m)
			a.ack(alice.told("INVITE", 200))
			if m := carla.asked("ACK"); m.get("call-id") != c.id || m.get("cseq") != fmt.Sprint(a.cseq, " ACK") {
				t.Errorf("%s", m.raw)
			}
			c.request("BYE", "", "")
			m = alice.asked("BYE")
			if m.get("call-id") != a.id {
				t.Errorf("%s", m.raw)
			}
			a.ok(m)
			carla.told("BYE", 200)
			mine.sees("terminated")
			alice.quiet("an ACK is not its own", func(m msg) bool { return strings.HasPrefix(m.first, "ACK") })
			h.see(t, "both have ended", func() bool {
				return len(h.ended) == 2 && h.ended[0].Status == 200 && h.ended[1].Status == 200 && len(h.records) == 0
			})
		})
	}
}

// answersIn answers a request within a call with a description.
func (c *talk) answersIn(m msg) {
	c.reply(m, "200 OK", "Content-Type: application/sdp\r\n", offer)
}

func TestC12_WithoutAnythingThatRingsThereIsNothingToPickUp(t *testing.T) {
	h := newHouse()
	h.codes()
	s, alice, bob, carla := cubicles(t, h)
	refused := func(p *phone, to string) {
		t.Helper()
		c := p.dial(to, "")
		m := p.told("INVITE", 480)
		if m.get("reason") != `Q.850;cause=31;text="nothing_rings"` || !strings.Contains(m.get("warning"), `"nothing_rings"`) {
			t.Errorf("%s", m.raw)
		}
		c.ack(m)
	}
	refused(carla, "*8")
	a := alice.dial("102", "")
	b := bob.rings()
	b.ringing()
	alice.told("INVITE", 180)
	refused(alice, "*8102") // it is its own call
	mine := &setup{plan: telephony.CallPlan{CustomerID: "cu-1"}}
	if s.calls.ringing(mine) == nil {
		t.Error("the call is not found")
	}
	mine.plan.Argument = "103"
	if s.calls.ringing(mine) != nil {
		t.Error("it rings at 102, not at 103")
	}
	if other := (&setup{plan: telephony.CallPlan{CustomerID: "cu-2"}}); s.calls.ringing(other) != nil { // D24
		t.Error("another customer's call is found")
	}
	b.answers("")
	a.ack(alice.told("INVITE", 200))
	refused(carla, "*8102")
	over := carla.dial("102", fmt.Sprintf("Replaces: %s;to-tag=%s;from-tag=%s;early-only\r\n", a.id, parseTag(a.local), parseTag(b.local)))
	over.ack(carla.told("INVITE", 486)) // RFC 3891 3
	bob.asked("ACK")
	a.hangUp(b)
}

func TestC12_WithoutACommonCodecTheCallRingsOn(t *testing.T) {
	h := newHouse()
	h.codes()
	_, alice, bob, carla := cubicles(t, h)
	a := alice.dial("102", "")
	b := bob.rings()
	b.ringing()
	alice.told("INVITE", 180)
	carla.body = sdp("192.0.2.33", "m=audio 4000 RTP/AVP 18")
	c := carla.dial("*8", "")
	c.ack(carla.told("INVITE", 488))
	b.answers("")
	a.ack(alice.told("INVITE", 200))
	bob.asked("ACK")
	a.hangUp(b)
}

func TestC12_WhatOneWatchesComesBeforeWhatRingsLonger(t *testing.T) {
	h := newHouse()
	h.codes()
	h.seat("104", "Dora", "ch-dora")
	s, alice, bob, carla := cubicles(t, h)
	dora, erik := s.registered("udp", "dora"), s.registered("udp", "erik")
	h.seat("105", "Erik", "ch-erik")
	first := alice.dial("102", "")
	bob.rings().ringing()
	alice.told("INVITE", 180)
	second := carla.dial("104", "")
	dora.rings().ringing()
	carla.told("INVITE", 180)
	w := erik.watches("104", "dialog")
	m, _ := w.notified()
	w.ok(m)
	for _, a := range []*talk{second, first} {
		acked(a, erik.dial("*8", ""))
	}
}

func TestC10_ACallFromOutsideIsPickedUp(t *testing.T) {
	h := newHouse()
	h.codes()
	h.seat("101", "Erika", "ch-alice")
	h.seat("102", "Bernd", "ch-bob")
	s := start(t, h)
	alice, bob, peer := s.registered("udp", "alice"), s.registered("tcp", "bob"), s.away("127.0.0.9", "udp", "peer")
	peer.secret = ""
	trunk := telephony.Trunk{ID: "t1", Sources: prefix("127.0.0.9/32"), Host: peer.conn.LocalAddr().String()}
	s.trunk(trunk)
	h.with(func() {
		h.inbound["t1 +49301"] = telephony.CallPlan{Kind: telephony.CallExtension, Callee: h.at["ch-bob"], Rings: []telephony.Ring{{ChannelID: "ch-bob", SIPUser: "bob"}}}
		h.plans["112"] = telephony.CallPlan{Kind: telephony.CallEmergency, Number: "112", Caller: telephony.Party{Number: "+49301"}, Trunk: &trunk}
	})
	out := peer.dial("+49301", "")
	b := bob.rings()
	b.ringing()
	peer.told("INVITE", 180)
	c := alice.dial("*8", "")
	m, _ := acked(out, c)
	if p := m.get("p-asserted-identity"); !strings.HasPrefix(p, "<sip:+49301@") || strings.Contains(m.raw, "Erika") {
		t.Errorf("outside it is told of %s", m.raw)
	}
	b.cancelled()
	out.hangUp(c)

	// Who calls back after an emergency wants that device and no other (C11).
	help := bob.dial("112", "")
	peer.rings().refuses("486 Busy Here")
	help.ack(bob.told("INVITE", 486))
	peer.dial("+49301", "")
	bob.rings().ringing()
	peer.told("INVITE", 180)
	c = alice.dial("*8", "")
	c.ack(alice.told("INVITE", 480))
}

func TestC12_APickedUpCallOutlivesARestart(t *testing.T) {
	h := newHouse()
	h.codes()
	s, alice, bob, carla := cubicles(t, h)
	addr := s.sip.Addrs()["udp"][0]
	a := alice.dial("102", "")
	bob.rings().ringing()
	alice.told("INVITE", 180)
	c := carla.dial("*8102", "")
	acked(a, c)
	h.see(t, "a record", func() bool { return len(h.records) == 1 })
	s.close()
	startAt(t, h, addr)
	c.hangUp(a)
	h.see(t, "no record", func() bool { return len(h.records) == 0 })
}

func TestC12_WhoDoesNotAcknowledgeHasPickedUpNothing(t *testing.T) {
	h := newHouse()
	h.codes()
	_, alice, bob, carla := cubicles(t, h)
	a := alice.dial("102", "")
	b := bob.rings()
	b.ringing()
	alice.told("INVITE", 180)
	c := carla.dial("*8102", "")
	a.ack(alice.told("INVITE", 200))
	b.cancelled()
	carla.told("INVITE", 200) // and is silent: it is told again and again, and then goodbye
	for _, side := range []*talk{a, c} {
		m := side.p.asked("BYE")
		if m.get("reason") != `SIP;cause=408;text="No ACK"` || m.get("call-id") != side.id {
			t.Errorf("%s", m.raw)
		}
		side.ok(m)
	}
}

func TestC12_ACallThatWasPickedUpIsTransferred(t *testing.T) {
	h := newHouse()
	h.codes()
	h.seat("104", "Dora", "ch-dora")
	s, alice, bob, carla := cubicles(t, h)
	dora := s.registered("udp", "dora")
	a := alice.dial("102", "")
	bob.rings().ringing()
	alice.told("INVITE", 180)
	c := carla.dial("*8102", "")
	acked(a, c)
	// Dora takes Carla's place: who wrote this knows the call by Carla's Call-ID.
	d := dora.dial("101", fmt.Sprintf("Replaces: %s;to-tag=%s;from-tag=%s\r\n", c.id, parseTag(a.local), parseTag(c.local)))
	e := alice.rings()
	if want := fmt.Sprintf("%s;to-tag=%s;from-tag=%s", a.id, parseTag(a.local), parseTag(c.local)); e.invite.get("replaces") != want || e.id != d.id {
		t.Errorf("%s, want %s", e.invite.raw, want)
	}
	e.answers("")
	d.ack(dora.told("INVITE", 200))
	a.hangUp(c)
	d.hangUp(e)
}

func TestC13_ThePickersMediaGoesThroughTheRelay(t *testing.T) {
	h, m := newHouse(), &middle{}
	h.codes()
	_, alice, bob, _ := sites(t, h, m)
	h.seat("103", "Carla", "ch-carla")
	carla := func() *phone { s := bob.s; return s.at("127.0.0.4", "udp", "carla") }()
	a := alice.dial("102", "")
	b := bob.rings()
	b.ringing()
	alice.told("INVITE", 180)
	c := carla.dial("*8", "")
	one, two := acked(a, c)
	b.cancelled()
	hears(t, two, "198.51.100.2") // what the relay made of alice's offer
	hears(t, one, "198.51.100.3") // and of the answer to it
	mine, theirs := tagOfTalk(a), tagOfTalk(c)
	c.hangUp(a)
	h.see(t, "the relay has been told", func() bool {
		m.mu.Lock()
		defer m.mu.Unlock()
		asked := strings.Join(m.asked, ", ")
		return strings.HasPrefix(asked, "offer "+mine+", offer "+mine+", answer "+mine+" "+theirs) && strings.Count(asked, "delete "+mine) == 2
	})
}
