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

// sayBye sends a BYE of ours to a side, as from the other. A trunk that asks who we
// are is told, once: it would go on believing in the call.
func (s *Server) sayBye(l *leg, f sip.Flow, otherTag, callID, reason string) {
	id, cseq := newBranch(), l.Sent+1
	out := s.onward("BYE", l, f, id, otherTag, callID, cseq, 70)
	add(out, "Reason", reason)
	out.SetBody(nil)
	bye := ask{s: s, out: out, branch: id, flow: f}
	nothing := listener{got: func(*siplib.Response) {}, lost: func(error) {}}
	trunk, known := s.trunks.get(l.TrunkID)
	if !known {
		bye.send(nothing)
		return
	}
	bye.send(listener{lost: nothing.lost, got: func(res *siplib.Response) {
		again := out.Clone()
		if (res.StatusCode == 401 || res.StatusCode == 407) && prove(trunk, again, res, cseq+1) {
			bye := bye.anew(again)
			bye.send(nothing)
		}
	}})
}

// leave says goodbye to these sides of a call, unless it has ended.
func (d *dialog) leave(reason string, sides ...int) {
	if d.ended() {
		return
	}
	for _, i := range sides {
		l, other := d.leg(i), d.leg(1-i)
		if f, ok := d.s.way(&l); ok {
			d.s.sayBye(&l, f, other.Tag, d.id(i), reason)
		}
	}
	d.forget()
}
