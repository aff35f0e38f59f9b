package server

import (
	"context"
	"testing"

	"tischlein/internal/phonesim"
	"tischlein/internal/telephony"
)

// neighbour is another desk of the same customer.
func (d *desk) neighbour(number, name string, mac telephony.MAC) *desk {
	d.t.Helper()
	n := *d
	ctx, a := d.t.Context(), d.s.App()
	ch, err := a.Channels.Create(ctx, d.actor, telephony.Channel{CustomerID: d.customer.ID, Name: "Büro " + number})
	d.ok(err)
	ext, err := a.Extensions.Create(ctx, d.actor, telephony.Extension{CustomerID: d.customer.ID, Number: number, Name: name}, "")
	d.ok(err)
	cpe, err := a.CPEs.Create(ctx, d.actor, telephony.CPE{CustomerID: d.customer.ID, Driver: d.cpe.Driver, MAC: mac})
	d.ok(err)
	n.channel, n.extension, n.cpe = ch.Channel, ext.Extension, cpe.CPE
	_, err = a.CPEs.Attach(ctx, d.actor, d.customer.ID, n.cpe.ID, n.channel.ID, 0, false)
	d.ok(err)
	return &n
}

func (d *desk) wait(c *phonesim.Call, what string, ok func(phonesim.CallState) bool) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), patience)
	defer cancel()
	if err := c.Wait(ctx, ok); err != nil {
		d.t.Fatalf("%s: %v, the call is %+v", what, err, c.State())
	}
}

// One call through the whole house: planned from the records, under the
// extensions' names, and what changes meanwhile waits for its end.
func TestD04_ACallThroughTheWholeHouseIsNotCutByAChange(t *testing.T) {
	s, _ := start(t, testConfig(t.TempDir()))
	ada := newDesk(t, s, "yealink", "001565123411")
	ben := ada.neighbour("102", "Ben Koch", "001565123412")
	ada.link()
	ben.link()
	a, b := ada.phone(phonesim.Yealink), ben.phone(phonesim.Yealink)
	ada.shows(a, "Ada Wirt")
	ben.shows(b, "Ben Koch")
	b.TakeCalls(phonesim.PicksUp)

	call, err := a.Dial(phonesim.Dialling{Number: "102"})
	ada.ok(err)
	ada.wait(call, "answered", func(c phonesim.CallState) bool { return c.Phase == phonesim.Up })
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	far, err := b.WaitCall(ctx, func(c phonesim.CallState) bool { return c.Phase == phonesim.Up })
	ada.ok(err)
	if c := far.State(); c.Name != "Ada Wirt" || c.Number != "101" {
		t.Errorf("called by %q %q", c.Name, c.Number)
	}
	ben.unlink() // while they talk
	if r := s.sip.Notify(ctx, telephony.Push{SIPUsers: []string{b.State().User}, Event: "check-sync"}); r.Outcome != telephony.PushBusy {
		t.Errorf("a push during the call: %+v", r)
	}
	if c := call.State(); c.Phase != phonesim.Up {
		t.Errorf("the call is %+v", c)
	}
	call.HangUp()
	ben.wait(far, "ended", func(c phonesim.CallState) bool { return c.Phase == phonesim.Ended })
	ben.state(telephony.StateLoggedOut) // at once, not with the next poll
	again, err := a.Dial(phonesim.Dialling{Number: "102"})
	ada.ok(err)
	ada.wait(again, "nobody there", func(c phonesim.CallState) bool { return c.Phase == phonesim.Ended && c.Status == 480 })
	lost, err := b.Dial(phonesim.Dialling{Number: "101"})
	ada.ok(err)
	ada.wait(lost, "a free desk calls nobody", func(c phonesim.CallState) bool { return c.Phase == phonesim.Ended && c.Status == 403 })
}
