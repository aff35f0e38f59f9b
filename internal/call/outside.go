package call

import (
	"context"
	"slices"
	"time"

	siplib "github.com/emiago/sipgo/sip"

	"tischlein/internal/telephony"
)

// inbound is the plan of a call that a trunk sends: whom it names in the identity
// it asserts, else in From, calls whom the Request-URI names (C10).
func (c *setup) inbound(ctx context.Context) (telephony.CallPlan, error) {
	from := heard(value(c.r.msg, "From"))
	if v := value(c.r.msg, "P-Asserted-Identity"); v != "" {
		if p := heard(v); p.Number != "" {
			from.Number = p.Number
			if p.Name != "" {
				from.Name = p.Name
			}
		}
	}
	number := dialled(c.r.uri)
	plan, err := c.s.cfg.House.PlanInbound(ctx, c.trunk.ID, number, from.Number)
	if err != nil {
		// The number of a place without an extension: only who called from there
		// in an emergency can be meant (C11).
		back := c.backs()
		if len(back) == 0 || telephony.CodeOf(err) != telephony.NotFound {
			return plan, err
		}
		plan = telephony.CallPlan{
			Kind: telephony.CallExtension, CustomerID: back[0].CustomerID,
			Caller: from, Callee: telephony.Party{Number: number},
		}
	}
	if plan.Caller.Name == "" {
		plan.Caller.Name = from.Name
	}
	if plan.Caller.Number == "" {
		plan.Caller.Number = from.Number
	}
	if c.secret {
		plan.Caller = telephony.Party{Number: anonymousNumber, Name: "Anonymous"}
	}
	return plan, nil
}

// devices are whom a plan rings, and with a call from outside the device that
// shall be called back (C11).
func (c *setup) devices(plan telephony.CallPlan) []telephony.Ring {
	if c.caller.TrunkID == "" {
		return plan.Rings
	}
	rings := slices.Clone(plan.Rings)
	for _, b := range c.backs() {
		if b.CustomerID != plan.CustomerID {
			continue
		}
		rings = append(rings, telephony.Ring{ChannelID: b.ChannelID, SIPUser: b.SIPUser})
	}
	return rings
}

// urgent reports whether the call is one that no limit may stop: an emergency, or
// somebody who calls back after one.
func (c *setup) urgent() bool {
	return c.plan.Kind == telephony.CallEmergency || c.caller.TrunkID != "" && len(c.backs()) > 0
}

// backs are the devices that a call from outside may call back: a customer's trunk
// reaches that customer only (D24).
func (c *setup) backs() []callBack {
	return slices.DeleteFunc(slices.Clone(c.s.backs.at(dialled(c.r.uri))), func(b callBack) bool {
		return c.trunk.CustomerID != "" && c.trunk.CustomerID != b.CustomerID
	})
}

// toTrunk is the branch to a plan's trunk, nil when there is no way to it. It may
// ask the DNS, so c is not locked.
func (c *setup) toTrunk(plan telephony.CallPlan) *branch {
	t := plan.Trunk
	ways, err := c.s.reach(t)
	if err != nil {
		c.s.cfg.Log.Warn("a trunk cannot be reached", "component", "call", "err", err)
		c.mu.Lock()
		c.failed = append(c.failed, outcome{status: 503, reason: "trunk_unreachable"})
		c.mu.Unlock()
		return nil
	}
	if plan.Kind == telephony.CallEmergency && t.Emergency == telephony.EmergencyELIN && plan.Location.ELIN != "" {
		plan.Caller.Number = plan.Location.ELIN
	}
	f := ways[0]
	host := c.s.front.Advertised(f)
	target := "sip:" + userPart(plan.Number) + "@" + t.Host
	b := &branch{c: c, flow: f, further: ways[1:], plan: plan, trunk: *t, dialogs: map[string]*dialog{}}
	b.leg = leg{
		TrunkID: t.ID, Contact: target, Self: "<" + target + ">", Peer: shown(plan.Caller, host),
		Party: telephony.Party{Number: plan.Number},
	}
	if plan.Callee.Number != "" {
		b.leg.Party = plan.Callee
	}
	if c.hides(plan) {
		b.leg.Peer = anonymous
	}
	b.leg.over(f)
	if plan.Kind == telephony.CallEmergency {
		c.s.backs.expect(callBack{
			Number: plan.Caller.Number, CustomerID: plan.CustomerID, ChannelID: c.caller.ChannelID, SIPUser: c.caller.SIPUser,
			Until: c.s.cfg.Now().Add(c.s.cfg.Back),
		})
	}
	return b
}

// hides reports whether the caller is named to the trunk alone and to nobody
// behind it (RFC 3325 7). In an emergency nobody hides.
func (c *setup) hides(plan telephony.CallPlan) bool {
	return c.secret && plan.Kind == telephony.CallOutside && !plan.Trunk.Switch
}

// identify writes who calls, and where from in an emergency, for a trunk.
func (b *branch) identify(out *siplib.Request, host string) {
	assert(out, b.plan.Caller, host)
	if b.c.hides(b.plan) {
		add(out, "Privacy", "id")
	}
	if b.plan.Kind == telephony.CallOutside && b.seat != nil {
		add(out, "Diversion", nameAddr(b.plan.Caller, host)+";reason=unconditional")
	}
	if b.plan.Kind == telephony.CallEmergency && b.trunk.Emergency == telephony.EmergencyGeolocation && b.c.s.cfg.Location != nil {
		if ref := b.c.s.cfg.Location(b.plan); ref != "" {
			add(out, "Geolocation", "<"+ref+">")
			add(out, "Geolocation-Routing", "yes")
		}
	}
}

// prove answers a trunk's challenge with a second INVITE and reports whether it
// could. c is locked.
func (b *branch) prove(res *siplib.Response) bool {
	c := b.c
	out := b.asked.out.Clone()
	b.leg.Shift++
	b.leg.Sent++
	if !prove(b.trunk, out, res, c.r.cseq+b.leg.Shift) {
		return false
	}
	b.proven = true
	b.asked = b.asked.anew(out)
	b.asked.send(listener{got: b.got, again: b.again, lost: b.lost})
	return true
}

// another sends the call to the trunk's next address and reports whether there is
// one (RFC 3263 4.3). c is locked.
func (b *branch) another() bool {
	if len(b.further) == 0 || b.final || b.c.told || b.asked.taken() {
		return false
	}
	b.flow, b.further, b.proven = b.further[0], b.further[1:], false
	b.leg.over(b.flow)
	b.start()
	return true
}

// hurry gives a trunk that has other addresses eight times T1 to say that it is
// there at all. c is locked.
func (b *branch) hurry() {
	if len(b.further) == 0 {
		return
	}
	tx := b.asked.tx
	time.AfterFunc(8*siplib.T1, func() {
		b.c.mu.Lock()
		defer b.c.mu.Unlock()
		if b.asked.tx == tx && !b.asked.heard {
			tx.Terminate()
		}
	})
}
