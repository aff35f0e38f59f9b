package call

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"tischlein/internal/sip"
	"tischlein/internal/telephony"
)

// mostWays is how many addresses of a trunk are tried for one call.
const mostWays = 4

// reach are the flows to a trunk, in the order in which they are to be tried.
func (s *Server) reach(t *telephony.Trunk) (ways []sip.Flow, err error) {
	list, err := s.trunks.names.targets(s.ctx, t.Host)
	if err != nil {
		return nil, err
	}
	for _, to := range list { // a name may have addresses of a family that we do not speak
		if f, ok := s.front.To(to, ""); ok && len(ways) < mostWays {
			ways = append(ways, f)
		}
	}
	if len(ways) == 0 {
		return nil, errNoFlow
	}
	return ways, nil
}

// names remembers where hosts are, so that not each call asks.
type names struct {
	srv   func(ctx context.Context, service, proto, name string) (string, []*net.SRV, error) // nil: the system's
	mu    sync.Mutex
	known map[string]place
}

type place struct {
	at    []netip.AddrPort
	until time.Time
}

const (
	nameLife = time.Minute
	nameWait = 3 * time.Second
)

// find resolves host or host:port to at least one address; an old answer is better than none.
func (n *names) find(ctx context.Context, hostport string) ([]netip.AddrPort, error) {
	if at, err := netip.ParseAddrPort(hostport); err == nil {
		return []netip.AddrPort{at}, nil
	}
	if a, err := netip.ParseAddr(hostport); err == nil {
		return []netip.AddrPort{netip.AddrPortFrom(a, 5060)}, nil
	}
	host, port := hostport, 5060
	if h, p, err := net.SplitHostPort(hostport); err == nil {
		number, err := strconv.ParseUint(p, 10, 16)
		if err != nil {
			return nil, fmt.Errorf("reading the port of %q: %w", hostport, err)
		}
		host, port = h, int(number)
	}
	return n.remember(ctx, hostport, func(ctx context.Context) (at []netip.AddrPort, err error) {
		list, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		for _, a := range list {
			at = append(at, netip.AddrPortFrom(a.Unmap(), uint16(port)))
		}
		if err != nil {
			return nil, fmt.Errorf("looking up %q: %w", host, err)
		}
		return at, nil
	})
}

// remember asks unless it is known.
func (n *names) remember(ctx context.Context, key string, ask func(context.Context) ([]netip.AddrPort, error)) ([]netip.AddrPort, error) {
	n.mu.Lock()
	old, ok := n.known[key]
	n.mu.Unlock()
	if ok && time.Now().Before(old.until) {
		return old.at, nil
	}
	ctx, cancel := context.WithTimeout(ctx, nameWait)
	defer cancel()
	at, err := ask(ctx)
	if err == nil && len(at) == 0 {
		err = errNoFlow
	}
	if err != nil {
		if ok {
			return old.at, nil
		}
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.known == nil {
		n.known = map[string]place{}
	}
	n.known[key] = place{at, time.Now().Add(nameLife)}
	return at, nil
}

// targets resolves what a trunk is named by: a name without a port stands for what
// its SRV records say, by priority and weight, if it has any (RFC 3263 4.2).
func (n *names) targets(ctx context.Context, host string) ([]netip.AddrPort, error) {
	_, noAddr := netip.ParseAddr(host)
	if _, _, noPort := net.SplitHostPort(host); noAddr == nil || noPort == nil {
		return n.find(ctx, host)
	}
	return n.remember(ctx, "sip:"+host, func(ctx context.Context) (at []netip.AddrPort, err error) {
		srv := n.srv
		if srv == nil {
			srv = net.DefaultResolver.LookupSRV
		}
		half, cancel := context.WithTimeout(ctx, nameWait/2) // the other half is for the addresses
		_, list, err := srv(half, "sip", "udp", host)
		cancel()
		if err != nil || len(list) == 0 {
			return n.find(ctx, host)
		}
		for _, r := range list {
			one, gone := n.find(ctx, net.JoinHostPort(r.Target, strconv.Itoa(int(r.Port))))
			if gone != nil {
				err = gone // the others may be there
			}
			at = append(at, one...)
		}
		if len(at) > 0 {
			return at, nil
		}
		return nil, err
	})
}
