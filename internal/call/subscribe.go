package call

import (
	"context"
	"strconv"
	"strings"
	"time"

	siplib "github.com/emiago/sipgo/sip"

	"tischlein/internal/telephony"
)

const (
	shortestWatch = time.Minute
	longestWatch  = time.Hour
	mostWatches   = 256 // of one channel: more keys no phone has
)

// Watched is what the house says to a subscription.
type Watched struct {
	CustomerID string
	Watcher    string          // id of the extension that is logged in at the desk
	Party      telephony.Party // who is watched
	Fresh, Old int             // messages, new and heard
}

// wish is what a SUBSCRIBE asks for.
type wish struct {
	event, id string
	expires   time.Duration
}

// subscribe serves a SUBSCRIBE that begins something (RFC 6665 4.2.1).
func (s *Server) subscribe(r *request) {
	cred := r.Credential
	w, ok := s.wished(r)
	switch {
	case !ok:
	case r.fromTag == "":
		r.answer(400, "Missing From Tag")
	case contactURI(value(r.msg, "Contact")) == "":
		r.answer(400, "Bad Contact")
	case cred == nil || cred.ChannelID == "":
		r.answer(403, phrases[403])
	case r.Unjudged:
		r.answer(503, phrases[503], "Retry-After", "5")
	default:
		tx, ok := s.accept(r)
		if !ok {
			return
		}
		if !s.run(func() { s.watch(tx, r, w) }) {
			tx.respond(r.refusal(503, phrases[503]))
		}
	}
}

// wished reads what is asked for; what is not served is answered here.
func (s *Server) wished(r *request) (w wish, ok bool) {
	w.event, w.id = readEvent(value(r.msg, "Event"))
	if w.event != eventDialog && w.event != eventMessages {
		r.answer(489, "Bad Event", "Allow-Events", allowEvents)
		return w, false
	}
	w.expires = longestWatch
	if v := value(r.msg, "Expires"); v != "" {
		n, err := strconv.ParseUint(v, 10, 32)
		if err != nil {
			r.answer(400, "Bad Expires")
			return w, false
		}
		w.expires = min(time.Duration(n)*time.Second, longestWatch)
	}
	if w.expires > 0 && w.expires < shortestWatch {
		r.answer(423, "Interval Too Brief", "Min-Expires", itoa(int(shortestWatch/time.Second)))
		return w, false
	}
	if !accepts(values(r.msg, "Accept"), w.event) {
		r.answer(406, "Not Acceptable")
		return w, false
	}
	return w, true
}

// accepts reports whether the phone takes the one format that we write.
func accepts(list []string, event string) bool {
	want := bodies[event]
	for _, line := range list {
		for one := range strings.SplitSeq(line, ",") {
			kind, _, _ := strings.Cut(one, ";")
			if kind = strings.ToLower(strings.TrimSpace(kind)); kind == want || kind == "*/*" || kind == "application/*" {
				return true
			}
		}
	}
	return len(list) == 0
}

// watch asks the house, answers and tells the present state at once.
func (s *Server) watch(tx *serverTx, r *request, w wish) {
	ctx, cancel := context.WithTimeout(s.ctx, planTime)
	defer cancel()
	channelID := r.Credential.ChannelID
	may, err := s.cfg.House.Watch(ctx, channelID, w.event, dialled(r.uri))
	if err != nil {
		tx.respond(s.refusal(r, refuse(err)))
		return
	}
	n := &subscription{
		s: s, callID: r.callID, tag: r.ownTag(), event: w.event, eventID: w.id, customerID: may.CustomerID,
		watcher: may.Watcher, party: may.Party, heard: r.cseq, expires: time.Now().Add(w.expires),
		news: news{Fresh: may.Fresh, Old: may.Old},
	}
	n.key = dialogKey(n.callID, r.fromTag, n.tag)
	n.leg = leg{
		ChannelID: channelID, SIPUser: r.Credential.SIPUser, Tag: r.fromTag, Contact: contactURI(value(r.msg, "Contact")),
		Routes: routes(r.msg, false), Self: untagged(r.from), Peer: untagged(r.to),
	}
	n.leg.over(r.Flow)
	n.mu.Lock()
	if w.expires == 0 { // only what is now (RFC 6665 4.4.3)
		n.over = "timeout"
	} else if !s.subs.add(n) {
		n.mu.Unlock()
		tx.respond(s.refusal(r, verdict{status: 403, phrase: "Too Many Subscriptions", why: "too_many_subscriptions"}))
		return
	} else {
		n.arm()
		n.save()
	}
	tx.respond(n.agreed(r, w.expires))
	n.mu.Unlock()
	n.tell(true)
}

// agreed is the 200 to a SUBSCRIBE.
func (n *subscription) agreed(r *request, expires time.Duration) *siplib.Response {
	return r.refusal(200, "OK", "Contact", contact(n.party, n.s.front.Advertised(r.Flow), r.Flow), "Expires", itoa(int(expires/time.Second)))
}

// resubscribe serves a SUBSCRIBE within a subscription and reports whether there
// is one. Nothing guards it but its tags and where it comes from.
func (s *Server) resubscribe(r *request) bool {
	n, ok := s.subs.all.get(dialogKey(r.callID, r.fromTag, r.toTag))
	if !ok {
		return false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if !s.mayCome(&n.leg, r.Flow) {
		return false
	}
	w, ok := s.wished(r)
	switch {
	case !ok:
	case w.event != n.event || w.id != n.eventID:
		r.answer(481, phrases[481])
	case r.cseq <= n.heard: // RFC 3261 12.2.2
		r.answer(500, phrases[500])
	default:
		tx, ok := s.accept(r)
		if !ok {
			return true
		}
		n.heard = r.cseq
		n.leg.over(r.Flow)
		if at := contactURI(value(r.msg, "Contact")); at != "" {
			n.leg.Contact = at
		}
		if !s.run(func() { n.renew(tx, r, w.expires) }) {
			tx.respond(r.refusal(503, phrases[503]))
		}
	}
	return true
}

// renew lengthens the subscription, or ends it as the phone wishes.
func (n *subscription) renew(tx *serverTx, r *request, expires time.Duration) {
	if expires == 0 {
		tx.respond(n.agreed(r, 0))
		n.end("timeout")
		return
	}
	ctx, cancel := context.WithTimeout(n.s.ctx, planTime)
	defer cancel()
	n.judge(ctx)
	n.mu.Lock()
	if n.over != "" || n.gone {
		n.mu.Unlock()
		tx.respond(r.refusal(481, phrases[481]))
		return
	}
	n.expires = time.Now().Add(expires)
	n.arm()
	n.save()
	tx.respond(n.agreed(r, expires))
	n.mu.Unlock()
	n.tell(true)
}
