package e2e_test

import (
	"strings"
	"testing"

	"tischlein/e2e/clients"
	"tischlein/internal/phonesim"
)

// While a Linphone rings, a baresip takes its call by the code; another baresip
// called. None of the three knows of anything special.
func TestC12_BaresipPicksUpWhatRingsAtALinphone(t *testing.T) {
	t.Parallel()
	i := office(t)
	d1, a := i.baresip("Labor", "udp", func(a *clients.BaresipAccount) { a.Tone = 440 })
	d2, l := i.softphone("Büro")
	d3, c := i.baresip("Empfang", "tls", func(a *clients.BaresipAccount) { a.Tone = 700 })
	d1.sit(i.colleague("101", "Ada Wirt", false))
	d2.sit(i.colleague("102", "Erika Weber", false))
	d3.sit(i.colleague("103", "Bruno Koch", false))

	do(i, c, "dial", "*8102") // nothing rings there
	if e := event(i, c, "CALL_CLOSED"); !strings.HasPrefix(e.Param, "480") {
		t.Errorf("ended with %+v", e)
	}
	do(i, a, "dial", "102")
	state(i, l, "IncomingReceived")
	do(i, c, "dial", "*8102")
	event(i, c, "CALL_ESTABLISHED")
	event(i, a, "CALL_ESTABLISHED")
	state(i, l, "End", "Released")
	if !strings.Contains(l.Log(), `Call completed elsewhere`) {
		t.Error("Linphone was not told why it stopped")
	}
	eventually(i, "too little is said", func() bool { return a.Hearing() > 12000 && c.Hearing() > 12000 })
	do(i, c, "hangup", "")
	event(i, a, "CALL_CLOSED")
	for hertz, b := range map[int]*clients.Baresip{700: a, 440: c} {
		heard, err := b.Heard(i.within())
		i.ok(err)
		if got := clients.Pitch(heard, hertz); got < 0.8 {
			t.Errorf("%d Hz are not heard: %.2f", hertz, got)
		}
	}
}

func TestC07_C12_WhoPicksUpIsSeenAndSeesWhoCalls(t *testing.T) {
	t.Parallel()
	i := office(t)
	_, p := i.caller("101", "Ada Wirt", "tcp")
	d2, b := i.baresip("Labor", "udp")
	d2.sit(i.colleague("102", "Erika Weber", false))
	_, free := i.place("Flur", "udp", phonesim.Rings)
	_, picker := i.caller("103", "Bruno Koch", "udp")

	c := i.dials(p, "102")
	event(i, b, "CALL_INCOMING")
	i.becomes(c, phonesim.Ringing)
	if s := i.fails(i.dials(free, "*8"), 403); !strings.Contains(s.Warning, "desk_free") { // H04
		t.Errorf("at a free desk: %+v", s)
	}
	other := office(t) // D24
	_, stranger := other.caller("103", "Doris Pohl", "udp")
	if s := other.fails(other.dials(stranger, "*8102"), 480); !strings.Contains(s.Warning, "nothing_rings") {
		t.Errorf("another customer's call: %+v", s)
	}
	if c.State().Phase != phonesim.Ringing {
		t.Fatalf("the call is %+v", c.State())
	}
	k := i.dials(picker, "*8")
	if s := i.becomes(k, phonesim.Up); !strings.HasPrefix(s.Asserted, `"Ada Wirt" <sip:101@`) {
		t.Errorf("who picks up sees %+v", s)
	}
	if s := i.becomes(c, phonesim.Up); s.Name != "Bruno Koch" || s.Number != "103" {
		t.Errorf("the caller sees %+v", s)
	}
	event(i, b, "CALL_CLOSED")
	i.ok(k.Speak(tone(440)))
	i.ok(c.Speak(tone(700)))
	eventually(i, "the caller does not hear who picked up", func() bool { return clients.Pitch(c.Heard(), 440) > 0.8 })
	eventually(i, "who picked up does not hear the caller", func() bool { return clients.Pitch(k.Heard(), 700) > 0.8 })
	i.ok(c.Hold())
	i.ok(k.Wait(i.within(), func(s phonesim.CallState) bool { return s.OnHold }))
	i.ok(c.Resume())
	i.ok(k.Wait(i.within(), func(s phonesim.CallState) bool { return !s.OnHold }))
	c.HangUp()
	i.becomes(k, phonesim.Ended)
}
