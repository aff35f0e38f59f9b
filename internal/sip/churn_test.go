package sip

import (
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"
)

// churned is how many connections come and go: a share of the 10,000 of R03 in
// each run, all of them in `make soak`.
func churned() int {
	if os.Getenv("TISCHLEIN_SOAK") != "" {
		return 10_000
	}
	return 560
}

// goings are the ways in which connections end. The phone has a user of its own.
var goings = []struct {
	name string
	over string
	do   func(p *phone)
}{
	{"nothing said", "tcp", func(p *phone) {}},
	{"nothing said", "tls", func(p *phone) {}},
	{"in the middle of a message", "tcp", func(p *phone) { p.send(p.request(300, "")[:200]) }},
	{"in the middle of a message", "tls", func(p *phone) { p.send(p.request(300, "")[:200]) }},
	{"in the middle of a body", "tcp", func(p *phone) {
		p.send(strings.Replace(p.request(300, ""), "Content-Length: 0", "Content-Length: 500", 1) + "v=0")
	}},
	{"challenged", "tls", func(p *phone) { p.send(p.request(300, "")); p.read() }},
	{"no SIP at all", "tcp", func(p *phone) { p.send("GET / HTTP/1.1\r\n\r\n") }},
	{"bound", "tcp", func(p *phone) { want(p.t, p.register(300), 200) }},
	{"bound", "tls", func(p *phone) { want(p.t, p.register(300), 200) }},
	{"unbound again", "tcp", func(p *phone) { want(p.t, p.register(300), 200); want(p.t, p.register(0), 200) }},
	{"answers not read", "tcp", func(p *phone) { p.send(strings.Repeat("\r\n\r\n", 100) + p.request(300, "")) }},
	{"reset", "tcp", func(p *phone) { p.send(p.request(300, "")); p.reset() }},
	{"reset", "tls", func(p *phone) { p.send(p.request(300, "")); p.reset() }},
}

// reset has the connection end without a goodbye.
func (p *phone) reset() {
	c := p.conn
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	_ = c.(*net.TCPConn).SetLinger(0) // else it ends in order, which is a going too
	_ = c.Close()
}

// R03: connections that come and go in numbers leave nothing: no goroutine, no
// descriptor, no entry in a map. Every eighth is left open by its phone, in the
// middle of a handshake, a message or nothing, for the server to end.
func TestR03_ConnectionsThatComeAndGoLeaveNothing(t *testing.T) {
	h := newHouse("c0", "c1", "c2", "c3")
	s := start(t, h, func(c *Config) {
		c.Limits = Limits{SourceStrangers: 20_000, SourceConnections: 20_000, Connections: 20_000, Failures: 20_000,
			Strangers: 20_000, MessageTimeout: 3 * time.Second, StrangerTimeout: 3 * time.Second}
	})
	for _, over := range []string{"tcp", "tls"} { // what is made once is made
		p := dialPhone(t, s, over, "x")
		p.options()
		_ = p.conn.Close()
	}
	eventually(t, "silence", func() bool { return s.conns.total() == 0 })
	// A descriptor that is forgotten is closed when memory is collected, and would
	// be missed here.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(1 << 30))
	before := leavings()
	var left [4][]net.Conn
	t.Run("churn", func(t *testing.T) {
		for w := range left {
			t.Run(fmt.Sprint(w), func(t *testing.T) {
				t.Parallel()
				for n := range churned() / len(left) {
					if n%8 == 7 {
						left[w] = append(left[w], halfOpen(t, s, n/8))
						continue
					}
					g := goings[n%len(goings)]
					p := dialPhone(t, s, g.over, fmt.Sprint("c", w))
					p.callID = fmt.Sprint("churn", n)
					g.do(p)
					_ = p.conn.Close()
				}
			})
		}
	})
	eventually(t, "the server has ended what its phones left open", func() bool { return s.conns.total() == 0 })
	for _, c := range slices.Concat(left[:]...) {
		_ = c.Close()
	}
	now := before
	eventually(t, "as few goroutines and descriptors as before", func() bool {
		now = leavings()
		return now.goroutines <= before.goroutines && now.descriptors <= before.descriptors
	})
	t.Logf("before %+v, after %+v", before, now)
	s.conns.mu.Lock()
	if n := len(s.conns.sources); n != 0 {
		t.Errorf("%d sources are still counted", n)
	}
	s.conns.mu.Unlock()
	if n := s.Stats().Bindings; n > len(left) {
		t.Errorf("%d bindings of %d users", n, len(left))
	}
	for n, over := range []string{"tcp", "tls"} {
		p := dialPhone(t, s, over, "c0")
		p.callID = fmt.Sprint("after", n)
		want(t, p.register(300), 200)
	}
}

// halfOpen is a connection whose phone has gone and not said so.
func halfOpen(t *testing.T, s *Server, n int) net.Conn {
	t.Helper()
	over, said := "tcp", ""
	switch n % 4 {
	case 1:
		over, said = "tls", "\x16\x03\x01\x02\x00\x01\x00" // the beginning of a handshake
	case 2:
		over = "tls"
	case 3:
		said = "REGISTER sip:example.test SIP/2.0\r\nVia: "
	}
	c, err := net.Dial("tcp", s.Addrs()[over][0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write([]byte(said)); err != nil {
		t.Fatal(err)
	}
	return c
}

// leaving is what connections hold.
type leaving struct{ goroutines, descriptors int }

func leavings() leaving {
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		panic(err)
	}
	return leaving{runtime.NumGoroutine(), len(open)}
}
