package call

import (
	"fmt"
	"strings"
	"testing"
	"time"

	siplib "github.com/emiago/sipgo/sip"
)

// rung has alice call bob, who does not answer.
func rung(t *testing.T, extra, body string) (h *house, a, b *talk, carla *phone) {
	t.Helper()
	h = newHouse()
	h.codes()
	_, alice, bob, carla := cubicles(t, h)
	alice.body, carla.body = body, from("192.0.2.33")
	a = alice.dial("102", extra)
	b = bob.rings()
	b.ringing()
	alice.told("INVITE", 180)
	return h, a, b, carla
}

// acks acknowledges with a description.
func (c *talk) acks(m msg, body string) {
	c.p.t.Helper()
	c.p.branch++
	c.settle(m)
	c.p.send(c.build("ACK", "Content-Type: application/sdp\r\n", body))
}

// Whoever of the two has offered nothing is offered what the other has, and its ACK
// is the other's answer (RFC 3261 13.2.1).
func TestC12_WhoOffersNothingIsOfferedTheOthersMedia(t *testing.T) {
	for _, late := range []string{"picker", "caller"} {
		t.Run(late, func(t *testing.T) {
			body := from("192.0.2.11")
			if late == "caller" {
				body = ""
			}
			_, a, b, carla := rung(t, "", body)
			if late == "picker" {
				carla.body = ""
			}
			c := carla.dial("*8", "")
			first, second, has, answer := c, a, "192.0.2.11", "192.0.2.33"
			if late == "caller" {
				first, second, has, answer = a, c, "192.0.2.33", "192.0.2.11"
			}
			m := first.p.told("INVITE", 200)
			hears(t, m, has)
			second.p.quiet("it is answered before it can be", func(m msg) bool { return m.status >= 200 && m.method == "INVITE" })
			first.acks(m, from(answer))
			m = second.p.told("INVITE", 200)
			hears(t, m, answer)
			second.ack(m)
			b.cancelled()
			a.hangUp(c)
		})
	}
}

func TestC13_WhoOffersNothingIsOfferedTheRelay(t *testing.T) {
	h, m := newHouse(), &middle{}
	h.codes()
	_, alice, bob, _ := sites(t, h, m)
	h.seat("103", "Carla", "ch-carla")
	carla := bob.s.at("127.0.0.4", "udp", "carla")
	carla.body = ""
	a := alice.dial("102", "")
	b := bob.rings()
	b.ringing()
	alice.told("INVITE", 180)
	c := carla.dial("*8", "")
	two := carla.told("INVITE", 200)
	hears(t, two, "198.51.100.2") // what the relay made of alice's offer
	c.acks(two, offer)
	one := alice.told("INVITE", 200)
	hears(t, one, "198.51.100.3") // and of the answer to it
	a.ack(one)
	b.cancelled()
	mine, theirs := tagOfTalk(a), tagOfTalk(c)
	m.mu.Lock()
	asked := strings.Join(m.asked, ", ")
	m.mu.Unlock()
	if !strings.HasPrefix(asked, "offer "+mine+", offer "+mine+", answer "+mine+" "+theirs) {
		t.Error(asked)
	}
	c.hangUp(a)
}

func TestC12_WhoOffersNothingAndSaysNothingHasPickedUpNothing(t *testing.T) {
	for _, says := range []string{"an ACK without an answer", "no ACK"} {
		t.Run(says, func(t *testing.T) {
			h, a, b, carla := rung(t, "", from("192.0.2.11"))
			carla.body = ""
			c := carla.dial("*8", "")
			b.cancelled()
			if m := carla.told("INVITE", 200); says != "no ACK" {
				c.ack(m)
			}
			a.ack(a.p.told("INVITE", 488))
			m := carla.asked("BYE")
			if m.get("call-id") != c.id {
				t.Errorf("%s", m.raw)
			}
			c.ok(m)
			a.p.quiet("who was refused is told goodbye", func(m msg) bool { return strings.HasPrefix(m.first, "BYE") })
			h.see(t, "free", func() bool { return !h.busy["ch-alice"] && !h.busy["ch-carla"] && len(h.records) == 0 })
		})
	}
}

func TestC12_TwoWhoOfferNothingHaveNothingToTalkBy(t *testing.T) {
	_, a, b, carla := rung(t, "", "")
	carla.body = ""
	c := carla.dial("*8", "")
	c.ack(carla.told("INVITE", 488))
	b.answers("") // it rings on
	a.acks(a.p.told("INVITE", 200), offer)
	b.p.asked("ACK")
	a.hangUp(b)
}

func TestC12_APickedUpCallHasItsSessionTimer(t *testing.T) {
	h, a, b, carla := rung(t, "Supported: timer\r\nSession-Expires: 1800\r\nMin-SE: 90\r\n", from("192.0.2.11"))
	c := carla.dial("*8", "Supported: timer, 100rel\r\nSession-Expires: 600\r\n")
	one, two := acked(a, c)
	if one.get("session-expires") != "600;refresher=uac" || one.get("require") != "timer" {
		t.Errorf("%s", one.raw)
	}
	if two.get("session-expires") != "600;refresher=uas" || two.get("require") != "" {
		t.Errorf("%s", two.raw)
	}
	b.cancelled()
	h.see(t, "the end of the session is recorded", func() bool {
		for _, r := range h.records {
			return strings.Contains(string(r.State), `"expires"`)
		}
		return false
	})
	a.hangUp(c)
}

func TestC09_TheSessionTimerOfTwoWhoHaveAsked(t *testing.T) {
	for _, c := range []struct {
		one, two string
		session  int
		told     [2]string
	}{
		{one: "", two: ""},
		{one: "Supported: timer", two: "Supported: timer"},
		{one: "Supported: timer|Session-Expires: 1800", two: "", session: 1800, told: [2]string{"uac", ""}},
		{one: "", two: "Supported: timer|Session-Expires: 1800", session: 1800, told: [2]string{"", "uac"}},
		{one: "Supported: timer|Session-Expires: 1800;refresher=uas", two: "Supported: timer", session: 1800, told: [2]string{"uas", "uac"}},
		{one: "Supported: timer", two: "Require: timer|Session-Expires: 1800;refresher=uac", session: 1800, told: [2]string{"uas", "uac"}},
		{one: "Supported: timer|Session-Expires: 1800;refresher=uas", two: ""},
		{one: "Session-Expires: 1800", two: ""},
		{one: "Supported: timer|Session-Expires: 90", two: "Min-SE: 120"},
		{one: "Supported: timer|Session-Expires: nonsense", two: "Supported: timer"},
	} {
		var m [2]*siplib.Request
		for i, lines := range []string{c.one, c.two} {
			m[i] = siplib.NewRequest(siplib.INVITE, siplib.Uri{Host: "h"})
			for l := range strings.SplitSeq(lines, "|") {
				name, v, _ := strings.Cut(l, ": ")
				add(m[i], name, v)
			}
		}
		session, told := timing(m[0], m[1])
		if session != time.Duration(c.session)*time.Second || told != c.told {
			t.Errorf("%q and %q: %v %q", c.one, c.two, session, told)
		}
	}
}

func TestC12_WhatWeCannotServeIsRefusedWhereWeAnswer(t *testing.T) {
	_, a, b, carla := rung(t, "", from("192.0.2.11"))
	for _, to := range []string{"*8", "102"} {
		extra := "Require: precondition, timer\r\nRequire: 100rel\r\n"
		if to == "102" {
			extra += fmt.Sprintf("Replaces: %s;to-tag=%s;from-tag=%s\r\n", a.id, parseTag(b.local), parseTag(a.local))
		}
		c := carla.dial(to, extra)
		m := carla.told("INVITE", 420)
		if m.get("unsupported") != "precondition" {
			t.Errorf("%s", m.raw)
		}
		c.ack(m)
	}
	c := carla.dial("*8", "Require: 100rel\r\n")
	acked(a, c)
	b.cancelled()
	a.hangUp(c)
}

// Where nobody can be meant to refresh, a call is not cut for it.
func TestC09_ASessionTimerThatNobodyKeepsUpIsNone(t *testing.T) {
	for _, c := range []struct {
		asks, answers string
		session       int
	}{
		{"Supported: timer", "Session-Expires: 90;refresher=uac", 90},
		{"Session-Expires: 1800", "Session-Expires: 90; Refresher=UAC ;x=y", 90},
		{"Subject: x", "Session-Expires: 90;refresher=uas", 90},
		{"Subject: x", "Session-Expires: 90;refresher=uac", 0},
		{"Supported: timer", "Session-Expires: 90", 0},
		{"Supported: timer", "Subject: x", 0},
	} {
		ask, answer := siplib.NewRequest(siplib.INVITE, siplib.Uri{Host: "h"}), siplib.NewResponse(200, "OK")
		for m, line := range map[carrier]string{ask: c.asks, answer: c.answers} {
			name, v, _ := strings.Cut(line, ": ")
			add(m, name, v)
		}
		if got := agreed(ask, answer); got != time.Duration(c.session)*time.Second {
			t.Errorf("%q, %q: %v", c.asks, c.answers, got)
		}
	}
}
