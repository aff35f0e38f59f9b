package main

import (
	"bytes"
	"errors"
	"fmt"
	"time"
)

// device is one of the two phones that ring.
type device struct {
	call                                       *call
	name, tag, sdp, contact                    string
	invited, answers, cancelled, settled, left bool // settled: its final response has its ACK
	branch, request                            []byte
	cseq                                       uint32
	repeat                                     repeat

	trying, ringing, final, other []byte
}

func (d *device) begin(c *call, i int) {
	d.call, d.name = c, c.trio.devices[i]
	d.tag = fmt.Sprintf("d%d-%x-%x", i, c.load, c.number)
	d.sdp = sdp(d.tag)
	d.contact = "sip:" + d.name + "@" + c.local
	d.invited, d.answers, d.cancelled, d.settled, d.left = false, false, false, false, false
	d.repeat.stop()
}

// done: the one who answered was hung up on, the other's ringing has stopped.
func (d *device) done() bool { return d.settled && (d.left || d.cancelled) }

// asked takes a request to the device.
func (d *device) asked(p *packet, now time.Time, t1 time.Duration) error {
	c := d.call
	switch {
	case string(p.fromTag) != c.tag:
		return fmt.Errorf("%s with a foreign From tag", p.method)
	case string(p.of) != string(p.method):
		return fmt.Errorf("%s with a CSeq of %s", p.method, p.of)
	}
	switch string(p.method) {
	case "INVITE":
		return d.ring(p, now, t1)
	case "CANCEL":
		return d.stop(p, now, t1)
	case "ACK":
		return d.acknowledged(p, now, t1)
	case "BYE":
		return d.byed(p)
	}
	return fmt.Errorf("unexpected %s", p.method)
}

func (d *device) ring(p *packet, now time.Time, t1 time.Duration) error {
	c := d.call
	switch {
	case d.invited && bytes.Equal(p.branch, d.branch):
		c.repeated++
		if d.repeat.what != nil {
			c.send(d.repeat.what)
		}
		return nil
	case d.invited:
		return errors.New("a device was invited twice")
	case !c.proven:
		return errors.New("INVITE before anybody has proven who calls")
	case p.proven:
		return errors.New("INVITE with the caller's credentials")
	case len(p.toTag) > 0:
		return errors.New("INVITE into a call that is none yet")
	case p.hops < 1 || p.hops >= 70:
		return errors.New("INVITE whose Max-Forwards nobody has lowered")
	case string(p.body) != sdp(c.tag):
		return errors.New("INVITE with another body")
	case len(p.contact) == 0:
		return errors.New("INVITE without a Contact")
	}
	d.invited, d.cseq = true, p.cseq
	d.branch = append(d.branch[:0], p.branch...)
	d.request = append(d.request[:0], p.raw...)
	d.trying = appendAnswer(d.trying[:0], d.request, "100 Trying", "", "", "")
	d.ringing = appendAnswer(d.ringing[:0], d.request, "180 Ringing", d.tag, d.contact, "")
	c.send(d.trying)
	c.send(d.ringing)
	d.repeat.start(d.ringing, now, t1) // it may be lost, and the caller waits for it
	return nil
}

func (d *device) pickUp(now time.Time, t1 time.Duration) {
	if d.answers {
		return
	}
	d.answers = true
	d.final = appendAnswer(d.final[:0], d.request, "200 OK", d.tag, d.contact, d.sdp)
	d.call.send(d.final)
	d.repeat.start(d.final, now, t1)
}

func (d *device) stop(p *packet, now time.Time, t1 time.Duration) error {
	c := d.call
	switch {
	case !d.invited || !bytes.Equal(p.branch, d.branch) || p.cseq != d.cseq:
		return errors.New("CANCEL of another INVITE")
	case d.answers:
		return errors.New("CANCEL to who has answered")
	case !c.winner().answers:
		return errors.New("CANCEL before anybody has answered")
	}
	d.other = appendAnswer(d.other[:0], p.raw, "200 OK", d.tag, "", "")
	c.send(d.other)
	if d.cancelled {
		c.repeated++
		return nil
	}
	d.cancelled = true
	d.final = appendAnswer(d.final[:0], d.request, "487 Request Terminated", d.tag, "", "")
	c.send(d.final)
	d.repeat.start(d.final, now, t1)
	return nil
}

func (d *device) acknowledged(p *packet, now time.Time, t1 time.Duration) error {
	c := d.call
	switch {
	case !d.answers && !d.cancelled || string(p.toTag) != d.tag || p.cseq != d.cseq:
		return errors.New("ACK of what was not said")
	case d.cancelled != bytes.Equal(p.branch, d.branch): // RFC 3261 17.1.1.3, 13.2.2.4
		return errors.New("ACK with a wrong branch")
	case d.settled:
		c.repeated++
		return nil
	}
	d.settled = true
	d.repeat.stop()
	if d.answers {
		c.hangUp(now, t1)
	}
	return nil
}

func (d *device) byed(p *packet) error {
	c := d.call
	switch {
	case !d.answers || !d.settled || string(p.toTag) != d.tag:
		return errors.New("BYE to who is in no call")
	case p.cseq <= d.cseq:
		return errors.New("BYE with an old CSeq")
	}
	if d.left {
		c.repeated++
	}
	d.left = true
	d.other = appendAnswer(d.other[:0], p.raw, "200 OK", "", "", "")
	c.send(d.other)
	return nil
}
