package phonesim

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// Fleet holds phones and what they share: sockets, workers, HTTP connections,
// counters.
type Fleet struct {
	cfg      FleetConfig
	fetchers pool
	dialers  pool
	readers  sync.WaitGroup // one goroutine per socket or connection
	udp      udpSockets
	counts   counters

	mu     sync.Mutex
	phones []*Phone
	shared map[transportKey]*http.Transport
	closed bool
}

// NewFleet makes an empty fleet. Close it.
func NewFleet(cfg FleetConfig) (*Fleet, error) {
	f := &Fleet{cfg: cfg.withDefaults(), shared: map[transportKey]*http.Transport{}}
	f.fetchers.max, f.dialers.max = f.cfg.MaxFetches, f.cfg.MaxDials
	f.udp = udpSockets{fleet: f, byAddr: map[netip.Addr][]*udpSocket{}}
	for name, a := range f.cfg.Hosts {
		if !a.IsValid() {
			return nil, fmt.Errorf("host %q: no address", name)
		}
	}
	return f, nil
}

// Add takes a phone out of its box; it is off. Mistakes in cfg (unknown vendor,
// missing MAC) panic, for they are the caller's.
func (f *Fleet) Add(cfg Config) *Phone {
	fw, ok := firmwareOf(cfg.Vendor)
	if !ok {
		panic(fmt.Sprintf("phonesim: unknown vendor %q", cfg.Vendor))
	}
	if cfg.MAC == "" && (cfg.Vendor == Yealink || cfg.Vendor == Snom) {
		panic("phonesim: a " + string(cfg.Vendor) + " phone needs a MAC")
	}
	if base, ok := fw.(cordless); ok && cfg.Handset > 0 {
		fw = base.ofHandset(cfg.Handset)
	}
	cfg = cfg.factory()
	if !cfg.Address.IsValid() {
		cfg.Address = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	if cfg.RootCAs == nil {
		cfg.RootCAs = f.cfg.RootCAs
	}
	p := &Phone{fleet: f, fw: fw, cfg: cfg, state: State{Power: Off}}
	if !cfg.NoInstance {
		p.instance = instanceURN(cfg.MAC)
	}
	p.reset(cfg.ProvisioningURL)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.phones = append(f.phones, p)
	return p
}

// Phones lists all phones in the order they were added.
func (f *Fleet) Phones() []*Phone {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]*Phone(nil), f.phones...)
}

// PowerOnAll boots every phone, at most perSecond of them each second (0: all at
// once), and returns when the last one has power or ctx ends.
func (f *Fleet) PowerOnAll(ctx context.Context, perSecond int) error {
	start := time.Now()
	for i, p := range f.Phones() {
		if perSecond > 0 {
			due := start.Add(time.Duration(i) * time.Second / time.Duration(perSecond))
			if pause := time.Until(due); pause > time.Millisecond {
				t := time.NewTimer(pause)
				select {
				case <-t.C:
				case <-ctx.Done():
					t.Stop()
				}
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		p.PowerOn(ctx)
	}
	return nil
}

// WaitAll blocks until ok holds for every phone or ctx ends.
func (f *Fleet) WaitAll(ctx context.Context, ok func(State) bool) error {
	for i, p := range f.Phones() {
		if err := p.Wait(ctx, ok); err != nil {
			return fmt.Errorf("waiting for phone %d (%s): %w", i, p.cfg.MAC, err)
		}
	}
	return nil
}

// Close pulls every plug and waits until no goroutine of the fleet is left.
func (f *Fleet) Close() {
	f.mu.Lock()
	f.closed = true
	phones := f.phones
	f.mu.Unlock()
	for _, p := range phones {
		p.PowerOff()
	}
	f.fetchers.close()
	f.dialers.close()
	f.udp.close()
	f.readers.Wait()
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, t := range f.shared {
		t.CloseIdleConnections()
	}
}

func (f *Fleet) isClosed() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.closed
}

// lookup gives a host's address: literal, from Hosts, else from DNS.
func (f *Fleet) lookup(ctx context.Context, host string) (netip.Addr, error) {
	if a, ok := f.known(host); ok {
		return a, nil
	}
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip4", host)
	if err != nil {
		return netip.Addr{}, fmt.Errorf("looking up %s: %w", host, err)
	}
	if len(found) == 0 {
		return netip.Addr{}, errors.New("looking up " + host + ": no address")
	}
	return found[0].Unmap(), nil
}

// known answers without asking anybody.
func (f *Fleet) known(host string) (netip.Addr, bool) {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Unmap(), true
	}
	a, ok := f.cfg.Hosts[host]
	return a, ok
}

// dial opens a TCP connection from a source address.
func (f *Fleet) dial(ctx context.Context, from netip.Addr, hostport string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(hostport)
	if err != nil {
		return nil, err
	}
	a, err := f.lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	d := net.Dialer{Timeout: dialTimeout}
	if !from.IsUnspecified() {
		d.LocalAddr = &net.TCPAddr{IP: from.AsSlice()}
	}
	return d.DialContext(ctx, "tcp", net.JoinHostPort(a.String(), port))
}

func (f *Fleet) tlsConfig(c *Config, serverName string) *tls.Config {
	off := c.ClockOff
	t := &tls.Config{RootCAs: c.RootCAs, ServerName: serverName, MinVersion: tls.VersionTLS12,
		Time:               func() time.Time { return time.Now().Add(off) },
		InsecureSkipVerify: f.cfg.DangerouslyTrustAnyCertificate} //nolint:gosec // named for what it is
	if c.ClientCertificate != nil {
		t.Certificates = []tls.Certificate{*c.ClientCertificate}
	}
	return t
}

// jitter is a random part of d.
func jitter(d time.Duration) time.Duration {
	if d <= 0 {
		return 0
	}
	return rand.N(d)
}
