package call

import (
	"bytes"
	"context"
	"errors"
	"net/netip"
	"sync"

	siplib "github.com/emiago/sipgo/sip"

	"tischlein/internal/call/presence"
	"tischlein/internal/sip"
	"tischlein/internal/sip/wire"
	"tischlein/internal/telephony"
)

// Server carries the calls of an installation. Make it with New, give it to the
// registrar as its Calls, Attach the registrar, Load and Run it.
type Server struct {
	cfg    Config
	front  Front
	ctx    context.Context // ends with Close
	cancel context.CancelFunc

	serving  table[*serverTx] // by sip.Request.Key
	asking   table[*clientTx] // by branch and method
	setups   table[*setup]    // by Call-ID, From tag and CSeq
	dialogs  table[*dialog]   // by Call-ID and both tags
	twins    table[*dialog]   // those that were picked up, by the Call-ID of who did
	busy     engaged
	limits   limits
	crowd    crowd
	trunks   trunks
	backs    backs
	ledger   ledger
	board    *presence.Board
	subs     subscriptions
	relaying relaying

	mu      sync.RWMutex
	ended   bool
	group   sync.WaitGroup // every goroutine we start
	endOnce sync.Once
}

// New makes a server; it needs a Front before the first request.
func New(cfg Config) (*Server, error) {
	setGlobals()
	if err := cfg.fill(); err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.busy.tell = cfg.Observer.Busy
	s.limits.now = cfg.Now
	s.trunks.set.Store(&trunkSet{})
	s.limits.ended = func(e Ended) { s.cfg.Observer.Ended(s.ctx, e) }
	s.backs.s = s
	s.ledger.init("calls", cfg.Records, cfg.Log)
	s.subs.ledger.init("subscriptions", cfg.Subscriptions, cfg.Log)
	s.board = presence.NewBoard(s.changed)
	return s, nil
}

// Attach gives the server its sockets. It must come before Load.
func (s *Server) Attach(front Front) { s.front = front }

// Load brings back the calls that were up, who watches them, and asks for the trunks. It must come
// before the sockets are served: a call's next request may be the first to come.
func (s *Server) Load(ctx context.Context) error {
	if err := s.loadTrunks(ctx); err != nil {
		return err
	}
	if err := s.ledger.restore(ctx, s.revive); err != nil {
		return err
	}
	return s.subs.ledger.restore(ctx, s.rewatch)
}

// Run writes calls and subscriptions to the records until ctx ends.
func (s *Server) Run(ctx context.Context) {
	var parts sync.WaitGroup
	parts.Go(func() { s.subs.ledger.record(ctx) })
	s.ledger.record(ctx)
	parts.Wait()
}

// Close ends what is under way and writes what is not yet recorded. Calls that
// are up stay up. The sockets must be closed before.
func (s *Server) Close(ctx context.Context) error {
	var err error
	s.endOnce.Do(func() {
		s.cancel()
		s.mu.Lock()
		s.ended = true
		s.mu.Unlock()
		s.asking.each(func(tx *clientTx) { tx.Terminate() })
		s.serving.each(func(tx *serverTx) { tx.Terminate() })
		s.setups.each(func(c *setup) { c.stop() })
		s.backs.stop()
		s.group.Wait()
		s.dialogs.each(func(d *dialog) { d.rest() })
		s.subs.all.each(func(n *subscription) { n.rest() })
		err = errors.Join(s.ledger.flush(ctx), s.subs.ledger.flush(ctx))
	})
	return err
}

// refusal answers r with a verdict.
func (s *Server) refusal(r *request, v verdict) *siplib.Response {
	return r.refusal(v.status, v.phrase, v.headers(hostOnly(s.front.Advertised(r.Flow)))...)
}

// run starts f unless the server has ended, and reports whether it did.
func (s *Server) run(f func()) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.ended {
		return false
	}
	s.group.Go(f)
	return true
}

// Again implements sip.Calls.
func (s *Server) Again(key string) bool {
	tx, ok := s.serving.get(key)
	if ok {
		_ = tx.Receive(tx.Origin()) // it repeats its last response
	}
	return ok
}

// Busy implements sip.Calls: the device is in a call, or has lately made an
// emergency call and may be called back (D04, C11).
func (s *Server) Busy(sipUser string) bool { return s.busy.is(sipUser) }

// Trunk implements sip.Calls.
func (s *Server) Trunk(from netip.Addr) bool {
	_, ok := s.trunks.at(from)
	return ok
}

// Request implements sip.Calls.
func (s *Server) Request(in sip.Request) {
	tx, known := s.serving.get(in.Key)
	if in.Method == "ACK" && known && !tx.hasAccepted() {
		_ = tx.Receive(ackOfFailure)
		return
	}
	r, err := read(in)
	if err != nil {
		if in.Method != "ACK" {
			s.unreadable(in)
		}
		return
	}
	switch {
	case r.Method == "CANCEL" && known:
		r.tag = tx.req.ownTag() // the same To tag as in the INVITE's answers (RFC 3261 9.2)
		r.tagOnce.Do(func() {})
		r.answer(200, "OK")
		tx.cancelled(value(r.msg, "Reason"))
	case r.Method == "CANCEL":
		r.answer(481, phrases[481])
	case r.InCall && r.Method == "SUBSCRIBE" && s.resubscribe(r):
	case r.InCall:
		s.inside(r)
	case r.Method == "SUBSCRIBE":
		s.subscribe(r)
	case r.Method == "ACK": // of something we refused without keeping it
	default:
		s.invited(r)
	}
}

// ackOfFailure ends the transaction of a refused INVITE; what else it says is of
// no interest.
var ackOfFailure = siplib.NewRequest(siplib.ACK, siplib.Uri{})

func (tx *serverTx) hasAccepted() bool {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	return tx.accepted
}

// unreadable answers what the front could read and the library cannot.
func (s *Server) unreadable(in sip.Request) {
	var m wire.Message
	if m.Parse(bytes.Clone(in.Raw), true) && m.Answerable() {
		b := wire.AppendStatus(nil, 400, phrases[400])
		_ = in.Flow.Send(append(m.AppendHead(b, in.Flow.Peer()), wire.NoBody...))
	}
}

// Response implements sip.Calls.
func (s *Server) Response(in sip.Response) {
	tx, ok := s.asking.get(in.Branch + " " + in.Method)
	if !ok {
		return
	}
	if in.Status >= 300 && in.Method == "INVITE" && tx.line.sendAck() {
		return
	}
	m, err := parser.ParseSIP(in.Raw)
	if err != nil {
		return
	}
	if res, ok := m.(*siplib.Response); ok {
		tx.Receive(res)
	}
}

// Registered tells of a new or re-routed binding. A phone that comes by another
// way and with another Call-ID has booted: it is in no call any more (C09).
func (s *Server) Registered(b telephony.Binding) {
	for _, d := range s.busy.calls(b.SIPUser) {
		d.rebooted(b.SIPUser, b.CallID)
	}
	for _, n := range s.subs.byChannel.of(b.ChannelID) {
		n.tell(false) // what could not be told while there was no way to the phone
	}
}
