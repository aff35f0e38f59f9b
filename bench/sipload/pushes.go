package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"
)

// bePushed has the server tell o.pushes phones something, o.rounds times, and answers each NOTIFY.
// The command may wait until the server has done all that it does: a round lasts as long. Rates run from the first one of a round to the last. Each phone must get exactly one a round, a
// check-sync outside of any subscription.
func bePushed(ctx context.Context, o options) (*report, error) {
	d, err := openDatagrams(o)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	r := &report{Server: o.server, Proto: "udp", Phones: o.pushes}
	var rounds []*tally
	for range o.rounds {
		t, err := pushRound(ctx, d, o)
		if err != nil {
			return nil, err
		}
		r.count(t)
		rounds = append(rounds, t)
	}
	r.Pushes = summarize(rounds)
	return r, nil
}

func pushRound(ctx context.Context, d *datagrams, o options) (*tally, error) {
	t := &tally{}
	begun := make(chan error, 1)
	go func() {
		out, err := exec.CommandContext(ctx, "bash", "-c", o.begin).CombinedOutput()
		if err != nil {
			err = fmt.Errorf("running -begin: %w: %s", err, out)
		}
		begun <- err
	}()
	told := map[string]string{} // the Call-ID of each phone's NOTIFY, by its user
	var first, last time.Time
	var replies [][]byte
	for end := time.Now().Add(o.timeout); len(told) < o.pushes; {
		if time.Now().After(end) || ctx.Err() != nil {
			break
		}
		d.socket.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
		n, err := d.packets.ReadBatch(d.in, 0)
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			return nil, fmt.Errorf("receiving: %w", err)
		}
		for i := range max(n, 0) {
			msg := d.in[i].Buffers[0][:d.in[i].N]
			if len(msg) < 12 { // keep-alive
				continue
			}
			if first.IsZero() {
				first = time.Now()
			}
			if i >= len(replies) {
				replies = append(replies, nil)
			}
			replies[i] = appendAnswer(replies[i][:0], msg, "200 OK", "phone", "", "")
			d.queue(replies[i])
			t.toldBy(told, msg, time.Since(first))
		}
		last = time.Now()
		if err := d.flush(); err != nil {
			return nil, err
		}
	}
	t.took = last.Sub(first)
	if err := <-begun; err != nil {
		return nil, err
	}
	for range o.pushes - len(told) {
		t.fail("no NOTIFY")
	}
	return t, nil
}

// toldBy judges one NOTIFY.
func (t *tally) toldBy(told map[string]string, msg []byte, after time.Duration) {
	var p packet
	if err := p.parse(msg); err != nil {
		t.fail(err.Error())
		return
	}
	user, id := string(userOf(p.uri)), string(p.callID)
	before, again := told[user]
	switch {
	case string(p.method) != "NOTIFY" || string(p.of) != "NOTIFY" || user == "":
		t.fail("not a NOTIFY to a phone")
	case !bytes.Contains(msg, []byte("\r\nEvent: check-sync")) || !bytes.Contains(msg, []byte("\r\nSubscription-State: terminated")):
		t.fail("NOTIFY without a check-sync")
	case again && before != id:
		t.fail("a second NOTIFY to the same phone")
	case again:
		t.incoming++ // the same once more
	default:
		told[user] = id
		t.latencies = append(t.latencies, after)
	}
}
