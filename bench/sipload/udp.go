package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"time"
)

const (
	sweep = 20 * time.Millisecond // how often retransmissions are looked for
	t2    = 4 * time.Second       // longest retransmission interval (RFC 3261 17.1.2.2)
)

// udpWorker keeps a window of registrations going over one connected socket, in one goroutine.
type udpWorker struct {
	*datagrams
	slots   []udpSlot
	free    []int
	replies [][]byte
	answer  answer
	t1      time.Duration
	timeout time.Duration
}

// udpSlot is one place in the window; its index stands in the upper half of the branch.
type udpSlot struct {
	attempt
	busy   bool
	begun  time.Time
	resend time.Time
	pause  time.Duration
}

func newUDPWorker(o options, window int) (*udpWorker, error) {
	d, err := openDatagrams(o)
	if err != nil {
		return nil, err
	}
	w := &udpWorker{datagrams: d, slots: make([]udpSlot, window), replies: make([][]byte, batch), t1: o.t1, timeout: o.timeout}
	for i := range w.slots {
		w.slots[i].attempt = attempt{
			envelope: newEnvelope(o, "UDP", d.socket.LocalAddr()), algorithm: o.algorithm,
			branch: uint64(i)<<32 | uint64(rand.Uint32()>>1),
		}
		w.free = append(w.free, i)
	}
	return w, nil
}

func newEnvelope(o options, transport string, local net.Addr) envelope {
	return envelope{local: local.String(), transport: transport, uri: "sip:" + o.domain, domain: o.domain, expires: o.expires}
}

func (w *udpWorker) run(ctx context.Context, r *round, t *tally) error {
	var nextSweep time.Time
	for ctx.Err() == nil {
		now := time.Now()
		wait, more := w.fill(r, now)
		if !more && len(w.free) == len(w.slots) {
			return nil
		}
		if !now.Before(nextSweep) {
			w.sweep(now, t)
			nextSweep = now.Add(sweep)
			w.socket.SetReadDeadline(nextSweep)
		}
		if wait > 0 { // at a low rate nothing else wakes it for the next that is due
			w.socket.SetReadDeadline(now.Add(min(wait, nextSweep.Sub(now))))
		}
		if err := w.flush(); err != nil {
			return err
		}
		n, err := w.packets.ReadBatch(w.in, 0)
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			return fmt.Errorf("receiving: %w", err)
		}
		now = time.Now()
		for i := range max(n, 0) {
			w.receive(w.in[i].Buffers[0][:w.in[i].N], now, t)
		}
	}
	for i := range w.slots {
		if w.slots[i].busy {
			w.end(i, time.Now(), errors.New("unfinished"), t)
		}
	}
	return nil
}

// fill begins registrations while there is room. It returns how long until the next is due and
// whether there are more to begin.
func (w *udpWorker) fill(r *round, now time.Time) (time.Duration, bool) {
	for len(w.free) > 0 && w.queued < batch {
		p, due, wait := r.take(now)
		if p == nil {
			return wait, wait > 0
		}
		i := w.free[len(w.free)-1]
		w.free = w.free[:len(w.free)-1]
		s := &w.slots[i]
		s.busy, s.begun = true, now
		s.begin(p, r.act, due)
		w.send(i, now)
	}
	return 0, true
}

func (w *udpWorker) send(i int, now time.Time) {
	s := &w.slots[i]
	s.pause = w.t1
	s.resend = now.Add(s.pause)
	w.queue(s.request)
}

func (w *udpWorker) receive(msg []byte, now time.Time, t *tally) {
	err := w.answer.parse(msg)
	if errors.Is(err, errNotAnswer) {
		w.reply(msg, t)
		return
	}
	i := int(w.answer.branch >> 32)
	if err != nil || i >= len(w.slots) || !w.slots[i].busy {
		if err != nil {
			t.fail(err.Error())
		}
		return
	}
	send, done, err := w.slots[i].take(&w.answer)
	if send {
		w.send(i, now)
	}
	if done {
		w.end(i, now, err, t)
	}
}

// reply answers what the server asks a phone (NOTIFY, OPTIONS) so that it need not repeat itself.
func (w *udpWorker) reply(msg []byte, t *tally) {
	if len(msg) < 12 { // keep-alive
		return
	}
	k := t.incoming % len(w.replies)
	w.replies[k] = appendResponse(w.replies[k][:0], msg, "200 OK", nil)
	w.queue(w.replies[k])
	t.incoming++
}

func (w *udpWorker) end(i int, now time.Time, err error, t *tally) {
	s := &w.slots[i]
	s.busy = false
	w.free = append(w.free, i)
	if err != nil {
		t.fail(err.Error())
		return
	}
	t.latencies = append(t.latencies, now.Sub(s.due))
}

// sweep repeats unanswered requests and gives up those out of time.
func (w *udpWorker) sweep(now time.Time, t *tally) {
	for i := range w.slots {
		s := &w.slots[i]
		switch {
		case !s.busy:
		case now.Sub(s.begun) > w.timeout:
			w.end(i, now, errors.New("timeout"), t)
		case now.After(s.resend):
			s.pause = min(2*s.pause, t2)
			s.resend = now.Add(s.pause)
			w.queue(s.request)
			t.retransmitted++
		}
	}
}
