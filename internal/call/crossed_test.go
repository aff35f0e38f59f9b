package call

import (
	"fmt"
	"strings"
	"testing"
)

const trunkChallenge = `Proxy-Authenticate: Digest realm="peer", nonce="n1", algorithm=MD5, qop="auth"` + "\r\n"

// A trunk that asks who we are while the caller gives up must not be asked to ring
// once more: nobody would stop it.
func TestC08_ACallThatWasTakenBackIsNotProvenToATrunk(t *testing.T) {
	h := newHouse()
	_, alice, _, peer := office(t, h)
	h.with(func() { h.plans["0551"].Trunk.User, h.plans["0551"].Trunk.Secret = "us", "shared" })
	a := alice.dial("0551", "")
	o := peer.rings()
	o.reply(o.invite, "100 Trying", "", "")
	a.cancel("")
	a.ack(alice.told("INVITE", 487))
	o.ok(peer.asked("CANCEL"))
	o.reply(o.invite, "407 Who Are You", trunkChallenge, "")
	peer.asked("ACK")
	h.see(t, "free", func() bool { return !h.busy["ch-alice"] })
	peer.quiet("it is asked once more", func(m msg) bool { return strings.HasPrefix(m.first, "INVITE") })
}

func TestC09_AnOfferThatWasTakenBackInACallIsNotProvenToATrunk(t *testing.T) {
	h := newHouse()
	s, alice, _, peer := office(t, h)
	h.with(func() { h.plans["0551"].Trunk.User, h.plans["0551"].Trunk.Secret = "us", "shared" })
	known := *h.plans["0551"].Trunk
	a, o := alice.talksTo(peer, "0551")
	s.trunk(known)
	a.request("INVITE", "Content-Type: application/sdp\r\n", offer)
	again := peer.asked("INVITE")
	o.reply(again, "100 Trying", "", "")
	a.cancel("")
	alice.told("CANCEL", 200)
	o.ok(peer.asked("CANCEL"))
	o.reply(again, "407 Who Are You", trunkChallenge, "")
	peer.asked("ACK")
	alice.told("INVITE", 487)
	peer.quiet("it is asked once more", func(m msg) bool { return strings.HasPrefix(m.first, "INVITE") })
	a.hangUp(o)
}

// Who is told goodbye by us may ask who we are, like for any other request.
func TestC10_OurOwnGoodbyeIsProvenToATrunk(t *testing.T) {
	h := newHouse()
	s, alice, _, peer := office(t, h)
	h.with(func() { h.plans["0551"].Trunk.User, h.plans["0551"].Trunk.Secret = "us", "shared" })
	known := *h.plans["0551"].Trunk
	a := alice.dial("0551", "")
	o := peer.rings()
	o.ringing()
	alice.told("INVITE", 180)
	s.trunk(known)
	a.cancel("")
	a.ack(alice.told("INVITE", 487))
	peer.asked("CANCEL")
	o.answers("") // it had been picked up already
	peer.asked("ACK")
	bye := peer.asked("BYE")
	o.reply(bye, "407 Who Are You", trunkChallenge, "")
	m := peer.asked("BYE")
	if m.get("cseq") != "3 BYE" || quotedIn(m.get("proxy-authorization"), "username") != "us" || m.get("via") == bye.get("via") {
		t.Errorf("%s", m.raw)
	}
	o.ok(m)
}

// A session that nobody refreshes is over for both: who still believes in it is
// told (RFC 4028 10).
func TestC09_ASessionThatLapsesIsSaidGoodbyeToOnBothSides(t *testing.T) {
	h := newHouse()
	h.seat("101", "Erika", "ch-alice")
	h.seat("102", "Bernd", "ch-bob")
	s := start(t, h)
	alice, bob := s.registered("udp", "alice"), s.registered("udp", "bob")
	a := alice.dial("102", "Supported: timer\r\n")
	b := bob.rings()
	b.answers("Session-Expires: 1;refresher=uac\r\nRequire: timer\r\n")
	a.ack(alice.told("INVITE", 200))
	bob.asked("ACK")
	for _, side := range []*talk{a, b} {
		m := side.p.asked("BYE")
		if m.get("reason") != `SIP;cause=408;text="Session expired"` || m.get("to") != side.local || m.get("from") != side.other {
			t.Errorf("%s", m.raw)
		}
		side.ok(m)
	}
	h.see(t, "free", func() bool { return !h.busy["ch-alice"] && !h.busy["ch-bob"] && len(h.records) == 0 })
}

// Who takes a trunk's call over by Replaces is proven to it like any caller.
func TestC10_TakingATrunksCallOverIsProvenToIt(t *testing.T) {
	h := newHouse()
	s, alice, bob, peer := office(t, h)
	h.with(func() { h.plans["0551"].Trunk.User, h.plans["0551"].Trunk.Secret = "us", "shared" })
	known := *h.plans["0551"].Trunk
	a, o := alice.talksTo(peer, "0551")
	s.trunk(known)
	b := bob.dial("0551", fmt.Sprintf("Replaces: %s;to-tag=%s;from-tag=%s\r\n", a.id, parseTag(o.local), parseTag(a.local)))
	n := peer.rings()
	n.reply(n.invite, "407 Who Are You", trunkChallenge, "")
	peer.asked("ACK")
	n.invite = peer.asked("INVITE")
	if quotedIn(n.invite.get("proxy-authorization"), "username") != "us" || n.invite.get("replaces") == "" {
		t.Errorf("%s", n.invite.raw)
	}
	n.answers("")
	b.ack(bob.told("INVITE", 200))
	peer.asked("ACK")
	o.hangUp(a)
	b.hangUp(n)
}

// A device that rings under ever new names holds no more than a fork has.
func TestC14_EarlyDialogsOfOneDeviceAreBounded(t *testing.T) {
	h := newHouse()
	s, alice, _, peer := office(t, h)
	a := alice.dial("0551", "")
	o := peer.rings()
	for i := range 3 * mostEarly {
		again := *o
		again.local = fmt.Sprintf("%s;tag=early%d", o.invite.get("to"), i)
		again.ringing()
	}
	for range 3 * mostEarly {
		alice.told("INVITE", 180)
	}
	count := 0
	s.calls.dialogs.each(func(*dialog) { count++ })
	if count != mostEarly {
		t.Errorf("%d dialogs", count)
	}
	o.answers("") // and who answers at last is heard
	a.ack(alice.told("INVITE", 200))
	peer.asked("ACK")
	a.hangUp(o)
}
