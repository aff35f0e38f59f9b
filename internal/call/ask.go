package call

import (
	"time"

	siplib "github.com/emiago/sipgo/sip"

	"tischlein/internal/sip"
)

// ask is an INVITE of ours under way: it may be cancelled, but only once its
// receiver has shown that it has it (RFC 3261 9.1). Its owner guards it.
type ask struct {
	s      *Server
	out    *siplib.Request
	branch string
	flow   sip.Flow
	tx     *clientTx
	clock  *time.Timer

	heard     bool    // a provisional has come
	stop      *string // the reason of a cancel that waits for one
	cancelled bool
}

func (a *ask) send(hear listener) { a.tx = a.s.send(a.out, a.branch, a.flow, hear) }

// anew is the same question once more, as out: in a transaction of its own.
func (a *ask) anew(out *siplib.Request) ask {
	id := newBranch()
	out.RemoveHeader("Via")
	out.PrependHeader(siplib.NewHeader("Via", via(a.flow, a.s.front.Advertised(a.flow), id)))
	return ask{s: a.s, out: out, branch: id, flow: a.flow, clock: a.clock}
}

// alive notes a provisional.
func (a *ask) alive() {
	a.heard = true
	if a.stop != nil {
		a.cancel(*a.stop)
	}
}

// taken reports whether it was taken back: then it is not asked once more either.
func (a *ask) taken() bool { return a.cancelled || a.stop != nil }

// cancel asks the receiver to stop, now or as soon as it may be asked.
func (a *ask) cancel(reason string) {
	if a.cancelled {
		return
	}
	if !a.heard {
		a.stop = &reason
		return
	}
	a.cancelled = true
	out := siplib.NewRequest(siplib.CANCEL, a.out.Recipient)
	for _, name := range []string{"Via", "Route", "Max-Forwards", "From", "To", "Call-ID"} {
		for _, v := range values(a.out, name) {
			add(out, name, v)
		}
	}
	number, _, _ := cutBlank(value(a.out, "CSeq"))
	add(out, "CSeq", number+" CANCEL")
	add(out, "Reason", reason)
	out.SetBody(nil)
	a.s.send(out, a.branch, a.flow, listener{got: func(*siplib.Response) {}, lost: func(error) {}})
	tx := a.tx
	time.AfterFunc(guard(), tx.Terminate) // it has had the time that any request has
}
