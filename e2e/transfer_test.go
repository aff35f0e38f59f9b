package e2e_test

import (
	"testing"

	"tischlein/e2e/clients"
	"tischlein/internal/phonesim"
)

func TestC09_HoldAndResumeInBothDirections(t *testing.T) {
	t.Parallel()
	i := office(t)
	d1, b := i.baresip("Labor", "udp")
	d2, l := i.softphone("Büro")
	d1.sit(i.colleague("101", "Ada Wirt", false))
	d2.sit(i.colleague("102", "Erika Weber", false))
	do(i, b, "dial", "102")
	at := state(i, l, "IncomingReceived")
	i.ok(l.Do(i.within(), "answer "+at.ID))
	event(i, b, "CALL_ESTABLISHED")
	state(i, l, "StreamsRunning")

	do(i, b, "hold", "")
	state(i, l, "PausedByRemote")
	do(i, b, "resume", "")
	state(i, l, "StreamsRunning")

	i.ok(l.Do(i.within(), "call-pause "+at.ID))
	state(i, l, "Paused")
	i.ok(l.Do(i.within(), "call-resume "+at.ID))
	state(i, l, "StreamsRunning")
	do(i, b, "hangup", "")
	state(i, l, "End")

	// The same from and to a virtual phone, which says what it saw.
	d3, p := i.place("Werkstatt", "tls", phonesim.PicksUp)
	d3.sit(i.colleague("103", "Bruno Koch", false))
	c := i.dials(p, "102")
	at = state(i, l, "IncomingReceived")
	i.ok(l.Do(i.within(), "answer "+at.ID))
	i.becomes(c, phonesim.Up)
	i.ok(l.Do(i.within(), "call-pause "+at.ID))
	i.ok(c.Wait(i.within(), func(s phonesim.CallState) bool { return s.OnHold }))
	state(i, l, "Paused")
	i.ok(l.Do(i.within(), "call-resume "+at.ID))
	i.ok(c.Wait(i.within(), func(s phonesim.CallState) bool { return !s.OnHold }))
	state(i, l, "StreamsRunning")
	i.ok(c.Hold())
	state(i, l, "PausedByRemote")
	i.ok(c.Resume())
	state(i, l, "StreamsRunning")
	c.HangUp()
	state(i, l, "End")
}

// trio are three people: at a virtual phone, at a baresip that answers by itself, and at a Linphone.
func (i *installation) trio() (*phonesim.Phone, *clients.Baresip, *clients.Linphone) {
	i.t.Helper()
	_, p := i.caller("101", "Ada Wirt", "tcp")
	d1, b := i.baresip("Labor", "tls", func(a *clients.BaresipAccount) { a.PicksUp = true })
	d2, l := i.softphone("Büro")
	d1.sit(i.colleague("102", "Erika Weber", false))
	d2.sit(i.colleague("103", "Bruno Koch", false))
	return p, b, l
}

func TestC09_BlindTransfer(t *testing.T) {
	t.Parallel()
	i := office(t)
	p, b, l := i.trio()
	t.Run("by Linphone", func(t *testing.T) {
		c := i.dials(p, "103")
		at := state(i, l, "IncomingReceived")
		i.ok(l.Do(i.within(), "answer "+at.ID))
		i.becomes(c, phonesim.Up)
		state(i, l, "StreamsRunning")
		i.ok(l.Do(i.within(), "call-transfer "+at.ID+" sip:102@"+i.App().Realm()))
		if e := event(i, b, "CALL_ESTABLISHED"); e.PeerName != "Ada Wirt" {
			t.Errorf("baresip talks to %+v", e)
		}
		next, err := p.WaitCall(i.within(), func(s phonesim.CallState) bool { return s.Phase == phonesim.Up && s.Name == "Erika Weber" })
		i.ok(err)
		state(i, l, "End", "Released")
		next.HangUp()
		event(i, b, "CALL_CLOSED")
		i.becomes(c, phonesim.Ended)
	})
	t.Run("by baresip", func(t *testing.T) {
		c := i.dials(p, "102")
		i.becomes(c, phonesim.Up)
		event(i, b, "CALL_ESTABLISHED")
		do(i, b, "transfer", "sip:103@"+i.App().Realm())
		at := state(i, l, "IncomingReceived")
		i.ok(l.Do(i.within(), "answer "+at.ID))
		next, err := p.WaitCall(i.within(), func(s phonesim.CallState) bool { return s.Phase == phonesim.Up && s.Name == "Bruno Koch" })
		i.ok(err)
		event(i, b, "CALL_CLOSED")
		next.HangUp()
		state(i, l, "End")
	})
	t.Run("of a baresip, by a virtual phone", func(t *testing.T) {
		do(i, b, "dial", "101")
		c := i.rings(p)
		i.ok(c.Answer())
		event(i, b, "CALL_ESTABLISHED")
		i.ok(c.Transfer("103"))
		at := state(i, l, "IncomingReceived")
		i.ok(l.Do(i.within(), "answer "+at.ID))
		i.becomes(c, phonesim.Ended)
		if s := c.State(); s.Referred != 200 {
			t.Errorf("the transfer ended as %+v", s)
		}
		i.ok(l.Do(i.within(), "terminate "+at.ID))
		state(i, l, "End")
	})
}

func TestC09_AttendedTransfer(t *testing.T) {
	t.Parallel()
	i := office(t)
	_, p := i.caller("101", "Ada Wirt", "udp")
	d1, first := i.softphone("Labor")
	d2, l := i.softphone("Büro")
	d1.sit(i.colleague("102", "Erika Weber", false))
	d2.sit(i.colleague("103", "Bruno Koch", false))

	t.Run("between Linphones", func(t *testing.T) { // 102 called 103, who asks 101 and connects them
		_, err := first.Call(i.within(), "sip:103@"+i.App().Realm())
		i.ok(err)
		one := state(i, l, "IncomingReceived")
		i.ok(l.Do(i.within(), "answer "+one.ID))
		state(i, l, "StreamsRunning")
		two, err := l.Call(i.within(), "sip:101@"+i.App().Realm())
		i.ok(err)
		asked := i.rings(p)
		i.ok(asked.Answer())
		state(i, l, "StreamsRunning")
		i.ok(l.Do(i.within(), "call-transfer "+one.ID+" "+two))
		next, err := p.WaitCall(i.within(), func(s phonesim.CallState) bool { return s.Phase == phonesim.Up && s.Name == "Erika Weber" })
		i.ok(err)
		i.becomes(asked, phonesim.Ended)
		state(i, l, "End", "Released")
		next.HangUp()
		state(i, first, "End")
	})
	t.Run("by a virtual phone", func(t *testing.T) { // 101 called 102 and 103, and connects them
		c := i.dials(p, "102")
		one := state(i, first, "IncomingReceived")
		i.ok(first.Do(i.within(), "answer "+one.ID))
		i.becomes(c, phonesim.Up)
		i.ok(c.Hold())
		second := i.dials(p, "103")
		two := state(i, l, "IncomingReceived")
		i.ok(l.Do(i.within(), "answer "+two.ID))
		i.becomes(second, phonesim.Up)
		state(i, l, "StreamsRunning") // before its ACK is there it answers 491
		i.ok(c.TransferTo(second))
		i.becomes(c, phonesim.Ended)
		i.becomes(second, phonesim.Ended)
		state(i, l, "StreamsRunning") // with 102, who was told to call
		i.ok(l.Do(i.within(), "terminate"))
		state(i, first, "End")
	})
}
