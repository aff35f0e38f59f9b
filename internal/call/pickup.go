package call

import (
	"time"

	siplib "github.com/emiago/sipgo/sip"

	"tischlein/internal/telephony"
)

// Picking up gives a call that rings elsewhere to who asks for it (C12). Both have
// sent an INVITE by then, and neither is asked for anything else: each is answered
// with what the other offers. Their call has two Call-IDs from then on.

var (
	nothingRings = verdict{status: 480, phrase: "Nothing Rings", why: "nothing_rings", cause: 31}
	noCodec      = verdict{status: 488, phrase: phrases[488], why: "no_codec", cause: 88}
)

// pick serves the code: what rings at the extension that stands behind it or, where
// none does, of all that rings at the customer what has rung longest; what the
// picker's phone watches comes before all else.
func (c *setup) pick() {
	for {
		of := c.s.ringing(c)
		if of == nil {
			c.s.cfg.Log.Info("there is no call to pick up", "component", "call", "customer", c.plan.CustomerID, "sip_user", c.caller.SIPUser)
			c.refuse(nothingRings)
			return
		}
		if c.take(of) {
			return
		} // else somebody was faster, and it does not ring any more
	}
}

// ringing is the set-up that the code of c means, nil for none.
func (s *Server) ringing(c *setup) (first *setup) {
	watched := map[string]bool{}
	for _, n := range s.subs.byChannel.of(c.plan.ChannelID) {
		watched[n.party.ExtensionID] = n.event == eventDialog || watched[n.party.ExtensionID]
	}
	near := false
	s.setups.each(func(of *setup) {
		of.mu.Lock()
		defer of.mu.Unlock()
		if !of.pickable(c) {
			return
		}
		for _, b := range of.branches {
			if b.final || b.leg.ChannelID == "" || c.plan.Argument != "" && b.leg.Party.Number != c.plan.Argument {
				continue
			}
			if n := watched[b.leg.Party.ExtensionID]; first == nil || n && !near || n == near && of.since.Before(first.since) {
				first, near = of, n
			}
		}
	})
	return first
}

// pickable reports whether somebody else may answer the call. Who calls back after
// an emergency wants that device and no other (C11). c is locked.
func (c *setup) pickable(by *setup) bool {
	return c.seat != nil && !c.told && c.plan.CustomerID == by.plan.CustomerID &&
		(c.caller.ChannelID == "" || c.caller.ChannelID != by.caller.ChannelID) &&
		value(c.r.msg, "Replaces") == "" && !c.urgent()
}

// takeRinging takes over the call that a Replaces header names (RFC 3891), while
// nobody has answered it.
func (c *setup) takeRinging(d *dialog) {
	var of *setup
	c.s.setups.each(func(x *setup) {
		if x.r.callID != d.callID || x.r.fromTag != d.legs[0].Tag {
			return
		}
		x.mu.Lock()
		defer x.mu.Unlock()
		if x.pickable(c) {
			of = x
		}
	})
	if of == nil || !c.take(of) {
		c.refuse(nothingRings)
	}
}

// take answers both who calls in of and c, and stops the ringing. It reports false
// where the call is no longer to be had and c still waits.
func (c *setup) take(of *setup) bool {
	m := c.s.apart(of.r.Flow, c.r.Flow)
	toCaller, toPicker, ok := join(m, of.r, c.r)
	of.mu.Lock()
	defer of.mu.Unlock()
	c.mu.Lock() // always after of's: what picks up does not ring
	defer c.mu.Unlock()
	if of.told || c.told || !ok {
		m.leave()
		if !ok && !of.told {
			c.finish(noCodec)
		}
		return c.told
	}
	d := &dialog{
		s: c.s, key: dialogKey(of.r.callID, of.r.fromTag, c.r.fromTag), callID: of.r.callID, customerID: of.plan.CustomerID,
		seat: of.seat, legs: [2]leg{of.caller, c.caller}, seen: time.Now(), media: m, acks: newAcks(),
	}
	d.legs[1].CallID = c.r.callID
	if !c.s.keep(d) {
		m.leave()
		c.finish(verdict{status: 482, phrase: phrases[482], why: "merged"})
		return true
	}
	of.taken = true
	d.raise(0)
	of.joins(d, 0, of.asSeen(c.caller.Party), c, toCaller)
	c.joins(d, 1, c.asSeen(of.caller.Party), of, toPicker)
	for _, b := range of.branches {
		b.cancel(elsewhere)
	}
	return true
}

// join is what each of two who have made an offer is answered with.
func join(m *media, caller, picker *request) (toCaller, toPicker []byte, ok bool) {
	one, two := sdpOf(caller.msg), sdpOf(picker.msg)
	toCaller, toPicker, ok = cross(one, two)
	if m == nil || !ok {
		return toCaller, toPicker, ok
	}
	_, toPicker, ok = cross(m.offer(caller.cseq, caller.fromTag, "", one), two)
	return m.answer(caller.cseq, caller.fromTag, picker.fromTag, toCaller), toPicker, ok
}

// joins tells a side that it talks to the party of the other set-up. Its 200 is
// ours to repeat, and its ACK goes no further. c is locked.
func (c *setup) joins(d *dialog, side int, party telephony.Party, other *setup, sdp []byte) {
	c.answered, c.told = true, true
	c.seat.became(200, "")
	res := c.r.response(200, "OK", other.r.fromTag)
	host := c.s.front.Advertised(c.r.Flow)
	add(res, "Contact", contact(party, host, c.r.Flow))
	assert(res, party, host)
	for _, name := range []string{"Allow", "Supported"} {
		for _, v := range values(other.r.msg, name) {
			add(res, name, v)
		}
	}
	add(res, "Content-Type", "application/sdp")
	res.SetBody(sdp)
	acked := d.acks.expect(side, c.r.cseq)
	c.tx.respond(res)
	c.s.run(func() {
		if repeat(c.s.ctx, c.tx, res, acked) {
			time.AfterFunc(siplib.T4, c.tx.Terminate)
		} else if c.s.ctx.Err() == nil {
			d.leave(`SIP;cause=408;text="No ACK"`)
		}
	})
}

// leave says goodbye to both sides, unless the call has ended.
func (d *dialog) leave(reason string) {
	d.mu.Lock()
	gone := d.gone
	d.mu.Unlock()
	if gone {
		return
	}
	for i := range d.legs {
		l, other := d.leg(i), d.leg(1-i)
		if f, ok := d.s.way(&l); ok {
			d.s.sayBye(&l, f, other.Tag, d.id(i), reason)
		}
	}
	d.forget()
}
