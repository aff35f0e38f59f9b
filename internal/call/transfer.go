package call

import (
	"strings"
)

// replace sends an INVITE that takes over an existing call (RFC 3891) to the one
// device that has this call, wherever else its extension may be logged in.
func (c *setup) replace() {
	callID, to, from, ok := replaces(value(c.r.msg, "Replaces"))
	d, found := c.s.dialogs.get(dialogKey(callID, to, from))
	if !ok || !found || d.customerID != c.plan.CustomerID || d.answerer != nil {
		c.refuse(verdict{status: 481, phrase: phrases[481], why: "no_such_call"})
		return
	}
	at := d.side(to)
	if d.early() {
		// Ringing is taken over at the device that calls (RFC 3891 3); phones that
		// have the tags from a dialog-info document mean it whichever way they write
		// them.
		at = 0
		if !d.replaceable {
			c.refuse(verdict{status: 480, phrase: phrases[480], why: "caller_cannot_be_taken_over"})
			return
		}
		v := callID + ";to-tag=" + d.leg(0).Tag + ";from-tag=" + d.leg(1).Tag
		if strings.Contains(value(c.r.msg, "Replaces"), ";early-only") {
			v += ";early-only"
		}
		c.r.msg.RemoveHeader("Replaces")
		add(c.r.msg, "Replaces", v)
	}
	target := d.leg(at)
	f, ok := c.s.way(&target)
	if !ok {
		c.refuse(verdict{status: 480, phrase: phrases[480], why: "device_unreachable", cause: 20})
		return
	}
	target.Tag, target.Routes, target.Shift, target.Sent = "", nil, 0, 0
	target.Peer = shown(c.plan.Caller, c.s.front.Advertised(f))
	target.over(f)
	b := &branch{c: c, leg: target, flow: f, plan: c.plan, dialogs: map[string]*dialog{}}
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
