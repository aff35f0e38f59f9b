package call

import (
	"sync"
	"time"

	siplib "github.com/emiago/sipgo/sip"
)

// mostEarly is how many calls may come of one branch: there are proxies that fork
// behind it, but not to everybody.
const mostEarly = 32

// early makes the half-open call known: PRACK, UPDATE and a transfer belong to it
// already. c is locked.
func (b *branch) early(res *siplib.Response) *dialog {
	tag := tagOf(value(res, "To"))
	d := b.dialogs[tag]
	if tag == "" || d == nil && res.IsProvisional() && len(b.dialogs) >= mostEarly {
		return nil
	}
	if d == nil {
		c := b.c
		far := b.leg
		far.Tag = tag
		d = &dialog{
			s: c.s, key: dialogKey(c.r.callID, c.r.fromTag, tag), callID: c.r.callID, customerID: c.plan.CustomerID,
			seat: c.seat, legs: [2]leg{c.caller, far}, seen: time.Now(),
		}
		if b.seat != nil {
			d.seat = b.seat
		}
		d.media, d.asks = b.media.take(), sdpOf(c.r.msg) == nil
		d.settled = sync.OnceFunc(b.settled)
		if !c.s.dialogs.put(d.key, d) {
			d.media.leave()
			return nil
		}
		b.dialogs[tag] = d
	}
	d.mu.Lock()
	if at := contactURI(value(res, "Contact")); at != "" {
		d.legs[1].Contact = at
	}
	d.legs[1].Routes = routes(res, true)
	d.mu.Unlock()
	return d
}

// accepted is an answered call. The first one wins and the others stop; a second
// one that could not be stopped goes up too (RFC 3261 16.7 step 5). c is locked.
func (b *branch) accepted(res *siplib.Response) {
	c := b.c
	late, reason := c.told && !c.answered, `SIP;cause=487;text="The caller has hung up"`
	if c.taken {
		late, reason = true, elsewhere
	}
	d := b.early(res)
	if d != nil && !late {
		d.raise(agreed(c.r.msg, res))
	}
	if late { // somebody must tell who answers
		if d != nil {
			c.s.hangUp(d, 1, b.leg.Sent, reason)
		}
	} else {
		c.answered, c.told = true, true
		for _, seat := range []*seat{c.seat, b.seat} {
			if seat != nil {
				seat.became(200, "")
			}
		}
		c.tx.respond(c.upward(b, res))
		for _, other := range c.branches {
			if other != b {
				other.cancel(elsewhere)
			}
		}
	}
	b.fail(outcome{})
}

// settled lets both transactions go a while after the ACK. Without it they would
// stay for all the 32 s in which a 2xx may be repeated, a thousand calls a second.
func (b *branch) settled() {
	tx, caller := b.asked.tx, b.c.tx
	time.AfterFunc(siplib.T4, func() {
		tx.Terminate()
		caller.Terminate()
	})
}

// again passes a repeated 2xx on, for its ACK may be on the way or lost. The
// library calls it from a socket's reader with the transaction locked: neither
// may wait for the relay.
func (b *branch) again(res *siplib.Response) {
	c := b.c
	c.s.run(func() {
		b.relayed(res)
		c.mu.Lock()
		defer c.mu.Unlock()
		switch tag := tagOf(value(res, "To")); {
		case tag != "" && b.dialogs[tag] == nil && len(b.dialogs) < 2*mostEarly:
			// Somebody else behind the same peer has answered, too: a call of its own
			// (RFC 3261 13.2.2.4).
			b.accepted(res)
		case c.answered && !c.taken:
			c.tx.respond(c.upward(b, res))
		}
	})
}
