package sip

import (
	"fmt"
	"syscall"
)

// multicastAll is IP_MULTICAST_ALL, which package syscall does not name.
const multicastAll = 49

// ShareUDP runs f while another socket of this machine may bind a special address
// at the registrar's UDP ports, as the SIP-PnP responder does (P11). Before and
// after it the ports are the registrar's alone, so that a second server by mistake
// still fails to start. What is sent to multicast groups is kept from the
// registrar for good: it would refuse what the responder answers.
func (s *Server) ShareUDP(f func() error) error {
	set := func(shared int) error {
		for _, l := range s.udp {
			raw, err := l.sock.SyscallConn()
			if err != nil {
				return fmt.Errorf("reaching the socket on %s: %w", l.local, err)
			}
			var wrong error
			err = raw.Control(func(fd uintptr) {
				if wrong = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_REUSEADDR, shared); wrong == nil {
					wrong = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_IP, multicastAll, 0)
				}
			})
			if err == nil {
				err = wrong
			}
			if err != nil {
				return fmt.Errorf("sharing the port of %s: %w", l.local, err)
			}
		}
		return nil
	}
	if err := set(1); err != nil {
		return err
	}
	if err := f(); err != nil {
		_ = set(0) // f's error is the one to tell
		return err
	}
	return set(0)
}
