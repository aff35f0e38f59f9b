package sip

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

const (
	writeTimeout = 10 * time.Second
	// maxUnsent is what may wait for a peer that does not read.
	maxUnsent = 256 << 10
)

var errClosed = errors.New("sip: closed")

// streamConn is one TCP or TLS connection that a peer has opened.
type streamConn struct {
	s         *Server
	nc        net.Conn
	listener  *streamListener
	transport transport
	peer      netip.AddrPort
	local     string
	bound     atomic.Int32 // bindings that lead here
	trusted   atomic.Bool  // an authenticated request came over it

	gone chan struct{} // closed with the connection

	writing sync.Mutex // held while bytes go out

	mu      sync.Mutex
	unsent  []byte
	running bool
	isGone  bool
}

func (c *streamConn) closed() bool {
	select {
	case <-c.gone:
		return true
	default:
		return false
	}
}

func (c *streamConn) close() {
	c.mu.Lock()
	if c.isGone {
		c.mu.Unlock()
		return
	}
	c.isGone = true
	close(c.gone)
	c.mu.Unlock()
	// TLS would wait to say goodbye to a peer that may not read.
	_ = c.nc.SetDeadline(time.Now().Add(time.Second))
	_ = c.nc.Close()
}

// trust marks the connection as a phone's: from now on it counts no longer as a
// stranger's.
func (c *streamConn) trust() {
	if !c.trusted.Load() && c.trusted.CompareAndSwap(false, true) {
		c.s.conns.trust(c.peer.Addr())
	}
}

// write sends b and waits until the kernel has taken it.
func (c *streamConn) write(b []byte) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	_ = c.nc.SetWriteDeadline(time.Now().Add(writeTimeout))
	if _, err := c.nc.Write(b); err != nil {
		c.close()
		return err
	}
	return nil
}

// queue sends a copy of b without waiting; a peer that does not read is cut off.
func (c *streamConn) queue(b []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.isGone {
		return errClosed
	}
	if len(c.unsent)+len(b) > maxUnsent {
		c.s.count.slowPeers.Add(1)
		go c.close()
		return errClosed
	}
	c.unsent = append(c.unsent, b...)
	if !c.running {
		c.running = true
		c.s.group.Add(1)
		go c.drain()
	}
	return nil
}

func (c *streamConn) drain() {
	defer c.s.group.Done()
	for {
		c.mu.Lock()
		b := c.unsent
		c.unsent = nil
		if len(b) == 0 || c.isGone {
			c.running = false
			c.mu.Unlock()
			return
		}
		c.mu.Unlock()
		if c.write(b) != nil {
			c.s.count.slowPeers.Add(1)
		}
	}
}

// connections counts stream connections by source: what a stranger may hold is
// little, what phones behind one address may hold is much (C14).
type connections struct {
	mu      sync.Mutex
	all     map[*streamConn]struct{}
	sources map[[8]byte]*sourceConns
}

type sourceConns struct{ all, strangers int }

func newConnections() *connections {
	return &connections{all: map[*streamConn]struct{}{}, sources: map[[8]byte]*sourceConns{}}
}

func (n *connections) total() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.all)
}

// enter admits c, or says that a cap is reached.
func (n *connections) enter(c *streamConn, l *Limits) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	k := sourceKey(c.peer.Addr())
	src := n.sources[k]
	if src == nil {
		src = &sourceConns{}
	}
	if len(n.all) >= l.Connections || src.all >= l.SourceConnections || src.strangers >= l.SourceStrangers {
		return false
	}
	n.sources[k] = src
	src.all++
	src.strangers++
	n.all[c] = struct{}{}
	return true
}

func (n *connections) trust(a netip.Addr) {
	n.mu.Lock()
	if src := n.sources[sourceKey(a)]; src != nil {
		src.strangers--
	}
	n.mu.Unlock()
}

func (n *connections) leave(c *streamConn) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.all, c)
	k := sourceKey(c.peer.Addr())
	src := n.sources[k]
	src.all--
	if !c.trusted.Load() {
		src.strangers--
	}
	if src.all == 0 {
		delete(n.sources, k)
	}
}

func (n *connections) closeAll() {
	n.mu.Lock()
	all := make([]*streamConn, 0, len(n.all))
	for c := range n.all {
		all = append(all, c)
	}
	n.mu.Unlock()
	for _, c := range all {
		c.close()
	}
}
