package phonesim

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// streamFlow is a TCP or TLS connection that one account keeps open.
type streamFlow struct {
	conn net.Conn
	from netip.AddrPort
}

// connect dials, shakes hands and starts the reader.
func (f *Fleet) connect(ctx context.Context, a *agent, cfg *Config, acct account) (*streamFlow, error) {
	conn, err := f.dial(ctx, cfg.Address, net.JoinHostPort(acct.host, portOf(acct)))
	if err != nil {
		return nil, err
	}
	from, err := netip.ParseAddrPort(conn.LocalAddr().String())
	if err != nil {
		conn.Close()
		return nil, err
	}
	if acct.transport == "tls" {
		t := tls.Client(conn, f.tlsConfig(cfg, acct.host))
		if err := t.HandshakeContext(ctx); err != nil {
			conn.Close()
			return nil, fmt.Errorf("TLS with %s: %w", acct.host, err)
		}
		conn = t
	}
	s := &streamFlow{conn: conn, from: netip.AddrPortFrom(from.Addr().Unmap(), from.Port())}
	f.readers.Go(func() { s.read(a) })
	return s, nil
}

func (s *streamFlow) send(b []byte) error {
	if err := s.conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	_, err := s.conn.Write(b)
	return err
}

func (s *streamFlow) local() netip.AddrPort { return s.from }
func (s *streamFlow) close()                { s.conn.Close() }

// read hands messages to the account until the connection falls.
func (s *streamFlow) read(a *agent) {
	r := bufio.NewReaderSize(s.conn, 2048)
	source := s.conn.RemoteAddr().String()
	for {
		b, err := readFrame(r, func() { s.send([]byte("\r\n")) }) //nolint:errcheck // the next read tells
		var m *message
		if err == nil {
			m, err = parseMessage(b)
		}
		if err != nil {
			s.conn.Close()
			a.p.do(func() { a.flowLost(s, err) })
			return
		}
		a.p.do(func() {
			if a.flow == flow(s) {
				a.receive(m, source, func(b []byte) { s.send(b) }) //nolint:errcheck // the next read tells
			}
		})
	}
}

// readFrame cuts one message out of a stream by its Content-Length (RFC 3261
// 18.3). Double CRLF before it is a ping, answered by pong (RFC 5626 3.5.1).
func readFrame(r *bufio.Reader, pong func()) ([]byte, error) {
	var head []byte
	length := 0
	for {
		line, err := r.ReadSlice('\n')
		head = append(head, line...)
		if len(head) > maxSIPMessage {
			return nil, fmt.Errorf("%w: headers without end", errMalformed)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if bytes.Equal(head, []byte("\r\n")) {
			// A lone CRLF is the pong to our own ping.
			if next, _ := r.Peek(min(2, r.Buffered())); string(next) == "\r\n" {
				r.Discard(2) //nolint:errcheck // it is buffered
				pong()
			}
			head = head[:0]
			continue
		}
		if bytes.HasSuffix(head, []byte("\r\n\r\n")) {
			break
		}
	}
	for _, l := range strings.Split(string(head), "\r\n") {
		name, v, _ := strings.Cut(l, ":")
		name = strings.ToLower(strings.TrimSpace(name))
		if name == "content-length" || name == "l" {
			n, err := strconv.Atoi(strings.TrimSpace(v))
			if err != nil || n < 0 || n > maxSIPMessage {
				return nil, fmt.Errorf("%w: Content-Length %q", errMalformed, v)
			}
			length = n
		}
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(r, body); err != nil {
		return nil, err
	}
	return append(head, body...), nil
}
