package server

import (
	"net"
	"net/netip"

	"tischlein/internal/config"
)

// publicHost is the name or address that phones are told. Without one configured
// it is this machine's first IPv4 address, which serves a first try; a name
// survives a move.
func publicHost(cfg config.Config) string {
	if cfg.PublicHost != "" {
		return cfg.PublicHost
	}
	addrs, err := net.InterfaceAddrs()
	if err == nil {
		for _, a := range addrs {
			p, err := netip.ParsePrefix(a.String())
			if err == nil && p.Addr().Is4() && p.Addr().IsGlobalUnicast() {
				return p.Addr().String()
			}
		}
	}
	return "127.0.0.1"
}
