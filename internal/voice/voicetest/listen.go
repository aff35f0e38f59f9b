package voicetest

import (
	"encoding/binary"
	"syscall"
	"testing"
)

// listen takes all packets that are there. The caller holds the lock.
func (p *Phone) listen() {
	b := make([]byte, 2048)
	for {
		n, err := 0, error(nil)
		if e := p.raw.Read(func(fd uintptr) bool {
			n, _, err = syscall.Recvfrom(int(fd), b, 0)
			return true
		}); e != nil || err != nil {
			return
		}
		p.take(b[:n])
	}
}

// take puts a packet where its timestamp says.
func (p *Phone) take(b []byte) {
	if len(b) != 12+samples || b[0] != 0x80 || b[1]&0x7f != byte(p.Codec) {
		p.problems = append(p.problems, "a packet that was not agreed")
		return
	}
	timestamp, source := binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint32(b[8:])
	if p.packets++; p.packets == 1 {
		p.first, p.source = timestamp, source
		if b[1]&0x80 == 0 {
			p.problems = append(p.problems, "the first packet bears no marker")
		}
	}
	if source != p.source {
		p.problems = append(p.problems, "another source")
		return
	}
	at := int(timestamp - p.first)
	if at < 0 || at%samples != 0 || at > 3600*8000 {
		p.problems = append(p.problems, "a timestamp off the grid")
		return
	}
	if need := at + samples - len(p.heard); need > 0 {
		p.heard = append(p.heard, make([]int16, need)...)
	}
	for i, x := range b[12:] {
		p.heard[at+i] = p.Codec.Decode(x)
	}
}

// Heard is all speech so far, and what was wrong with it.
func (p *Phone) Heard() (speech []int16, problems []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.barrier.wait()
	p.listen()
	return append([]int16(nil), p.heard...), append([]string(nil), p.problems...)
}

// Packets counts what has come.
func (p *Phone) Packets() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.barrier.wait()
	p.listen()
	return p.packets
}

// barrier waits until the kernel has delivered what was sent before. On a busy
// machine it does so a little later, which a bubble's clock would take for hours.
type barrier struct {
	t  testing.TB
	fd int
	to syscall.Sockaddr
}

func newBarrier(t testing.TB) *barrier {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM, 0)
	if err == nil {
		err = syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}})
	}
	if err == nil {
		err = syscall.SetsockoptTimeval(fd, syscall.SOL_SOCKET, syscall.SO_RCVTIMEO, &syscall.Timeval{Sec: 2})
	}
	b := &barrier{t: t, fd: fd}
	if err == nil {
		b.to, err = syscall.Getsockname(fd)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *barrier) wait() {
	var in [1]byte
	if b.fd < 0 {
		return
	}
	if err := syscall.Sendto(b.fd, in[:], 0, b.to); err != nil {
		b.t.Error(err)
		return
	}
	_, _, _ = syscall.Recvfrom(b.fd, in[:], 0) // an interrupted wait is as good as none
}

func (b *barrier) close() {
	_ = syscall.Close(b.fd)
	b.fd = -1
}
