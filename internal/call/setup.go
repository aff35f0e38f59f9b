package call

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	siplib "github.com/emiago/sipgo/sip"

	"tischlein/internal/telephony"
)

// setup is an INVITE on its way to whoever may answer it: the transaction of who
// calls, and a branch for each device that rings.
type setup struct {
	s   *Server
	r   *request
	tx  *serverTx
	key string

	trunk   telephony.Trunk // who calls, when it is a trunk
	plan    telephony.CallPlan
	caller  leg
	seat    *seat
	since   time.Time
	ringsAt string // the tag of the first device that rings
	secret  bool   // the caller wants not to be named outside (RFC 3323)

	mu       sync.Mutex
	branches []*branch
	open     int             // branches and forwardings without an end, and the planning
	rung     map[string]bool // devices and numbers that this call has been to
	failed   []outcome
	answered bool
	told     bool // the caller has a final answer
	taken    bool // who called talks to somebody who has picked the call up
	over     bool
}

// planTime is how long the house may think about a call.
const planTime = 10 * time.Second

// invited begins a call.
func (s *Server) invited(r *request) {
	switch {
	case r.fromTag == "":
		r.answer(400, "Missing From Tag")
		return
	case contactURI(value(r.msg, "Contact")) == "":
		r.answer(400, "Bad Contact")
		return
	case r.maxForwards == 0:
		r.answer(483, phrases[483])
		return
	case value(r.msg, "Proxy-Require") != "":
		r.answer(420, "Bad Extension", "Unsupported", value(r.msg, "Proxy-Require"))
		return
	}
	who := crowdOf(r)
	if !s.crowd.enter(who, max(mostOpen, s.cfg.ChannelPerMinute)) {
		r.answer(503, phrases[503], "Retry-After", "5") // without a transaction: it is repeated or not
		return
	}
	// The same INVITE by another way, or one of ours that came back (RFC 3261
	// 8.2.2.2, 16.3).
	c := &setup{s: s, r: r, key: r.callID + " " + r.fromTag + " " + itoa(int(r.cseq)), rung: map[string]bool{}, since: time.Now()}
	if !s.setups.put(c.key, c) {
		s.crowd.leave(who)
		r.answer(482, phrases[482])
		return
	}
	tx, ok := s.accept(r)
	if !ok {
		s.crowd.leave(who)
		s.setups.drop(c.key)
		return
	}
	if !tx.OnTerminate(func(string, error) { s.crowd.leave(who) }) {
		s.crowd.leave(who) // the server ends
	}
	c.tx = tx
	c.from()
	c.open = 1 // until begin has done its part, whoever cancels meanwhile
	s.busy.enter(c.caller.SIPUser, c.caller.ChannelID, nil)
	tx.onCancel(c.cancel)
	tx.respond(r.response(100, "Trying", ""))
	if !s.run(c.begin) {
		c.refuse(verdict{status: 503, phrase: phrases[503], why: "shutting_down"})
	}
}

// begin has the call planned and does what the plan says.
func (c *setup) begin() {
	c.decide()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended(outcome{})
}

// decide asks the house what to do and does it.
func (c *setup) decide() {
	ctx, cancel := context.WithTimeout(c.s.ctx, planTime)
	defer cancel()
	var err error
	if c.caller.TrunkID != "" {
		c.plan, err = c.inbound(ctx)
	} else {
		c.plan, err = c.s.cfg.House.Plan(ctx, c.caller.ChannelID, dialled(c.r.uri))
	}
	if err != nil {
		c.refuse(refuse(err))
		return
	}
	if c.r.Unjudged && c.plan.Kind != telephony.CallEmergency {
		c.refuse(verdict{status: 503, phrase: phrases[503], why: "address_not_judged", cause: 41})
		return
	}
	seat, why := c.s.limits.spare(c.plan), ""
	if !c.urgent() {
		seat, why = c.s.limits.enter(c.plan, c.s.cfg.ChannelCalls, c.s.cfg.ChannelPerMinute)
	}
	if why != "" {
		c.s.cfg.Observer.Ended(c.s.ctx, Ended{Plan: c.plan, Status: 403, Reason: why})
		c.refuse(verdict{status: 403, phrase: "Too Many Calls", why: why, cause: 21})
		return
	}
	c.mu.Lock()
	c.seat = seat
	c.caller.Party = c.plan.Caller
	c.show()
	if c.told { // the caller has thought better of it meanwhile
		seat.became(487, "cancelled")
	}
	given := c.told
	c.mu.Unlock()
	switch {
	case given:
	case c.answersItself() && beyond(c.r) != "":
		c.refuse(lacking(c.r))
	case c.plan.Kind == telephony.CallLogin, c.plan.Kind == telephony.CallLogout:
		c.converse()
	case c.plan.Kind == telephony.CallPickup:
		c.pick()
	case c.plan.Kind == telephony.CallEmergency:
		c.r.msg.RemoveHeader("Replaces") // it may be dialled where nobody is logged in: help, and no other call (H04)
		c.ring(c.plan, nil)
	case value(c.r.msg, "Replaces") != "":
		c.replace()
	default:
		c.ring(c.plan, nil)
	}
}

// answersItself reports whether it is we who answer, and no device.
func (c *setup) answersItself() bool {
	return slices.Contains([]telephony.CallKind{telephony.CallLogin, telephony.CallLogout, telephony.CallPickup}, c.plan.Kind)
}

// from fills in who calls, as far as the request itself says.
func (c *setup) from() {
	r, l := c.r, &c.caller
	l.Tag, l.Contact, l.Routes = r.fromTag, contactURI(value(r.msg, "Contact")), routes(r.msg, false)
	l.Self, l.Peer = untagged(r.from), untagged(r.to)
	l.over(r.Flow)
	cred := r.Credential
	switch {
	case cred == nil:
		c.trunk, _ = c.s.trunks.at(r.Flow.Peer().Addr())
		l.TrunkID = c.trunk.ID
	case cred.TrunkID != "":
		c.trunk, _ = c.s.trunks.get(cred.TrunkID)
		l.TrunkID = cred.TrunkID
	default:
		l.ChannelID, l.SIPUser = cred.ChannelID, cred.SIPUser
		if at, ok := c.s.front.Route(cred.SIPUser); ok {
			l.Registration = at.CallID
		}
	}
	wish := []string{strings.ReplaceAll(value(r.msg, "Privacy"), ";", ",")}
	c.secret = option(wish, "id") || option(wish, "user") || dialled(contactURI(l.Self)) == anonymousNumber
}

// refuse ends a call that never rang.
func (c *setup) refuse(v verdict) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.finish(v)
}

// finish tells the caller how it ended. c is locked.
func (c *setup) finish(v verdict) {
	if !c.told {
		c.told = true
		if c.seat != nil {
			c.seat.became(v.status, v.why)
		}
		c.tx.respond(c.s.refusal(c.r, v))
	}
	c.hide()
	c.settle()
}

// settle frees what the set-up holds, once nothing of it is under way. c is locked.
func (c *setup) settle() {
	if c.over || !c.told || c.open > 0 {
		return
	}
	c.over = true
	c.hide()
	c.s.setups.drop(c.key)
	c.s.busy.leave(c.caller.SIPUser, nil)
	if c.seat != nil {
		c.seat.leave()
	}
}

// cancel is the caller's change of mind: all stop ringing. Who answers at the
// same moment is told goodbye at once.
func (c *setup) cancel(reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.told {
		return
	}
	for _, b := range c.branches {
		b.cancel(reason)
	}
	c.finish(verdict{status: 487, phrase: phrases[487], why: "cancelled"})
}

// stop ends the set-up with the server.
func (c *setup) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.told = true
	for _, b := range c.branches {
		b.stopClock()
	}
}

// ended notes that a branch or a forwarding has come to nothing, and answers the
// caller when it was the last. c is locked.
func (c *setup) ended(o outcome) {
	c.open--
	if o.status != 0 {
		c.failed = append(c.failed, o)
	}
	if c.open > 0 {
		return
	}
	if c.told {
		c.settle()
		return
	}
	o = best(c.failed)
	if o.res == nil {
		v := verdict{status: o.status, phrase: phrases[o.status], why: o.reason}
		if o.status == 480 {
			v.cause = 20 // subscriber absent
		}
		c.finish(v)
		return
	}
	c.told = true
	if c.seat != nil {
		c.seat.became(o.status, o.reason)
	}
	up := c.r.response(o.status, phrase(o.res.Reason), tagOf(value(o.res, "To")))
	if up.StatusCode != o.res.StatusCode {
		up.Reason = phrases[o.status]
	}
	passOn(o.res, up)
	c.tx.respond(up)
	c.settle()
}

// upward makes of a device's answer what the caller gets: under our Contact, and
// with the name of who answers (C07).
func (c *setup) upward(b *branch, res *siplib.Response) *siplib.Response {
	up := c.r.response(res.StatusCode, phrase(res.Reason), tagOf(value(res, "To")))
	host := c.s.front.Advertised(c.r.Flow)
	party := c.asSeen(b.leg.Party)
	if value(res, "Contact") != "" {
		add(up, "Contact", contact(party, host, c.r.Flow))
	}
	assert(up, party, host)
	passOn(res, up)
	return up
}

// asSeen is who answers as the caller may know: outside, extensions are nobody's
// business.
func (c *setup) asSeen(p telephony.Party) telephony.Party {
	if c.caller.TrunkID != "" {
		return telephony.Party{Number: dialled(c.r.uri)}
	}
	return p
}
