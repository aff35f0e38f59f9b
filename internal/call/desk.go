package call

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"

	siplib "github.com/emiago/sipgo/sip"

	"tischlein/internal/sip"
	"tischlein/internal/telephony"
	"tischlein/internal/voice"
	"tischlein/internal/voice/dialogue"
)

// Desks gives the conversation of a hot-desk code its desk: the channel that
// dialled it (H02).
type Desks interface {
	Desk(ctx context.Context, plan telephony.CallPlan, from netip.Addr) dialogue.Desk
	// Ended hears why a call of a code came to nothing. What the desk itself has
	// refused it knows; of a codec, silence or hanging up it hears here alone.
	Ended(ctx context.Context, plan telephony.CallPlan, from netip.Addr, reason string)
}

// answerer is a call that ends here: the conversation with who dialled a code.
type answerer struct {
	s     *Server
	d     *dialog
	media *voice.Session
	stop  context.CancelFunc
	acks  *acks
}

// converse answers the call and talks.
func (c *setup) converse() {
	if c.s.cfg.Voice == nil || c.s.cfg.Desks == nil {
		c.refuse(verdict{status: 501, phrase: "Not Implemented", why: "no_voice"})
		return
	}
	from := c.r.Flow.Peer().Addr()
	late := len(c.r.msg.Body()) == 0 // then the offer is ours, and the answer comes with the ACK
	media, sdp, err := c.speak(late)
	if err != nil {
		v := mediaRefusal(err)
		c.refuse(v)
		c.s.cfg.Desks.Ended(c.s.ctx, c.plan, from, v.why)
		return
	}
	ctx, cancel := context.WithCancel(c.s.ctx)
	defer cancel()
	defer media.Close()
	desk := c.s.cfg.Desks.Desk(ctx, c.plan, from)
	var decided *dialogue.Decided
	if !late {
		decided = c.inOneGo(ctx, desk)
	}
	a := &answerer{s: c.s, media: media, stop: cancel, acks: newAcks()}
	acked := a.acks.expect(0, c.r.cseq)
	if !c.pickUp(a, sdp) {
		return
	}
	said, ok := repeat(ctx, c.tx, a.ok(c.r, sdp), acked)
	if !ok {
		a.hangUp(noACK)
		return
	}
	if late {
		if media.Answered(said) != nil {
			a.hangUp(`SIP;cause=488;text="No codec"`)
			c.s.cfg.Desks.Ended(c.s.ctx, c.plan, from, noCodec.why)
			return
		}
		decided = c.inOneGo(ctx, desk) // not before: without speech nothing is changed
	}
	o := c.talk(ctx, media, desk, decided)
	a.hangUp(o.ReasonHeader())
	if !o.Done() {
		c.s.cfg.Desks.Ended(c.s.ctx, c.plan, from, o.Reason)
	}
}

// speak opens the media: with an answer to the phone's offer, or with ours.
func (c *setup) speak(late bool) (*voice.Session, []byte, error) {
	if late {
		return c.s.cfg.Voice.Offer(c.s.mediaPlace(c.r.Flow))
	}
	return c.s.cfg.Voice.Answer(c.r.msg.Body(), c.s.mediaPlace(c.r.Flow))
}

// inOneGo logs in where number and PIN were dialled behind the code, nil otherwise.
func (c *setup) inOneGo(ctx context.Context, desk dialogue.Desk) *dialogue.Decided {
	if c.plan.Kind != telephony.CallLogin || c.plan.Argument == "" {
		return nil
	}
	return dialogue.Decide(ctx, desk, c.plan.Argument)
}

// talk is the conversation, or the announcement of what was decided.
func (c *setup) talk(ctx context.Context, media *voice.Session, desk dialogue.Desk, decided *dialogue.Decided) (o dialogue.Outcome) {
	switch {
	case decided != nil:
		o = decided.Speak(ctx, media, c.plan.Language)
	case c.plan.Kind == telephony.CallLogin:
		o = dialogue.Login(ctx, media, desk, c.plan.Language)
	default:
		o = dialogue.Logout(ctx, media, desk, c.plan.Language)
	}
	if o.Err != nil && o.Cause >= 500 {
		c.s.cfg.Log.Error("a hot-desk code failed", "component", "call", "err", o.Err)
	}
	return o
}

// mediaRefusal says why there is nothing to talk by.
func mediaRefusal(err error) verdict {
	switch {
	case errors.Is(err, voice.ErrFull):
		return verdict{status: 503, phrase: phrases[503], why: "no_room", cause: 42}
	case errors.Is(err, voice.ErrCodec), errors.Is(err, voice.ErrOffer):
		return verdict{status: 488, phrase: phrases[488], why: "no_codec", cause: 88}
	}
	return verdict{status: 503, phrase: phrases[503], why: "no_media", cause: 41}
}

// mediaPlace is where our media is, as the phone at that flow reaches us.
func (s *Server) mediaPlace(f sip.Flow) voice.Place {
	p := voice.Place{Peer: f.Peer().Addr()}
	if at, err := netip.ParseAddrPort(f.Local()); err == nil && !at.Addr().IsUnspecified() {
		p.Local = at.Addr()
	}
	host, _, err := net.SplitHostPort(s.front.Advertised(f))
	if err != nil {
		return p
	}
	if list, err := s.trunks.names.find(s.ctx, host); err == nil {
		p.Host = list[0].Addr()
		for _, at := range list {
			if at.Addr().Is4() == p.Peer.Unmap().Is4() { // the phone cannot reach the other family
				p.Host = at.Addr()
				break
			}
		}
	}
	return p
}

// pickUp makes the call a dialog with us; false: the caller has given up.
func (c *setup) pickUp(a *answerer, answer []byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.told {
		return false
	}
	own := leg{Tag: c.r.ownTag(), Party: telephony.Party{Number: c.code()}}
	a.d = &dialog{
		s: c.s, key: dialogKey(c.r.callID, c.r.fromTag, own.Tag), callID: c.r.callID, customerID: c.plan.CustomerID,
		seat: c.seat, answerer: a, legs: [2]leg{c.caller, own},
	}
	if !c.s.dialogs.put(a.d.key, a.d) {
		c.finish(verdict{status: 482, phrase: phrases[482], why: "merged"})
		return false
	}
	a.d.raise(0)
	c.answered, c.told = true, true
	c.seat.became(200, "")
	c.tx.respond(a.ok(c.r, answer))
	c.settle()
	return true
}

// code is what was dialled, without what stood behind it: that is a PIN.
func (c *setup) code() string {
	if c.plan.Callee.Number != "" {
		return c.plan.Callee.Number
	}
	number, _, _ := strings.Cut(dialled(c.r.uri), "*")
	return number
}

// ok is a 200 of ours with a session description.
func (a *answerer) ok(r *request, body []byte) *siplib.Response {
	res := r.response(200, "OK", a.d.leg(1).Tag)
	add(res, "Contact", contact(a.d.leg(1).Party, a.s.front.Advertised(r.Flow), r.Flow))
	add(res, "Allow", "INVITE, ACK, CANCEL, BYE, INFO, UPDATE, OPTIONS")
	if body != nil {
		add(res, "Content-Type", "application/sdp")
	}
	res.SetBody(body)
	return res
}

// inside serves what the phone sends during the conversation.
func (a *answerer) inside(r *request) {
	if r.Method == "ACK" {
		a.acks.came(0, r.cseq, sdpOf(r.msg))
		return
	}
	tx, ok := a.s.accept(r)
	if !ok {
		return
	}
	switch r.Method {
	case "BYE":
		tx.respond(r.refusal(200, "OK"))
		a.end()
	case "INFO":
		digit, ok := voice.ParseInfo(value(r.msg, "Content-Type"), r.msg.Body())
		if !ok {
			tx.respond(r.refusal(415, "Unsupported Media Type", "Accept", "application/dtmf-relay, application/dtmf"))
			return
		}
		a.media.Digit(digit)
		tx.respond(r.refusal(200, "OK"))
	case "INVITE", "UPDATE":
		a.renew(tx, r)
	default:
		tx.respond(r.refusal(405, "Method Not Allowed", "Allow", "INVITE, ACK, CANCEL, BYE, INFO, UPDATE, OPTIONS"))
	}
}

// renew answers a new offer: hold, another address, or the same to keep the call.
// Who offers nothing is offered what we have (RFC 3261 14.2).
func (a *answerer) renew(tx *serverTx, r *request) {
	none := len(r.msg.Body()) == 0
	var sdp []byte
	switch {
	case !none:
		answer, err := a.media.Again(r.msg.Body())
		if err != nil {
			tx.respond(a.s.refusal(r, mediaRefusal(err)))
			return
		}
		sdp = answer
	case r.Method == "INVITE":
		sdp = a.media.Offer()
	}
	a.d.refreshed(0, r.msg, siplib.NewResponse(200, ""))
	res := a.ok(r, sdp)
	if r.Method != "INVITE" {
		tx.respond(res)
		return
	}
	acked := a.acks.expect(0, r.cseq)
	tx.respond(res)
	a.s.run(func() {
		ctx, cancel := context.WithTimeout(a.s.ctx, guard())
		defer cancel()
		if said, _ := repeat(ctx, tx, res, acked); none && said != nil {
			_ = a.media.Answered(said) // what we do not speak leaves it as it was
		}
	})
}

// hangUp says goodbye with the reason and ends the call, unless it has ended.
func (a *answerer) hangUp(reason string) {
	l, own := a.d.leg(0), a.d.leg(1)
	if f, ok := a.s.way(&l); ok && !a.d.ended() {
		a.s.sayBye(&l, f, own.Tag, a.d.callID, reason)
	}
	a.end()
}

// end ends the conversation wherever it is.
func (a *answerer) end() {
	a.d.forget()
	a.media.Close()
	a.stop()
}
