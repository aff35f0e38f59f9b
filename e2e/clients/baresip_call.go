package clients

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// BaresipEvent is one of baresip's own events of a call, as its module ctrl_tcp gives them.
type BaresipEvent struct {
	Type      string `json:"type"` // CALL_INCOMING, CALL_RINGING, CALL_ESTABLISHED, CALL_CLOSED, CALL_TRANSFER, …
	Direction string `json:"direction"`
	PeerURI   string `json:"peeruri"`
	PeerName  string `json:"peerdisplayname"`
	ID        string `json:"id"`
	Param     string `json:"param"` // of CALL_CLOSED: why
}

// remote is baresip's module ctrl_tcp: JSON in netstrings.
type remote struct {
	conn net.Conn

	mu      sync.Mutex
	events  []BaresipEvent
	seen    int
	answers map[string]answer
	changed chan struct{}
	serial  int
	err     error
}

type answer struct {
	OK   bool   `json:"ok"`
	Data string `json:"data"`
}

var (
	errPortTaken = errors.New("the port for commands was taken meanwhile")
	baresipReady = regexp.MustCompile(`baresip is ready|ctrl_tcp: failed to listen|init failed`)
)

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("looking for a free port: %w", err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String(), nil
}

func connectRemote(p *program, address string) (*remote, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	line, err := p.wait(ctx, baresipReady)
	if err != nil {
		return nil, err
	}
	if !strings.Contains(line, "ready") {
		return nil, fmt.Errorf("%w: %s", errPortTaken, line)
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("connecting to baresip: %w\n%s", err, p.text())
	}
	r := &remote{conn: conn, answers: map[string]answer{}, changed: make(chan struct{})}
	go r.read()
	return r, nil
}

func (r *remote) read() {
	in := bufio.NewReader(r.conn)
	for {
		var m struct {
			BaresipEvent
			answer
			Event bool   `json:"event"`
			Token string `json:"token"`
		}
		text, err := netstring(in)
		if err == nil {
			err = json.Unmarshal(text, &m)
		}
		r.mu.Lock()
		switch {
		case err != nil:
			r.err = err
		case m.Event:
			r.events = append(r.events, m.BaresipEvent)
		default:
			r.answers[m.Token] = m.answer
		}
		close(r.changed)
		r.changed = make(chan struct{})
		r.mu.Unlock()
		if err != nil {
			_ = r.conn.Close()
			return
		}
	}
}

func netstring(in *bufio.Reader) ([]byte, error) {
	head, err := in.ReadString(':')
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(strings.TrimSuffix(head, ":"))
	if err != nil || n < 0 || n > 1<<20 {
		return nil, fmt.Errorf("baresip wrote %q where a length should be", head)
	}
	text := make([]byte, n+1) // with the comma
	if _, err := io.ReadFull(in, text); err != nil {
		return nil, err
	}
	return text[:n], nil
}

// until waits until ok, which is called with the lock held, says so.
func (r *remote) until(ctx context.Context, ok func() bool) error {
	for {
		r.mu.Lock()
		done, err, changed := ok(), r.err, r.changed
		r.mu.Unlock()
		if done {
			return nil
		}
		if err != nil {
			return err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Do gives baresip one of its commands ("dial", "accept", "hangup", "hold", "resume", "transfer", "sndcode", …) and
// returns what it says to it.
func (b *Baresip) Do(ctx context.Context, command, params string) (string, error) {
	r := b.remote
	r.mu.Lock()
	r.serial++
	token := strconv.Itoa(r.serial)
	r.mu.Unlock()
	text, err := json.Marshal(map[string]string{"command": command, "params": params, "token": token})
	if err == nil {
		_, err = fmt.Fprintf(r.conn, "%d:%s,", len(text), text)
	}
	var got answer
	if err == nil {
		err = r.until(ctx, func() (ok bool) { got, ok = r.answers[token]; return ok })
	}
	switch {
	case err != nil:
		return "", fmt.Errorf("telling baresip to %s %s: %w", command, params, err)
	case !got.OK:
		return "", fmt.Errorf("baresip does not %s %s: %s", command, params, got.Data)
	}
	return got.Data, nil
}

// Next waits for the next event of one of the types after the one that Next returned last.
func (b *Baresip) Next(ctx context.Context, types ...string) (e BaresipEvent, err error) {
	r := b.remote
	err = r.until(ctx, func() bool {
		for r.seen < len(r.events) {
			e = r.events[r.seen]
			r.seen++
			if slices.Contains(types, e.Type) {
				return true
			}
		}
		return false
	})
	if err != nil {
		return e, fmt.Errorf("waiting for %v from baresip: %w\n%+v\n%s", types, err, b.Events(), b.Output())
	}
	return e, nil
}

// Events are all events so far.
func (b *Baresip) Events() []BaresipEvent {
	b.remote.mu.Lock()
	defer b.remote.mu.Unlock()
	return slices.Clone(b.remote.events)
}
