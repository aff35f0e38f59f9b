package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"
)

// socketIO reads and writes sockets without waiting.
type socketIO struct {
	in, control [512]byte
	n, controls int
	out         []byte
	to          syscall.Sockaddr
	err         error
	recv, send  func(fd uintptr) bool
}

func newSocketIO() *socketIO {
	s := &socketIO{}
	s.recv = func(fd uintptr) bool {
		s.n, s.controls, _, _, s.err = syscall.Recvmsg(int(fd), s.in[:], s.control[:], 0)
		return true
	}
	s.send = func(fd uintptr) bool {
		s.err = syscall.Sendto(int(fd), s.out, 0, s.to)
		return true
	}
	return s
}

// stampArrivals makes the kernel tell when a packet came.
func stampArrivals(c syscall.RawConn) error {
	var err error
	if e := c.Control(func(fd uintptr) { err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_TIMESTAMPNS, 1) }); e != nil {
		return e
	}
	return err
}

// read is a datagram and when it came, in ns.
func (s *socketIO) read(c syscall.RawConn) (b []byte, at int64, ok bool) {
	if err := c.Read(s.recv); err != nil || s.err != nil {
		return nil, 0, false
	}
	// One control message: its head of 16 bytes, then seconds and nanoseconds.
	if s.controls < 32 {
		return nil, 0, false
	}
	sec, nsec := binary.NativeEndian.Uint64(s.control[16:]), binary.NativeEndian.Uint64(s.control[24:])
	return s.in[:s.n], int64(sec)*int64(time.Second) + int64(nsec), true
}

func (s *socketIO) write(c syscall.RawConn, b []byte, to syscall.Sockaddr) {
	s.out, s.to = b, to
	_ = c.Write(s.send) // a lost packet is seen by the server's answers
}

// runBare times what nobody can avoid: sending a packet to loopback and taking it
// there, one after the other.
func runBare() error {
	a, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return err
	}
	defer a.Close()
	raw, err := a.SyscallConn()
	if err != nil {
		return err
	}
	if err := stampArrivals(raw); err != nil {
		return err
	}
	s, packet := newSocketIO(), make([]byte, 172)
	to := &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}, Port: a.LocalAddr().(*net.UDPAddr).Port}
	const times = 100_000
	start, got := time.Now(), 0
	for range times {
		s.write(raw, packet, to)
		if _, _, ok := s.read(raw); ok {
			got++
		}
	}
	if got < times*99/100 {
		return errors.New("loopback loses packets")
	}
	fmt.Printf("one bare packet, sent and taken   %.1f us\n", float64(time.Since(start).Microseconds())/times)
	return nil
}
