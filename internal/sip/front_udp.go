package sip

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"syscall"

	"golang.org/x/net/ipv4"

	"tischlein/internal/sip/wire"
)

const (
	udpBatchSize  = 32
	udpPacket     = 65535
	udpSocketRoom = 8 << 20 // asked of the kernel; it gives what its own limit allows
)

// udpListener is one UDP socket. Several readers may serve it.
type udpListener struct {
	sock  *net.UDPConn
	pc    *ipv4.PacketConn // recvmmsg and sendmmsg, for either family
	local string
	addr  netip.AddrPort
}

func listenUDP(ctx context.Context, addr string) (*udpListener, error) {
	pc, err := (&net.ListenConfig{}).ListenPacket(ctx, "udp", addr)
	if err != nil {
		return nil, err
	}
	sock := pc.(*net.UDPConn)
	// Smaller buffers than asked for are no reason not to serve.
	_ = sock.SetReadBuffer(udpSocketRoom)
	_ = sock.SetWriteBuffer(udpSocketRoom)
	l := &udpListener{sock: sock, pc: ipv4.NewPacketConn(sock), local: sock.LocalAddr().String()}
	l.addr = sock.LocalAddr().(*net.UDPAddr).AddrPort()
	return l, nil
}

// readUDP serves the socket until it is closed.
func (s *Server) readUDP(l *udpListener) {
	w := s.newWorker(false)
	msgs := make([]ipv4.Message, udpBatchSize)
	for i := range msgs {
		msgs[i].Buffers = [][]byte{make([]byte, udpPacket)}
	}
	for {
		n, err := l.pc.ReadBatch(msgs, 0)
		if err != nil {
			if errors.Is(err, net.ErrClosed) || s.ctx.Err() != nil {
				return
			}
			// ICMP errors of earlier sends surface here; the socket is still good.
			if !errors.Is(err, syscall.ECONNREFUSED) {
				s.complain("reading UDP", err)
			}
			continue
		}
		w.tick()
		for i := range msgs[:n] {
			from, ok := msgs[i].Addr.(*net.UDPAddr)
			if !ok {
				continue
			}
			ap := from.AddrPort()
			f := flow{peer: netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port()), udp: l}
			w.counted, w.depth = false, 0
			w.datagram(&f, msgs[i].Buffers[0][:msgs[i].N])
		}
		w.flush()
	}
}

// datagram tells keep-alives from messages (RFC 5626 3.5, RFC 5389 in 4.4.2).
func (w *worker) datagram(f *flow, b []byte) {
	s := w.s
	if len(b) >= stunHeader && b[0] < 4 {
		if w.stun(f, b) {
			s.count.keepAlives.Add(1)
		}
		return
	}
	start := 0
	for start < len(b) && (b[start] == '\r' || b[start] == '\n' || b[start] == 0 || b[start] == ' ') {
		start++
	}
	if start == len(b) { // CRLF, zero bytes or nothing: only "\r\n\r\n" asks for a pong
		s.count.keepAlives.Add(1)
		if len(b) == 4 && string(b) == "\r\n\r\n" {
			w.begin(f)
			w.arena = append(w.arena, wire.CRLF...)
			w.end()
		}
		return
	}
	w.serve(f, b[start:], true)
}

// udpBatch sends a worker's answers with one system call for many.
type udpBatch struct {
	msgs  []ipv4.Message
	addrs []net.UDPAddr
	ips   [][16]byte
}

func newUDPBatch() *udpBatch {
	b := &udpBatch{
		msgs: make([]ipv4.Message, udpBatchSize), addrs: make([]net.UDPAddr, udpBatchSize),
		ips: make([][16]byte, udpBatchSize),
	}
	for i := range b.msgs {
		b.msgs[i].Buffers = make([][]byte, 1)
		b.msgs[i].Addr = &b.addrs[i]
	}
	return b
}

// send sends the answers from w.outs[i] on that leave by the same socket, and
// says how many that were. A lost answer is repeated when the phone asks again.
func (b *udpBatch) send(w *worker, i int) int {
	l := w.outs[i].flow.udp
	n := 0
	for ; n < udpBatchSize && i+n < len(w.outs) && w.outs[i+n].flow.udp == l; n++ {
		o := &w.outs[i+n]
		b.msgs[n].Buffers[0] = w.arena[o.start:o.end]
		addr := o.flow.peer.Addr()
		if addr.Is4() {
			v4 := addr.As4()
			copy(b.ips[n][:], v4[:])
			b.addrs[n].IP = b.ips[n][:4]
		} else {
			b.ips[n] = addr.As16()
			b.addrs[n].IP = b.ips[n][:]
		}
		b.addrs[n].Zone, b.addrs[n].Port = addr.Zone(), int(o.flow.peer.Port())
	}
	for done := 0; done < n; {
		k, err := l.pc.WriteBatch(b.msgs[done:n], 0)
		if err != nil || k <= 0 {
			done++ // this one cannot be sent; the others can
			continue
		}
		done += k
	}
	return n
}
