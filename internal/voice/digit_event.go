package voice

import "encoding/binary"

// keys are the digits by their event number (RFC 4733 3.2).
const keys = "0123456789*#ABCD"

// eventReader finds the digits in telephone-event packets (RFC 4733 2.3, 2.5).
// Every packet of an event repeats its beginning: the first that arrives counts,
// whichever it is, and the others of the same timestamp do not, however often the
// end is repeated and whether it arrives at all.
type eventReader struct {
	any       bool
	ssrc      uint32
	timestamp uint32
	event     byte
	duration  uint16
	ended     bool
}

// read is the digit that begins with p, and whether one does.
func (r *eventReader) read(p packet) (digit byte, ok bool) {
	if len(p.payload) < 4 {
		return 0, false
	}
	event, end := p.payload[0], p.payload[1]&0x80 != 0
	duration := binary.BigEndian.Uint16(p.payload[2:])
	if r.any && r.ssrc == p.ssrc {
		age := int32(p.timestamp - r.timestamp)
		switch {
		case age < 0 && age > -mostOvertaken*frameBytes: // overtaken by a later event, not begun anew
			return 0, false
		case age == 0:
			r.duration, r.ended = max(r.duration, duration), r.ended || end
			return 0, false
		case !r.ended && event == r.event && r.duration > 0xffff-2*frameBytes && age >= int32(r.duration) && age <= 0xffff:
			// A key held for longer than the field can say: the event goes on in a
			// new segment (RFC 4733 2.5.1.3).
			r.timestamp, r.duration, r.ended = p.timestamp, duration, end
			return 0, false
		}
	}
	*r = eventReader{any: true, ssrc: p.ssrc, timestamp: p.timestamp, event: event, duration: duration, ended: end}
	if int(event) >= len(keys) { // hook flash and other tones
		return 0, false
	}
	return keys[event], true
}
