package call

import (
	"strings"
)

// replace sends an INVITE that takes over an existing call (RFC 3891) to the one
// device that has this call, wherever else its extension may be logged in. A call
// that still rings is taken over here.
func (c *setup) replace() {
	callID, to, from, ok := replaces(value(c.r.msg, "Replaces"))
	d, found := c.s.dialog(callID, to, from)
	if !ok || !found || d.customerID != c.plan.CustomerID || d.answerer != nil {
		c.refuse(verdict{status: 481, phrase: phrases[481], why: "no_such_call"})
		return
	}
	v := value(c.r.msg, "Replaces")
	early := strings.Contains(strings.ToLower(v), ";early-only")
	switch {
	case d.early(): // phones that have the tags from a dialog-info document write them either way
		c.takeRinging(d)
		return
	case early:
		c.refuse(verdict{status: 486, phrase: phrases[486], why: "answered", cause: 17}) // RFC 3891 3
		return
	}
	at := d.side(to)
	if id := d.id(at); id != callID { // who sent it knows the call by the other side's
		_, tags, _ := strings.Cut(v, ";")
		c.r.msg.RemoveHeader("Replaces")
		add(c.r.msg, "Replaces", id+";"+tags)
	}
	target := d.leg(at)
	f, ok := c.s.way(&target)
	if !ok {
		c.refuse(verdict{status: 480, phrase: phrases[480], why: "device_unreachable", cause: 20})
		return
	}
	target.CallID, target.Tag, target.Routes, target.Shift, target.Sent = "", "", nil, 0, 0
	target.Peer = shown(c.plan.Caller, c.s.front.Advertised(f))
	target.over(f)
	b := &branch{c: c, leg: target, flow: f, plan: c.plan, dialogs: map[string]*dialog{}}
	b.trunk, _ = c.s.trunks.get(target.TrunkID)
	b.relay()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.send([]*branch{b})
}

// replaces reads the header: whom it is sent to knows itself by to.
func replaces(v string) (callID, to, from string, ok bool) {
	callID, params, _ := strings.Cut(v, ";")
	for p := range strings.SplitSeq(params, ";") {
		name, tag, _ := strings.Cut(strings.TrimSpace(p), "=")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "to-tag":
			to = strings.TrimSpace(tag)
		case "from-tag":
			from = strings.TrimSpace(tag)
		}
	}
	callID = strings.TrimSpace(callID)
	return callID, to, from, callID != "" && to != "" && from != ""
}
