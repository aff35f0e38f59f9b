package call

import (
	"errors"
	"strings"
	"sync"
	"time"

	siplib "github.com/emiago/sipgo/sip"

	"tischlein/internal/sip"
	"tischlein/internal/telephony"
)

// inside serves a request within a call: it goes to the other side (C09).
func (s *Server) inside(r *request) {
	d, ok := s.dialog(r.callID, r.fromTag, r.toTag)
	if !ok {
		r.answer(481, phrases[481])
		return
	}
	i := d.side(r.fromTag)
	l := d.leg(i)
	if !s.mayCome(&l, r.Flow) {
		r.answer(481, phrases[481])
		return
	}
	if r.maxForwards == 0 {
		r.answer(483, phrases[483])
		return
	}
	d.heard(i, r.Flow)
	if d.answerer != nil {
		d.answerer.inside(r)
		return
	}
	if r.Method == "ACK" {
		if !d.acks.came(i, r.cseq, sdpOf(r.msg)) {
			d.acknowledge(r, i)
		}
		return
	}
	tx, ok := s.accept(r)
	if !ok {
		return
	}
	if r.Method == "INVITE" {
		tx.respond(r.response(100, "Trying", ""))
	}
	if r.Method == "BYE" {
		d.over()
	}
	p := &passage{d: d, r: r, tx: tx, i: i}
	if !s.run(p.begin) {
		tx.respond(r.refusal(503, phrases[503]))
	}
}

// acknowledge passes the ACK of a 2xx on. It has no transaction: who misses it
// repeats the 2xx, and gets another.
func (d *dialog) acknowledge(r *request, i int) {
	if d.settled != nil {
		d.settled()
	}
	if d.media != nil && sdpOf(r.msg) != nil {
		d.s.run(func() { d.pass(r, i, d.relayed(r, i)) }) // it asks the relay
		return
	}
	d.pass(r, i, nil)
}

// pass sends an ACK to the other side, with that description unless it is nil.
func (d *dialog) pass(r *request, i int, sdp []byte) {
	far, f, ok := d.far(i)
	if !ok {
		return
	}
	out := d.s.onward("ACK", &far, f, branchMark+randomHex(10), r.fromTag, d.id(1-i), r.cseq+far.Shift, r.maxForwards-1)
	passOn(r.msg, out)
	if sdp != nil {
		out.SetBody(sdp)
	}
	_ = (&line{flow: f}).WriteMsg(out)
}

// far is the side opposite of i, and the way to it.
func (d *dialog) far(i int) (leg, sip.Flow, bool) {
	far := d.leg(1 - i)
	f, ok := d.s.way(&far)
	return far, f, ok
}

// passage is one request on its way from a side of a call to the other.
type passage struct {
	d  *dialog
	r  *request
	tx *serverTx
	i  int // whose request it is

	mu    sync.Mutex
	far   leg
	asked ask
	done  bool
	tries int
}

func (p *passage) begin() {
	d, r := p.d, p.r
	far, f, ok := d.far(p.i)
	if !ok {
		p.lost(errNoFlow)
		return
	}
	sdp := d.relayed(r, p.i)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.far = far
	id := newBranch()
	cseq := r.cseq + far.Shift
	d.sent(1-p.i, cseq)
	out := d.s.onward(r.Method, &far, f, id, r.fromTag, d.id(1-p.i), cseq, r.maxForwards-1)
	near, host := d.leg(p.i), d.s.front.Advertised(f)
	shown := near.Party
	if far.TrunkID != "" && p.i == 1 || far.Peer == anonymous {
		shown = telephony.Party{} // an extension behind a number, or who is not to be named
	}
	if value(r.msg, "Contact") != "" {
		add(out, "Contact", contact(near.Party, host, f))
	}
	if r.Method == "INVITE" || r.Method == "UPDATE" {
		assert(out, shown, host)
	}
	if value(r.msg, "Referred-By") != "" {
		add(out, "Referred-By", nameAddr(telephony.Party{Number: near.Party.Number}, host))
	}
	passOn(r.msg, out)
	if sdp != nil {
		out.SetBody(sdp)
	}
	shift(out, far.Shift)
	p.asked = ask{s: d.s, out: out, branch: id, flow: f}
	p.send()
	if r.Method == "INVITE" {
		p.wait()
		p.tx.onCancel(func(reason string) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.asked.cancel(reason)
		})
	}
}

func (p *passage) send() {
	p.asked.send(listener{got: p.got, again: p.again, lost: p.lost})
}

// shift corrects the CSeq inside a PRACK's RAck as that of the INVITE was.
func shift(out *siplib.Request, by uint32) {
	parts := strings.Fields(value(out, "RAck"))
	if by == 0 || len(parts) != 3 {
		return
	}
	if n, ok := number(parts[1]); ok {
		out.RemoveHeader("RAck")
		add(out, "RAck", parts[0]+" "+itoa(int(n+by))+" "+parts[2])
	}
}

// wait starts Timer C anew. p is locked.
func (p *passage) wait() {
	if p.asked.clock != nil {
		p.asked.clock.Stop()
	}
	p.asked.clock = time.AfterFunc(p.d.s.cfg.TimerC, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if !p.done {
			p.asked.cancel(`SIP;cause=408;text="No answer"`)
		}
	})
}

func (p *passage) got(res *siplib.Response) {
	d, r := p.d, p.r
	p.relayed(res)
	p.mu.Lock()
	if res.StatusCode < 200 {
		p.asked.alive()
		if r.Method == "INVITE" {
			p.wait()
		}
		p.mu.Unlock()
		if res.StatusCode > 100 {
			p.tx.respond(p.back(res))
		}
		return
	}
	if (res.StatusCode == 401 || res.StatusCode == 407) && p.far.TrunkID != "" {
		switch {
		case p.asked.taken():
			res.StatusCode, res.Reason = 487, phrases[487]
		case p.prove(res):
			p.mu.Unlock()
			return
		}
	}
	p.end()
	p.mu.Unlock()
	if res.StatusCode < 300 && (r.Method == "INVITE" || r.Method == "UPDATE") {
		d.refreshed(p.i, r.msg, res)
	}
	back := p.back(res)
	if r.Method == "BYE" {
		d.forget() // first: who is told that it is over may ask again at once
	}
	p.tx.respond(back)
}

// prove repeats the request with what the trunk asks for, once. p is locked.
func (p *passage) prove(res *siplib.Response) bool {
	t, ok := p.d.s.trunks.get(p.far.TrunkID)
	if !ok || p.tries > 0 {
		return false
	}
	p.tries++
	out := p.asked.out.Clone()
	p.far.Shift = p.d.push(1 - p.i)
	cseq := p.r.cseq + p.far.Shift
	if !prove(t, out, res, cseq) {
		return false
	}
	p.d.sent(1-p.i, cseq)
	p.asked = p.asked.anew(out)
	p.send()
	return true
}

// again passes a repeated 2xx on, not in the socket's reader: the relay may have
// something to say to it.
func (p *passage) again(res *siplib.Response) {
	p.d.s.run(func() {
		p.relayed(res)
		p.tx.respond(p.back(res))
	})
}

// back makes of the far side's answer what the near side gets.
func (p *passage) back(res *siplib.Response) *siplib.Response {
	up := p.r.response(res.StatusCode, phrase(res.Reason), tagOf(value(res, "To")))
	host := p.d.s.front.Advertised(p.r.Flow)
	if value(res, "Contact") != "" {
		add(up, "Contact", contact(p.far.Party, host, p.r.Flow))
	}
	near := p.d.leg(p.i)
	if near.TrunkID == "" && res.StatusCode < 300 && (p.r.Method == "INVITE" || p.r.Method == "UPDATE") {
		assert(up, p.far.Party, host)
	}
	passOn(res, up)
	return up
}

// lost answers for a side that does not: its goodbye is taken as said.
func (p *passage) lost(err error) {
	p.mu.Lock()
	if p.done {
		p.mu.Unlock()
		return
	}
	p.end()
	p.mu.Unlock()
	switch {
	case p.r.Method == "BYE":
		p.d.forget()
		p.tx.respond(p.r.refusal(200, "OK"))
	case errors.Is(err, errNoFlow):
		p.tx.respond(p.r.refusal(480, phrases[480]))
	default:
		p.tx.respond(p.r.refusal(408, phrases[408]))
	}
}

// end stops the clock. p is locked.
func (p *passage) end() {
	p.done = true
	if p.asked.clock != nil {
		p.asked.clock.Stop()
	}
}
