package call

import (
	"errors"
	"time"

	siplib "github.com/emiago/sipgo/sip"

	"tischlein/internal/sip"
	"tischlein/internal/telephony"
)

// branch is the INVITE to one device or trunk. Its fields are guarded by the
// set-up's lock.
type branch struct {
	c       *setup
	leg     leg // without a tag: each answer brings its own
	flow    sip.Flow
	plan    telephony.CallPlan // by which it came to be
	trunk   telephony.Trunk    // to which it goes, if to one
	further []sip.Flow         // where else the trunk is
	proven  bool               // it has asked who we are
	seat    *seat              // of who forwards and pays, if somebody does
	asked   ask
	media   *media // nil: it goes directly
	offer   []byte // what the device is offered instead of the caller's

	final   bool
	dialogs map[string]*dialog // by the tag of who answers
}

// guard is how long a cancelled INVITE may stay without its final answer, and any
// request without one (64 x T1, RFC 3261 9.1).
func guard() time.Duration { return siplib.Timer_B }

// ring sends the call to all devices of a plan at once, or to its trunk (C08).
// pays is the seat of who forwards, nil for the caller's own.
func (c *setup) ring(plan telephony.CallPlan, pays *seat) {
	var todo []*branch
	if plan.Trunk != nil {
		if b := c.toTrunk(plan); b != nil {
			todo = append(todo, b)
			if pays != nil {
				b.seat = pays
				pays.take()
			}
		}
	}
	c.mu.Lock()
	for _, ring := range c.devices(plan) {
		if ring.ChannelID == c.caller.ChannelID || c.rung[ring.SIPUser] {
			continue
		}
		if b := c.toDevice(ring, plan.Callee); b != nil {
			c.rung[ring.SIPUser] = true
			todo = append(todo, b)
		}
	}
	c.open++ // whoever else ends meanwhile is not the last
	c.mu.Unlock()
	for _, b := range todo {
		b.relay()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open--
	c.send(todo)
}

// send starts branches together, so that none ends the call before all ring. c is
// locked.
func (c *setup) send(todo []*branch) {
	c.open += len(todo) + 1
	for _, b := range todo {
		c.branches = append(c.branches, b)
		c.s.busy.enter(b.leg.SIPUser, b.leg.ChannelID, nil)
		if c.told {
			b.fail(outcome{})
			continue
		}
		b.start()
	}
	c.ended(outcome{})
}

func (c *setup) toDevice(ring telephony.Ring, callee telephony.Party) *branch {
	at, ok := c.s.front.Route(ring.SIPUser)
	if !ok {
		return nil
	}
	b := &branch{c: c, flow: at.Flow, plan: c.plan, dialogs: map[string]*dialog{}}
	host := c.s.front.Advertised(at.Flow)
	b.leg = leg{
		ChannelID: ring.ChannelID, SIPUser: ring.SIPUser, Registration: at.CallID, Contact: at.Contact,
		Self: nameAddr(telephony.Party{Number: callee.Number}, host), Peer: shown(c.plan.Caller, host), Party: callee,
	}
	b.leg.over(at.Flow)
	return b
}

// start sends the INVITE. c is locked.
func (b *branch) start() {
	c := b.c
	id := newBranch()
	out := c.s.onward("INVITE", &b.leg, b.flow, id, c.r.fromTag, c.r.callID, c.r.cseq+b.leg.Shift, c.r.maxForwards-1)
	b.leg.Sent = c.r.cseq + b.leg.Shift
	host := c.s.front.Advertised(b.flow)
	caller := b.plan.Caller
	add(out, "Contact", contact(caller, host, b.flow))
	if b.trunk.ID != "" {
		b.identify(out, host)
	} else {
		assert(out, caller, host)
	}
	passOn(c.r.msg, out)
	if c.caller.TrunkID != "" && !c.trunk.Switch {
		for _, name := range loud {
			for out.RemoveHeader(name) {
			}
		}
	}
	if b.offer != nil {
		out.SetBody(b.offer)
	}
	b.asked = ask{s: c.s, out: out, branch: id, flow: b.flow}
	b.asked.send(listener{got: b.got, again: b.again, lost: b.lost})
	b.show("")
	b.wait()
	b.hurry()
}

// wait starts Timer C anew (RFC 3261 16.6 step 11, 16.7 step 2). c is locked.
func (b *branch) wait() {
	b.stopClock()
	b.asked.clock = time.AfterFunc(b.c.s.cfg.TimerC, func() {
		b.c.mu.Lock()
		defer b.c.mu.Unlock()
		if !b.final {
			b.cancel(`SIP;cause=408;text="No answer"`)
			b.fail(outcome{status: 408, reason: "no_answer"})
		}
	})
}

func (b *branch) stopClock() {
	if b.asked.clock != nil {
		b.asked.clock.Stop()
	}
}

// cancel makes the device stop ringing. c is locked.
func (b *branch) cancel(reason string) {
	if !b.final {
		b.asked.cancel(reason)
	}
}

func (b *branch) got(res *siplib.Response) {
	c := b.c
	b.relayed(res)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case res.StatusCode < 200:
		b.asked.alive()
		if res.StatusCode == 100 || b.final {
			return
		}
		b.wait()
		if !c.told {
			b.early(res)
			b.show(tagOf(value(res, "To")))
			c.tx.respond(c.upward(b, res))
		}
	case res.StatusCode < 300:
		b.accepted(res)
	case !b.final:
		b.refused(res)
	}
}

// refused is one device's no. c is locked.
func (b *branch) refused(res *siplib.Response) {
	c, status := b.c, res.StatusCode
	switch {
	case b.asked.taken(): // whatever it wants to be asked next
	case (status == 401 || status == 407) && b.trunk.ID != "" && !b.proven:
		if b.prove(res) {
			return
		}
	case status == 503 && b.another():
		return
	case status >= 300 && status <= 302 && !c.told:
		c.open++
		if c.s.run(func() { c.forward(b, res) }) {
			break
		}
		c.open--
	case status == 603 && !c.plan.DeclineAll:
		// One person at one of the devices has declined, not all of them (C08).
		res.StatusCode, res.Reason, status = 486, phrases[486], 486
	}
	if status >= 600 {
		for _, other := range c.branches {
			if other != b {
				other.cancel(`SIP;cause=` + itoa(status))
			}
		}
	}
	if status < 400 { // a redirection is never the caller's affair
		b.fail(outcome{status: 480, reason: "forwarded"})
		return
	}
	b.fail(outcome{status: status, reason: phrase(res.Reason), res: res})
}

func (b *branch) lost(err error) {
	c := b.c
	c.mu.Lock()
	defer c.mu.Unlock()
	if !b.asked.heard && b.another() {
		return
	}
	o := outcome{status: 408, reason: "no_answer"}
	if errors.Is(err, errNoFlow) || errors.Is(err, siplib.ErrTransactionTransport) {
		o = outcome{status: 480, reason: "device_unreachable"}
		if b.trunk.ID != "" {
			o = outcome{status: 503, reason: "trunk_unreachable"}
		}
	}
	b.fail(o)
}

// fail ends the branch; the zero outcome is that of an answered one. c is locked.
func (b *branch) fail(o outcome) {
	if b.final {
		return
	}
	b.final = true
	b.stopClock()
	for _, d := range b.dialogs {
		d.mu.Lock()
		up := d.up
		d.mu.Unlock()
		if !up {
			d.forget()
		}
	}
	b.hide()
	b.media.leave()
	b.c.s.busy.leave(b.leg.SIPUser, nil)
	if b.seat != nil {
		b.seat.leave()
	}
	b.c.ended(o)
}
