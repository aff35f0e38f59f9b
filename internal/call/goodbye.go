package call

import (
	siplib "github.com/emiago/sipgo/sip"

	"tischlein/internal/sip"
)

// hangUp ends a call towards a side that has just answered the INVITE with that
// CSeq and that the other side does not want any more: its 2xx wants an ACK first,
// under the INVITE's own number whatever was sent since (RFC 3261 13.2.2.4).
func (s *Server) hangUp(d *dialog, i int, invite uint32, reason string) {
	l, other := d.leg(i), d.leg(1-i)
	if f, ok := s.way(&l); ok {
		ack := s.onward("ACK", &l, f, branchMark+randomHex(10), other.Tag, d.id(i), invite, 70)
		ack.SetBody(nil)
		_ = (&line{flow: f}).WriteMsg(ack) // lost, the 2xx comes again and finds nobody: the BYE counts
		s.sayBye(&l, f, other.Tag, d.id(i), reason)
	}
	d.forget()
}

// sayBye sends a BYE of ours to a side, as from the other.
func (s *Server) sayBye(l *leg, f sip.Flow, otherTag, callID, reason string) {
	id := newBranch()
	out := s.onward("BYE", l, f, id, otherTag, callID, l.Sent+1, 70)
	add(out, "Reason", reason)
	out.SetBody(nil)
	s.send(out, id, f, listener{got: func(*siplib.Response) {}, lost: func(error) {}})
}
