package voice

import (
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Config is everything an Engine needs; its zero value has the defaults named.
type Config struct {
	Ports   PortRange
	Most    int           // sessions at once, default 2,000
	NoMedia time.Duration // without a packet or digit a session ends; default 20 s
	// Speaker is a program that speaks as espeak-ng does, for people's names;
	// "" looks for espeak-ng, "off" uses none. Without it numbers are said.
	Speaker string
}

// Stats counts since the start.
type Stats struct {
	Sessions int    // now
	Sent     uint64 // packets
	Received uint64
	Lost     uint64 // packets that the system did not take
	Skipped  uint64 // 20 ms frames not sent because the machine was too slow
}

const (
	frame = 20 * time.Millisecond
	// Sessions are spread over the frame, so that they do not all send at once.
	phases = 4
	// A pacer that is behind by more than this gives up what it has missed: a
	// phone would throw it away.
	behind = 100 * time.Millisecond
)

// Engine serves all sessions. It has one goroutine, which rests while there are none.
type Engine struct {
	conf  Config
	names *names

	mu       sync.Mutex
	sessions [phases][]*Session
	count    int
	closed   bool

	wake chan struct{}
	quit chan struct{}
	gone chan struct{}

	sent, received, lost, skipped atomic.Uint64
}

// Start makes an Engine and its pacer.
func Start(c Config) (*Engine, error) {
	if err := c.Ports.check(); err != nil {
		return nil, err
	}
	if c.Most <= 0 {
		c.Most = 2000
	}
	if c.NoMedia <= 0 {
		c.NoMedia = 20 * time.Second
	}
	e := &Engine{conf: c, names: newNames(c.Speaker), wake: make(chan struct{}, 1), quit: make(chan struct{}), gone: make(chan struct{})}
	go e.run()
	return e, nil
}

// Close ends every session and waits for the engine's goroutines.
func (e *Engine) Close() error {
	e.mu.Lock()
	first := !e.closed
	e.closed = true
	var all []*Session
	for i := range e.sessions {
		all = append(all, e.sessions[i]...)
	}
	e.mu.Unlock()
	for _, s := range all {
		s.end(ErrClosed)
	}
	if first {
		close(e.quit)
	}
	<-e.gone
	e.names.close()
	return nil
}

// Stats tells how the engine fares.
func (e *Engine) Stats() Stats {
	e.mu.Lock()
	n := e.count
	e.mu.Unlock()
	return Stats{Sessions: n, Sent: e.sent.Load(), Received: e.received.Load(), Lost: e.lost.Load(), Skipped: e.skipped.Load()}
}

// Place says where a session is.
type Place struct {
	Local netip.Addr // to bind to; unspecified or invalid: every address of Host's family
	Host  netip.Addr // how the phone reaches us: stands in the answer
	Peer  netip.Addr // where the phone's signalling comes from: its media may too (NAT)
}

// Answer opens a session for an offer and gives the answer. It changes nothing
// outside; the caller closes the session. Errors are ErrOffer, ErrCodec, ErrFull,
// or the system's.
func (e *Engine) Answer(text []byte, at Place) (*Session, []byte, error) {
	s, err := e.at(at)
	if err != nil {
		return nil, nil, err
	}
	answer, err := s.negotiate(text) // before a port is taken: the answer's port is set below
	if err != nil {
		return nil, nil, err
	}
	if err := e.begin(s); err != nil {
		return nil, nil, err
	}
	return s, answer(), nil
}

// Offer opens a session for a phone that has offered nothing and gives our offer,
// whose answer goes to Session.Answered (RFC 3264 5). Errors are ErrFull or the
// system's.
func (e *Engine) Offer(at Place) (*Session, []byte, error) {
	s, err := e.at(at)
	if err != nil {
		return nil, nil, err
	}
	if err := e.begin(s); err != nil {
		return nil, nil, err
	}
	return s, s.Offer(), nil
}

// at makes a session there, without a port yet.
func (e *Engine) at(at Place) (*Session, error) {
	at.Local, at.Host, at.Peer = at.Local.Unmap(), at.Host.Unmap(), at.Peer.Unmap()
	if !at.Host.IsValid() || at.Host.IsUnspecified() {
		return nil, fmt.Errorf("voice: no address to be reached at")
	}
	if !at.Local.IsValid() || at.Local.Is4() != at.Host.Is4() {
		at.Local = netip.IPv4Unspecified()
		if at.Host.Is6() {
			at.Local = netip.IPv6Unspecified()
		}
	}
	return newSession(e, at), nil
}

// begin gives a session its place and its port.
func (e *Engine) begin(s *Session) error {
	if err := e.add(s); err != nil {
		return err
	}
	if err := s.open(); err != nil {
		s.end(err)
		return err
	}
	return nil
}

// add takes a place among the sessions; the pacer looks at it from now on.
func (e *Engine) add(s *Session) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed || e.count >= e.conf.Most {
		return ErrFull
	}
	for i := range e.sessions { // the emptiest phase
		if len(e.sessions[i]) < len(e.sessions[s.phase]) {
			s.phase = i
		}
	}
	e.sessions[s.phase] = append(e.sessions[s.phase], s)
	if e.count++; e.count == 1 {
		select {
		case e.wake <- struct{}{}:
		default:
		}
	}
	return nil
}

func (e *Engine) remove(s *Session) {
	e.mu.Lock()
	defer e.mu.Unlock()
	list := e.sessions[s.phase]
	if i := slices.Index(list, s); i >= 0 {
		last := len(list) - 1
		list[i], list[last] = list[last], nil
		e.sessions[s.phase] = list[:last]
		e.count--
	}
}

// idle reports whether there is nobody to serve.
func (e *Engine) idle() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.count == 0
}

// run is the pacer.
func (e *Engine) run() {
	defer close(e.gone)
	const step = frame / phases
	p := newPort()
	timer := time.NewTimer(0)
	defer timer.Stop()
	<-timer.C
	var scratch []*Session
	turn, next := 0, time.Now() // turn counts steps; a session is served every phases turns
	for {
		if e.idle() {
			select {
			case <-e.quit:
				return
			case <-e.wake:
				next = time.Now()
			}
		}
		now := time.Now()
		if late := now.Sub(next); late > behind {
			frames := int(late / frame)
			turn += frames * phases
			next = next.Add(time.Duration(frames) * frame)
			e.skipped.Add(uint64(frames))
		}
		for !next.After(now) {
			e.mu.Lock()
			scratch = append(scratch[:0], e.sessions[turn%phases]...)
			e.mu.Unlock()
			for _, s := range scratch {
				s.step(p, next, turn/phases)
			}
			turn++
			next = next.Add(step)
		}
		clear(scratch) // so that no ended session is kept alive
		timer.Reset(time.Until(next))
		select {
		case <-e.quit:
			return
		case <-timer.C:
		}
	}
}
