package voice

import (
	"fmt"
	"net/netip"
	"strings"
)

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

// Offer describes the session to a phone that asks for it: all that we speak, with
// keys where the session has some. What the phone answers goes to Answered.
func (s *Session) Offer() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
	host, family, proto := s.place.Host, "IP4", "RTP/AVP"
	if host.Is6() {
		family = "IP6"
	}
	if s.media.crypto.suite != 0 {
		proto = "RTP/SAVP"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "v=0\r\no=- %d %d IN %s %s\r\ns=-\r\nc=IN %s %s\r\nt=0 0\r\n", s.id, s.version, family, host, family, host)
	fmt.Fprintf(&b, "m=audio %d %s 8 0 101\r\n", s.port, proto)
	b.WriteString("a=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n")
	if s.media.crypto.suite != 0 {
		fmt.Fprintf(&b, "a=crypto:%s\r\n", s.media.crypto.line(s.key))
	}
	b.WriteString("a=ptime:20\r\na=sendrecv\r\n")
	return []byte(b.String())
}

// Answered takes the phone's answer to an Offer. Errors are ErrOffer and ErrCodec;
// the session stays as it was.
func (s *Session) Answered(text []byte) error {
	_, err := s.negotiate(text)
	return err
}
