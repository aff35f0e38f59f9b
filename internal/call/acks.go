package call

import (
	"context"
	"sync"
	"time"

	siplib "github.com/emiago/sipgo/sip"
)

// acks are those that we wait for: of the INVITEs in a call that we have answered
// ourselves, by side and CSeq. What comes through is the description in them, nil
// for none.
type acks struct {
	mu   sync.Mutex
	wait map[ackOf]chan []byte
}

type ackOf struct {
	side int
	cseq uint32
}

func newAcks() *acks { return &acks{wait: map[ackOf]chan []byte{}} }

// expect gets the ACK of the side's INVITE with that number. It must be
// asked for before the 200 goes out: the ACK may be here before the next line runs.
func (a *acks) expect(side int, cseq uint32) <-chan []byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	k := ackOf{side, cseq}
	if a.wait[k] == nil {
		a.wait[k] = make(chan []byte, 1)
	}
	return a.wait[k]
}

// came notes an ACK and reports whether it is for us: one that is repeated, too.
func (a *acks) came(side int, cseq uint32, sdp []byte) bool {
	if a == nil {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	acked := a.wait[ackOf{side, cseq}]
	if acked == nil {
		return false
	}
	select {
	case acked <- sdp:
	default: // it is here already
	}
	return true
}

// repeat sends a 200 again until its ACK has come, and gives the description in
// that; ok is false where the call ended before or the phone's time was over (RFC
// 3261 13.3.1.4).
func repeat(ctx context.Context, tx *serverTx, res *siplib.Response, acked <-chan []byte) (sdp []byte, ok bool) {
	wait := siplib.T1
	again := time.NewTimer(wait)
	defer again.Stop()
	end := time.NewTimer(guard())
	defer end.Stop()
	for {
		select {
		case sdp := <-acked:
			return sdp, true
		case <-ctx.Done():
			return nil, false
		case <-end.C:
			return nil, false
		case <-again.C:
			tx.respond(res)
			wait = min(2*wait, siplib.T2)
			again.Reset(wait)
		}
	}
}
