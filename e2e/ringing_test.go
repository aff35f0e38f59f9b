package e2e_test

import (
	"math"
	"strings"
	"testing"

	"tischlein/e2e/clients"
	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
)

// softphone is a new desk with a Linphone, registered and free.
func (i *installation) softphone(name string) (*desk, *clients.Linphone) {
	i.t.Helper()
	d := i.desk(name, "linphone", "")
	l := d.linphone()
	d.registers(l, d.freeName())
	return d, l
}

// caller is a person who sits at a virtual phone.
func (i *installation) caller(number, name, transport string) (*desk, *phonesim.Phone) {
	i.t.Helper()
	d, p := i.place("Platz "+number, transport, phonesim.Rings)
	d.sit(i.colleague(number, name, false))
	return d, p
}

func (i *installation) dials(p *phonesim.Phone, number string) *phonesim.Call {
	i.t.Helper()
	c, err := p.Dial(phonesim.Dialling{Number: number})
	i.ok(err)
	return c
}

// becomes waits for a call's phase.
func (i *installation) becomes(c *phonesim.Call, phase phonesim.Phase) phonesim.CallState {
	i.t.Helper()
	_ = c.Wait(i.within(), func(s phonesim.CallState) bool { return s.Phase == phase || s.Phase == phonesim.Ended })
	s := c.State()
	if s.Phase != phase {
		i.t.Fatalf("the call is %+v and not %s; heard: %q", s, phase, i.spoken(c.Heard()))
	}
	return s
}

// fails waits for the end of a call that did not come to be.
func (i *installation) fails(c *phonesim.Call, want int) phonesim.CallState {
	i.t.Helper()
	s := i.becomes(c, phonesim.Ended)
	if s.Status != want {
		i.t.Errorf("ended as %+v, want %d", s, want)
	}
	return s
}

// rings waits until the virtual phone rings.
func (i *installation) rings(p *phonesim.Phone) *phonesim.Call {
	i.t.Helper()
	c, err := p.WaitCall(i.within(), func(s phonesim.CallState) bool { return s.Phase == phonesim.Incoming })
	i.ok(err)
	return c
}

func tone(hertz int) []int16 {
	out := make([]int16, 8000)
	for n := range out {
		out[n] = int16(8000 * math.Sin(2*math.Pi*float64(hertz*n)/8000))
	}
	return out
}

func event(i *installation, b *clients.Baresip, types ...string) clients.BaresipEvent {
	i.t.Helper()
	e, err := b.Next(i.within(), types...)
	i.ok(err)
	return e
}

func do(i *installation, b *clients.Baresip, command, params string) {
	i.t.Helper()
	_, err := b.Do(i.within(), command, params)
	i.ok(err)
}

func state(i *installation, l *clients.Linphone, states ...string) clients.LinphoneCall {
	i.t.Helper()
	c, err := l.WaitCall(i.within(), states...)
	if err != nil {
		i.t.Fatalf("%v\n%s", err, l.Log())
	}
	return c
}

// twoOfErika are the two devices of one person: baresip over TLS, Linphone over TCP.
func (i *installation) twoOfErika() (*clients.Baresip, *clients.Linphone) {
	i.t.Helper()
	erika := i.colleague("102", "Erika Weber", true)
	d1, b := i.baresip("Labor", "tls", func(a *clients.BaresipAccount) { a.Tone = 440 })
	d2, l := i.softphone("Büro")
	d1.sit(erika)
	d2.sit(erika)
	return b, l
}

func TestH05_C07_BothDevicesRingOneAnswersAndRedialReachesTheCaller(t *testing.T) {
	t.Parallel()
	i := office(t)
	_, p := i.caller("101", "Ada Wirt", "udp")
	b, l := i.twoOfErika()
	c := i.dials(p, "102")
	seen := event(i, b, "CALL_INCOMING")
	if seen.PeerName != "Ada Wirt" || !strings.HasPrefix(seen.PeerURI, "sip:101@") {
		t.Errorf("baresip shows %+v", seen)
	}
	at := state(i, l, "IncomingReceived")
	if !strings.HasPrefix(at.Peer, `"Ada Wirt" <sip:101@`) {
		t.Errorf("Linphone shows %+v", at)
	}
	do(i, b, "accept", "")
	if s := i.becomes(c, phonesim.Up); s.Name != "Erika Weber" || s.Number != "102" {
		t.Errorf("the caller sees %+v", s)
	}
	state(i, l, "End", "Released")
	if !strings.Contains(l.Log(), `Call completed elsewhere`) {
		t.Errorf("Linphone was not told why it stopped")
	}
	i.ok(c.Speak(tone(700)))
	eventually(i, "the caller does not hear baresip", func() bool { return clients.Pitch(c.Heard(), 440) > 0.8 })
	eventually(i, "too little was said", func() bool { return c.State().Packets > 75 })
	c.HangUp()
	event(i, b, "CALL_CLOSED")
	heard, err := b.Heard(i.within())
	i.ok(err)
	if got := clients.Pitch(heard, 700); got < 0.8 {
		t.Errorf("baresip does not hear the caller: %.2f", got)
	}

	do(i, b, "dial", seen.PeerURI) // what its call log keeps
	back := i.rings(p)
	if s := back.State(); s.Name != "Erika Weber" || s.Number != "102" {
		t.Errorf("redial shows %+v", s)
	}
	i.ok(back.Decline(486))
	if e := event(i, b, "CALL_CLOSED"); !strings.HasPrefix(e.Param, "486") {
		t.Errorf("ended with %+v", e)
	}
	_, err = l.Call(i.within(), at.URI())
	i.ok(err)
	state(i, l, "OutgoingRinging")
	i.ok(i.rings(p).Decline(603))
	state(i, l, "Error", "End")
}

func TestC08_CancelDeclineBusyAndNobodyThere(t *testing.T) {
	t.Parallel()
	i := office(t)
	_, p := i.caller("101", "Ada Wirt", "tcp")
	b, l := i.twoOfErika()
	both := func() (*phonesim.Call, string) {
		c := i.dials(p, "102")
		event(i, b, "CALL_INCOMING")
		at := state(i, l, "IncomingReceived")
		i.becomes(c, phonesim.Ringing)
		return c, at.ID
	}
	fails := func(c *phonesim.Call, want int) { t.Helper(); i.fails(c, want) }

	c, _ := both() // cancelled while ringing
	c.HangUp()
	fails(c, 487)
	event(i, b, "CALL_CLOSED")
	state(i, l, "End", "Released")

	c, id := both() // declined at one, the other goes on ringing
	i.ok(l.Do(i.within(), "terminate "+id))
	state(i, l, "End", "Released")
	if c.State().Phase != phonesim.Ringing {
		t.Errorf("declined at one device: %+v", c.State())
	}
	do(i, b, "hangup", "")
	fails(c, 486)

	i.change(func(x *telephony.Customer) { x.DeclineAll = true })
	c, id = both() // for all, where the customer says so
	i.ok(l.Do(i.within(), "terminate "+id))
	fails(c, 603)
	event(i, b, "CALL_CLOSED")

	i.colleague("103", "Bruno Koch", false) // nobody sits there
	fails(i.dials(p, "103"), 480)
	fails(i.dials(p, "104"), 404)

	d, engaged := i.place("Werkstatt", "udp", phonesim.Engaged)
	d.sit(i.colleague("105", "Carla Berg", false))
	fails(i.dials(p, "105"), 486)
	if engaged.State().Invites != 1 {
		t.Errorf("%+v", engaged.State())
	}
}
