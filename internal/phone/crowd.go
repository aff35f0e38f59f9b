package phone

import (
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"tischlein/internal/peer"
)

// crowd bounds the connections that one address and its network hold open (X04). A
// building's phones come from one address and each may hold some; who holds more than
// all of them would have no place left for others. Over the bound, the connection of
// the same source that has been silent for longest makes room: a phone opens another
// when it has something to ask, and nobody's request is lost.
type crowd struct {
	perAddr, perNet int
	exempt          peer.Proxies // one connection there is many phones'
	now             func() time.Time

	mu      sync.Mutex
	sources map[netip.Prefix]map[*held]struct{}

	open atomic.Int64
	shed atomic.Uint64
}

// Far above what the phones of a building hold: a thousand of them, two each.
const (
	connsPerAddr = 2048
	connsPerNet  = 8192
)

// busyFor is how long a connection is not taken for idle after something was read or
// written: where all of a source's are busy, the new one has to wait.
const busyFor = time.Second

func newCrowd(perAddr, perNet int, exempt peer.Proxies, now func() time.Time) *crowd {
	return &crowd{perAddr: perAddr, perNet: perNet, exempt: exempt, now: now, sources: map[netip.Prefix]map[*held]struct{}{}}
}

// listen has the connections of l counted.
func (c *crowd) listen(l net.Listener) net.Listener { return &crowded{l, c} }

type crowded struct {
	net.Listener
	crowd *crowd
}

func (l *crowded) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &held{Conn: conn, crowd: l.crowd}, nil
}

// held is a connection that is counted from its first read on: behind a balancer
// nobody knows before that whose it is.
type held struct {
	net.Conn
	crowd *crowd
	once  sync.Once
	last  atomic.Int64 // Unix nanoseconds of the last read or write

	of     []netip.Prefix // under the crowd's lock; nil: not counted
	closed bool           // under the crowd's lock
}

func (h *held) Read(b []byte) (int, error) {
	h.once.Do(func() { h.crowd.enter(h) })
	n, err := h.Conn.Read(b)
	h.last.Store(h.crowd.now().UnixNano())
	return n, err
}

func (h *held) Write(b []byte) (int, error) {
	n, err := h.Conn.Write(b)
	h.last.Store(h.crowd.now().UnixNano())
	return n, err
}

func (h *held) Close() error {
	h.crowd.leave(h)
	return h.Conn.Close()
}

func (c *crowd) enter(h *held) {
	from := address(h.RemoteAddr())
	if !from.IsValid() || c.exempt.Has(from) {
		return
	}
	now := c.now()
	h.last.Store(now.UnixNano())
	one, net := prefixes(from)
	for _, x := range c.place(h, one, net, now) {
		c.shed.Add(1)
		_ = x.Conn.Close() // whoever reads there is told so
	}
}

// place counts a connection and says which must go for it, or that it must itself.
func (c *crowd) place(h *held, one, net netip.Prefix, now time.Time) (gone []*held) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if h.closed {
		return nil
	}
	for _, p := range []struct {
		prefix netip.Prefix
		most   int
	}{{one, c.perAddr}, {net, c.perNet}} {
		if len(c.sources[p.prefix]) < p.most {
			continue
		}
		x := quietest(c.sources[p.prefix], now)
		if x == nil {
			return append(gone, h)
		}
		gone = append(gone, x)
		c.removeLocked(x)
	}
	h.of = []netip.Prefix{one, net}
	for _, p := range h.of {
		if c.sources[p] == nil {
			c.sources[p] = map[*held]struct{}{}
		}
		c.sources[p][h] = struct{}{}
	}
	c.open.Add(1)
	return gone
}

// quietest is the one of a few that has been silent for longest, nil when none of
// them is idle.
func quietest(of map[*held]struct{}, now time.Time) (best *held) {
	const sample = 16
	at, looked := now.Add(-busyFor).UnixNano(), 0
	for h := range of {
		if last := h.last.Load(); last <= at {
			best, at = h, last
		}
		if looked++; looked == sample {
			break
		}
	}
	return best
}

func (c *crowd) leave(h *held) {
	c.mu.Lock()
	h.closed = true
	c.removeLocked(h)
	c.mu.Unlock()
}

func (c *crowd) removeLocked(h *held) {
	if h.of == nil {
		return
	}
	for _, p := range h.of {
		if delete(c.sources[p], h); len(c.sources[p]) == 0 {
			delete(c.sources, p)
		}
	}
	h.of = nil
	c.open.Add(-1)
}
