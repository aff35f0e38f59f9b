package pnp

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"syscall"
)

// listenGroup binds the multicast address itself, so that nothing else that comes
// to the port is seen. The registrar may have the port on all addresses: both
// must have let go of the claim to it alone, see Config.Share.
func listenGroup(group netip.AddrPort) (net.PacketConn, error) {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC|syscall.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("opening a socket: %w", err)
	}
	f := os.NewFile(uintptr(fd), "sip-pnp")
	defer f.Close() // FilePacketConn has its own
	if err := syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1); err != nil {
		return nil, fmt.Errorf("sharing the port: %w", err)
	}
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Port: int(group.Port()), Addr: group.Addr().As4()}); err != nil {
		return nil, fmt.Errorf("binding %s: %w", group, err)
	}
	return net.FilePacketConn(f)
}
