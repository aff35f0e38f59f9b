//go:build !linux

package pnp

import (
	"errors"
	"net"
	"net/netip"
)

func listenGroup(netip.AddrPort) (net.PacketConn, error) {
	return nil, errors.New("SIP-PnP is answered on Linux only")
}
