package call

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestC09_EverythingInsideACallPassesInBothDirections(t *testing.T) {
	for _, transport := range transports {
		t.Run(transport, func(t *testing.T) {
			h := newHouse()
			h.seat("101", "Erika", "ch-alice")
			h.seat("102", "Bernd", "ch-bob")
			s := start(t, h)
			alice, bob := s.registered(transport, "alice"), s.registered("udp", "bob")
			a, b := alice.talksTo(bob, "102")
			hold := strings.Replace(offer, "RTP/AVP 8\r\n", "RTP/AVP 8\r\na=sendonly\r\n", 1)
			for _, c := range []struct{ from, to *talk }{{a, b}, {b, a}} {
				c.from.request("INVITE", "Content-Type: application/sdp\r\nSubject: hold\r\n", hold)
				m := c.to.p.asked("INVITE")
				if m.body != hold || m.get("subject") != "hold" || m.uri() != c.to.p.contact() || m.get("from") != c.to.other || m.get("to") != c.to.local || len(m.headers["via"]) != 1 {
					t.Errorf("%s", m.raw)
				}
				if !strings.Contains(m.get("p-asserted-identity"), m.get("from")[strings.Index(m.get("from"), "<"):strings.Index(m.get("from"), "@")]) {
					t.Errorf("identity in %s", m.raw)
				}
				c.to.reply(m, "200 OK", "Content-Type: application/sdp\r\n", offer)
				m = c.from.p.told("INVITE", 200)
				if m.get("from") != c.from.local || m.get("to") != c.from.other {
					t.Errorf("%s", m.raw)
				}
				c.from.p.branch++
				c.from.p.send(c.from.build("ACK", "", ""))
				c.to.p.asked("ACK")
				for _, method := range []string{"UPDATE", "INFO", "MESSAGE", "REFER", "NOTIFY", "PRACK"} {
					c.from.request(method, "Event: refer\r\n", "body of "+method)
					m := c.to.p.asked(method)
					if m.body != "body of "+method || m.get("event") != "refer" {
						t.Errorf("%s", m.raw)
					}
					c.to.ok(m)
					c.from.p.told(method, 200)
				}
			}
			// A re-INVITE that is refused, and one that is taken back.
			b.request("INVITE", "", "")
			a.refusal(alice.asked("INVITE"), "491 Request Pending")
			bob.ackFailed(b, bob.told("INVITE", 491))
			b.request("INVITE", "", "")
			m := alice.asked("INVITE")
			a.reply(m, "180 Ringing", "", "")
			bob.told("INVITE", 180)
			b.cancel("")
			bob.told("CANCEL", 200)
			a.ok(alice.asked("CANCEL"))
			a.refusal(m, "487 Request Terminated")
			bob.ackFailed(b, bob.told("INVITE", 487))
			b.hangUp(a)
			a.request("INFO", "", "") // it is over
			alice.told("INFO", 481)
		})
	}
}

func (c *talk) refusal(m msg, code string) { c.reply(m, code, "", ""); c.p.asked("ACK") }

// ackFailed acknowledges a refused INVITE inside a call.
func (p *phone) ackFailed(c *talk, _ msg) {
	p.send(strings.Replace(c.build("ACK", "", ""), p.via(), c.via, 1))
}

func TestC09_EarlyDialogsCarryPRACK(t *testing.T) {
	h := newHouse()
	_, alice, desk, home := pair(t, h)
	a := alice.dial("102", "Supported: 100rel\r\n")
	d, _ := desk.rings(), home.rings()
	d.reply(d.invite, "183 Session Progress", "Require: 100rel\r\nRSeq: 7\r\nContent-Type: application/sdp\r\n", offer)
	m := alice.told("INVITE", 183)
	if m.get("rseq") != "7" || m.get("require") != "100rel" || m.body != offer {
		t.Fatalf("%s", m.raw)
	}
	early := *a
	early.settle(m)
	early.request("PRACK", "RAck: 7 1 INVITE\r\n", "")
	k := desk.asked("PRACK")
	if k.get("rack") != "7 1 INVITE" || k.get("to") != d.local {
		t.Errorf("%s", k.raw)
	}
	d.ok(k)
	alice.told("PRACK", 200)
	a.cancel("")
	a.ack(alice.told("INVITE", 487))
	d.cancelled()
}

func TestC09_BlindTransfer(t *testing.T) {
	h := newHouse()
	h.seat("101", "Erika", "ch-alice")
	h.seat("102", "Bernd", "ch-bob")
	h.seat("103", "Carla", "ch-carla")
	s := start(t, h)
	alice, bob, carla := s.registered("udp", "alice"), s.registered("tcp", "bob"), s.registered("udp", "carla")
	a, b := alice.talksTo(bob, "102")
	a.request("REFER", "Refer-To: <sip:103@"+testRealm+">\r\nReferred-By: <sip:alice@"+testRealm+">\r\n", "")
	m := bob.asked("REFER")
	if m.get("refer-to") != "<sip:103@"+testRealm+">" || !strings.HasPrefix(m.get("referred-by"), "<sip:101@") {
		t.Errorf("%s", m.raw)
	}
	b.reply(m, "202 Accepted", "", "")
	alice.told("REFER", 202)
	c := bob.dial("103", "")
	d := carla.rings()
	if !strings.HasPrefix(d.invite.get("from"), `"Bernd" <sip:102@`) {
		t.Errorf("%s", d.invite.raw)
	}
	d.answers("")
	c.ack(bob.told("INVITE", 200))
	carla.asked("ACK")
	b.request("NOTIFY", "Event: refer\r\nSubscription-State: terminated\r\nContent-Type: message/sipfrag\r\n", "SIP/2.0 200 OK\r\n")
	n := alice.asked("NOTIFY")
	if n.body != "SIP/2.0 200 OK\r\n" {
		t.Errorf("%s", n.raw)
	}
	a.ok(n)
	bob.told("NOTIFY", 200)
	a.hangUp(b)
	d.hangUp(c)
}

func TestC09_AttendedTransferReachesTheOneDeviceThatHasTheCall(t *testing.T) {
	h := newHouse()
	h.seat("101", "Erika", "ch-alice")
	h.seat("102", "Bernd", "ch-bob")
	h.seat("103", "Carla", "ch-desk", "ch-home")
	s := start(t, h)
	alice, bob := s.registered("udp", "alice"), s.registered("tcp", "bob")
	desk, home := s.registered("udp", "desk"), s.registered("udp", "home")
	a, b := alice.talksTo(bob, "102")
	ask := alice.dial("103", "")
	d, m := desk.rings(), home.rings()
	d.ringing()
	alice.told("INVITE", 180)
	m.answers("")
	d.cancelled()
	ask.ack(alice.told("INVITE", 200))
	home.asked("ACK")
	// Alice tells Bob to take over the call that she has with Carla, as she knows it.
	replaces := fmt.Sprintf("%s;to-tag=%s;from-tag=%s", ask.id, parseTag(ask.other), parseTag(ask.local))
	a.request("REFER", "Refer-To: <"+ask.target+"?Replaces="+url.QueryEscape(replaces)+">\r\n", "")
	r := bob.asked("REFER")
	b.reply(r, "202 Accepted", "", "")
	alice.told("REFER", 202)
	to := strings.Split(strings.TrimPrefix(strings.Split(r.get("refer-to"), "?")[0], "<sip:"), "@")[0]
	c := bob.dial(to, "Replaces: "+replaces+"\r\n")
	n := home.rings()
	if n.invite.get("replaces") != replaces || !strings.HasPrefix(n.invite.get("from"), `"Bernd" <sip:102@`) {
		t.Errorf("%s", n.invite.raw)
	}
	n.answers("")
	ok := bob.told("INVITE", 200)
	if !strings.HasPrefix(ok.get("p-asserted-identity"), `"Carla" <sip:103@`) {
		t.Errorf("%s", ok.raw)
	}
	c.ack(ok)
	home.asked("ACK")
	desk.quiet("the other device of the extension rings", func(m msg) bool { return m.method == "INVITE" && m.status == 0 })
	m.hangUp(ask) // who was replaced hangs up
	a.hangUp(b)
	c.hangUp(n)

	c = bob.dial("103", "Replaces: nothing;to-tag=a;from-tag=b\r\n")
	c.ack(bob.told("INVITE", 481))
	h.see(t, "all free", func() bool { return !h.busy["ch-alice"] && !h.busy["ch-bob"] && !h.busy["ch-home"] })
}

func TestC09_SessionTimersEndACallThatNobodyRefreshes(t *testing.T) {
	h := newHouse()
	h.seat("101", "Erika", "ch-alice")
	h.seat("102", "Bernd", "ch-bob")
	s := start(t, h)
	alice, bob := s.registered("udp", "alice"), s.registered("udp", "bob")
	a := alice.dial("102", "Session-Expires: 90\r\nMin-SE: 90\r\nSupported: timer\r\n")
	b := bob.rings()
	if b.invite.get("session-expires") != "90" || b.invite.get("min-se") != "90" {
		t.Errorf("%s", b.invite.raw)
	}
	b.answers("Session-Expires: 1;refresher=uas\r\nRequire: timer\r\n")
	m := alice.told("INVITE", 200)
	if m.get("session-expires") != "1;refresher=uas" || m.get("require") != "timer" {
		t.Errorf("%s", m.raw)
	}
	a.ack(m)
	bob.asked("ACK")
	b.request("UPDATE", "Session-Expires: 2\r\n", "")
	u := alice.asked("UPDATE")
	a.reply(u, "200 OK", "Session-Expires: 2;refresher=uac\r\n", "")
	bob.told("UPDATE", 200)
	h.see(t, "both free at the end of the session, and the record gone", func() bool {
		return !h.busy["ch-alice"] && !h.busy["ch-bob"] && len(h.told) >= 4 && len(h.records) == 0
	})
	a.request("BYE", "", "")
	alice.told("BYE", 481)
}

func TestC09_ACallCountsAsUpForSoLongAndItsGoodbyeStillPasses(t *testing.T) {
	h := newHouse()
	h.seat("101", "Erika", "ch-alice")
	h.seat("102", "Bernd", "ch-bob")
	s := start(t, h, func(c *Config) { c.Longest = 300 * time.Millisecond })
	alice, bob := s.registered("udp", "alice"), s.registered("udp", "bob")
	a, b := alice.talksTo(bob, "102")
	h.see(t, "free", func() bool { return !h.busy["ch-alice"] && !h.busy["ch-bob"] && len(h.told) >= 4 })
	if s.calls.Busy("alice") {
		t.Error("busy")
	}
	a.hangUp(b)
}

func TestC09_ANewBootOfThePhoneEndsItsCall(t *testing.T) {
	h := newHouse()
	h.seat("101", "Erika", "ch-alice")
	h.seat("102", "Bernd", "ch-bob")
	s := start(t, h)
	alice, bob := s.registered("udp", "alice"), s.registered("udp", "bob")
	a, _ := alice.talksTo(bob, "102")
	alice.register() // a refresh
	if !s.calls.Busy("alice") {
		t.Error("a refresh ended the call")
	}
	booted := s.phone("udp", "bob")
	booted.regID = "reg-after-boot"
	booted.register()
	h.see(t, "free", func() bool { return !h.busy["ch-alice"] && !h.busy["ch-bob"] })
	a.request("BYE", "", "") // Alice hangs up on the silence
	m := booted.asked("BYE")
	booted.send(fmt.Sprintf("SIP/2.0 481 No Such Call\r\nVia: %s\r\nFrom: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %s\r\nContent-Length: 0\r\n\r\n", m.get("via"), m.get("from"), m.get("to"), m.get("call-id"), m.get("cseq")))
	alice.told("BYE", 481)
}

func TestC09_CallsSurviveARestart(t *testing.T) {
	for _, transport := range transports {
		h := newHouse()
		h.seat("101", "Erika", "ch-alice")
		h.seat("102", "Bernd", "ch-bob")
		s := start(t, h)
		addr := s.sip.Addrs()["udp"][0]
		alice, bob := s.registered(transport, "alice"), s.registered("udp", "bob")
		a, b := alice.talksTo(bob, "102")
		h.see(t, "recorded while it is up", func() bool { return len(h.records) == 1 })
		s.close()
		h.with(func() {
			for _, r := range h.records {
				if len(r.ChannelIDs) != 2 || r.CustomerID != "cu-1" {
					t.Errorf("%+v", r)
				}
			}
			h.busy, h.ended = map[string]bool{}, nil
		})
		s = startAt(t, h, addr)
		h.see(t, "busy again", func() bool { return h.busy["ch-alice"] && h.busy["ch-bob"] })
		if transport == "tcp" { // it must speak first: nobody can call it
			alice.t, alice.s = t, s
			alice.conn.Close()
			<-alice.done
			alice.done = make(chan struct{})
			alice.connect()
			alice.nonce = ""
			alice.register()
		}
		b.request("INVITE", "Content-Type: application/sdp\r\n", offer)
		m := alice.asked("INVITE")
		if m.get("from") != a.other || m.get("to") != a.local {
			t.Errorf("%s", m.raw)
		}
		a.reply(m, "200 OK", "Content-Type: application/sdp\r\n", offer)
		b.p.told("INVITE", 200)
		b.p.branch++
		b.p.send(b.build("ACK", "", ""))
		alice.asked("ACK")
		a.hangUp(b)
		h.see(t, "the record is gone", func() bool {
			return len(h.records) == 0 && !h.busy["ch-alice"] && len(h.ended) == 1 && h.ended[0].Plan.ChannelID == "ch-alice"
		})
		s.close()
	}
}

func TestC09_AFailingDiskLosesNoCall(t *testing.T) {
	h := newHouse()
	h.seat("101", "Erika", "ch-alice")
	h.seat("102", "Bernd", "ch-bob")
	h.saveErr = errDisk
	s := start(t, h)
	alice, bob := s.registered("udp", "alice"), s.registered("udp", "bob")
	a, b := alice.talksTo(bob, "102")
	h.with(func() { h.saveErr = nil })
	h.see(t, "recorded after all", func() bool { return len(h.records) == 1 })
	a.hangUp(b)
	h.see(t, "gone", func() bool { return len(h.records) == 0 })
}

func TestD04_LoginsThatMoveCutNoCall(t *testing.T) {
	h := newHouse()
	_, alice, desk, home := pair(t, h)
	a := alice.dial("102", "")
	d, m := desk.rings(), home.rings()
	h.seat("107", "Somebody", "ch-desk") // while it rings
	h.with(func() { delete(h.at, "ch-home"); delete(h.at, "ch-alice") })
	d.ringing()
	alice.told("INVITE", 180)
	m.answers("")
	d.cancelled()
	a.ack(alice.told("INVITE", 200))
	home.asked("ACK")
	if !alice.s.calls.Busy("alice") || !alice.s.calls.Busy("home") || alice.s.calls.Busy("other") {
		t.Error("who is in a call is not known")
	}
	h.seat("108", "Another", "ch-alice", "ch-home") // while they talk
	m.request("INFO", "", "")
	n := alice.asked("INFO")
	if n.get("from") != a.other {
		t.Errorf("%s", n.raw)
	}
	a.ok(n)
	home.told("INFO", 200)
	a.hangUp(m)
	h.see(t, "told at the end", func() bool { return h.told[len(h.told)-1] != "" && !h.busy["ch-alice"] && !h.busy["ch-home"] })
}

func TestC09_RequestsFromElsewhereAreNoPartOfACall(t *testing.T) {
	h := newHouse()
	h.seat("101", "Erika", "ch-alice")
	h.seat("102", "Bernd", "ch-bob")
	s := start(t, h)
	alice, bob := s.registered("udp", "alice"), s.registered("udp", "bob")
	a, b := alice.talksTo(bob, "102")
	d, ok := s.calls.dialogs.get(dialogKey(a.id, parseTag(a.local), parseTag(a.other)))
	if !ok {
		t.Fatal("no call")
	}
	l := d.leg(0)
	if !s.calls.mayCome(&l, l.flow) {
		t.Error("its own flow is refused")
	}
	other, _ := s.sip.To(prefixAddr("192.0.2.7:5060"), "")
	if s.calls.mayCome(&l, other) {
		t.Error("a stranger's address may come")
	}
	b.hangUp(a)
}
