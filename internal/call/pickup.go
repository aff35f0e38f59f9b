package call

import (
	"time"
)

// Picking up gives a call that rings elsewhere to who asks for it (C12). Both have
// sent an INVITE by then, and neither is asked for anything else: each is answered
// with what the other offers. Where one has offered nothing, the other's offer is
// its answer, and its ACK the other's. Their call has two Call-IDs from then on.

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
		value(c.r.msg, "Replaces") == "" && !c.urgent() && beyond(c.r) == ""
}

// takeRinging takes over the call that a Replaces header names (RFC 3891), while
// nobody has answered it.
func (c *setup) takeRinging(d *dialog) {
	if beyond(c.r) != "" {
		c.refuse(lacking(c.r))
		return
	}
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
	sdp, ok := join(m, of.r, c.r)
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
	session, refresher := timing(of.r.msg, c.r.msg)
	d.raise(session)
	caller := &joint{c: of, d: d, other: c, party: of.asSeen(c.caller.Party), sdp: sdp[0], session: session, refresher: refresher[0]}
	picker := &joint{c: c, d: d, side: 1, other: of, party: c.asSeen(of.caller.Party), sdp: sdp[1], session: session, refresher: refresher[1]}
	connect(caller, picker)
	for _, b := range of.branches {
		b.cancel(elsewhere)
	}
	return true
}
