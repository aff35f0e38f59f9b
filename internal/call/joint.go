package call

import (
	"time"

	siplib "github.com/emiago/sipgo/sip"

	"tischlein/internal/telephony"
)

// joint is one side of a call that was picked up: the INVITE that we answer.
type joint struct {
	c, other  *setup
	d         *dialog
	side      int
	party     telephony.Party // whom it talks to
	sdp       []byte          // what it is answered with; nil: what the other side's ACK says
	session   time.Duration
	refresher string // who keeps the session up, as its answer says; "": it knows no timer
}

// join is what caller and picker are answered with: each with the other's offer,
// cut down to what both have. Who has offered nothing gets the other's whole, and
// the other nothing yet; two of them have nothing to talk by.
func join(m *media, caller, picker *request) (sdp [2][]byte, ok bool) {
	one, two := sdpOf(caller.msg), sdpOf(picker.msg)
	switch {
	case one == nil && two == nil:
		return sdp, false
	case two == nil:
		sdp[1] = m.offered(caller, one)
		return sdp, true
	case one == nil:
		sdp[0] = m.offered(picker, two)
		return sdp, true
	}
	sdp[0], sdp[1], ok = cross(one, two)
	if m == nil || !ok {
		return sdp, ok
	}
	_, sdp[1], ok = cross(m.offer(caller.cseq, caller.fromTag, "", one), two)
	sdp[0] = m.answer(caller.cseq, caller.fromTag, picker.fromTag, sdp[0])
	return sdp, ok
}

// offered is offer for what r offers, where there may be no relay.
func (m *media) offered(r *request, sdp []byte) []byte {
	if m == nil {
		return sdp
	}
	return m.offer(r.cseq, r.fromTag, "", sdp)
}

// connect answers both sides. Who has offered nothing comes first: its ACK is what the
// other side waits for. Both set-ups are locked.
func connect(caller, picker *joint) {
	for _, j := range []*joint{caller, picker} {
		j.c.answered, j.c.told = true, true
		j.c.seat.became(200, "")
	}
	switch {
	case picker.sdp == nil:
		caller.before(picker)
	case caller.sdp == nil:
		picker.before(caller)
	default:
		caller.answer(func([]byte) {}, func() { caller.d.leave(noACK, 0, 1) })
		picker.answer(func([]byte) {}, func() { picker.d.leave(noACK, 0, 1) })
	}
}

const noACK = `SIP;cause=408;text="No ACK"`

// before answers j with the offer of next, and next with what j says to it. A side
// that has not been answered is refused, not told goodbye.
func (j *joint) before(next *joint) {
	d := j.d
	fail := func() {
		next.c.tx.respond(next.c.s.refusal(next.c.r, noCodec))
		d.leave(noACK, j.side)
	}
	j.answer(func(sdp []byte) {
		if sdp == nil || d.ended() {
			fail()
			return
		}
		if next.sdp = sdp; d.media != nil {
			next.sdp = d.media.answer(next.c.r.cseq, next.c.r.fromTag, j.c.r.fromTag, sdp)
		}
		next.answer(func([]byte) {}, func() { d.leave(noACK, 0, 1) })
	}, fail)
}

// answer tells the side that it talks to the party of the other set-up. Its 200 is
// ours to repeat, and its ACK goes no further than to then; lost is for none.
func (j *joint) answer(then func(sdp []byte), lost func()) {
	c := j.c
	res := c.r.response(200, "OK", j.other.r.fromTag)
	host := c.s.front.Advertised(c.r.Flow)
	add(res, "Contact", contact(j.party, host, c.r.Flow))
	assert(res, j.party, host)
	for _, name := range []string{"Allow", "Supported"} {
		for _, v := range values(j.other.r.msg, name) {
			add(res, name, v)
		}
	}
	if j.refresher != "" {
		add(res, "Session-Expires", itoa(int(j.session/time.Second))+";refresher="+j.refresher)
		if j.refresher == "uac" {
			add(res, "Require", "timer")
		}
	}
	add(res, "Content-Type", "application/sdp")
	res.SetBody(j.sdp)
	acked := j.d.acks.expect(j.side, c.r.cseq)
	c.tx.respond(res)
	c.s.run(func() {
		sdp, ok := repeat(c.s.ctx, c.tx, res, acked)
		switch {
		case ok:
			time.AfterFunc(siplib.T4, c.tx.Terminate)
			then(sdp)
		case c.s.ctx.Err() == nil:
			lost()
		}
	})
}
