package phonesim

import (
	"fmt"
	"strings"
	"time"
)

// ask is a client transaction of a call (RFC 3261 17.1).
type ask struct {
	c        *Call
	branch   string
	method   string
	seq      uint32
	raw      []byte
	proven   bool
	came     bool // a provisional answer
	resend   *time.Timer
	giveUp   *time.Timer
	answered func(m *message) // nil m: nobody answered
	again    func()           // asks anew with credentials
}

// request sends a request of the call. answered, if any, gets its final answer.
func (c *Call) request(method string, headers []string, kind string, body []byte, answered func(*message)) *ask {
	c.cseq++
	return c.send(method, c.cseq, headers, kind, body, answered, false)
}

func (c *Call) send(method string, seq uint32, headers []string, kind string, body []byte, answered func(*message), proven bool) *ask {
	t := &ask{c: c, branch: c.a.newBranch(), method: method, seq: seq, answered: answered, proven: proven}
	t.raw = c.compose(method, t.branch, seq, headers, kind, body)
	t.again = func() {
		c.cseq++
		next := c.send(method, c.cseq, headers, kind, body, answered, true)
		if c.invite == t {
			c.invite = next
		}
	}
	a := c.a
	if a.asking == nil {
		a.asking = map[string]*ask{}
	}
	a.asking[t.branch] = t
	t.giveUp = a.p.after(64*a.p.fleet.cfg.T1, func() {
		if a.asking[t.branch] == t && !(t.came && method == "INVITE") {
			t.end()
			if answered != nil {
				answered(nil)
			}
		}
	})
	if a.acct.transport == "udp" {
		t.arm(a.p.fleet.cfg.T1)
	}
	a.transmitCall(t.raw)
	return t
}

// newBranch names the account, so that on a shared socket the answer finds it,
// whoever's Call-ID it bears.
func (a *agent) newBranch() string { return "z9hG4bK" + randomHex(8) + "." + a.acct.user }

func ownerOf(branch string) string {
	_, user, _ := strings.Cut(branch, ".")
	return user
}

// transmitCall sends on whatever flow there is now.
func (a *agent) transmitCall(raw []byte) {
	if a.flow != nil {
		a.flow.send(raw) //nolint:errcheck // timers decide
	}
}

func (t *ask) arm(d time.Duration) {
	a := t.c.a
	t.resend = a.p.after(d, func() {
		if a.asking[t.branch] != t || t.came && t.method == "INVITE" {
			return
		}
		a.transmitCall(t.raw)
		t.arm(min(2*d, t2))
	})
}

func (t *ask) end() {
	delete(t.c.a.asking, t.branch)
	t.giveUp.Stop()
	if t.resend != nil {
		t.resend.Stop()
	}
}

// answeredCall takes a response to a request of a call.
func (a *agent) answeredCall(m *message) {
	_, method := m.cseq()
	t := a.asking[m.branch()]
	if t == nil || method != t.method {
		if method == "INVITE" && m.status/100 == 2 {
			a.strayAccept(m)
		}
		return
	}
	if m.status < 200 {
		t.came = true
		if method == "INVITE" {
			t.c.provisional(m)
		}
		return
	}
	t.end()
	if method == "INVITE" && m.status >= 300 {
		a.transmitCall(t.c.ackFailure(t, m))
	}
	if (m.status == 401 || m.status == 407) && !t.proven && t.c.prove(m) {
		t.again()
		return
	}
	if t.answered != nil {
		t.answered(m)
	}
}

// prove takes a challenge; the next request answers it.
func (c *Call) prove(m *message) bool {
	header := "www-authenticate"
	if m.status == 407 {
		header = "proxy-authenticate"
	}
	var cs []challenge
	for _, v := range m.all(header) {
		if x, ok := parseChallenge(v); ok {
			x.proxy = m.status == 407
			cs = append(cs, x)
		}
	}
	x, ok := choose(cs, c.a.p.cfg.MD5Only, c.a.acct.secrets)
	if ok {
		c.auth.take(x)
	}
	return ok
}

// compose writes a request of the call.
func (c *Call) compose(method, branch string, seq uint32, headers []string, kind string, body []byte) []byte {
	a, me := c.a, ""
	if a.flow != nil {
		me = a.flow.local().String()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s SIP/2.0\r\nVia: SIP/2.0/%s %s;branch=%s;rport\r\nMax-Forwards: 70\r\n", method, c.target, strings.ToUpper(a.acct.transport), me, branch)
	for _, r := range c.route {
		b.WriteString("Route: " + r + "\r\n")
	}
	to := c.to
	if c.remoteTag != "" {
		to += ";tag=" + c.remoteTag
	}
	fmt.Fprintf(&b, "From: %s;tag=%s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %d %s\r\n", c.from, c.localTag, to, c.callID, seq, method)
	if method != "BYE" && method != "CANCEL" {
		b.WriteString("Contact: " + a.contactOfCalls() + "\r\n")
	}
	if c.auth.set && method != "ACK" && method != "CANCEL" && c.remoteTag == "" {
		name, value := c.auth.answer(method, c.target, a.acct.secrets)
		b.WriteString(name + ": " + value + "\r\n")
	}
	for _, h := range headers {
		b.WriteString(h + "\r\n")
	}
	fmt.Fprintf(&b, "Allow: %s\r\nUser-Agent: %s\r\n", allowed, a.p.fw.sipAgent(&a.p.cfg))
	if body != nil {
		b.WriteString("Content-Type: " + kind + "\r\n")
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(body), body)
	return []byte(b.String())
}

func (a *agent) contactOfCalls() string {
	uri := "sip:" + a.acct.user + "@"
	if a.flow != nil {
		uri += a.flow.local().String()
	}
	if a.acct.transport != "udp" {
		uri += ";transport=" + a.acct.transport
	}
	return "<" + uri + ">"
}

// ackFailure ends the transaction of an INVITE that was refused (17.1.1.3): same
// branch, same target.
func (c *Call) ackFailure(t *ask, m *message) []byte {
	var b strings.Builder
	line, _, _ := strings.Cut(string(t.raw), "\r\n")
	uri := strings.Fields(line)[1]
	fmt.Fprintf(&b, "ACK %s SIP/2.0\r\n", uri)
	for _, l := range strings.Split(string(t.raw), "\r\n") {
		if strings.HasPrefix(l, "Via: ") || strings.HasPrefix(l, "Route: ") || strings.HasPrefix(l, "From: ") || strings.HasPrefix(l, "Call-ID: ") {
			b.WriteString(l + "\r\n")
		}
		if l == "" {
			break
		}
	}
	fmt.Fprintf(&b, "To: %s\r\nCSeq: %d ACK\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n", m.get("to"), t.seq)
	return []byte(b.String())
}
