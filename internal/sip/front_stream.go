package sip

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"time"

	"tischlein/internal/sip/wire"
)

// streamListener accepts TCP or TLS connections.
type streamListener struct {
	ln        net.Listener
	transport transport
	local     string
}

func (s *Server) listenStream(ctx context.Context, addr string, over transport) (*streamListener, error) {
	lc := net.ListenConfig{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: time.Minute, Interval: 20 * time.Second, Count: 3}}
	ln, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &streamListener{ln: ln, transport: over, local: ln.Addr().String()}, nil
}

func (s *Server) accept(l *streamListener) {
	for {
		nc, err := l.ln.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) || s.ctx.Err() != nil {
				return
			}
			s.complain("accepting a connection", err)
			select { // out of file descriptors: some must close before it gets better
			case <-time.After(50 * time.Millisecond):
			case <-s.ctx.Done():
			}
			continue
		}
		peer := nc.RemoteAddr().(*net.TCPAddr).AddrPort()
		if l.transport == overTLS {
			nc = tls.Server(nc, s.cfg.TLSConfig) // shakes hands in the reader
		}
		c := &streamConn{
			s: s, nc: nc, listener: l, transport: l.transport, local: nc.LocalAddr().String(), gone: make(chan struct{}),
			peer: netip.AddrPortFrom(peer.Addr().Unmap(), peer.Port()),
		}
		if !s.conns.enter(c, &s.cfg.Limits) {
			s.count.connsRefused.Add(1)
			_ = nc.Close()
			continue
		}
		s.group.Add(1)
		go s.readStream(c)
	}
}

// readStream serves one connection until it ends, errs, or is too slow: a message
// that has begun must be whole within MessageTimeout, a stranger must
// authenticate within StrangerTimeout, and a phone must speak once in a while.
func (s *Server) readStream(c *streamConn) {
	defer s.group.Done()
	defer s.conns.leave(c)
	defer c.close()
	if s.ctx.Err() != nil {
		return
	}
	lim := &s.cfg.Limits
	opened := time.Now()
	if tc, ok := c.nc.(*tls.Conn); ok {
		_ = tc.SetDeadline(opened.Add(lim.MessageTimeout))
		if tc.HandshakeContext(s.ctx) != nil {
			return
		}
	}
	buf := make([]byte, 1024) // grows with what the phone sends; most send less
	var begun time.Time
	for have := 0; ; {
		deadline := opened.Add(lim.StrangerTimeout)
		if c.trusted.Load() {
			deadline = time.Now().Add(s.cfg.MaxExpires + time.Minute)
		}
		if have > 0 {
			if m := begun.Add(lim.MessageTimeout); m.Before(deadline) {
				deadline = m
			}
		}
		_ = c.nc.SetReadDeadline(deadline)
		n, err := c.nc.Read(buf[have:])
		if n == 0 && err != nil {
			return
		}
		if have == 0 {
			begun = time.Now()
		}
		have += n
		used, ok := s.serveStream(c, buf[:have])
		if !ok {
			return
		}
		if used > 0 {
			have = copy(buf, buf[used:have])
			begun = time.Now()
		}
		if have == len(buf) {
			buf = append(buf, make([]byte, len(buf))...)
		}
	}
}

// serveStream serves the whole messages in b and says how many bytes they took.
func (s *Server) serveStream(c *streamConn, b []byte) (used int, ok bool) {
	w := s.workers.Get().(*worker)
	defer s.workers.Put(w)
	w.own = c
	defer func() { w.own = nil }()
	f := flow{peer: c.peer, conn: c}
	for used < len(b) {
		skip, n, pong, err := wire.Frame(b[used:], s.cfg.Limits.HeaderBytes, s.cfg.Limits.BodyBytes)
		if n == 0 && err == nil && skip > 0 && skip < 4 && used+skip == len(b) && b[used] == '\r' && skip%2 == 1 {
			break // half a CRLF: the rest is coming
		}
		if skip > 0 {
			s.count.keepAlives.Add(1)
			if pong {
				w.begin(&f)
				w.arena = append(w.arena, wire.CRLF...)
				w.end()
			}
			used += skip
		}
		if err != nil {
			w.tick()
			s.count.malformed.Add(1)
			w.flush()
			return used, false
		}
		if n == 0 {
			break
		}
		w.tick()
		w.counted, w.depth = false, 0
		if !w.serve(&f, b[used:used+n], false) {
			w.flush()
			return used, false
		}
		used += n
	}
	w.flush()
	return used, !c.closed()
}
