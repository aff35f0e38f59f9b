package pnp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/net/ipv4"
)

// Group is where phones ask (sip.mcast.net).
var Group = netip.MustParseAddrPort("224.0.1.75:5060")

// Config is what a Responder needs.
type Config struct {
	Networks []netip.Prefix // trusted LANs, IPv4: nobody else is answered
	URL      string         // stage 1, without a secret
	// Known says whether the maker's part of a MAC is one whose phones we serve.
	Known func(oui string) bool
	Log   *slog.Logger
	// Share runs its argument while the registrar lets go of its claim to the port
	// alone; nil: there is none.
	Share func(func() error) error
}

// resends are the pauses before a NOTIFY is sent again (RFC 3261 timer E), and
// then given up: the phone asks anew by itself.
var resends = []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second}

// mostWaiting bounds the phones that are being told at once.
const mostWaiting = 1024

// Responder answers. Make it with Listen, run it with Run.
type Responder struct {
	cfg  Config
	conn *ipv4.PacketConn
	sock net.PacketConn
	lans []lan

	mu      sync.Mutex
	waiting map[string]chan struct{} // by Call-ID; closed when the phone has answered
	group   sync.WaitGroup
}

// lan is one of our addresses in a trusted network, and the socket that phones
// there are answered from.
type lan struct {
	net  netip.Prefix
	sock *net.UDPConn
	from netip.AddrPort
}

// Listen joins the group on every interface with an address in a trusted network.
// There must be one.
func Listen(cfg Config) (r *Responder, err error) {
	r = &Responder{cfg: cfg, waiting: map[string]chan struct{}{}}
	defer func() {
		if err != nil {
			_ = r.Close() // the first error is the one to tell
		}
	}()
	open := func() error { r.sock, err = listenGroup(Group); return err }
	if cfg.Share == nil {
		err = open()
	} else {
		err = cfg.Share(open)
	}
	if err != nil {
		return r, fmt.Errorf("listening for SIP-PnP: %w", err)
	}
	r.conn = ipv4.NewPacketConn(r.sock)
	ifs, err := net.Interfaces()
	if err != nil {
		return r, fmt.Errorf("listing network interfaces: %w", err)
	}
	for _, i := range ifs {
		if err := r.join(i); err != nil {
			return r, err
		}
	}
	if len(r.lans) == 0 {
		return r, fmt.Errorf("no interface of this machine has an address in %v", cfg.Networks)
	}
	return r, nil
}

func (r *Responder) join(i net.Interface) error {
	addrs, err := i.Addrs()
	if err != nil {
		return fmt.Errorf("reading the addresses of %s: %w", i.Name, err)
	}
	joined := false
	for _, a := range addrs {
		p, err := netip.ParsePrefix(a.String())
		if err != nil || !p.Addr().Is4() || !r.trusted(p.Addr()) {
			continue
		}
		if !joined {
			if err := r.conn.JoinGroup(&i, &net.UDPAddr{IP: Group.Addr().AsSlice()}); err != nil {
				return fmt.Errorf("joining %s on %s: %w", Group.Addr(), i.Name, err)
			}
			joined = true
		}
		sock, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(p.Addr(), 0)))
		if err != nil {
			return fmt.Errorf("opening a socket on %s: %w", p.Addr(), err)
		}
		r.lans = append(r.lans, lan{net: p.Masked(), sock: sock, from: sock.LocalAddr().(*net.UDPAddr).AddrPort()})
	}
	return nil
}

func (r *Responder) trusted(a netip.Addr) bool {
	for _, p := range r.cfg.Networks {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// lan is where a phone stands; ok is false for one from elsewhere.
func (r *Responder) lan(from netip.Addr) (l lan, ok bool) {
	if !r.trusted(from) {
		return l, false
	}
	for _, l := range r.lans {
		if l.net.Contains(from) {
			return l, true
		}
	}
	return l, false
}

// Run answers until ctx ends, and closes the sockets.
func (r *Responder) Run(ctx context.Context) error {
	defer context.AfterFunc(ctx, func() { _ = r.Close() })()
	for _, l := range r.lans {
		r.group.Go(func() { r.hear(l) })
	}
	buf := make([]byte, longest+1)
	for {
		n, from, err := r.sock.ReadFrom(buf)
		if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
			_ = r.Close()
			r.group.Wait()
			return nil
		}
		if err != nil {
			continue // an ICMP error of an earlier packet
		}
		ap := from.(*net.UDPAddr).AddrPort()
		r.asked(ctx, buf[:n], netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port()))
	}
}

// asked answers one datagram, or keeps silent.
func (r *Responder) asked(ctx context.Context, b []byte, from netip.AddrPort) {
	l, ok := r.lan(from.Addr())
	if !ok {
		return
	}
	m, ok := parse(b)
	if !ok || !m.asks() {
		return
	}
	mac := m.mac()
	if mac == "" || !r.cfg.Known(mac.OUI()) {
		return
	}
	a := m.reply(from, l.from, r.cfg.URL)
	_, _ = l.sock.WriteToUDPAddrPort(a.ok, a.okTo) // lost packets are asked for again
	told, first := r.wait(a.callID)
	if !first {
		return // it repeats itself: its NOTIFY is under way
	}
	r.cfg.Log.Debug("a phone asked by SIP-PnP", "component", "pnp", "from", from.Addr())
	r.group.Go(func() { r.tell(ctx, l, a, told) })
}

// tell sends the NOTIFY until it is answered or given up.
func (r *Responder) tell(ctx context.Context, l lan, a answer, told chan struct{}) {
	defer r.done(a.callID)
	for _, pause := range resends {
		_, _ = l.sock.WriteToUDPAddrPort(a.notify, a.to) // sent again below
		t := time.NewTimer(pause)
		select {
		case <-told:
		case <-t.C:
			continue
		case <-ctx.Done():
		}
		t.Stop()
		return
	}
}

func (r *Responder) wait(callID string) (told chan struct{}, first bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, under := r.waiting[callID]; under || len(r.waiting) >= mostWaiting {
		return nil, false
	}
	told = make(chan struct{})
	r.waiting[callID] = told
	return told, true
}

func (r *Responder) done(callID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.waiting, callID)
}

// hear takes the phones' answers.
func (r *Responder) hear(l lan) {
	buf := make([]byte, longest+1)
	for {
		n, _, err := l.sock.ReadFromUDPAddrPort(buf)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if m, ok := parse(buf[:n]); err == nil && ok && m.status >= 200 {
			r.answered(m.get("call-id"))
		}
	}
}

func (r *Responder) answered(callID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if told, ok := r.waiting[callID]; ok {
		select {
		case <-told:
		default:
			close(told)
		}
	}
}

// Close closes the sockets. It may be called more than once.
func (r *Responder) Close() error {
	var errs []error
	if r.sock != nil {
		errs = append(errs, r.sock.Close())
	}
	for _, l := range r.lans {
		errs = append(errs, l.sock.Close())
	}
	for _, err := range errs {
		if err != nil && !errors.Is(err, net.ErrClosed) {
			return err
		}
	}
	return nil
}
