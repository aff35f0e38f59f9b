package call

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tischlein/internal/telephony"
)

// pair is a caller and two devices of one extension.
func pair(t *testing.T, h *house, set ...func(*Config)) (s *site, alice, desk, home *phone) {
	t.Helper()
	h.seat("101", "Erika Weber", "ch-alice")
	h.seat("102", "Bernd", "ch-desk", "ch-home")
	s = start(t, h, set...)
	return s, s.registered("udp", "alice"), s.registered("udp", "desk"), s.registered("tcp", "home")
}

func TestC08_FirstAnswerWinsAndTheOthersStop(t *testing.T) {
	h := newHouse()
	_, alice, desk, home := pair(t, h)
	a := alice.dial("102", "")
	d, m := desk.rings(), home.rings()
	d.ringing()
	alice.told("INVITE", 180)
	m.ringing()
	alice.told("INVITE", 180)
	m.answers("")
	if c := d.cancelled(); c.get("reason") != `SIP;cause=200;text="Call completed elsewhere"` || c.get("cseq") != "1 CANCEL" || c.headers["via"][0] != d.invite.headers["via"][0] {
		t.Errorf("%s", c.raw)
	}
	a.ack(alice.told("INVITE", 200))
	home.asked("ACK")
	h.see(t, "the desk free and the talking two busy", func() bool { return h.busy["ch-alice"] && h.busy["ch-home"] && !h.busy["ch-desk"] })
	a.hangUp(m)
	h.see(t, "all free", func() bool {
		return !h.busy["ch-alice"] && !h.busy["ch-home"] && len(h.ended) == 1 && h.ended[0].Status == 200
	})
}

func TestC08_CancelOnlyAfterAProvisional(t *testing.T) {
	h := newHouse()
	_, alice, desk, home := pair(t, h)
	a := alice.dial("102", "")
	d, m := desk.rings(), home.rings()
	m.answers("") // desk has said nothing yet
	a.ack(alice.told("INVITE", 200))
	home.asked("ACK")
	desk.quiet("a CANCEL before a provisional", func(m msg) bool { return m.method == "CANCEL" })
	d.reply(d.invite, "100 Trying", "", "")
	d.cancelled()
	a.hangUp(m)
}

func TestC08_TheCallersCancelStopsAll(t *testing.T) {
	for _, transport := range transports {
		h := newHouse()
		h.seat("101", "Erika", "ch-alice")
		h.seat("102", "Bernd", "ch-desk", "ch-home")
		s := start(t, h)
		alice, desk, home := s.registered(transport, "alice"), s.registered("udp", "desk"), s.registered("tcp", "home")
		a := alice.dial("102", "")
		d, m := desk.rings(), home.rings()
		d.ringing()
		m.ringing()
		alice.told("INVITE", 180)
		alice.told("INVITE", 180)
		a.cancel("Reason: SIP;cause=487;text=\"never mind\"\r\n")
		if ok := alice.told("CANCEL", 200); !strings.Contains(ok.get("to"), ";tag=") {
			t.Errorf("%s", ok.raw)
		}
		a.ack(alice.told("INVITE", 487))
		for _, c := range []msg{d.cancelled(), m.cancelled()} {
			if c.get("reason") != `SIP;cause=487;text="never mind"` {
				t.Errorf("%s", c.raw)
			}
		}
		h.see(t, "all free", func() bool {
			return !h.busy["ch-alice"] && !h.busy["ch-home"] && !h.busy["ch-desk"] && len(h.ended) == 1 && h.ended[0].Status == 487
		})
	}
}

func TestC08_WhoAnswersACancelledCallIsToldGoodbye(t *testing.T) {
	h := newHouse()
	_, alice, desk, home := pair(t, h)
	a := alice.dial("102", "")
	d, m := desk.rings(), home.rings()
	d.ringing()
	alice.told("INVITE", 180)
	a.cancel("")
	a.ack(alice.told("INVITE", 487))
	desk.asked("CANCEL")
	d.answers("")
	desk.asked("ACK")
	bye := desk.asked("BYE")
	if bye.get("from") != d.other || bye.get("to") != d.local || bye.get("cseq") != "2 BYE" {
		t.Errorf("%s", bye.raw)
	}
	d.ok(bye)
	m.refuses("486 Busy Here")
	h.see(t, "all free", func() bool { return !h.busy["ch-desk"] && !h.busy["ch-alice"] })
}

func TestC08_TwoAnswersBothGoUp(t *testing.T) {
	h := newHouse()
	_, alice, desk, home := pair(t, h)
	a := alice.dial("102", "")
	d, m := desk.rings(), home.rings()
	d.answers("")
	one := alice.told("INVITE", 200)
	m.answers("")
	two := alice.told("INVITE", 200)
	if one.tag("to") == two.tag("to") {
		t.Fatal("the same answer twice")
	}
	a.ack(one)
	desk.asked("ACK")
	second := *a
	second.other = a.invite.get("to")
	second.ack(two)
	home.asked("ACK")
	second.hangUp(m) // the caller keeps one of them
	a.hangUp(d)
	h.see(t, "free", func() bool { return !h.busy["ch-alice"] && len(h.ended) == 1 })
}

func TestC08_BestResponse(t *testing.T) {
	for _, c := range []struct {
		list []int
		want int
	}{
		{[]int{486, 404}, 486}, {[]int{480, 486}, 486}, {[]int{408, 486, 487}, 486}, {[]int{503, 408}, 408}, {[]int{503}, 500},
		{[]int{500, 486}, 486}, {[]int{486, 600}, 600}, {[]int{606, 603}, 603}, {[]int{487, 480}, 480}, {[]int{488, 486}, 488},
		{[]int{407}, 403}, {[]int{404, 401}, 403}, {nil, 480}, {[]int{480, 408}, 408 - 0},
	} {
		var list []outcome
		for _, s := range c.list {
			list = append(list, outcome{status: s})
		}
		got := best(list).status
		if c.want == 408 && (got == 480 || got == 408) { // alike: nobody there
			continue
		}
		if got != c.want {
			t.Errorf("%v: %d, want %d", c.list, got, c.want)
		}
	}
}

func TestC08_DeclineOfOneIsBusyUnlessTheCustomerSaysForAll(t *testing.T) {
	h := newHouse()
	_, alice, desk, home := pair(t, h)
	a := alice.dial("102", "")
	d, m := desk.rings(), home.rings()
	d.refuses("603 Decline")
	m.ringing()
	alice.told("INVITE", 180)
	m.refuses("480 Gone")
	a.ack(alice.told("INVITE", 486))

	h.with(func() { h.policy.DeclineAll = true })
	a = alice.dial("102", "")
	d, m = desk.rings(), home.rings()
	m.ringing()
	alice.told("INVITE", 180)
	d.refuses("603 Decline")
	m.cancelled()
	a.ack(alice.told("INVITE", 603))
}

func TestC08_NobodyThereIs480WithAReason(t *testing.T) {
	h := newHouse()
	h.seat("101", "Erika", "ch-alice")
	h.seat("102", "Bernd", "ch-gone")
	s := start(t, h)
	alice := s.registered("udp", "alice")
	a := alice.dial("102", "")
	m := alice.told("INVITE", 480)
	a.ack(m)
	if m.get("reason") != `Q.850;cause=20;text="no_device"` || !strings.Contains(m.get("warning"), "no_device") {
		t.Errorf("%s", m.raw)
	}
	for number, err := range map[string]error{
		"404": telephony.NotFoundf("extension"), "403": telephony.Forbiddenf("logged_out", "Nobody is logged in here"),
		"503": &telephony.Error{Code: telephony.Unavailable, Message: "later"}, "400": telephony.Invalidf("", "x", "y"),
		"480": telephony.Conflictf("x", "y"), "500": fmt.Errorf("secret cause"),
	} {
		h.with(func() { h.errs[number] = err })
		a := alice.dial(number, "")
		m := alice.take("answer", func(m msg) bool { return m.status > 100 && m.method == "INVITE" })
		a.ack(m)
		if fmt.Sprint(m.status) != number || strings.Contains(m.raw, "secret") {
			t.Errorf("%v: %s", err, m.raw)
		}
		if number == "403" && (!strings.Contains(m.get("warning"), "logged_out") || m.first != "SIP/2.0 403 Nobody is logged in here") {
			t.Errorf("%s", m.raw)
		}
	}
}

func TestC08_TimerCEndsRinging(t *testing.T) {
	h := newHouse()
	_, alice, desk, home := pair(t, h, func(c *Config) { c.TimerC = 300 * time.Millisecond })
	a := alice.dial("102", "")
	d, m := desk.rings(), home.rings()
	d.ringing()
	m.refuses("486 Busy Here")
	alice.told("INVITE", 180)
	d.cancelled()
	a.ack(alice.take("408 or 486", func(m msg) bool { return m.status >= 400 }))
	h.see(t, "free", func() bool { return !h.busy["ch-alice"] && !h.busy["ch-desk"] })
}

func TestC08_MergedLoopedAndFarTravelledRequests(t *testing.T) {
	h := newHouse()
	_, alice, desk, _ := pair(t, h)
	a := alice.dial("102", "")
	desk.rings()
	alice.branch++ // the same INVITE by another way
	alice.send(a.build("INVITE", alice.credentials("Proxy-Authorization", "INVITE", a.target), ""))
	alice.told("INVITE", 482)
	c := &talk{p: alice, id: "far", target: "sip:102@h", local: "<sip:x@h>;tag=1", other: "<sip:102@h>"}
	alice.branch++
	c.cseq = 1
	auth := alice.credentials("Proxy-Authorization", "INVITE", c.target)
	alice.send(strings.Replace(c.build("INVITE", auth, ""), "Max-Forwards: 70", "Max-Forwards: 0", 1))
	alice.told("INVITE", 483)
}

func TestC08_ForwardingStaysInsideUnlessAllowedAndTheForwarderPays(t *testing.T) {
	h := newHouse()
	h.seat("101", "Erika", "ch-alice")
	h.seat("102", "Bernd", "ch-bob")
	h.seat("103", "Carla", "ch-carla")
	s := start(t, h)
	alice, bob, carla := s.registered("udp", "alice"), s.registered("udp", "bob"), s.registered("tcp", "carla")
	peer := s.phone("udp", "peer")
	h.with(func() {
		h.plans["0551"] = telephony.CallPlan{Kind: telephony.CallOutside, Number: "+49551", Caller: telephony.Party{Number: "+4930102", Name: "Bernd"},
			Trunk: &telephony.Trunk{ID: "t1", Host: peer.conn.LocalAddr().String()}}
	})
	a := alice.dial("102", "")
	bob.rings().refuse302(bob, "sip:103@"+testRealm)
	c := carla.rings()
	if from := c.invite.get("from"); !strings.HasPrefix(from, `"Erika" <sip:101@`) {
		t.Errorf("%s", c.invite.raw)
	}
	c.answers("")
	m := alice.told("INVITE", 200)
	if !strings.HasPrefix(m.get("p-asserted-identity"), `"Carla" <sip:103@`) {
		t.Errorf("connected identity: %s", m.raw)
	}
	a.ack(m)
	carla.asked("ACK")
	a.hangUp(c)

	a = alice.dial("102", "")
	bob.rings().refuse302(bob, "sip:0551@"+testRealm)
	a.ack(alice.told("INVITE", 480)) // not allowed
	h.with(func() { h.policy.ForwardOutside = true })
	a = alice.dial("102", "")
	bob.rings().refuse302(bob, "sip:0551@"+testRealm)
	o := peer.rings()
	if !strings.HasPrefix(o.invite.get("p-asserted-identity"), `"Bernd" <sip:+4930102@`) || !strings.Contains(o.invite.get("diversion"), "+4930102") {
		t.Errorf("%s", o.invite.raw)
	}
	o.answers("")
	a.ack(alice.told("INVITE", 200))
	peer.asked("ACK")
	a.hangUp(o)
	h.see(t, "the payer's call has ended", func() bool {
		for _, e := range h.ended {
			if e.Plan.ChannelID == "ch-bob" && e.Status == 200 {
				return true
			}
		}
		return false
	})
	// In a circle it ends.
	a = alice.dial("102", "")
	bob.rings().refuse302(bob, "sip:103@"+testRealm)
	carla.rings().refuse302(carla, "sip:102@"+testRealm)
	a.ack(alice.told("INVITE", 480))
}

func (c *talk) refuse302(p *phone, to string) {
	var m = c.invite
	raw := fmt.Sprintf("SIP/2.0 302 Moved\r\nVia: %s\r\nFrom: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %s\r\nContact: <%s>\r\nContent-Length: 0\r\n\r\n",
		m.get("via"), m.get("from"), c.local, m.get("call-id"), m.get("cseq"), to)
	p.send(raw)
	p.asked("ACK")
}
