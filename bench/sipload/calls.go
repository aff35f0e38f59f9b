package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"time"
)

// callWorker keeps a window of calls going over one socket, in one goroutine: all callers and all
// devices are there.
type callWorker struct {
	*datagrams
	slots   []callSlot
	free    []int
	trios   []trio
	total   uint32
	next    uint32
	t1      time.Duration
	timeout time.Duration
	packet  packet
	late    [][]byte
	tally   tally
}

type callSlot struct {
	call
	busy bool
}

func readTrios(file string) (trios []trio, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		x := strings.Fields(lines.Text())
		if len(x) != 5 {
			return nil, fmt.Errorf("%s: line %d is not `user password number device device`", file, len(trios)+1)
		}
		trios = append(trios, trio{user: x[0], password: x[1], number: x[2], devices: [2]string{x[3], x[4]}})
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(trios) == 0 {
		return nil, fmt.Errorf("%s is empty", file)
	}
	return trios, nil
}

// callAll makes o.rounds calls per trio and reports them. A call counts when each of its three phones
// got what it must get and nothing else.
func callAll(ctx context.Context, o options) (*report, error) {
	trios, err := readTrios(o.calls)
	if err != nil {
		return nil, fmt.Errorf("reading who calls whom: %w", err)
	}
	d, err := openDatagrams(o)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	w := newCallWorker(d, trios, o)
	start := time.Now()
	if err := w.run(ctx); err != nil {
		return nil, err
	}
	w.tally.took = time.Since(start)
	r := &report{Server: o.server, Proto: "udp", Phones: 3 * len(trios), Window: len(w.slots)}
	r.count(&w.tally)
	r.Calls = summarize([]*tally{&w.tally})
	return r, nil
}

func newCallWorker(d *datagrams, trios []trio, o options) *callWorker {
	// A phone takes part in one call at a time.
	w := &callWorker{datagrams: d, slots: make([]callSlot, min(o.window, len(trios))), trios: trios, total: uint32(len(trios) * o.rounds),
		t1: o.t1, timeout: o.timeout, late: make([][]byte, batch)}
	load := rand.Uint32()
	for i := range w.slots {
		c := &w.slots[i].call
		c.send, c.local, c.domain, c.slot, c.load = w.queue, d.socket.LocalAddr().String(), o.domain, i, load
		w.free = append(w.free, i)
	}
	return w
}

func (w *callWorker) run(ctx context.Context) error {
	var nextSweep time.Time
	for ctx.Err() == nil {
		now := time.Now()
		w.fill(now)
		if len(w.free) == len(w.slots) && w.next == w.total {
			return w.flush()
		}
		if !now.Before(nextSweep) {
			w.sweep(now)
			nextSweep = now.Add(sweep)
			w.socket.SetReadDeadline(nextSweep)
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
			w.receive(w.in[i].Buffers[0][:w.in[i].N], now)
		}
	}
	for i := range w.slots {
		if w.slots[i].busy {
			w.end(i, errors.New("unfinished"))
		}
	}
	if left := w.total - w.next; left > 0 {
		for range left {
			w.tally.fail("never begun")
		}
	}
	return nil
}

func (w *callWorker) fill(now time.Time) {
	for len(w.free) > 0 && w.next < w.total && w.queued < batch {
		i := w.free[len(w.free)-1]
		w.free = w.free[:len(w.free)-1]
		s := &w.slots[i]
		s.busy = true
		s.begin(&w.trios[int(w.next)%len(w.trios)], w.next, now, now, w.t1)
		w.next++
	}
}

// slotOf is the call that a message belongs to, -1 for one that is over.
func (w *callWorker) slotOf(callID []byte) int {
	var b [2]byte
	if len(callID) < 13 {
		return -1
	}
	if _, err := hex.Decode(b[:], callID[:4]); err != nil {
		return -1
	}
	i := int(b[0])<<8 | int(b[1])
	if i >= len(w.slots) || !w.slots[i].busy || string(callID) != w.slots[i].callID {
		return -1
	}
	return i
}

func (w *callWorker) receive(msg []byte, now time.Time) {
	if len(msg) < 12 { // keep-alive
		return
	}
	p := &w.packet
	if err := p.parse(msg); err != nil {
		w.tally.fail(err.Error())
		return
	}
	i := w.slotOf(p.callID)
	if i < 0 {
		w.tooLate(p)
		return
	}
	c := &w.slots[i].call
	err := errors.New("request to no device of the call")
	if p.status > 0 {
		err = c.heard(p, now, w.t1)
	} else {
		for k := range c.devices {
			if string(userOf(p.uri)) == c.devices[k].name {
				err = c.devices[k].asked(p, now, w.t1)
			}
		}
	}
	if err != nil || c.done() {
		w.end(i, err)
	}
}

// tooLate answers what was lost of a call that is over, or is no call of ours.
func (w *callWorker) tooLate(p *packet) {
	w.tally.incoming++
	if p.status > 0 || string(p.method) == "ACK" {
		return
	}
	k := w.tally.incoming % len(w.late)
	w.late[k] = appendAnswer(w.late[k][:0], p.raw, "200 OK", "", "", "")
	w.queue(w.late[k])
}

func (w *callWorker) end(i int, err error) {
	s := &w.slots[i]
	s.busy = false
	w.free = append(w.free, i)
	w.tally.incoming += s.repeated
	s.repeated = 0
	if err != nil {
		w.tally.fail(err.Error())
		return
	}
	w.tally.latencies = append(w.tally.latencies, s.took)
}

// sweep repeats what waits for an answer and gives up calls out of time.
func (w *callWorker) sweep(now time.Time) {
	for i := range w.slots {
		s := &w.slots[i]
		if !s.busy {
			continue
		}
		if now.Sub(s.begun) > w.timeout {
			w.end(i, errors.New("timeout"))
			continue
		}
		for _, r := range []*repeat{&s.repeat, &s.devices[0].repeat, &s.devices[1].repeat} {
			if r.what != nil && now.After(r.at) {
				r.pause = min(2*r.pause, t2)
				r.at = now.Add(r.pause)
				w.queue(r.what)
				w.tally.retransmitted++
			}
		}
	}
}
