package server

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"

	"tischlein/internal/config"
	"tischlein/internal/sip"
	"tischlein/internal/telephony"
)

// listeners are the open TCP sockets but the registrar's; portal and plain are nil
// when off.
type listeners struct{ api, portal, phone, plain net.Listener }

func listen(ctx context.Context, cfg config.Config) (l listeners, err error) {
	for _, x := range []struct {
		name, addr string
		to         *net.Listener
	}{
		{"api_listen", cfg.APIListen, &l.api}, {"portal_listen", cfg.PortalListen, &l.portal}, {"phone_listen", cfg.PhoneListen, &l.phone},
		{"phone_plain_listen", cfg.PhonePlainListen, &l.plain},
	} {
		if x.addr == config.Off || x.addr == "" {
			continue
		}
		var lc net.ListenConfig
		if *x.to, err = lc.Listen(ctx, "tcp", x.addr); err != nil {
			return l, fmt.Errorf("listening on %s (%s): %w", x.addr, x.name, err)
		}
	}
	return l, nil
}

func (s *Server) newRegistrar(h *house, realm string) (*sip.Server, error) {
	on := func(addr string) []string {
		if addr == config.Off {
			return nil
		}
		return []string{addr}
	}
	r, err := sip.New(sip.Config{
		Realm: realm, Host: s.host, Node: s.cfg.Node, Log: s.log,
		UDP: on(s.cfg.SIPUDPListen), TCP: on(s.cfg.SIPTCPListen), TLS: on(s.cfg.SIPTLSListen),
		TLSConfig: s.certs.tls(), Credentials: h, Realms: h, Bindings: bindings{h}, Observer: observer{h}, Calls: s.calls,
	})
	if err != nil {
		return nil, fmt.Errorf("opening the registrar: %w", err)
	}
	return r, nil
}

// Addrs are the addresses that are really listened on, host:port.
type Addrs struct {
	API, Portal, Phone, PhonePlain string // Portal and PhonePlain "" when off
	SIP                            map[string][]string
}

// Addrs tells the listeners' addresses; useful where port 0 was configured.
func (s *Server) Addrs() Addrs {
	a := Addrs{API: s.lns.api.Addr().String(), Phone: s.lns.phone.Addr().String(), SIP: s.sip.Addrs()}
	if s.lns.portal != nil {
		a.Portal = s.lns.portal.Addr().String()
	}
	if s.lns.plain != nil {
		a.PhonePlain = s.lns.plain.Addr().String()
	}
	return a
}

// BaseURL is where phones fetch: https://host:port, without a slash at its end.
func (s *Server) BaseURL() string {
	return "https://" + net.JoinHostPort(s.host, strconv.Itoa(port(s.lns.phone.Addr().String())))
}

// APIURL is the REST API as it is reached from this machine.
func (s *Server) APIURL() string {
	host, p, _ := net.SplitHostPort(s.lns.api.Addr().String())
	if a, err := netip.ParseAddr(host); err == nil && a.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, p)
}

// sipServers are what phones are told, by transport.
func (s *Server) sipServers() map[string]telephony.SIPServer {
	out := map[string]telephony.SIPServer{}
	for transport, addrs := range s.sip.Addrs() {
		if len(addrs) > 0 {
			out[transport] = telephony.SIPServer{Host: s.host, Port: port(addrs[0]), Transport: transport}
		}
	}
	return out
}

func port(hostport string) int {
	_, p, _ := net.SplitHostPort(hostport)
	n, _ := strconv.Atoi(p)
	return n
}
