package wire

import (
	"encoding/binary"
	"encoding/hex"
	"hash/maphash"
	"net/netip"
	"strconv"
)

var tagSeed = maphash.MakeSeed()

// AppendHead appends what every response copies from its request (RFC 3261
// 8.2.6.2): Via lines, the top one with received and rport (18.2.1, RFC 3581 4),
// From, To with a tag, Call-ID, CSeq.
func (m *Message) AppendHead(b []byte, peer netip.AddrPort) []byte {
	for i := range m.vias {
		b = append(b, "Via: "...)
		if i == 0 {
			b = m.TopVia.appendAnswered(b, peer)
		} else {
			b = append(b, m.via[i]...)
		}
		b = append(b, CRLF...)
	}
	b = m.appendCopied(b, "From: ", HeaderFrom)
	if m.Present[HeaderTo] {
		b = append(b, "To: "...)
		b = append(b, m.Single[HeaderTo]...)
		if to, ok := ParseNameAddr(m.Single[HeaderTo]); ok {
			if _, tagged := Param(to.Params, "tag"); !tagged {
				b = append(b, ";tag="...)
				b = m.appendTag(b)
			}
		}
		b = append(b, CRLF...)
	}
	b = m.appendCopied(b, "Call-ID: ", HeaderCallID)
	return m.appendCopied(b, "CSeq: ", HeaderCSeq)
}

func (m *Message) appendCopied(b []byte, name string, k Header) []byte {
	if !m.Present[k] {
		return b
	}
	b = append(b, name...)
	b = append(b, m.Single[k]...)
	return append(b, CRLF...)
}

// appendTag is the same for every retransmission, as a stateless server's tag
// must be (RFC 3261 8.2.7).
func (m *Message) appendTag(b []byte) []byte {
	var h maphash.Hash
	h.SetSeed(tagSeed)
	h.Write(m.TopVia.Branch)
	h.Write(m.Single[HeaderCallID])
	h.Write(m.Single[HeaderCSeq])
	var raw [8]byte
	binary.BigEndian.PutUint64(raw[:], h.Sum64())
	return hex.AppendEncode(b, raw[:])
}

// appendClaimed writes the value without what only its receiver can say of the
// sender's address.
func (v *Via) appendClaimed(b []byte) []byte {
	b = append(b, v.Value[:len(v.Value)-len(v.params)]...)
	for p := v.params; len(p) > 0; {
		var name, val []byte
		name, val, p = cutParam(p)
		if len(name) == 0 || EqualFold(name, "received") || EqualFold(name, "rport") {
			continue
		}
		b = append(b, ';')
		b = append(b, name...)
		if len(val) > 0 {
			b = append(b, '=')
			b = append(b, val...)
		}
	}
	return b
}

// appendAnswered copies the top Via with the peer's address. Answers always go
// to where the request came from, so rport's value is told to whoever asked.
func (v *Via) appendAnswered(b []byte, peer netip.AddrPort) []byte {
	b = v.appendClaimed(b)
	addr := peer.Addr()
	var text [48]byte
	t := addr.AppendTo(text[:0])
	if v.rport || string(v.host) != string(t) {
		b = append(b, ";received="...)
		b = append(b, t...)
	}
	if v.rport {
		b = append(b, ";rport="...)
		b = strconv.AppendUint(b, uint64(peer.Port()), 10)
	}
	return append(b, v.rest...)
}

// AppendStatus appends the first line of a response.
func AppendStatus(b []byte, code int, reason string) []byte {
	b = append(b, "SIP/2.0 "...)
	b = strconv.AppendInt(b, int64(code), 10)
	b = append(b, ' ')
	b = append(b, reason...)
	return append(b, CRLF...)
}

// NoBody ends the headers of a message without a body.
const NoBody = "Content-Length: 0\r\n\r\n"
