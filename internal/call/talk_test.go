package call

import (
	"fmt"
	"strings"
)

// talk is one phone's side of a call, or of an attempt at one.
type talk struct {
	p            *phone
	id           string
	local, other string // name-addr with tag
	target       string
	routes       []string
	cseq         int
	via          string // of the last INVITE: what its CANCEL and its failure's ACK bear
	invite       msg    // that began it
	answered     msg
}

const offer = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n"

// dial sends an INVITE with credentials and waits for nothing.
func (p *phone) dial(to, extra string) *talk {
	p.t.Helper()
	p.branch++
	c := &talk{p: p, id: fmt.Sprintf("%s-%d@h", p.user, p.branch), target: "sip:" + to + "@" + testRealm}
	c.local = fmt.Sprintf(`"Channel of %s" <sip:%s@%s>;tag=t%s%d`, p.user, p.user, testRealm, p.user, p.branch)
	c.other = "<" + c.target + ">"
	if p.nonce == "" && p.secret != "" {
		c.invites(extra)
		m := p.told("INVITE", 407)
		p.nonce, p.nc = quotedIn(m.get("proxy-authenticate"), "nonce"), 0
		c.ack(m)
	}
	auth := ""
	if p.secret != "" {
		auth = p.credentials("Proxy-Authorization", "INVITE", c.target)
	}
	c.invites(extra + auth)
	return c
}

func (c *talk) invites(extra string) {
	c.cseq++
	c.p.branch++
	c.via = c.p.via()
	c.invite = parseMsg(c.build("INVITE", extra+"Content-Type: application/sdp\r\n", c.p.body))
	c.p.send(c.invite.raw)
}

// build makes a request of this side.
func (c *talk) build(method, extra, body string) string {
	for _, r := range c.routes {
		extra = "Route: " + r + "\r\n" + extra
	}
	return fmt.Sprintf("%s %s SIP/2.0\r\n%sMax-Forwards: 70\r\nFrom: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %d %s\r\nContact: <%s>\r\n%sContent-Length: %d\r\n\r\n%s",
		method, c.target, c.p.via(), c.local, c.other, c.id, c.cseq, method, c.p.contact(), extra, len(body), body)
}

// request sends the next request inside the call.
func (c *talk) request(method, extra, body string) {
	c.p.t.Helper()
	c.cseq++
	c.p.branch++
	if method == "INVITE" {
		c.via = c.p.via()
	}
	c.p.send(c.build(method, extra, body))
}

// ack acknowledges a final answer to the last INVITE.
func (c *talk) ack(m msg) {
	c.p.t.Helper()
	if m.status < 300 {
		c.p.branch++
		c.settle(m)
	}
	keep := c.other
	c.other = m.get("to")
	ack := c.build("ACK", "", "")
	if m.status >= 300 {
		ack = strings.Replace(ack, c.p.via(), c.via, 1)
	}
	c.p.send(ack)
	c.other = keep
	if m.status < 300 {
		c.other = m.get("to")
	}
}

// settle takes over what a 2xx says.
func (c *talk) settle(m msg) {
	c.answered, c.target, c.other, c.routes = m, m.target(), m.get("to"), m.headers["record-route"]
}

// cancel takes the INVITE back.
func (c *talk) cancel(extra string) {
	c.p.send(strings.Replace(strings.Replace(c.build("CANCEL", extra, ""), c.p.via(), c.via, 1), "Contact", "X-Contact", 1))
}

// rings is the side of whoever gets an INVITE.
func (p *phone) rings() *talk {
	p.t.Helper()
	m := p.asked("INVITE")
	c := &talk{p: p, id: m.get("call-id"), invite: m, other: m.get("from"), target: m.target(), cseq: 100}
	c.local = m.get("to")
	if !strings.Contains(c.local, ";tag=") {
		p.branch++
		c.local += fmt.Sprintf(";tag=u%s%d", p.user, p.branch)
	}
	return c
}

// reply answers a request of the other side.
func (c *talk) reply(m msg, code, extra, body string) {
	c.p.t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "SIP/2.0 %s\r\n", code)
	for _, v := range m.headers["via"] {
		fmt.Fprintf(&b, "Via: %s\r\n", v)
	}
	for _, v := range m.headers["record-route"] {
		fmt.Fprintf(&b, "Record-Route: %s\r\n", v)
	}
	fmt.Fprintf(&b, "From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %s\r\nContact: <%s>\r\n%sContent-Length: %d\r\n\r\n%s",
		m.get("from"), c.local, m.get("call-id"), m.get("cseq"), c.p.contact(), extra, len(body), body)
	c.p.send(b.String())
}

func (c *talk) ringing()            { c.reply(c.invite, "180 Ringing", "", "") }
func (c *talk) refuses(code string) { c.reply(c.invite, code, "", ""); c.p.asked("ACK") }
func (c *talk) answers(extra string) {
	c.reply(c.invite, "200 OK", "Content-Type: application/sdp\r\n"+extra, offer)
}
func (c *talk) ok(m msg) { c.p.t.Helper(); c.reply(m, "200 OK", "", "") }

// cancelled answers the CANCEL that must come.
func (c *talk) cancelled() msg {
	c.p.t.Helper()
	m := c.p.asked("CANCEL")
	c.ok(m)
	c.refuses("487 Request Terminated")
	return m
}

// connect makes a whole call from p to who has that number, at the phone q.
func (p *phone) talksTo(q *phone, number string) (a, b *talk) {
	p.t.Helper()
	a = p.dial(number, "")
	b = q.rings()
	b.ringing()
	p.told("INVITE", 180)
	b.answers("")
	a.ack(p.told("INVITE", 200))
	q.asked("ACK")
	return a, b
}

// hangUp ends a call from this side.
func (c *talk) hangUp(far *talk) {
	c.p.t.Helper()
	c.request("BYE", "", "")
	far.ok(far.p.asked("BYE"))
	c.p.told("BYE", 200)
}
