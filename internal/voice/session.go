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

// negotiate takes an offer and gives the maker of its answer, which needs the port.
func (s *Session) negotiate(text []byte) (answer func() []byte, err error) {
	o, err := parseOffer(text)
	if err != nil {
		return nil, err
	}
	i, m, err := o.pick(s.place.Host.Is6())
	if err != nil {
		return nil, err
	}
	if !s.mayReach(m.remote) {
		m.remote = netip.AddrPort{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.remote != s.media.remote || s.to == nil {
		// A new place: the next source that fits is the phone.
		s.latched, s.to = netip.AddrPort{}, nil
		if m.remote.IsValid() {
			s.to = sockaddrOf(m.remote)
		}
	}
	s.secure(m.crypto)
	if m.events || s.media.codec != m.codec {
		s.tones = nil
	}
	if !m.events && s.tones == nil {
		s.tones = &toneReader{}
	}
	s.media = m
	s.version++
	version := s.version
	key := s.key
	return func() []byte { return o.description(s.id, version, s.place.Host, s.port, i, m, key) }, nil
}

// secure takes up the keys of an offer. A phone that repeats its keys goes on with
// the packets as they are; ours stay the same for the whole session.
func (s *Session) secure(c crypto) {
	if c.suite == 0 {
		s.in, s.out = nil, nil
		return
	}
	if s.key == (secret{}) {
		s.key = newSecret()
	}
	if s.out == nil || s.out.suite != c.suite {
		s.out = newSealer(c.suite, s.key)
		s.out.begun, s.out.top = true, s.index
	}
	if s.in == nil || c.key != s.media.crypto.key || c.suite != s.in.suite {
		s.in = newSealer(c.suite, c.key)
	}
}

// mayReach keeps an offer from making us send to our own machine's services.
func (s *Session) mayReach(a netip.AddrPort) bool {
	if !a.IsValid() || a.Port() < 1024 {
		return false
	}
	return !a.Addr().IsLoopback() || s.place.Peer.IsLoopback()
}

// Again answers a new offer within the session: hold and resume, another address
// or codec, or the same again to keep the call alive (RFC 3264 8).
func (s *Session) Again(text []byte) ([]byte, error) {
	answer, err := s.negotiate(text)
	if err != nil {
		return nil, err
	}
	return answer(), nil
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

// step is one frame of the session: hear, then speak.
func (s *Session) step(p *port, now time.Time, round int) {
	s.mu.Lock()
	ended := s.stepLocked(p, now, round)
	s.mu.Unlock()
	if ended {
		s.engine.remove(s)
	}
}

func (s *Session) stepLocked(p *port, now time.Time, round int) (ended bool) {
	if s.err != nil || s.conn == nil {
		return false
	}
	if s.seen.IsZero() {
		s.seen, s.round = now, round
	}
	for range maxReads {
		b, from, ok := p.read(s.raw)
		if !ok {
			break
		}
		s.engine.received.Add(1)
		s.hear(b, from, now)
	}
	if !s.media.direction.receives() {
		s.seen = now // the phone is not to send
	}
	if now.Sub(s.seen) > s.engine.conf.NoMedia {
		return s.endLocked(ErrNoMedia)
	}
	s.timestamp += uint32(round-s.round) * frameBytes
	s.round = round
	s.fill(p.out[rtpHeader:packetBytes])
	if !s.speaking || s.to == nil || !s.media.direction.sends() {
		return false
	}
	b := p.out[:packetBytes]
	putHeader(b, !s.started, s.media.pt, uint16(s.index), s.timestamp, s.ssrc)
	if s.out != nil {
		b = s.out.seal(b)
	}
	s.started = true
	s.index++
	if p.write(s.raw, b, s.to) {
		s.engine.sent.Add(1)
	} else {
		s.engine.lost.Add(1)
	}
	return false
}

// hear takes a datagram. Media counts only from the place that was offered or,
// through a NAT, from where the phone's signalling comes; the first source there
// is the phone until it offers another place.
func (s *Session) hear(b []byte, from netip.AddrPort, now time.Time) {
	if s.in != nil {
		var ok bool
		if b, ok = s.in.open(b); !ok {
			return
		}
	}
	k, ok := parsePacket(b)
	speech, event := k.pt == s.media.pt, s.media.events && k.pt == s.media.eventType
	if !ok || !speech && !event && k.pt != 13 { // 13: comfort noise, a sign of life
		return
	}
	if !s.latched.IsValid() {
		if a := from.Addr(); a != s.media.remote.Addr() && a != s.place.Peer || !a.IsValid() {
			return
		}
		if from != s.media.remote {
			s.started = false // for whoever listens there this is the beginning
		}
		s.latched, s.to = from, sockaddrOf(from)
	}
	if from != s.latched {
		return
	}
	s.seen = now
	switch {
	case event:
		if d, ok := s.events.read(k); ok {
			s.digit(d, byEvent)
		}
	case speech && s.tones != nil:
		if s.got && k.ssrc == s.gotSRC && int16(k.seq-s.gotSeq) <= 0 {
			return // the same again, or overtaken
		}
		s.got, s.gotSRC, s.gotSeq = true, k.ssrc, k.seq
		var found [16]byte
		for _, d := range s.tones.read(found[:0], s.media.codec, k.payload) {
			s.digit(d, byTone)
		}
	}
}

// fill writes the next frame of speech into b, silence where there is none.
func (s *Session) fill(b []byte) {
	quiet := s.media.codec.quiet()
	for len(b) > 0 {
		if len(s.queue) == 0 {
			for i := range b {
				b[i] = quiet
			}
			return
		}
		n := copy(b, s.queue[0].alaw[s.at:])
		if s.media.codec == PCMU {
			for i, x := range b[:n] {
				b[i] = toULaw[x]
			}
		}
		b, s.at = b[n:], s.at+n
		if s.at < len(s.queue[0].alaw) {
			continue
		}
		s.queue[0] = Clip{}
		s.queue, s.at = s.queue[1:], 0
		if len(s.queue) == 0 && s.played != nil {
			close(s.played)
			s.played = nil
		}
	}
}
