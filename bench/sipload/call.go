package main

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// trio is who calls whom: the extension that number reaches rings at two devices.
type trio struct {
	user, password, number string
	devices                [2]string // user parts of their Contacts
}

// sdp is what a side offers or answers; its owner stands in it, so that it is known again.
func sdp(owner string) string {
	return "v=0\r\no=" + owner + " 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 9 8 0 101\r\n" +
		"a=rtpmap:9 G722/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=sendrecv\r\n"
}

// call is one call under way: its caller and both devices of who is called. It is reused for call
// after call. What it sends goes to send, which keeps the bytes until they are out: each kind of
// message has a buffer of its own.
//
// The caller INVITEs, proves who it is, and hears both devices ring; then one of them answers, the
// other must be told to stop, and when the answer's ACK has come the caller hangs up.
type call struct {
	send          func([]byte)
	local, domain string
	slot          int
	number        uint32 // of the call; with load in all its identifiers
	load          uint32 // of the process: a server knows the last one's calls for a while

	trio    *trio
	due     time.Time
	begun   time.Time
	took    time.Duration // from due to the answer
	callID  string
	tag     string
	uri     string
	cseq    uint32 // of the last INVITE; the BYE's is one higher
	proven  bool
	told    bool // it rings at the caller, or more than that
	rings   [2]bool
	answer  []byte // what was answered: target and routes
	over    bool   // the BYE is answered
	repeat  repeat
	devices [2]device

	invite, refusedACK, ack, bye, scratch []byte
	repeated                              int // what the server sent again
}

// repeat is a message that is sent again until something comes (RFC 3261 17.1.1.2, 13.3.1.4).
type repeat struct {
	what  []byte
	at    time.Time
	pause time.Duration
}

func (r *repeat) start(what []byte, now time.Time, t1 time.Duration) {
	*r = repeat{what, now.Add(t1), t1}
}
func (r *repeat) stop() { r.what = nil }

// winner is the device that answers: both do in turn.
func (c *call) winner() *device { return &c.devices[c.number&1] }

func (c *call) begin(t *trio, number uint32, due, now time.Time, t1 time.Duration) {
	c.trio, c.number, c.due, c.begun = t, number, due, now
	c.callID = fmt.Sprintf("%04x-%08x-%08x@sipload", c.slot, number, c.load)
	c.tag = fmt.Sprintf("c%x-%x", c.load, number)
	c.uri = "sip:" + t.number + "@" + c.domain
	c.cseq, c.proven, c.told, c.rings, c.answer, c.over, c.took = 1, false, false, [2]bool{}, nil, false, 0
	for i := range c.devices {
		c.devices[i].begin(c, i)
	}
	c.invite = c.appendInvite(c.invite[:0], nil)
	c.send(c.invite)
	c.repeat.start(c.invite, now, t1)
}

func (c *call) done() bool {
	return c.over && c.devices[0].done() && c.devices[1].done()
}

// head appends a request's first headers; toTag is empty before the answer.
func (c *call) head(dst []byte, method, uri string, cseq uint32, branch, toTag string) []byte {
	dst = append(append(append(append(dst, method...), ' '), uri...), " SIP/2.0\r\nVia: SIP/2.0/UDP "...)
	dst = append(append(append(append(dst, c.local...), ";rport;branch=z9hG4bK"...), c.tag...), branch...)
	dst = append(append(append(dst, "\r\nMax-Forwards: 70\r\nFrom: <sip:"...), c.trio.user...), '@')
	dst = append(append(append(append(dst, c.domain...), ">;tag="...), c.tag...), "\r\nTo: <sip:"...)
	dst = append(append(append(append(dst, c.trio.number...), '@'), c.domain...), '>')
	if toTag != "" {
		dst = append(append(dst, ";tag="...), toTag...)
	}
	dst = append(append(append(dst, "\r\nCall-ID: "...), c.callID...), "\r\nCSeq: "...)
	dst = strconv.AppendUint(dst, uint64(cseq), 10)
	return append(append(append(dst, ' '), method...), "\r\n"...)
}

func (c *call) appendInvite(dst, authorization []byte) []byte {
	dst = c.head(dst, "INVITE", c.uri, c.cseq, "i"+strconv.Itoa(int(c.cseq)), "")
	dst = append(append(append(append(append(dst, "Contact: <sip:"...), c.trio.user...), '@'), c.local...), ">\r\n"...)
	dst = append(append(dst, "Allow: INVITE, ACK, CANCEL, BYE\r\nUser-Agent: sipload\r\n"...), authorization...)
	body := sdp(c.tag)
	dst = append(dst, "Content-Type: application/sdp\r\nContent-Length: "...)
	dst = strconv.AppendInt(dst, int64(len(body)), 10)
	return append(append(dst, "\r\n\r\n"...), body...)
}

const noBody = "Content-Length: 0\r\n\r\n"

// heard takes a response to the caller.
func (c *call) heard(p *packet, now time.Time, t1 time.Duration) error {
	switch {
	case string(p.fromTag) != c.tag:
		return errors.New("response with a foreign From tag")
	case string(p.of) == "BYE":
		return c.goodbye(p)
	case string(p.of) != "INVITE" || p.cseq > c.cseq || p.cseq < c.cseq && p.status != 407:
		return fmt.Errorf("response %d to a request that was not made", p.status)
	case p.status == 407:
		return c.challenged(p, now, t1)
	case !c.proven:
		if p.status == 100 {
			return nil
		}
		return fmt.Errorf("status %d without asking for credentials", p.status)
	}
	c.repeat.stop()
	switch p.status {
	case 100:
	case 180:
		return c.rung(p, now, t1)
	case 200:
		return c.answered(p, now)
	default:
		return fmt.Errorf("INVITE: status %d", p.status)
	}
	return nil
}

func (c *call) challenged(p *packet, now time.Time, t1 time.Duration) error {
	if c.proven {
		if p.cseq == c.cseq {
			return errors.New("407 to credentials")
		}
		c.repeated++
		c.send(c.refusedACK)
		return nil
	}
	answer, err := pickChallenge(p.challenges, "")
	if err != nil {
		return err
	}
	c.refusedACK = append(c.head(c.refusedACK[:0], "ACK", c.uri, c.cseq, "i1", string(p.toTag)), noBody...)
	c.send(c.refusedACK)
	c.proven = true
	c.cseq++
	c.scratch = appendAuthorization(c.scratch[:0], "Proxy-Authorization", "INVITE", answer, c.trio.user, c.trio.password, c.uri)
	// The first INVITE may still wait to be sent in this batch.
	c.invite = c.appendInvite(make([]byte, 0, cap(c.invite)), c.scratch)
	c.send(c.invite)
	c.repeat.start(c.invite, now, t1)
	return nil
}

// rung notes which of the devices the caller hears ring; when it is both, one of them answers.
func (c *call) rung(p *packet, now time.Time, t1 time.Duration) error {
	for i := range c.devices {
		if string(p.toTag) == c.devices[i].tag && c.devices[i].invited {
			c.rings[i] = true
			if c.rings == [2]bool{true, true} && c.answer == nil {
				c.winner().pickUp(now, t1)
			}
			return nil
		}
	}
	return errors.New("180 of nobody who rings")
}

func (c *call) answered(p *packet, now time.Time) error {
	d := c.winner()
	switch {
	case string(p.toTag) != d.tag || !d.answers:
		return errors.New("200 of who has not answered")
	case string(p.body) != d.sdp:
		return errors.New("200 with another body")
	case len(p.contact) == 0:
		return errors.New("200 without a Contact")
	case c.answer != nil:
		c.repeated++
		c.send(c.ack)
		return nil
	}
	c.took = now.Sub(c.due)
	c.answer = append([]byte{}, p.contact...)
	routes := c.scratch[:0]
	for i := len(p.routes) - 1; i >= 0; i-- { // RFC 3261 12.1.2
		routes = append(append(append(routes, "Route: "...), p.routes[i]...), "\r\n"...)
	}
	target := string(c.answer)
	c.ack = append(append(c.head(c.ack[:0], "ACK", target, c.cseq, "a", d.tag), routes...), noBody...)
	c.bye = append(append(c.head(c.bye[:0], "BYE", target, c.cseq+1, "b", d.tag), routes...), noBody...)
	c.scratch = routes
	c.send(c.ack)
	return nil
}

func (c *call) hangUp(now time.Time, t1 time.Duration) {
	c.send(c.bye)
	c.repeat.start(c.bye, now, t1)
}

func (c *call) goodbye(p *packet) error {
	switch {
	case p.cseq != c.cseq+1 || !c.winner().left:
		return fmt.Errorf("BYE: status %d before its receiver has it", p.status)
	case p.status != 200:
		return fmt.Errorf("BYE: status %d", p.status)
	}
	c.repeat.stop()
	c.over = true
	return nil
}
