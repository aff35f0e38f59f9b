package call

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	siplib "github.com/emiago/sipgo/sip"

	"tischlein/internal/sip"
)

// Relay stands between two phones that cannot reach each other (C13). A call has
// one name there, and its sides are known by their tags; from is always whose
// offer it is. Results are what the other side is to be given.
type Relay interface {
	Offer(ctx context.Context, call, from, to string, sdp []byte) ([]byte, error)
	Answer(ctx context.Context, call, from, to string, sdp []byte) ([]byte, error)
	Delete(ctx context.Context, call, from string) error
}

const (
	relayWait = time.Second      // somebody waits for a ringing tone
	relayRest = 10 * time.Second // so long a relay that is silent is not asked
)

// relaying is the relay as all calls know it.
type relaying struct {
	silent atomic.Bool
	again  atomic.Int64 // Unix time at which it is asked again
	direct atomic.Int64 // descriptions passed on without it, since it is silent
}

// Direct counts the session descriptions that had to go on as they were because
// the relay did not answer, since it last did.
func (s *Server) Direct() int64 { return s.relaying.direct.Load() }

// media is one call's part in the relay: of the caller and one device that rings.
type media struct {
	s    *Server
	name string

	asking sync.Mutex // one question after the other

	mu    sync.Mutex
	tag   string // of who made the first offer
	users int    // branches and dialogs
	off   bool   // it could not take part: all goes directly from now on
	said  []said
}

// said is a description of one request or its answer, with what became of it: what
// is repeated must not become something else.
type said struct {
	cseq              uint32
	answers           bool
	from, to, in, out string
}

// mostSaid is enough for two dialogs that repeat their last answers.
const mostSaid = 8

// apart is a call's part in the relay, nil for two behind one address: they reach
// each other.
func (s *Server) apart(a, b sip.Flow) *media {
	if s.cfg.Relay == nil || a.Peer().Addr() == b.Peer().Addr() {
		return nil
	}
	return &media{s: s, name: randomHex(12), users: 1}
}

// take is one more who needs it. nil takes part in nothing.
func (m *media) take() *media {
	if m != nil {
		m.mu.Lock()
		m.users++
		m.mu.Unlock()
	}
	return m
}

// leave ends it with the last one.
func (m *media) leave() {
	if m == nil {
		return
	}
	m.mu.Lock()
	m.users--
	last := m.users == 0 && m.tag != ""
	tag := m.tag
	m.mu.Unlock()
	if last {
		m.s.run(func() {
			ctx, cancel := context.WithTimeout(m.s.ctx, relayWait)
			defer cancel()
			_ = m.s.cfg.Relay.Delete(ctx, m.name, tag) // what it is not told it notices by the silence
		})
	}
}

// state is what a record keeps: its name, and who offered first; nothing where it
// takes no part.
func (m *media) state() (name, offerer string) {
	if m == nil {
		return "", ""
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.off || m.tag == "" {
		return "", ""
	}
	return m.name, m.tag
}

// offer and answer give a description to the relay; without it the description
// goes on as it is.
func (m *media) offer(cseq uint32, from, to string, sdp []byte) []byte {
	return m.through(m.s.cfg.Relay.Offer, said{cseq: cseq, from: from, to: to, in: string(sdp)})
}

func (m *media) answer(cseq uint32, from, to string, sdp []byte) []byte {
	return m.through(m.s.cfg.Relay.Answer, said{cseq: cseq, answers: true, from: from, to: to, in: string(sdp)})
}

func (m *media) through(ask func(context.Context, string, string, string, []byte) ([]byte, error), x said) []byte {
	m.asking.Lock()
	defer m.asking.Unlock()
	m.mu.Lock()
	off := m.off
	for _, old := range m.said {
		if x.out = old.out; x == old {
			m.mu.Unlock()
			return []byte(old.out)
		}
	}
	m.mu.Unlock()
	x.out = x.in
	if !off {
		out, err := m.s.askRelay(func(ctx context.Context) ([]byte, error) { return ask(ctx, m.name, x.from, x.to, []byte(x.in)) })
		if off = err != nil; !off {
			x.out = string(out)
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.off = off; m.tag == "" && !off {
		m.tag = x.from
	}
	if len(m.said) == mostSaid {
		m.said = append(m.said[:0], m.said[1:]...)
	}
	m.said = append(m.said, x)
	return []byte(x.out)
}

var errRelayRests = errors.New("call: the media relay is not asked now")

// askRelay asks unless the relay was silent a moment ago. Its silence is logged
// once, and its return.
func (s *Server) askRelay(ask func(context.Context) ([]byte, error)) ([]byte, error) {
	r := &s.relaying
	if time.Now().Unix() < r.again.Load() {
		r.direct.Add(1)
		return nil, errRelayRests
	}
	ctx, cancel := context.WithTimeout(s.ctx, relayWait)
	defer cancel()
	out, err := ask(ctx)
	switch {
	case err == nil:
		if r.silent.CompareAndSwap(true, false) {
			s.cfg.Log.Info("the media relay answers again", "component", "call", "count", r.direct.Swap(0))
		}
		return out, nil
	case ctx.Err() != nil && s.ctx.Err() == nil:
		r.again.Store(time.Now().Add(relayRest).Unix())
		if r.silent.CompareAndSwap(false, true) {
			s.cfg.Log.Error("the media relay does not answer: calls go on directly, and may be silent between sites", "component", "call", "err", err)
		}
	default:
		s.cfg.Log.Warn("the media relay could not take part in a call", "component", "call", "err", err)
	}
	r.direct.Add(1)
	return nil, err
}

// sdpOf is a message's session description, nil for none.
func sdpOf(m carrier) []byte {
	kind, _, _ := strings.Cut(value(m, "Content-Type"), ";")
	if len(m.Body()) == 0 || !strings.EqualFold(strings.TrimSpace(kind), "application/sdp") {
		return nil
	}
	return m.Body()
}

// relay prepares the branch's media: what its device will be offered. It asks the
// relay, so c is not locked.
func (b *branch) relay() {
	if b.media = b.c.s.apart(b.c.r.Flow, b.flow); b.media == nil {
		return
	}
	if sdp := sdpOf(b.c.r.msg); sdp != nil {
		b.offer = b.media.offer(b.c.r.cseq, b.c.r.fromTag, "", sdp)
	}
}

// relayed puts what the caller is to be given into an answer of the device.
func (b *branch) relayed(res *siplib.Response) {
	sdp := sdpOf(res)
	tag := tagOf(value(res, "To"))
	switch {
	case b.media == nil || sdp == nil || tag == "" || res.StatusCode >= 300:
	case sdpOf(b.c.r.msg) != nil:
		res.SetBody(b.media.answer(b.c.r.cseq, b.c.r.fromTag, tag, sdp))
	default:
		res.SetBody(b.media.offer(b.c.r.cseq, tag, b.c.r.fromTag, sdp))
	}
}

// relayed is what the other side is to be given of the description in a request of
// side i, nil where there is none or no relay. A PRACK or ACK answers what came in
// the response to an INVITE without an offer (RFC 3261 13.2.1, RFC 3262 5).
func (d *dialog) relayed(r *request, i int) []byte {
	sdp := sdpOf(r.msg)
	d.mu.Lock()
	m, near, far := d.media, d.legs[i].Tag, d.legs[1-i].Tag
	if r.Method == "INVITE" {
		d.asks = sdp == nil
	}
	asks := d.asks
	d.mu.Unlock()
	switch {
	case m == nil || sdp == nil:
		return nil
	case r.Method == "ACK", r.Method == "PRACK" && asks:
		return m.answer(r.cseq, far, near, sdp)
	case r.Method == "INVITE", r.Method == "UPDATE", r.Method == "PRACK":
		return m.offer(r.cseq, near, far, sdp)
	}
	return nil
}

// relayed puts what its sender is to be given into the answer to a request.
func (p *passage) relayed(res *siplib.Response) {
	sdp := sdpOf(res)
	d := p.d
	if d.media == nil || sdp == nil || res.StatusCode >= 300 {
		return
	}
	near, far := d.leg(p.i).Tag, d.leg(1-p.i).Tag
	switch {
	case sdpOf(p.r.msg) != nil:
		res.SetBody(d.media.answer(p.r.cseq, near, far, sdp))
	case p.r.Method == "INVITE":
		res.SetBody(d.media.offer(p.r.cseq, far, near, sdp))
	}
}
