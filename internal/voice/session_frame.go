package voice

import (
	"net/netip"
	"time"
)

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
	if !s.speaking || s.to == nil || !s.media.direction.sends() || s.overdone() {
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

// overdone reports whether enough has been sent to a place that was only offered.
// The address of the phone's signalling is known to be the phone's.
func (s *Session) overdone() bool {
	if s.latched.IsValid() || s.media.remote.Addr() == s.place.Peer {
		return false
	}
	s.strange++
	return s.strange > maxStrange
}

// mostOvertaken is how many packets one may come too late, two seconds' worth.
const mostOvertaken = 100

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
		if s.late(k) {
			return
		}
		s.got, s.gotSRC, s.gotSeq = true, k.ssrc, k.seq
		var found [16]byte
		for _, d := range s.tones.read(found[:0], s.media.codec, k.payload) {
			s.digit(d, byTone)
		}
	}
}

// late reports whether k is the same again, or was overtaken: by no more than packets
// are, for a phone may begin its numbers anew (RFC 3550 A.1).
func (s *Session) late(k packet) bool {
	ahead := int16(k.seq - s.gotSeq)
	return s.got && k.ssrc == s.gotSRC && ahead <= 0 && ahead > -mostOvertaken
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
