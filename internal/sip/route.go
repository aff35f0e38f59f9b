package sip

import (
	"net/netip"
	"strings"
)

// Flow is the way to a peer as calls see it (C04): comparable, and free to copy.
type Flow struct{ f flow }

// Send puts one message on its way without waiting for the peer. It keeps no
// reference to b.
func (f Flow) Send(b []byte) error {
	if !f.f.alive() {
		return errClosed
	}
	return f.f.send(b)
}

// Peer is the address at the other end.
func (f Flow) Peer() netip.AddrPort { return f.f.peer }

// Local is our end, host:port of the listener or connection.
func (f Flow) Local() string {
	if f.f.udp == nil && f.f.conn == nil {
		return ""
	}
	return f.f.local()
}

// Transport is udp, tcp or tls.
func (f Flow) Transport() string { return f.f.transport().String() }

// Alive reports whether something sent now could arrive.
func (f Flow) Alive() bool { return f.f.alive() }

// Gone is closed when the flow's connection is; nil, which never is, for UDP.
func (f Flow) Gone() <-chan struct{} {
	if f.f.conn == nil {
		return nil
	}
	return f.f.conn.gone
}

// Route is where a SIP user's device is reached now.
type Route struct {
	Flow      Flow
	Contact   string // a URI fit for a Request-URI
	ChannelID string
	CallID    string // of its REGISTERs: another one is another boot of the phone (C09)
}

// Route finds the device of a SIP user; ok is false when it is not registered or
// its connection is gone.
func (s *Server) Route(sipUser string) (r Route, ok bool) {
	sh := s.table.shardOf(sipUser)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	a := sh.users[sipUser]
	if a == nil || a.binding == nil || a.binding.expires <= s.cfg.Now().Unix() || !a.binding.flow.alive() {
		return Route{}, false
	}
	b := a.binding
	// Headers in a Contact have no place in a Request-URI (RFC 3261 19.1.1).
	contact, _, _ := strings.Cut(b.contact, "?")
	return Route{Flow: Flow{b.flow}, Contact: contact, ChannelID: b.channel, CallID: b.callID}, true
}

// To is a UDP flow to a peer that does not register, from the listener with that
// local address, "" for the best fit; ok is false when we have no such socket.
func (s *Server) To(peer netip.AddrPort, local string) (f Flow, ok bool) {
	peer = netip.AddrPortFrom(peer.Addr().Unmap(), peer.Port())
	var found *udpListener
	for _, l := range s.udp {
		if local != "" && l.local == local {
			return Flow{flow{peer: peer, udp: l}}, true
		}
		bound := l.addr.Addr().Unmap()
		if found == nil && (bound.Is4() == peer.Addr().Is4() || bound.IsUnspecified() && bound.Is6()) {
			found = l
		}
	}
	return Flow{flow{peer: peer, udp: found}}, found != nil
}

// Advertised is host:port of our end of the flow, for Via and Contact.
func (s *Server) Advertised(f Flow) string { return s.advertised(&f.f) }
