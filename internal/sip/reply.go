package sip

import (
	"encoding/hex"
	"hash/maphash"
	"strconv"
)

// Methods we know; of these the registrar serves the first two and the calls'
// part the rest in time.
const allow = "Allow: REGISTER, OPTIONS\r\n"

var tagSeed = maphash.MakeSeed()

// appendHead appends what every response copies from its request (RFC 3261
// 8.2.6.2): Via lines, the top one with received and rport (18.2.1, RFC 3581 4),
// From, To with a tag, Call-ID, CSeq.
func (m *message) appendHead(b []byte, f *flow) []byte {
	for i := range m.vias {
		b = append(b, "Via: "...)
		if i == 0 {
			b = m.topic.appendAnswered(b, f)
		} else {
			b = append(b, m.via[i]...)
		}
		b = append(b, crlf...)
	}
	b = m.appendCopied(b, "From: ", hFrom)
	if m.present[hTo] {
		b = append(b, "To: "...)
		b = append(b, m.single[hTo]...)
		if to, ok := parseNameAddr(m.single[hTo]); ok {
			if _, tagged := param(to.params, "tag"); !tagged {
				b = append(b, ";tag="...)
				b = m.appendTag(b)
			}
		}
		b = append(b, crlf...)
	}
	b = m.appendCopied(b, "Call-ID: ", hCallID)
	return m.appendCopied(b, "CSeq: ", hCSeq)
}

func (m *message) appendCopied(b []byte, name string, k headerKind) []byte {
	if !m.present[k] {
		return b
	}
	b = append(b, name...)
	b = append(b, m.single[k]...)
	return append(b, crlf...)
}

// appendTag is the same for every retransmission, as a stateless server's tag
// must be (RFC 3261 8.2.7).
func (m *message) appendTag(b []byte) []byte {
	var h maphash.Hash
	h.SetSeed(tagSeed)
	h.Write(m.topic.branch)
	h.Write(m.single[hCallID])
	h.Write(m.single[hCSeq])
	var raw [8]byte
	putUint64(raw[:], h.Sum64())
	return hex.AppendEncode(b, raw[:])
}

// appendClaimed writes the value without what only its receiver can say of the
// sender's address.
func (v *via) appendClaimed(b []byte) []byte {
	b = append(b, v.value[:len(v.value)-len(v.params)]...)
	for p := v.params; len(p) > 0; {
		var name, val []byte
		name, val, p = cutParam(p)
		if len(name) == 0 || equalFold(name, "received") || equalFold(name, "rport") {
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
func (v *via) appendAnswered(b []byte, f *flow) []byte {
	b = v.appendClaimed(b)
	addr := f.peer.Addr()
	var text [48]byte
	t := addr.AppendTo(text[:0])
	if v.rport || string(v.host) != string(t) {
		b = append(b, ";received="...)
		b = append(b, t...)
	}
	if v.rport {
		b = append(b, ";rport="...)
		b = strconv.AppendUint(b, uint64(f.peer.Port()), 10)
	}
	return append(b, v.rest...)
}

func appendStatus(b []byte, code int, reason string) []byte {
	b = append(b, "SIP/2.0 "...)
	b = strconv.AppendInt(b, int64(code), 10)
	b = append(b, ' ')
	b = append(b, reason...)
	return append(b, crlf...)
}

const noBody = "Content-Length: 0\r\n\r\n"

// reply answers m; extra is header lines, each with its CRLF, or "".
func (w *worker) reply(f *flow, m *message, code int, reason, extra string) {
	if m.status != 0 || !m.answerable() || string(m.method) == "ACK" {
		return
	}
	w.begin(f)
	w.arena = appendStatus(w.arena, code, reason)
	w.arena = m.appendHead(w.arena, f)
	w.arena = append(w.arena, extra...)
	w.arena = append(w.arena, noBody...)
	w.end()
}

// challenge asks for credentials (RFC 3261 22.1, RFC 8760 2.3: the algorithm we
// prefer stands first).
func (w *worker) challenge(f *flow, m *message, strong, only, stale bool) {
	if !m.answerable() {
		return
	}
	w.begin(f)
	w.arena = appendStatus(w.arena, 401, "Unauthorized")
	w.arena = m.appendHead(w.arena, f)
	if strong || only {
		w.appendChallenge(f, "SHA-256", stale)
	}
	if !only {
		w.appendChallenge(f, "MD5", stale)
	}
	w.arena = append(w.arena, noBody...)
	w.end()
	if stale {
		w.s.count.stale.Add(1)
	} else {
		w.s.count.challenged.Add(1)
	}
}

func (w *worker) appendChallenge(f *flow, algorithm string, stale bool) {
	b := append(w.arena, "WWW-Authenticate: Digest realm=\""...)
	b = append(b, w.s.cfg.Realm...)
	b = append(b, `", nonce="`...)
	b = w.s.nonces.appendNew(b, f.peer.Addr(), w.unix)
	b = append(b, `", algorithm=`...)
	b = append(b, algorithm...)
	b = append(b, `, qop="auth"`...)
	if stale {
		b = append(b, ", stale=true"...)
	}
	w.arena = append(b, crlf...)
}
