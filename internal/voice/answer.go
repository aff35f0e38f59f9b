package voice

import (
	"fmt"
	"net/netip"
	"strings"
)

// media is what offer and answer agreed on.
type media struct {
	codec     Codec
	pt        byte
	events    bool // telephone-event was negotiated
	eventType byte
	remote    netip.AddrPort // as offered; invalid: unknown until packets come
	direction direction      // ours
	crypto    crypto         // with the phone's key; zero: plain RTP
}

// pick chooses the first stream of o that we can speak, by its index, and what is
// agreed for it. Everything else will be refused. Encrypted streams are spoken with
// keys from the description (RFC 4568), not with DTLS; keys beside a plain profile
// are not taken up, since phones differ in what they then expect.
func (o offer) pick(v6 bool) (index int, m media, err error) {
	for i, s := range o.streams {
		if s.kind != "audio" || s.port == 0 || s.v6 != v6 {
			continue
		}
		var c crypto
		switch s.proto {
		case "RTP/AVP", "RTP/AVPF":
		case "RTP/SAVP", "RTP/SAVPF":
			if len(s.cryptos) == 0 {
				continue
			}
			c = s.cryptos[0]
		default:
			continue
		}
		if m, ok := s.agree(); ok {
			m.crypto = c
			return i, m, nil
		}
	}
	return 0, media{}, ErrCodec
}

func (s *stream) agree() (m media, ok bool) {
	m.direction = s.direction.mirror()
	for _, f := range s.formats {
		pt, valid := payloadType(f)
		if !valid {
			continue
		}
		switch s.formatName(f) {
		case "pcma/8000":
			if !ok {
				m.codec, m.pt, ok = PCMA, pt, true
			}
		case "pcmu/8000":
			if !ok {
				m.codec, m.pt, ok = PCMU, pt, true
			}
		case "telephone-event/8000":
			if !m.events {
				m.events, m.eventType = true, pt
			}
		}
	}
	if s.addr.IsValid() && s.addr.IsUnspecified() { // hold as RFC 2543 had it
		m.direction = inactive
	} else if s.addr.IsValid() {
		m.remote = netip.AddrPortFrom(s.addr.Unmap(), uint16(s.port))
	}
	return m, ok
}

// description is the answer (RFC 3264 6): as many streams as offered, all but one
// with port 0. key is ours, for a stream with keys.
func (o offer) description(id, version uint64, host netip.Addr, port uint16, index int, m media, key secret) []byte {
	family := "IP4"
	if host.Is6() {
		family = "IP6"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "v=0\r\no=- %d %d IN %s %s\r\ns=-\r\nc=IN %s %s\r\nt=%s\r\n", id, version, family, host, family, host, o.timing)
	for i, s := range o.streams {
		if i != index {
			fmt.Fprintf(&b, "m=%s 0 %s %s\r\n", s.kind, s.proto, s.formats[0])
			continue
		}
		fmt.Fprintf(&b, "m=audio %d %s %d", port, s.proto, m.pt)
		if m.events {
			fmt.Fprintf(&b, " %d", m.eventType)
		}
		fmt.Fprintf(&b, "\r\na=rtpmap:%d %s/8000\r\n", m.pt, m.codec)
		if m.events {
			fmt.Fprintf(&b, "a=rtpmap:%d telephone-event/8000\r\na=fmtp:%d 0-15\r\n", m.eventType, m.eventType)
		}
		if m.crypto.suite != 0 {
			fmt.Fprintf(&b, "a=crypto:%s\r\n", m.crypto.line(key))
		}
		fmt.Fprintf(&b, "a=ptime:20\r\na=%s\r\n", m.direction)
	}
	return []byte(b.String())
}
