package sip

import "tischlein/internal/sip/wire"

// allow names what the registrar serves without calls.
const allow = "Allow: REGISTER, OPTIONS\r\n"

// reply answers m; extra is header lines, each with its CRLF, or "".
func (w *worker) reply(f *flow, m *wire.Message, code int, reason, extra string) {
	if m.Status != 0 || !m.Answerable() || string(m.Method) == "ACK" {
		return
	}
	w.begin(f)
	w.arena = wire.AppendStatus(w.arena, code, reason)
	w.arena = m.AppendHead(w.arena, f.peer)
	w.arena = append(w.arena, extra...)
	w.arena = append(w.arena, wire.NoBody...)
	w.end()
}

// challenge asks for credentials (RFC 3261 22.1, RFC 8760 2.3: the algorithm we
// prefer stands first).
func (w *worker) challenge(f *flow, m *wire.Message, strong, only, stale bool) {
	if !m.Answerable() {
		return
	}
	status, reason, header := 401, "Unauthorized", "WWW-Authenticate"
	if !registers(m) { // towards calls we are a proxy (RFC 3261 22.3)
		status, reason, header = 407, "Proxy Authentication Required", "Proxy-Authenticate"
	}
	w.begin(f)
	w.arena = wire.AppendStatus(w.arena, status, reason)
	w.arena = m.AppendHead(w.arena, f.peer)
	if strong || only {
		w.appendChallenge(f, header, "SHA-256", stale)
	}
	if !only {
		w.appendChallenge(f, header, "MD5", stale)
	}
	w.arena = append(w.arena, wire.NoBody...)
	w.end()
	if stale {
		w.s.count.stale.Add(1)
	} else {
		w.s.count.challenged.Add(1)
	}
}

func registers(m *wire.Message) bool { return string(m.Method) == "REGISTER" }

func (w *worker) appendChallenge(f *flow, header, algorithm string, stale bool) {
	b := append(w.arena, header...)
	b = append(b, ": Digest realm=\""...)
	b = append(b, w.s.cfg.Realm...)
	b = append(b, `", nonce="`...)
	b = w.s.nonces.appendNew(b, f.peer.Addr(), w.unix)
	b = append(b, `", algorithm=`...)
	b = append(b, algorithm...)
	b = append(b, `, qop="auth"`...)
	if stale {
		b = append(b, ", stale=true"...)
	}
	w.arena = append(b, wire.CRLF...)
}
