package call

import (
	"strings"
	"testing"
)

func TestC08_RepetitionsRingNobodyTwiceAndLostAcksAreMadeGood(t *testing.T) {
	h := newHouse()
	h.seat("101", "Erika", "ch-alice")
	h.seat("102", "Bernd", "ch-bob")
	s := start(t, h)
	alice, bob := s.registered("udp", "alice"), s.registered("udp", "bob")
	alice.repeat, bob.repeat = true, true
	a := alice.dial("102", "")
	b := bob.rings()
	b.ringing()
	first := alice.told("INVITE", 180)
	alice.send(a.invite.raw) // the phone has not seen the 180
	if again := alice.told("INVITE", 180); again.raw != first.raw {
		t.Errorf("%s", again.raw)
	}
	bob.quiet("rung twice", func(m msg) bool { return m.status == 0 && m.method == "INVITE" })
	b.answers("")
	ok := alice.told("INVITE", 200)
	b.answers("") // its ACK has not come
	if again := alice.told("INVITE", 200); again.raw != ok.raw {
		t.Errorf("%s", again.raw)
	}
	a.ack(ok)
	bob.asked("ACK")
	b.answers("") // lost again
	alice.told("INVITE", 200)
	alice.send(a.build("ACK", "", ""))
	bob.asked("ACK")
	a.request("BYE", "", "")
	m := bob.asked("BYE")
	b.ok(m)
	alice.told("BYE", 200)
	alice.send(a.build("BYE", "", "")) // the answer was lost
	alice.told("BYE", 200)
}

func TestC08_ARefusalIsRepeatedUntilItsAckAndAckedEachTime(t *testing.T) {
	h := newHouse()
	h.seat("101", "Erika", "ch-alice")
	h.seat("102", "Bernd", "ch-bob")
	s := start(t, h)
	alice, bob := s.registered("udp", "alice"), s.registered("udp", "bob")
	alice.repeat, bob.repeat = true, true
	a := alice.dial("102", "")
	b := bob.rings()
	b.refuses("486 Busy Here")
	b.refuses("486 Busy Here") // our ACK was lost: another comes at once
	m := alice.told("INVITE", 486)
	alice.told("INVITE", 486) // not acknowledged: it comes again
	a.ack(m)
}

func TestC08_ACancelWhileTheHouseThinksLeavesNothingBehind(t *testing.T) {
	h := newHouse()
	h.seat("101", "Erika", "ch-alice")
	h.seat("102", "Bernd", "ch-bob")
	h.gate = make(chan struct{})
	s := start(t, h)
	alice, bob := s.registered("udp", "alice"), s.registered("udp", "bob")
	a := alice.dial("102", "")
	alice.take("100", func(m msg) bool { return m.status == 100 })
	a.cancel("")
	alice.told("CANCEL", 200)
	a.ack(alice.told("INVITE", 487))
	close(h.gate)
	h.see(t, "free and told", func() bool { return !h.busy["ch-alice"] && len(h.ended) == 1 && h.ended[0].Status == 487 })
	bob.quiet("rung after all", func(m msg) bool { return m.status == 0 })
	left := 0
	s.calls.setups.each(func(*setup) { left++ })
	if left != 0 {
		t.Errorf("%d set-ups are left", left)
	}
}

func TestC04_APhoneThatComesBackByAnotherConnectionKeepsItsCall(t *testing.T) {
	h := newHouse()
	h.seat("101", "Erika", "ch-alice")
	h.seat("102", "Bernd", "ch-bob")
	s := start(t, h)
	alice, bob := s.registered("tcp", "alice"), s.registered("udp", "bob")
	a := alice.dial("102", "")
	b := bob.rings()
	b.ringing()
	alice.told("INVITE", 180)
	alice.conn.Close() // while it rings
	<-alice.done
	alice.done = make(chan struct{})
	alice.connect()
	alice.nonce = ""
	alice.register()
	b.answers("")
	a.ack(alice.told("INVITE", 200))
	if ack := bob.asked("ACK"); !strings.Contains(ack.get("to"), parseTag(b.local)) {
		t.Errorf("%s", ack.raw)
	}
	if !s.calls.Busy("alice") {
		t.Error("the call is not known to be up")
	}
	b.request("BYE", "", "")
	a.ok(alice.asked("BYE"))
	bob.told("BYE", 200)
}

func TestP14_ARotatedSecretEndsNoCall(t *testing.T) {
	h := newHouse()
	h.seat("101", "Erika", "ch-alice")
	h.seat("102", "Bernd", "ch-bob")
	s := start(t, h)
	alice, bob := s.registered("udp", "alice"), s.registered("udp", "bob")
	a, b := alice.talksTo(bob, "102")
	if err := s.sip.Drop(t.Context(), "bob", "rotated"); err != nil { // its binding is void, its call is not
		t.Fatal(err)
	}
	a.request("INFO", "", "")
	b.ok(bob.asked("INFO"))
	alice.told("INFO", 200)
	a.hangUp(b)
}
