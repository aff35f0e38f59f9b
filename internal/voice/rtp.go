package voice

import "encoding/binary"

const (
	sampleRate  = 8000
	frameBytes  = 160 // 20 ms
	rtpHeader   = 12
	rtpVersion  = 2
	packetBytes = rtpHeader + frameBytes
)

// packet is what we look at in an RTP packet (RFC 3550 5.1).
type packet struct {
	marker    bool
	pt        byte
	seq       uint16
	timestamp uint32
	ssrc      uint32
	payload   []byte // of the buffer that was parsed
}

// parsePacket takes a datagram apart. ok is false for what is no RTP packet: RTCP
// (RFC 5761 4) and STUN too, which reach the same port from some phones.
func parsePacket(b []byte) (p packet, ok bool) {
	if len(b) < rtpHeader || b[0]>>6 != rtpVersion || b[1] >= 192 && b[1] <= 223 {
		return p, false
	}
	p.marker, p.pt = b[1]&0x80 != 0, b[1]&0x7f
	p.seq = binary.BigEndian.Uint16(b[2:])
	p.timestamp = binary.BigEndian.Uint32(b[4:])
	p.ssrc = binary.BigEndian.Uint32(b[8:])
	rest := b[rtpHeader:]
	if n := 4 * int(b[0]&0x0f); n <= len(rest) { // contributing sources
		rest = rest[n:]
	} else {
		return p, false
	}
	if b[0]&0x10 != 0 { // header extension
		if len(rest) < 4 {
			return p, false
		}
		n := 4 + 4*int(binary.BigEndian.Uint16(rest[2:]))
		if n > len(rest) {
			return p, false
		}
		rest = rest[n:]
	}
	if b[0]&0x20 != 0 { // padding: its last byte counts it
		if len(rest) == 0 {
			return p, false
		}
		n := int(rest[len(rest)-1])
		if n == 0 || n > len(rest) {
			return p, false
		}
		rest = rest[:len(rest)-n]
	}
	p.payload = rest
	return p, true
}

// putHeader writes the header of a packet without extras into b.
func putHeader(b []byte, marker bool, pt byte, seq uint16, timestamp, ssrc uint32) {
	b[0] = rtpVersion << 6
	b[1] = pt
	if marker {
		b[1] |= 0x80
	}
	binary.BigEndian.PutUint16(b[2:], seq)
	binary.BigEndian.PutUint32(b[4:], timestamp)
	binary.BigEndian.PutUint32(b[8:], ssrc)
}
