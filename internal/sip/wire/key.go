package wire

import "net/netip"

// Key names the server transaction that m belongs to: a request, its
// retransmissions, the ACK of its failure and its CANCEL have the same (RFC 3261
// 17.2.3; the parts beyond the branch serve those whose branch is none).
func (m *Message) Key() string {
	method := m.Method
	if string(method) == "ACK" || string(method) == "CANCEL" {
		method = invite
	}
	from, _ := ParseNameAddr(m.Single[HeaderFrom])
	tag, _ := Param(from.Params, "tag")
	cseq := m.Single[HeaderCSeq]
	for i, c := range cseq {
		if c == ' ' || c == '\t' {
			cseq = cseq[:i]
			break
		}
	}
	var room [256]byte
	b := room[:0]
	for _, part := range [...][]byte{m.TopVia.Branch, m.TopVia.sentBy, method, cseq, tag, m.Single[HeaderCallID]} {
		b = append(b, part...)
		b = append(b, ' ')
	}
	return string(b)
}

var invite = []byte("INVITE")

// InDialog reports whether the To header has a tag.
func (m *Message) InDialog() bool {
	to, ok := ParseNameAddr(m.Single[HeaderTo])
	if !ok {
		return false
	}
	_, tagged := Param(to.Params, "tag")
	return tagged
}

// AnswerVias are the values of the Via lines as an answer repeats them, the top
// one with received and rport (RFC 3261 18.2.1, RFC 3581 4).
func (m *Message) AnswerVias(peer netip.AddrPort) []string {
	out := make([]string, m.vias)
	for i := range m.vias {
		if i == 0 {
			out[i] = string(m.TopVia.appendAnswered(nil, peer))
		} else {
			out[i] = string(m.via[i])
		}
	}
	return out
}
