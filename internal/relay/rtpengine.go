package relay

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

const (
	firstWait = 250 * time.Millisecond // then twice that, and again
	mostTries = 4
	maxAnswer = 64 << 10
)

// RTPEngine is one relay, spoken to by its "ng" control protocol over UDP
// (rtpengine's documentation, ng_control_protocol). Safe for concurrent use.
type RTPEngine struct {
	conn net.Conn

	mu      sync.Mutex
	waiting map[string]chan map[string]any // by cookie
	closed  chan struct{}
}

// Dial opens the way to the relay's control port, host:port. It does not ask
// whether anybody is there: Ping does.
func Dial(ctx context.Context, addr string) (*RTPEngine, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "udp", addr)
	if err != nil {
		return nil, fmt.Errorf("opening the way to the media relay: %w", err)
	}
	r := &RTPEngine{conn: conn, waiting: map[string]chan map[string]any{}, closed: make(chan struct{})}
	go r.read()
	return r, nil
}

// Close ends it; calls that wait for an answer get an error.
func (r *RTPEngine) Close() error {
	err := r.conn.Close()
	<-r.closed
	return err
}

// Leg names one side of a call: its Call-ID and the tags as the phones write them.
type Leg struct {
	CallID, FromTag, ToTag string
}

// Offer puts the relay between a caller and whoever answers: sdp is what the
// caller offers, the result what the callee is to be offered.
func (r *RTPEngine) Offer(ctx context.Context, l Leg, sdp []byte) ([]byte, error) {
	return r.exchange(ctx, l, "offer", sdp)
}

// Answer takes the answer to an offer, l.ToTag says whose; the result is for the
// one who offered.
func (r *RTPEngine) Answer(ctx context.Context, l Leg, sdp []byte) ([]byte, error) {
	return r.exchange(ctx, l, "answer", sdp)
}

// Delete ends the relay's part in the call.
func (r *RTPEngine) Delete(ctx context.Context, l Leg) error {
	_, err := r.ask(ctx, map[string]any{"command": "delete", "call-id": l.CallID, "from-tag": l.FromTag})
	return err
}

// Ping reports whether the relay answers.
func (r *RTPEngine) Ping(ctx context.Context) error {
	_, err := r.ask(ctx, map[string]any{"command": "ping"})
	return err
}

func (r *RTPEngine) exchange(ctx context.Context, l Leg, command string, sdp []byte) ([]byte, error) {
	m := map[string]any{
		"command": command, "call-id": l.CallID, "from-tag": l.FromTag, "sdp": string(sdp),
		"replace": []string{"origin"}, "ICE": "remove",
		// Phones sit behind NATs: media goes back to where it came from.
		"flags": []string{"symmetric"},
	}
	if l.ToTag != "" {
		m["to-tag"] = l.ToTag
	}
	a, err := r.ask(ctx, m)
	if err != nil {
		return nil, err
	}
	out, ok := a["sdp"].(string)
	if !ok {
		return nil, fmt.Errorf("asking the media relay: its answer to %s holds no session description", command)
	}
	return []byte(out), nil
}

// ask sends m until it is answered. rtpengine answers a repeated cookie again
// without doing the work twice.
func (r *RTPEngine) ask(ctx context.Context, m map[string]any) (map[string]any, error) {
	var random [8]byte
	rand.Read(random[:])
	cookie := hex.EncodeToString(random[:])
	got := make(chan map[string]any, 1)
	r.mu.Lock()
	r.waiting[cookie] = got
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		delete(r.waiting, cookie)
		r.mu.Unlock()
	}()
	packet := appendValue([]byte(cookie+" "), m)
	wait := firstWait
	for range mostTries {
		if _, err := r.conn.Write(packet); err != nil && errors.Is(err, net.ErrClosed) {
			return nil, fmt.Errorf("asking the media relay: %w", err)
		} // another error is the last try's ICMP: it may be starting
		t := time.NewTimer(wait)
		select {
		case a := <-got:
			t.Stop()
			return verdict(a)
		case <-ctx.Done():
			t.Stop()
			return nil, fmt.Errorf("asking the media relay: %w", ctx.Err())
		case <-r.closed:
			t.Stop()
			return nil, fmt.Errorf("asking the media relay: %w", net.ErrClosed)
		case <-t.C:
			wait *= 2
		}
	}
	return nil, fmt.Errorf("asking the media relay at %s: no answer", r.conn.RemoteAddr())
}

func verdict(a map[string]any) (map[string]any, error) {
	switch a["result"] {
	case "ok", "pong":
		return a, nil
	}
	return nil, fmt.Errorf("asking the media relay: it says %q", a["error-reason"])
}

func (r *RTPEngine) read() {
	defer close(r.closed)
	b := make([]byte, maxAnswer)
	for {
		n, err := r.conn.Read(b)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue // an ICMP of the last write
		}
		cookie, body, ok := bytes.Cut(b[:n], []byte(" "))
		if !ok {
			continue
		}
		v, _, err := parseValue(body, 0)
		a, isDict := v.(map[string]any)
		if err != nil || !isDict {
			continue
		}
		r.mu.Lock()
		got := r.waiting[string(cookie)]
		delete(r.waiting, string(cookie))
		r.mu.Unlock()
		if got != nil {
			got <- a
		}
	}
}
