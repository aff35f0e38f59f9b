package e2e_test

import (
	"slices"
	"strings"
	"testing"

	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
)

// A morning in an office, from the first login to the last: a desk phone that shows
// who has it, a baresip at another desk, and a Linphone that calls.
func TestH01_AMorningInAnOffice(t *testing.T) {
	t.Parallel()
	i := office(t)
	i.colleague("101", "Ada Wirt", false)
	bruno := i.colleague("102", "Bruno Koch", false)
	reception := i.desk("Empfang", "yealink", "001565127001")
	p := reception.phone(phonesim.Config{Vendor: phonesim.Yealink, Calls: phonesim.Rings})
	reception.shows(p, "Freier Platz", "Empfang", reception.channel.Desk)
	lab, b := i.baresip("Labor", "tls")
	far, l := i.softphone("Büro")
	far.sit(i.colleague("103", "Carla Berg", false))

	// Ada comes in and logs in by the code; the phone shows her.
	c := i.dials(p, "901*101*"+pin)
	i.becomes(c, phonesim.Ended)
	i.says(c.Heard(), "logged_in")
	reception.shows(p, "Ada Wirt")
	reception.state(telephony.StateLoggedIn)

	// She is called.
	_, err := l.Call(i.within(), "sip:101@"+i.App().Realm())
	i.ok(err)
	c = i.rings(p)
	if s := c.State(); s.Name != "Carla Berg" || s.Number != "103" {
		t.Errorf("the phone shows %+v", s)
	}
	i.ok(c.Answer())
	state(i, l, "StreamsRunning")
	c.HangUp()
	state(i, l, "End")

	// She moves to the lab: the code asks, and her old desk is free again.
	do(i, b, "dial", "901*101*"+pin)
	event(i, b, "CALL_ESTABLISHED")
	eventually(i, "the question is not asked", func() bool { return strings.Contains(b.Output(), "incoming rtp for 'audio' established") })
	for done := false; !done; { // a key in the question's first second was meant for something else
		do(i, b, "sndcode", "1")
		ctx, cancel := shortly(i)
		_, err := b.Next(ctx, "CALL_CLOSED")
		cancel()
		done = err == nil
	}
	heard, err := b.Heard(i.within())
	i.ok(err)
	i.says(heard, "logged_in")
	lab.has("101")
	reception.shows(p, "Freier Platz")

	// Bruno finds the reception free, and Ada takes it over from him.
	c = i.dials(p, "901*102*"+pin)
	i.becomes(c, phonesim.Ended)
	reception.shows(p, "Bruno Koch")
	i.confirms(p, "901*101*"+pin, "1")
	reception.shows(p, "Ada Wirt")
	lab.has("")

	// The administrator links Bruno to the reception: Ada is logged off, and the codes refuse.
	reception.link(bruno)
	reception.shows(p, "Bruno Koch")
	for _, code := range []string{"902", "901*101*" + pin} {
		c = i.dials(p, code)
		s := i.becomes(c, phonesim.Ended)
		i.says(c.Heard(), "desk_linked", "goodbye")
		if s.Reason != `SIP;cause=403;text="This device is linked by an administrator"` {
			t.Errorf("%s ended with %q", code, s.Reason)
		}
	}
	reception.has("102")
	if keys := p.Buttons(); slices.ContainsFunc(keys, func(k phonesim.Button) bool { return strings.Contains(k.Label, "meld") }) {
		t.Errorf("a linked phone has the keys %+v", keys)
	}

	// Unlinked, and Bruno logs in elsewhere.
	reception.unlink()
	reception.shows(p, "Freier Platz")
	i.says(dials(i, b, "901*102*"+pin), "logged_in")
	lab.has("102")
	_, err = l.Call(i.within(), "sip:102@"+i.App().Realm())
	i.ok(err)
	if e := event(i, b, "CALL_INCOMING"); e.PeerName != "Carla Berg" {
		t.Errorf("baresip shows %+v", e)
	}
	do(i, b, "accept", "")
	state(i, l, "StreamsRunning")
	do(i, b, "hangup", "")
	state(i, l, "End")

	// All of it is in the log, in its order.
	want := []string{
		"cli login channel done ", "phone login channel done ", // Carla; Ada at the reception
		"phone login channel refused maximum_devices", "phone login channel done ", // to the lab
		"phone login channel done ",                                 // Bruno
		"phone login channel refused ", "phone login channel done ", // Ada takes over
		"cli link channel done ",                                                 // by the administrator
		"phone logout channel refused linked_by_administrator",                   // refused
		"phone login channel refused hotdesking_off", "cli unlink channel done ", // and let go
		"phone login channel done ", // Bruno in the lab
	}
	next := 0
	for _, line := range i.log() {
		if next < len(want) && strings.HasPrefix(line, want[next]) {
			next++
		}
	}
	if next < len(want) {
		t.Errorf("%q is not in the log, behind what was before it:\n%s", want[next], strings.Join(i.log(), "\n"))
	}
}
