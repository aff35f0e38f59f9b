package sip

import (
	"io"
	"net"
	"os"
	"sync"
	"time"

	"tischlein/internal/sip/wire"
)

// The types here show sipgo our sockets as if they were its own: what the front
// does not answer is read from a queue, what sipgo writes leaves by the same
// socket or connection. Closing one of them never closes the real thing.

const (
	handoffQueue = 256
	// maxHandoffPeers ends one pretended socket and begins the next: sipgo's pool
	// keeps every UDP peer it ever saw until the socket ends.
	maxHandoffPeers = 4096
	// handoffIdle ends a pretended connection nobody has used, for each costs
	// sipgo a goroutine and 32 KB. Timers of its transactions are shorter.
	handoffIdle = 5 * time.Minute
)

type handoffPacket struct {
	data []byte
	addr net.Addr
}

// handoffPacketConn is a net.PacketConn over a UDP listener.
type handoffPacketConn struct {
	l     *udpListener
	in    chan handoffPacket
	gone  chan struct{}
	peers map[string]struct{}
}

func newHandoffPacketConn(l *udpListener) *handoffPacketConn {
	return &handoffPacketConn{l: l, in: make(chan handoffPacket, handoffQueue), gone: make(chan struct{})}
}

// renew begins a pretended socket that knows no peer yet.
func (c *handoffPacketConn) renew() { c.peers = make(map[string]struct{}) }

func (c *handoffPacketConn) ReadFrom(b []byte) (int, net.Addr, error) {
	if len(c.peers) >= maxHandoffPeers {
		return 0, nil, net.ErrClosed
	}
	select {
	case p := <-c.in:
		c.peers[p.addr.String()] = struct{}{}
		return copy(b, p.data), p.addr, nil
	case <-c.gone:
		return 0, nil, net.ErrClosed
	}
}

func (c *handoffPacketConn) WriteTo(b []byte, a net.Addr) (int, error) { return c.l.sock.WriteTo(b, a) }
func (c *handoffPacketConn) LocalAddr() net.Addr                       { return c.l.sock.LocalAddr() }
func (c *handoffPacketConn) Close() error                              { return nil }
func (c *handoffPacketConn) SetDeadline(time.Time) error               { return nil }
func (c *handoffPacketConn) SetReadDeadline(time.Time) error           { return nil }
func (c *handoffPacketConn) SetWriteDeadline(time.Time) error          { return nil }

// handoffListener is a net.Listener that accepts a connection when its first
// message for sipgo has come.
type handoffListener struct {
	addr net.Addr
	in   chan *handoffConn
	gone chan struct{}
	once sync.Once
}

func newHandoffListener(addr net.Addr) *handoffListener {
	return &handoffListener{addr: addr, in: make(chan *handoffConn, handoffQueue), gone: make(chan struct{})}
}

func (l *handoffListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.in:
		return c, nil
	case <-l.gone:
		return nil, net.ErrClosed
	}
}

func (l *handoffListener) Close() error   { l.once.Do(func() { close(l.gone) }); return nil }
func (l *handoffListener) Addr() net.Addr { return l.addr }

// handoffConn is a net.Conn over a streamConn. Each Read yields at most one
// message, so that sipgo's stream parser never meets a boundary of ours.
type handoffConn struct {
	c    *streamConn
	in   chan []byte
	rest []byte
	gone chan struct{}
	once sync.Once
}

func (h *handoffConn) Read(b []byte) (int, error) {
	if len(h.rest) == 0 {
		t := time.NewTimer(handoffIdle)
		defer t.Stop()
		select {
		case h.rest = <-h.in:
		case <-h.gone:
			return 0, io.EOF
		case <-t.C:
			h.end()
			return 0, io.EOF
		}
	}
	n := copy(b, h.rest)
	h.rest = h.rest[n:]
	return n, nil
}

func (h *handoffConn) Write(b []byte) (int, error) {
	if err := h.c.queue(b); err != nil {
		return 0, err
	}
	return len(b), nil
}

func (h *handoffConn) end()         { h.once.Do(func() { close(h.gone) }) }
func (h *handoffConn) Close() error { h.end(); return nil }

func (h *handoffConn) LocalAddr() net.Addr              { return h.c.nc.LocalAddr() }
func (h *handoffConn) RemoteAddr() net.Addr             { return h.c.nc.RemoteAddr() }
func (h *handoffConn) SetDeadline(time.Time) error      { return os.ErrNoDeadline }
func (h *handoffConn) SetReadDeadline(time.Time) error  { return os.ErrNoDeadline }
func (h *handoffConn) SetWriteDeadline(time.Time) error { return os.ErrNoDeadline }

// appendHanded writes the Via for sipgo. It answers symmetrically (C04) only who
// asks for it with rport. And it looks up the way back in a goroutine per message:
// when the pretended socket has ended meanwhile, it would answer from a new socket
// of its own that nobody closes, to whatever address the Via names. This one names
// none, so that such a message is dropped, which its sender repeats. The answer
// bears the true address.
func appendHanded(b []byte, v *wire.Via) []byte {
	return append(v.AppendClaimed(b), ";received=nowhere.invalid;rport"...)
}

// handOn gives m to sipgo. What it cannot take in time is dropped: it is bounded,
// and senders repeat over UDP.
func (s *Server) handOn(f *flow, m *wire.Message) {
	var data []byte
	if m.Status == 0 && f.udp != nil {
		at := cap(m.Raw) - cap(m.TopVia.Value)
		data = appendHanded(append([]byte(nil), m.Raw[:at]...), &m.TopVia)
		data = append(data, m.Raw[at+len(m.TopVia.Value):]...)
	} else {
		data = append([]byte(nil), m.Raw...)
	}
	ok := false
	if f.conn != nil {
		ok = f.conn.handOn(data)
	} else {
		select {
		case f.udp.calls.in <- handoffPacket{data, net.UDPAddrFromAddrPort(f.peer)}:
			ok = true
		default:
		}
	}
	if ok {
		s.count.handed.Add(1)
	} else {
		s.count.overloaded.Add(1)
	}
}

func (c *streamConn) handOn(data []byte) bool {
	c.mu.Lock()
	h := c.calls
	if c.isGone {
		c.mu.Unlock()
		return false
	}
	begin := h == nil
	if !begin {
		select {
		case <-h.gone:
			begin = true
		default:
		}
	}
	if begin {
		h = &handoffConn{c: c, in: make(chan []byte, 16), gone: make(chan struct{})}
		c.calls = h
	}
	c.mu.Unlock()
	if begin {
		select {
		case c.listener.calls.in <- h:
		default:
			h.end()
			return false
		}
	}
	select {
	case h.in <- data:
		return true
	default:
		return false
	}
}
