package e2e_test

import (
	"bytes"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const (
	// mishap is the share of datagrams that are lost, that come twice and that are
	// overtaken: each by itself, and in either direction (R04).
	mishap = 0.1
	// overtaken is how long a datagram stays behind when none comes to overtake it.
	overtaken = 40 * time.Millisecond
)

// badLine stands between phones and the registrar, and carries UDP badly. To the
// server each phone looks as behind a router: one of the line's sockets is its own.
type badLine struct {
	phones              *net.UDPConn
	server              *net.UDPAddr
	seed                uint64
	group               sync.WaitGroup
	lost, doubled, late atomic.Int64
}

// layBadLine listens at an address on the server's port and carries to the server.
// The same seed throws the same dice for each phone.
func layBadLine(t *testing.T, at, server string, seed uint64) *badLine {
	t.Helper()
	l := &badLine{seed: seed}
	var err error
	if l.server, err = net.ResolveUDPAddr("udp4", server); err != nil {
		t.Fatal(err)
	}
	if l.phones, err = net.ListenUDP("udp4", &net.UDPAddr{IP: net.ParseIP(at), Port: l.server.Port}); err != nil {
		t.Fatal(err)
	}
	l.group.Go(func() { l.fromPhones(t) })
	t.Cleanup(func() {
		_ = l.phones.Close()
		l.group.Wait()
	})
	return l
}

func (l *badLine) fromPhones(t *testing.T) {
	ways, ups := map[netip.AddrPort]*badWay{}, []*net.UDPConn{}
	read(l.phones, func(phone netip.AddrPort, b []byte) {
		if ways[phone] == nil {
			up, err := net.DialUDP("udp4", nil, l.server)
			if err != nil {
				t.Error(err)
				return
			}
			ups = append(ups, up)
			n := 2 * uint64(len(ways))
			ways[phone] = &badWay{line: l, dice: rand.New(rand.NewPCG(l.seed, n)), send: up.Write}
			back := &badWay{line: l, dice: rand.New(rand.NewPCG(l.seed, n+1)), send: func(b []byte) (int, error) {
				return l.phones.WriteToUDPAddrPort(b, phone)
			}}
			l.group.Go(func() { read(up, func(_ netip.AddrPort, b []byte) { back.carry(b) }) })
		}
		ways[phone].carry(b)
	})
	for _, up := range ups {
		_ = up.Close()
	}
}

// read hands over what comes, until the socket is closed.
func read(c *net.UDPConn, got func(from netip.AddrPort, b []byte)) {
	buf := make([]byte, 65535)
	for {
		n, from, err := c.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		got(from, bytes.Clone(buf[:n]))
	}
}

// badWay is one direction of one phone's line.
type badWay struct {
	line *badLine
	dice *rand.Rand
	send func([]byte) (int, error)

	mu   sync.Mutex
	held [][]byte // until another has overtaken them
}

func (w *badWay) carry(b []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	lost, doubled, late := w.dice.Float64() < mishap, w.dice.Float64() < mishap, w.dice.Float64() < mishap
	if lost {
		w.line.lost.Add(1)
		return
	}
	if doubled {
		w.line.doubled.Add(1)
		_, _ = w.send(b) // what the line loses besides is its own affair, here and below
	}
	if late {
		w.line.late.Add(1)
		w.held = append(w.held, b)
		time.AfterFunc(overtaken, func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.release()
		})
		return
	}
	_, _ = w.send(b)
	w.release()
}

func (w *badWay) release() {
	for _, b := range w.held {
		_, _ = w.send(b)
	}
	w.held = nil
}
