package phonesim

import (
	"strings"
	"time"
)

// engaged says whether any call is up or coming; a check-sync waits for its end.
func (p *Phone) engaged(on bool) {
	p.state.Busy, p.dirty = on, true
	if t := p.deferred; !on && t != nil {
		p.deferred = nil
		p.obey(*t)
	}
}

// callOf is the call that a request belongs to, nil for none.
func (a *agent) callOf(m *message) *Call {
	tag := param(m.get("to"), "tag")
	for _, c := range a.calls {
		if c.callID == m.get("call-id") && (tag == c.localTag || tag == "" && c.came != nil || m.method == "CANCEL") {
			return c
		}
	}
	return nil
}

// callRequest takes the requests of calls, and reports whether it was one.
func (a *agent) callRequest(m *message, source string, reply func([]byte)) bool {
	c := a.callOf(m)
	if c == nil {
		if m.method == "INVITE" && param(m.get("to"), "tag") == "" && a.p.cfg.Calls != Engaged {
			a.invited(m, source, reply)
			return true
		}
		return false
	}
	say := func(status int, reason string) { reply(m.reply(status, reason, c.localTag, source)) }
	switch m.method {
	case "ACK":
		if c.accepting != nil {
			c.accepting.Stop()
			c.accepting = nil
		}
		return true
	case "CANCEL":
		say(200, "OK")
		if c.came != nil {
			c.respond(c.came.reply(487, "Request Terminated", c.localTag, c.source))
			c.came = nil
			c.over(487, "Request Terminated", m)
		}
	case "BYE":
		say(200, "OK")
		c.over(0, "", m)
	case "INVITE":
		c.reinvited(m, source, reply)
	case "UPDATE":
		c.identify(m)
		if len(m.body) == 0 {
			say(200, "OK")
			return true
		}
		c.reinvited(m, source, reply)
	case "REFER":
		c.referred(m, say)
	case "NOTIFY":
		c.notified(m, say)
	case "INFO", "OPTIONS":
		say(200, "OK")
	default:
		return false
	}
	return true
}

// invited is a new call: it rings, or is answered at once.
func (a *agent) invited(m *message, source string, reply func([]byte)) {
	p := a.p
	p.state.Invites++
	c := &Call{a: a, s: CallState{Phase: Incoming}, callID: m.get("call-id"), localTag: randomHex(5), came: m, respond: reply, source: source,
		dialling: Dialling{Codecs: []string{"PCMA", "PCMU"}}, direction: "sendrecv", lastBranch: m.branch()}
	c.from, c.to = untagged(m.get("to")), untagged(m.get("from"))
	c.join(m, m.get("from"), false)
	c.identify(m)
	replaced := a.replacedBy(m)
	if err := c.openMedia(); err != nil {
		reply(m.reply(500, "Server Internal Error", c.localTag, source))
		return
	}
	c.enter()
	if p.cfg.Calls == Rings && replaced == nil {
		c.answer(180, "Ringing", nil)
		return
	}
	if err := c.accept(); err == nil && replaced != nil {
		replaced.hangUp()
	}
}

// untagged is a From or To without its tag.
func untagged(v string) string {
	open := strings.LastIndexByte(v, '>')
	if open < 0 {
		v, _, _ = strings.Cut(v, ";")
		return v
	}
	return v[:open+1]
}

func (c *Call) answer(status int, reason string, sdp []byte) {
	contact := sipHeader{"Contact", c.a.contactOfCalls()}
	c.last = c.came.replyWith(sdp, status, reason, c.localTag, c.source, contact, sipHeader{"Allow", allowed})
	c.respond(c.last)
}

// accept answers the call; over UDP the 200 is repeated until the ACK is there
// (RFC 3261 13.3.1.4).
func (c *Call) accept() error {
	d, err := readDescription(c.came.body)
	if err != nil {
		c.refuse(488, "Not Acceptable Here")
		return err
	}
	c.dialling.Codecs = []string{"PCMA"}
	if d.codec == pcmu {
		c.dialling.Codecs = []string{"PCMU"}
	}
	c.s.Status, c.s.Phrase = 200, "OK"
	c.answer(200, "OK", c.describe())
	c.came = nil
	c.repeat(c.a.p.fleet.cfg.T1)
	c.connect(d)
	return nil
}

func (c *Call) repeat(d time.Duration) {
	raw := c.last
	c.accepting = c.a.p.after(d, func() {
		if c.accepting != nil && c.s.Phase == Up {
			c.respond(raw)
			c.repeat(min(2*d, t2))
		}
	})
}

func (c *Call) refuse(status int, reason string) {
	c.answer(status, reason, nil)
	c.came = nil
	c.over(status, reason, nil)
}

// reinvited is a new description within the call: hold, resume, another place; or
// the INVITE that we know, repeated.
func (c *Call) reinvited(m *message, source string, reply func([]byte)) {
	if m.branch() == c.lastBranch {
		reply(c.last)
		return
	}
	n, _ := m.cseq()
	if n <= c.peerSeq && c.peerSeq > 0 {
		reply(m.reply(500, "Out Of Order", c.localTag, source))
		return
	}
	c.peerSeq, c.lastBranch = n, m.branch()
	d, err := readDescription(m.body)
	if len(m.body) == 0 { // they want ours first
		d, err = description{direction: "sendrecv", at: c.media.to, codec: c.media.codec, events: c.media.events}, nil
	}
	if err != nil || c.s.Phase != Up {
		reply(m.reply(488, "Not Acceptable Here", c.localTag, source))
		return
	}
	if _, uri := nameAddr(m.get("contact")); uri != "" {
		c.target = uri
	}
	c.identify(m)
	mirror := map[string]string{"sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive", "sendrecv": "sendrecv"}
	own := mirror[d.direction]
	if c.s.Held && own == "sendrecv" {
		own = "sendonly"
	}
	c.direction, own = own, c.direction
	contact := sipHeader{"Contact", c.a.contactOfCalls()}
	c.last = m.replyWith(c.describe(), 200, "OK", c.localTag, source, contact)
	c.direction, c.respond = own, reply
	reply(c.last)
	if m.method == "INVITE" {
		c.repeat(c.a.p.fleet.cfg.T1)
	}
	c.connect(d)
}

// hold asks for one direction only, or for both again (RFC 3264 8.4).
func (c *Call) hold(on bool) error {
	c.direction = "sendrecv"
	if on {
		c.direction = "sendonly"
	}
	c.request("INVITE", nil, "application/sdp", c.describe(), func(m *message) {
		if m == nil || m.status >= 300 || c.s.Phase != Up {
			return
		}
		c.confirm(m)
		c.s.Held = on
		if d, err := readDescription(m.body); err == nil {
			onHold := c.s.OnHold
			c.connect(d)
			c.s.OnHold = onHold && on
		}
	})
	return nil
}
