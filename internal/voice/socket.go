package voice

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"syscall"
)

// PortRange holds the ports for RTP: the even ones from First to Last. The zero
// value leaves the choice to the system.
type PortRange struct{ First, Last uint16 }

func (r PortRange) check() error {
	if r == (PortRange{}) || r.First >= 1024 && r.evens() > 0 {
		return nil
	}
	return fmt.Errorf("voice: there is no even port from %d to %d, or it is below 1024", r.First, r.Last)
}

// evens counts the even ports.
func (r PortRange) evens() int { return int(r.Last/2) - int((uint32(r.First)+1)/2) + 1 }

// receiveBuffer bounds what one session can make the kernel keep: half a second of speech.
const receiveBuffer = 16 << 10

// listen opens a socket at an even port, because some phones take the odd one
// for RTCP.
func (r PortRange) listen(local netip.Addr) (*net.UDPConn, error) {
	network := "udp4"
	if local.Is6() {
		network = "udp6"
	}
	open := func(port uint16) (*net.UDPConn, error) {
		return net.ListenUDP(network, net.UDPAddrFromAddrPort(netip.AddrPortFrom(local, port)))
	}
	if r != (PortRange{}) {
		first := uint32(r.First)
		first += first % 2
		n := r.evens()
		for i, start := 0, rand.IntN(n); i < n; i++ {
			c, err := open(uint16(first + 2*uint32((start+i)%n)))
			if err == nil {
				return c, nil
			}
			if !errors.Is(err, syscall.EADDRINUSE) {
				return nil, fmt.Errorf("opening a port for RTP: %w", err)
			}
		}
		return nil, ErrFull
	}
	var odd []*net.UDPConn // held, so that they are not given again
	defer func() {
		for _, c := range odd {
			_ = c.Close()
		}
	}()
	for {
		c, err := open(0)
		if err != nil {
			return nil, fmt.Errorf("opening a port for RTP: %w", err)
		}
		if portOf(c)%2 == 0 || len(odd) == 64 {
			return c, nil
		}
		odd = append(odd, c)
	}
}

func portOf(c *net.UDPConn) uint16 {
	return c.LocalAddr().(*net.UDPAddr).AddrPort().Port()
}

// port reads and writes a session's socket without ever waiting. It belongs to
// the pacer: one buffer serves all sessions.
type port struct {
	in   [2048]byte
	n    int
	from netip.AddrPort
	out  [packetBytes + longTag]byte
	send []byte // the part of out that is to go
	to   syscall.Sockaddr
	err  error

	receiving, sending func(fd uintptr) bool
}

func newPort() *port {
	p := &port{}
	p.receiving = func(fd uintptr) bool {
		var from syscall.Sockaddr
		p.n, from, p.err = syscall.Recvfrom(int(fd), p.in[:], 0) // the runtime made it non-blocking
		p.from = addrPortOf(from)
		return true
	}
	p.sending = func(fd uintptr) bool {
		p.err = syscall.Sendto(int(fd), p.send, 0, p.to)
		return true
	}
	return p
}

// read is the next datagram, valid until the next read; ok is false when there is none.
func (p *port) read(c syscall.RawConn) (b []byte, from netip.AddrPort, ok bool) {
	for range 4 {
		if err := c.Read(p.receiving); err != nil {
			return nil, from, false
		}
		if p.err == nil {
			return p.in[:p.n], p.from, true
		}
		if !errors.Is(p.err, syscall.EINTR) && !errors.Is(p.err, syscall.ECONNREFUSED) {
			break
		}
	}
	return nil, from, false
}

// write sends b. What the system does not take now is lost, as on any network.
func (p *port) write(c syscall.RawConn, b []byte, to syscall.Sockaddr) bool {
	p.send, p.to = b, to
	return c.Write(p.sending) == nil && p.err == nil
}

func addrPortOf(s syscall.Sockaddr) netip.AddrPort {
	switch s := s.(type) {
	case *syscall.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(s.Addr), uint16(s.Port))
	case *syscall.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(s.Addr).Unmap(), uint16(s.Port))
	}
	return netip.AddrPort{}
}

func sockaddrOf(a netip.AddrPort) syscall.Sockaddr {
	if a.Addr().Is4() {
		return &syscall.SockaddrInet4{Addr: a.Addr().As4(), Port: int(a.Port())}
	}
	return &syscall.SockaddrInet6{Addr: a.Addr().As16(), Port: int(a.Port())}
}
