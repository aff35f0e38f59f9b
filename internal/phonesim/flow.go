package phonesim

import (
	"context"
	"net"
	"net/netip"
	"strconv"
	"time"
)

const (
	dialTimeout  = 10 * time.Second
	writeTimeout = 5 * time.Second
)

// flow is the way between one account and its registrar: a place on a shared UDP
// socket, or a connection.
type flow interface {
	send(b []byte) error
	local() netip.AddrPort
	close()
}

// open gets the account a flow; opened is called with the phone locked, at once
// or later.
func (a *agent) open() {
	a.phase = opening
	f, p := a.p.fleet, a.p
	cfg, acct := p.cfg, a.acct
	if ip, ok := f.known(acct.host); ok && acct.transport == "udp" {
		a.opened(f.udp.join(a, cfg, acct, ip))
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	a.cancelDial = cancel
	f.dialers.run(func() {
		defer cancel()
		limited, done := context.WithTimeout(ctx, dialTimeout)
		defer done()
		fl, err := f.openFlow(limited, a, &cfg, acct)
		p.do(func() {
			if a.phase == opening && ctx.Err() == nil {
				a.opened(fl, err)
			} else if fl != nil { // nobody waits for it any more
				fl.close()
			}
		})
	})
}

// openFlow may block: it asks DNS and shakes hands.
func (f *Fleet) openFlow(ctx context.Context, a *agent, cfg *Config, acct account) (flow, error) {
	if acct.transport != "udp" {
		s, err := f.connect(ctx, a, cfg, acct)
		if err != nil {
			return nil, err
		}
		return s, nil
	}
	ip, err := f.lookup(ctx, acct.host)
	if err != nil {
		return nil, err
	}
	return f.udp.join(a, *cfg, acct, ip)
}

// localFor says which of our addresses reaches a remote one.
func localFor(bound netip.AddrPort, remote netip.AddrPort) netip.AddrPort {
	if !bound.Addr().IsUnspecified() {
		return bound
	}
	c, err := net.Dial("udp", remote.String())
	if err != nil {
		return bound
	}
	defer c.Close()
	ap, err := netip.ParseAddrPort(c.LocalAddr().String())
	if err != nil {
		return bound
	}
	return netip.AddrPortFrom(ap.Addr().Unmap(), bound.Port())
}

func portOf(a account) string { return strconv.Itoa(a.sipPort()) }
