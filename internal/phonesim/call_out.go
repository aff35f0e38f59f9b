package phonesim

import (
	"fmt"
	"strconv"
	"strings"
)

var codecNumbers = map[string]string{"PCMU": "0", "PCMA": "8", "G722": "9", "opus": "96"}

func (a *agent) dial(d Dialling) (*Call, error) {
	if d.Codecs == nil {
		d.Codecs = []string{"PCMA", "PCMU"}
	}
	from := "<" + a.acct.aor() + ">"
	if a.acct.display != "" {
		from = quotedName(a.acct.display) + " " + from
	}
	uri := a.address(d.Number)
	c := &Call{a: a, s: CallState{Phase: Calling, Outgoing: true, Number: d.Number}, callID: randomHex(10), from: from, to: "<" + uri + ">",
		localTag: randomHex(5), target: uri, dialling: d, direction: "sendrecv"}
	if err := c.openMedia(); err != nil {
		return nil, err
	}
	c.enter()
	c.invite = c.request("INVITE", d.Headers, "application/sdp", c.describe(), c.decided)
	return c, nil
}

func (c *Call) openMedia() (err error) {
	if c.media == nil {
		c.media, err = openMedia(c.a.p.cfg.Address)
	}
	return err
}

// enter lists the call; from then on its messages find it.
func (c *Call) enter() {
	a := c.a
	a.calls = append(a.calls, c)
	if len(a.calls) == 1 {
		a.p.engaged(true)
	}
}

// describe is our half of the sound (RFC 4566).
func (c *Call) describe() []byte {
	c.offer++
	a := c.a.p.cfg.Address.String()
	formats, maps := []string{}, ""
	for _, name := range c.dialling.Codecs {
		n := codecNumbers[name]
		formats = append(formats, n)
		rate := "8000"
		if name == "opus" {
			rate = "48000/2"
		}
		maps += fmt.Sprintf("a=rtpmap:%s %s/%s\r\n", n, name, rate)
	}
	if !c.dialling.NoEvents {
		formats = append(formats, strconv.Itoa(eventType))
		maps += fmt.Sprintf("a=rtpmap:%d telephone-event/8000\r\na=fmtp:%d 0-15\r\n", eventType, eventType)
	}
	return fmt.Appendf(nil, "v=0\r\no=- %d %d IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %d RTP/AVP %s\r\n%sa=ptime:20\r\na=%s\r\n",
		c.media.port(), c.offer, a, a, c.media.port(), strings.Join(formats, " "), maps, c.direction)
}

func (c *Call) provisional(m *message) {
	c.s.Status, c.s.Phrase = m.status, m.reason
	if m.status > 100 {
		c.s.Phase = Ringing
		c.identify(m)
	}
	if c.cancelled && m.status >= 100 {
		c.cancel()
	}
}

// identify takes the other side's identity, as it is asserted and else as it says
// itself.
func (c *Call) identify(m *message) {
	who := m.get("p-asserted-identity")
	if who != "" {
		c.s.Asserted = who
	} else if m.method == "" || c.s.Outgoing {
		return
	} else {
		who = m.get("from")
	}
	name, uri := nameAddr(who)
	u, ok := parseURI(uri)
	if c.s.Name = name; ok && u.user != "" {
		c.s.Number = u.user
	}
}

// decided takes the final answer to our first INVITE.
func (c *Call) decided(m *message) {
	c.invite = nil
	if m == nil {
		c.over(408, "no answer", nil)
		return
	}
	c.s.Status, c.s.Phrase = m.status, m.reason
	if m.status >= 300 {
		c.s.Warning = m.get("warning")
		c.over(m.status, m.reason, m)
		return
	}
	c.identify(m)
	c.join(m, m.get("to"), true)
	c.confirm(m)
	if c.cancelled {
		c.hangUp()
		return
	}
	d, err := readDescription(m.body)
	if err != nil {
		c.hangUp()
		return
	}
	c.connect(d)
}

// join makes the dialog that a 2xx or an INVITE brings (RFC 3261 12.1).
func (c *Call) join(m *message, remote string, reversed bool) {
	c.remoteTag = param(remote, "tag")
	if _, uri := nameAddr(m.get("contact")); uri != "" {
		c.target = uri
	}
	c.route = nil
	for _, h := range m.all("record-route") {
		c.route = append(c.route, splitQuoted(h, ',')...)
	}
	for i, j := 0, len(c.route)-1; reversed && i < j; i, j = i+1, j-1 {
		c.route[i], c.route[j] = c.route[j], c.route[i]
	}
}

// confirm sends the ACK of a 2xx, a transaction of its own.
func (c *Call) confirm(m *message) {
	n, _ := m.cseq()
	c.ack = c.compose("ACK", c.a.newBranch(), n, nil, "", nil)
	c.a.transmitCall(c.ack)
}

// strayAccept is a 2xx of a call that is decided: a repetition, which gets its ACK
// again, or a second device that answered, which is hung up (13.2.2.4).
func (a *agent) strayAccept(m *message) {
	for _, c := range a.calls {
		if c.callID != m.get("call-id") {
			continue
		}
		if param(m.get("to"), "tag") == c.remoteTag {
			a.transmitCall(c.ack)
			return
		}
		second := &Call{a: a, callID: c.callID, from: c.from, to: c.to, localTag: c.localTag, target: c.target, cseq: c.cseq}
		second.join(m, m.get("to"), true)
		second.confirm(m)
		second.request("BYE", nil, "", nil, nil)
		return
	}
}

func (c *Call) cancel() {
	t := c.invite
	if t == nil {
		return
	}
	c.cancelled = true
	if !t.came {
		return // only after a provisional answer (9.1)
	}
	raw := string(c.ackFailure(t, &message{headers: []sipHeader{{"to", c.to}}}))
	raw = strings.Replace(strings.Replace(raw, "ACK ", "CANCEL ", 1), " ACK\r\n", " CANCEL\r\n", 1)
	c.a.transmitCall([]byte(raw))
}

func (c *Call) connect(d description) {
	was := c.s.Phase
	c.s.Phase = Up
	c.s.OnHold = d.direction == "sendonly" || d.direction == "inactive" || !d.at.IsValid()
	c.media.agree(d, !c.dialling.Silent && !c.s.Held && !c.s.OnHold)
	if was != Up {
		c.media.run(c.a.p.fleet)
		c.settle()
	}
}

func (c *Call) settle() {
	then := c.then
	c.then = nil
	for _, f := range then {
		f()
	}
}

// over ends the call here, whoever ended it; m is what told us.
func (c *Call) over(status int, phrase string, m *message) {
	if c.s.Phase == Ended {
		return
	}
	started := c.s.Phase == Up
	c.s.Phase = Ended
	if !started {
		c.s.Status, c.s.Phrase = status, phrase
	}
	if m != nil {
		c.s.Reason = strings.Join(m.all("reason"), ", ")
	}
	if c.accepting != nil {
		c.accepting.Stop()
	}
	if c.media != nil {
		c.media.close()
	}
	a := c.a
	for i, x := range a.calls {
		if x == c {
			a.calls = append(a.calls[:i:i], a.calls[i+1:]...)
			break
		}
	}
	if len(a.calls) == 0 {
		a.p.engaged(false)
	}
	c.settle()
}

func (c *Call) hangUp() {
	switch {
	case c.s.Phase == Ended:
	case c.s.Phase == Incoming:
		c.refuse(486, "Busy Here")
	case c.s.Phase == Up || c.remoteTag != "" && c.invite == nil:
		c.request("BYE", nil, "", nil, nil)
		c.over(0, "", nil)
	default:
		c.cancel()
	}
}
