package phone

import (
	"bufio"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"tischlein/internal/peer"
)

// line is a connection that says nothing.
type line struct {
	net.Conn
	from   net.Addr
	closed bool
}

func (l *line) RemoteAddr() net.Addr        { return l.from }
func (l *line) Read([]byte) (int, error)    { return 0, nil }
func (l *line) Write(b []byte) (int, error) { return len(b), nil }
func (l *line) Close() error                { l.closed = true; return nil }

// ring is a crowd whose clock the test turns.
type ring struct {
	*crowd
	clock time.Time
}

func newRing(perAddr, perNet int, exempt ...string) *ring {
	r := &ring{clock: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}
	var p peer.Proxies
	for _, e := range exempt {
		p = append(p, netip.MustParsePrefix(e))
	}
	r.crowd = newCrowd(perAddr, perNet, p, func() time.Time { return r.clock })
	return r
}

func (r *ring) come(from string) (*held, *line) {
	l := &line{from: net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(from), 40000))}
	h := &held{Conn: l, crowd: r.crowd}
	_, _ = h.Read(nil)
	return h, l
}

func TestX04_ASourceThatHoldsTooManyLosesItsOwnIdleOnes(t *testing.T) {
	r := newRing(4, 6)
	var conns []*held
	var lines []*line
	for range 4 {
		h, l := r.come("203.0.113.7")
		conns, lines = append(conns, h), append(lines, l)
		r.clock = r.clock.Add(time.Minute)
	}
	_, _ = conns[0].Write(nil) // it is not the quietest any more
	_, other := r.come("198.51.100.7")
	if r.open.Load() != 5 || r.shed.Load() != 0 {
		t.Fatalf("%d open, %d shed below the bound", r.open.Load(), r.shed.Load())
	}
	r.clock = r.clock.Add(time.Minute)
	_, fifth := r.come("203.0.113.7")
	if !lines[1].closed || lines[0].closed || lines[2].closed || lines[3].closed || fifth.closed || other.closed {
		t.Error("not the source's own connection that was silent for longest made room")
	}
	// Three more from its network: the sixth of it makes no room yet, the next does.
	for n, from := range []string{"203.0.113.8", "203.0.113.9", "203.0.113.10"} {
		r.clock = r.clock.Add(time.Minute)
		if _, l := r.come(from); l.closed {
			t.Errorf("%d: the new one is closed", n)
		}
	}
	if r.shed.Load() != 2 || r.open.Load() != 7 || other.closed {
		t.Errorf("%d shed, %d open", r.shed.Load(), r.open.Load())
	}
}

// A storm of phones behind one address: none that is at work is cut off, whoever comes
// too many has to try again.
func TestX04_WhatIsAtWorkMakesNoRoom(t *testing.T) {
	r := newRing(3, 6)
	var lines []*line
	for range 4 {
		_, l := r.come("2001:db8::7")
		lines = append(lines, l)
	}
	if lines[0].closed || lines[1].closed || lines[2].closed || !lines[3].closed || r.open.Load() != 3 || r.shed.Load() != 1 {
		t.Errorf("%+v: %d open, %d shed", lines, r.open.Load(), r.shed.Load())
	}
	for n := range 6 { // another of the same /64 has the rest of it, and no more
		_, l := r.come("2001:db8::" + string(rune('a'+n)))
		if l.closed != (n >= 3) {
			t.Errorf("%d: closed %v", n, l.closed)
		}
	}
}

func TestX04_WhoLeavesIsForgottenAndProxiesAreNotCounted(t *testing.T) {
	r := newRing(2, 4, "192.0.2.0/24")
	for range 10 {
		if _, l := r.come("192.0.2.1"); l.closed {
			t.Fatal("a proxy's connections are many phones'")
		}
	}
	for range 10 {
		h, l := r.come("203.0.113.7")
		if l.closed {
			t.Fatal("those that left are still counted")
		}
		_ = h.Close()
		_ = h.Close()
	}
	late := &held{Conn: &line{from: &net.TCPAddr{IP: net.IPv4(203, 0, 113, 7)}}, crowd: r.crowd}
	_ = late.Close()
	_, _ = late.Read(nil)
	if len(r.sources) != 0 || r.open.Load() != 0 {
		t.Errorf("%d sources are remembered, %d open", len(r.sources), r.open.Load())
	}
}

// A building of 1,000 phones, two connections each, loses none of them; with idle ones
// over the bound, the next phone is served all the same and it is counted.
func TestX04_ABuildingsPhonesAreServedWhateverSomebodyHolds(t *testing.T) {
	if connsPerAddr < 2*1000 || connsPerNet < connsPerAddr {
		t.Errorf("%d per address, %d per network", connsPerAddr, connsPerNet)
	}
	f := newFake("yealink", yealinkMAC)
	st := newStage(t, f, func(c *Config) { c.ConnsPerAddr = 8 })
	var clock sync.Mutex
	ahead := time.Duration(0)
	st.crowd.now = func() time.Time { clock.Lock(); defer clock.Unlock(); return time.Now().Add(ahead) }
	dial := dialer(t, st)
	var idle []*tls.Conn
	ask := func() *tls.Conn {
		c := dial()
		if _, err := io.WriteString(c, plainAsk+"\r\n"); err != nil {
			t.Fatal(err)
		}
		if got := said(t, bufio.NewReader(c), "GET"); !strings.HasPrefix(got, "200 ") {
			t.Fatal(got)
		}
		return c
	}
	for range 8 {
		idle = append(idle, ask())
	}
	clock.Lock()
	ahead = time.Minute
	clock.Unlock()
	for range 4 {
		ask()
	}
	if n := st.Stats(); n.Crowded != 4 || n.Connections != 8 {
		t.Errorf("%+v", n)
	}
	gone := 0
	for _, c := range idle {
		_ = c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		var late net.Error
		if _, err := c.Read(make([]byte, 1)); !errors.As(err, &late) || !late.Timeout() {
			gone++
		}
	}
	if gone != 4 {
		t.Errorf("%d of the idle ones were closed", gone)
	}
}
