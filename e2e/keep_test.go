package e2e_test

import (
	"testing"

	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
)

// D04: what administrators and people do to a login while its phone rings or talks
// cuts nothing, and the phone hears of it when the call is over.
func TestD04_LoginsThatMoveCutNoCall(t *testing.T) {
	t.Parallel()
	i := office(t)
	_, q := i.caller("102", "Erika Weber", "udp")
	ada, bruno := i.colleague("101", "Ada Wirt", false), i.colleague("103", "Bruno Koch", false)
	d := i.desk("Empfang", "yealink", "001565126001")
	p := d.phone(phonesim.Config{Vendor: phonesim.Yealink, Calls: phonesim.Rings})
	d.shows(p, "Freier Platz")
	d.link(ada)
	d.shows(p, "Ada Wirt")
	d.state(telephony.StateLoggedIn)

	for _, move := range []struct {
		name  string
		do    func()
		shows string
	}{
		{"unlinked", d.unlink, "Freier Platz"},
		{"logged in", func() { d.sit(ada) }, "Ada Wirt"},
		{"logged off", d.leave, "Freier Platz"},
		{"linked", func() { d.link(bruno) }, "Bruno Koch"},
	} {
		t.Run(move.name+" while talking", func(t *testing.T) {
			var c, far *phonesim.Call
			if d.here() == "" { // nobody there can be called: it calls, as every desk may, the code for logging in
				c = i.dials(p, "901")
			} else {
				far = i.dials(q, d.here())
				c = i.rings(p)
				i.ok(c.Answer())
				i.becomes(far, phonesim.Up)
			}
			i.becomes(c, phonesim.Up)
			told := p.State().Notifies
			move.do()
			d.state(telephony.StatePending)
			if far != nil {
				i.ok(far.Speak(tone(600)))
				eventually(i, "the sound has stopped", func() bool { return far.State().Packets > 50 && c.State().Packets > 50 })
				if far.State().Phase != phonesim.Up {
					t.Errorf("cut: %+v", far.State())
				}
			}
			if s := p.State(); c.State().Phase != phonesim.Up || s.Notifies != told || !s.Registered {
				t.Errorf("disturbed: %+v\n%+v", c.State(), s)
			}
			c.HangUp()
			d.shows(p, move.shows)
			if p.State().Notifies == told {
				t.Error("the phone was told by nobody")
			}
			if far != nil {
				i.becomes(far, phonesim.Ended)
			}
		})
	}

	t.Run("unlinked while ringing", func(t *testing.T) {
		d.state(telephony.StateLoggedIn)
		far := i.dials(q, "103")
		c := i.rings(p)
		told := p.State().Notifies
		d.unlink()
		d.state(telephony.StatePending)
		if s := c.State(); s.Phase != phonesim.Incoming || p.State().Notifies != told {
			t.Errorf("disturbed: %+v", s)
		}
		i.ok(c.Answer())
		i.becomes(far, phonesim.Up)
		far.HangUp()
		i.becomes(c, phonesim.Ended)
		d.shows(p, "Freier Platz")
	})
}

// C09: calls outlive a restart of the server; either side hangs up afterwards.
func TestC09_CallsSurviveARestartOfTheServer(t *testing.T) {
	t.Parallel()
	cfg := at("127.9.3.1", officeSettings(t.TempDir()))
	i := installWith(t, cfg)
	_, p := i.caller("101", "Ada Wirt", "udp")
	_, q := i.caller("102", "Erika Weber", "tcp")
	c := i.dials(p, "102")
	far := i.rings(q)
	i.ok(far.Answer())
	i.becomes(c, phonesim.Up)
	i.restart(cfg)
	registers(i, q) // over a new connection
	if c.State().Phase != phonesim.Up || far.State().Phase != phonesim.Up {
		t.Fatalf("cut: %+v %+v", c.State(), far.State())
	}
	i.ok(c.Hold())
	i.ok(far.Wait(i.within(), func(s phonesim.CallState) bool { return s.OnHold }))
	c.HangUp()
	i.becomes(far, phonesim.Ended)
}
