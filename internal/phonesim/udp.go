package phonesim

import (
	"fmt"
	"net"
	"net/netip"
	"sync"
)

// udpSockets are shared by all phones of one source address.
type udpSockets struct {
	fleet  *Fleet
	mu     sync.Mutex
	byAddr map[netip.Addr][]*udpSocket
	own    map[*udpSocket]bool
	turn   int
	closed bool
}

// udpSocket carries many accounts. Answers find theirs by Call-ID, requests by
// the user of the Request-URI.
type udpSocket struct {
	conn   *net.UDPConn
	bound  netip.AddrPort
	addr   netip.Addr
	set    *udpSockets
	shared bool

	mu    sync.Mutex
	calls map[string]*agent
	users map[string][]*agent
}

// udpFlow is one account's place on a socket.
type udpFlow struct {
	s      *udpSocket
	remote netip.AddrPort
	from   netip.AddrPort
	a      *agent
	callID string
	user   string
}

// join finds or opens a socket for an account.
func (u *udpSockets) join(a *agent, cfg Config, acct account, ip netip.Addr) (flow, error) {
	remote := netip.AddrPortFrom(ip, uint16(acct.sipPort()))
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.closed {
		return nil, net.ErrClosed
	}
	var s *udpSocket
	have := u.byAddr[cfg.Address]
	if !cfg.OwnSocket && len(have) >= u.fleet.cfg.SocketsPerAddress {
		u.turn++
		s = have[u.turn%len(have)]
	} else {
		var err error
		if s, err = u.listen(cfg); err != nil {
			return nil, err
		}
	}
	fl := &udpFlow{s: s, remote: remote, from: localFor(s.bound, remote), a: a, callID: a.callID, user: acct.user}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[fl.callID] = a
	s.users[fl.user] = append(s.users[fl.user], a)
	return fl, nil
}

func (u *udpSockets) listen(cfg Config) (*udpSocket, error) {
	conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(cfg.Address, 0)))
	if err != nil {
		return nil, fmt.Errorf("opening a UDP socket on %s: %w", cfg.Address, err)
	}
	conn.SetReadBuffer(4 << 20) // the kernel may give less
	ap := conn.LocalAddr().(*net.UDPAddr).AddrPort()
	s := &udpSocket{conn: conn, set: u, addr: cfg.Address, shared: !cfg.OwnSocket,
		bound: netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port()),
		calls: map[string]*agent{}, users: map[string][]*agent{}}
	if s.shared {
		u.byAddr[cfg.Address] = append(u.byAddr[cfg.Address], s)
	} else {
		if u.own == nil {
			u.own = map[*udpSocket]bool{}
		}
		u.own[s] = true
	}
	u.fleet.readers.Go(s.read)
	return s, nil
}

func (s *udpSocket) read() {
	buf := make([]byte, maxSIPMessage)
	for {
		n, src, err := s.conn.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		m, err := parseMessage(buf[:n])
		if err != nil {
			continue // keep-alives, and what no phone would answer either
		}
		if a := s.agentFor(m); a != nil {
			src = netip.AddrPortFrom(src.Addr().Unmap(), src.Port())
			a.p.do(func() {
				a.receive(m, src.String(), func(b []byte) { s.conn.WriteToUDPAddrPort(b, src) }) //nolint:errcheck // UDP
			})
		}
	}
}

// agentFor finds whom a message is for. Nobody: silence, like a phone that is off.
func (s *udpSocket) agentFor(m *message) *agent {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.method == "" {
		if a := s.calls[m.get("call-id")]; a != nil {
			return a
		}
		if l := s.users[ownerOf(m.branch())]; len(l) > 0 {
			return l[len(l)-1]
		}
		return nil
	}
	u, _ := parseURI(m.uri)
	_, to := nameAddr(m.get("to"))
	t, _ := parseURI(to)
	for _, user := range []string{u.user, t.user} {
		// Two phones may bear one user for a while, when a set was moved: the
		// newer one is meant, for the registrar knows its Contact.
		if l := s.users[user]; len(l) > 0 {
			return l[len(l)-1]
		}
	}
	return nil
}

func (f *udpFlow) send(b []byte) error {
	_, err := f.s.conn.WriteToUDPAddrPort(b, f.remote)
	return err
}

func (f *udpFlow) local() netip.AddrPort { return f.from }

// close leaves the socket; the last one closes it.
func (f *udpFlow) close() {
	u := f.s.set
	u.mu.Lock()
	defer u.mu.Unlock()
	s := f.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls[f.callID] == f.a {
		delete(s.calls, f.callID)
	}
	l := s.users[f.user]
	for i, a := range l {
		if a == f.a {
			l = append(l[:i:i], l[i+1:]...)
			break
		}
	}
	if s.users[f.user] = l; len(l) == 0 {
		delete(s.users, f.user)
	}
	if len(s.calls) > 0 {
		return
	}
	s.conn.Close()
	delete(u.own, s)
	have := u.byAddr[s.addr]
	for i := range have {
		if have[i] == s {
			u.byAddr[s.addr] = append(have[:i:i], have[i+1:]...)
			break
		}
	}
	if len(u.byAddr[s.addr]) == 0 {
		delete(u.byAddr, s.addr)
	}
}

func (u *udpSockets) close() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.closed = true
	for _, l := range u.byAddr {
		for _, s := range l {
			s.conn.Close()
		}
	}
	for s := range u.own {
		s.conn.Close()
	}
}
