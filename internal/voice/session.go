package voice

import (
	"errors"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"sync"
	"syscall"
	"time"
)

// Why a session ended.
var (
	ErrClosed  = errors.New("voice: the session was closed")
	ErrNoMedia = errors.New("voice: the phone sends no media")
)

const (
	maxDigits = 64 // that wait to be read
	maxReads  = 8  // packets in 20 ms; what is above stays in the kernel's bounded buffer
	// maxStrange is how many packets of a session go to an address from which nothing
	// has come yet, five seconds' worth: it may be that of somebody who never called.
	maxStrange = 250
)

// way is how digits come.
type way byte

const (
	anyWay way = iota
	byEvent
	byTone
	byInfo
)

// Session is the media of one call. Its methods may be called at any time, also
// after its end, from any goroutine.
type Session struct {
	engine *Engine
	place  Place
	phase  int
	digits chan byte
	done   chan struct{}

	mu      sync.Mutex
	err     error // set once it has ended
	conn    *net.UDPConn
	raw     syscall.RawConn
	port    uint16
	id      uint64
	version uint64
	media   media
	to      syscall.Sockaddr // nil: nowhere to send to yet
	latched netip.AddrPort   // where the phone's packets come from
	seen    time.Time        // last sign of life; zero: the session is new

	key     secret  // ours
	out, in *sealer // nil: plain RTP
	way     way
	events  eventReader
	tones   *toneReader
	got     bool // gotSSRC and gotSeq hold the last packet of speech
	gotSeq  uint16
	gotSRC  uint32

	strange   int  // packets that went where nothing has come from
	speaking  bool // Play was called: a phone hears nothing of a call that is not answered yet
	started   bool // the first packet is out, which bears the marker
	round     int
	index     uint64 // of the next packet: its sequence number and how often that ran over
	timestamp uint32
	ssrc      uint32
	queue     []Clip
	at        int           // bytes of queue[0] that are gone
	played    chan struct{} // closed when the queue is empty or replaced
}

func newSession(e *Engine, at Place) *Session {
	return &Session{
		engine: e, place: at, digits: make(chan byte, maxDigits), done: make(chan struct{}),
		id: rand.Uint64() >> 2, index: rand.Uint64N(1 << 15), timestamp: rand.Uint32(), ssrc: rand.Uint32(),
	}
}

func (s *Session) open() error {
	conn, err := s.engine.conf.Ports.listen(s.place.Local)
	if err != nil {
		return err
	}
	_ = conn.SetReadBuffer(receiveBuffer)
	raw, err := conn.SyscallConn()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil { // the engine was closed meanwhile
		err = s.err
	}
	if err != nil {
		_ = conn.Close()
		return err
	}
	s.conn, s.raw, s.port = conn, raw, portOf(conn)
	return nil
}

// Play sends clips from now on, in place of whatever still plays; without clips
// it falls silent. The channel is closed when the last has been sent, when Play is
// called again, and when the session ends.
func (s *Session) Play(clips ...Clip) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.played != nil {
		close(s.played)
		s.played = nil
	}
	done := make(chan struct{})
	if s.err != nil || len(clips) == 0 {
		s.queue = nil
		close(done)
		return done
	}
	s.queue, s.at, s.played, s.speaking = slices.Clone(clips), 0, done, true
	return done
}

// Digits gives what the caller presses: 0 to 9, *, # and A to D.
func (s *Session) Digits() <-chan byte { return s.digits }

// Digit takes a digit from signalling (SIP INFO).
func (s *Session) Digit(d byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		if !s.seen.IsZero() {
			s.seen = time.Now()
		}
		s.digit(d, byInfo)
	}
}

// digit hands a digit on. A phone may send each digit by two ways at once: the
// way that brought the first one counts for the whole session.
func (s *Session) digit(d byte, w way) {
	if s.way == anyWay {
		s.way = w
	}
	if s.way != w {
		return
	}
	select {
	case s.digits <- d:
	default: // nobody types that much ahead
	}
}

// Name is the clip of a person's name, if it is there. The first time it is asked
// for it is made in the background, where that is possible.
func (s *Session) Name(language, name string) (Clip, bool) {
	return s.engine.names.get(language, name)
}

// Done is closed when the session has ended; Err then says why.
func (s *Session) Done() <-chan struct{} { return s.done }

// Err is nil until the session ends.
func (s *Session) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Close ends the session and frees its port.
func (s *Session) Close() { s.end(ErrClosed) }

func (s *Session) end(why error) {
	s.mu.Lock()
	ended := s.endLocked(why)
	s.mu.Unlock()
	if ended {
		s.engine.remove(s)
	}
}

func (s *Session) endLocked(why error) bool {
	if s.err != nil {
		return false
	}
	s.err = why
	if s.conn != nil {
		_ = s.conn.Close()
	}
	if s.played != nil {
		close(s.played)
		s.played = nil
	}
	s.queue = nil
	close(s.done)
	return true
}
