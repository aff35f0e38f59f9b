package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"time"
)

// phonesPerAddress keeps the connections of one local address below the usual ephemeral port range.
const phonesPerAddress = 20000

// connection keeps what was read too far for the next registration over it.
type connection struct {
	net.Conn
	reader *bufio.Reader
}

// streamWorker registers one phone after the other over TCP or TLS: over the phone's own
// connection, kept open, or with shared over one of its own.
type streamWorker struct {
	o       options
	attempt attempt
	shared  *connection
	message []byte
	answer  answer
}

func newStreamWorker(o options) *streamWorker {
	return &streamWorker{o: o, attempt: attempt{branch: rand.Uint64()}}
}

func (w *streamWorker) Close() error {
	if w.shared == nil {
		return nil
	}
	return w.shared.Close()
}

func (w *streamWorker) run(ctx context.Context, r *round, t *tally) error {
	for ctx.Err() == nil {
		p, due, wait := r.take(time.Now())
		if p == nil && wait == 0 {
			return nil
		}
		if p == nil {
			select {
			case <-ctx.Done():
			case <-time.After(wait):
			}
			continue
		}
		if err := w.register(ctx, p, r.act, due, t); err != nil {
			t.fail(err.Error())
			continue
		}
		t.latencies = append(t.latencies, time.Since(due))
	}
	return nil
}

func (w *streamWorker) register(ctx context.Context, p *phone, what act, due time.Time, t *tally) error {
	ctx, cancel := context.WithTimeout(ctx, w.o.timeout)
	defer cancel()
	conn, err := w.connection(ctx, p)
	if err != nil {
		return reason("connecting", err)
	}
	deadline, _ := ctx.Deadline()
	conn.SetDeadline(deadline)
	w.attempt.envelope = newEnvelope(w.o, strings.ToUpper(w.o.proto), conn.LocalAddr())
	w.attempt.algorithm = w.o.algorithm
	w.attempt.begin(p, what, due)
	if err := w.exchange(conn, t); err != nil {
		conn.Close() // what may still arrive on it belongs to this attempt
		p.conn, w.shared = nil, nil
		return err
	}
	return nil
}

func (w *streamWorker) exchange(conn *connection, t *tally) error {
	send := true
	for {
		if send {
			if _, err := conn.Write(w.attempt.request); err != nil {
				return reason("sending", err)
			}
		}
		msg, err := w.read(conn.reader)
		if err != nil {
			return reason("receiving", err)
		}
		err = w.answer.parse(msg)
		if errors.Is(err, errNotAnswer) {
			t.incoming++
			if _, err := conn.Write(appendResponse(nil, msg, "200 OK", nil)); err != nil {
				return reason("sending", err)
			}
			send = false
			continue
		}
		if err != nil {
			return err
		}
		var done bool
		if send, done, err = w.attempt.take(&w.answer); done {
			return err
		}
	}
}

// connection returns the one to use and opens it where needed.
func (w *streamWorker) connection(ctx context.Context, p *phone) (*connection, error) {
	kept := &w.shared
	if !w.o.shared {
		kept = &p.conn
	}
	if *kept != nil {
		return *kept, nil
	}
	dialer := &net.Dialer{}
	if strings.HasPrefix(w.o.server, "127.") {
		dialer.LocalAddr = &net.TCPAddr{IP: net.IPv4(127, 0, byte(p.index/phonesPerAddress), 1)}
	}
	c, err := dialer.DialContext(ctx, "tcp4", w.o.server)
	if err != nil {
		return nil, err
	}
	if w.o.proto == "tls" {
		// The benchmark's certificate is self-made; what is measured is the server's work.
		secure := tls.Client(c, &tls.Config{InsecureSkipVerify: true})
		if err := secure.HandshakeContext(ctx); err != nil {
			c.Close()
			return nil, err
		}
		c = secure
	}
	*kept = &connection{c, bufio.NewReaderSize(c, 2048)}
	return *kept, nil
}

// read returns the next message (RFC 3261 18.3), passing over keep-alives (RFC 5626 3.5.1).
func (w *streamWorker) read(from *bufio.Reader) ([]byte, error) {
	w.message = w.message[:0]
	length := 0
	for {
		line, err := from.ReadSlice('\n')
		if err != nil {
			return nil, err
		}
		blank := len(bytes.TrimSpace(line)) == 0
		if blank && len(w.message) == 0 {
			continue
		}
		w.message = append(w.message, line...)
		if blank {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		if isHeader(name, "Content-Length", 'l') {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil || length < 0 || length > 65536 {
				return nil, errMalformed
			}
		}
	}
	if length > 0 {
		head := len(w.message)
		w.message = append(w.message, make([]byte, length)...)
		if _, err := io.ReadFull(from, w.message[head:]); err != nil {
			return nil, err
		}
	}
	return w.message, nil
}

// reason makes equal failures equal texts, for counting: no ports, no addresses.
func reason(what string, err error) error {
	var timeout net.Error
	var op *net.OpError
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return errors.New("timeout")
	case errors.As(err, &op):
		return fmt.Errorf("%s: %w", what, op.Err)
	}
	return fmt.Errorf("%s: %w", what, err)
}
