package sip

import (
	"net/netip"
	"time"

	"tischlein/internal/sip/wire"
)

type transport uint8

const (
	overUDP transport = iota
	overTCP
	overTLS
)

var transportNames = [...]string{"udp", "tcp", "tls"}
var viaTransports = [...]string{"UDP", "TCP", "TLS"}

func (t transport) String() string { return transportNames[t] }

// flow is the way to a peer: the listener's own socket and the peer's address,
// or a connection the peer has opened (C04). There is no other way to a phone.
type flow struct {
	peer netip.AddrPort
	udp  *udpListener // or
	conn *streamConn
}

func (f *flow) transport() transport {
	if f.conn != nil {
		return f.conn.transport
	}
	return overUDP
}

// local is our end of the flow as text.
func (f *flow) local() string {
	if f.conn != nil {
		return f.conn.local
	}
	return f.udp.local
}

func (f *flow) same(g *flow) bool { return f.peer == g.peer && f.udp == g.udp && f.conn == g.conn }

// alive reports whether something sent now could arrive.
func (f *flow) alive() bool { return f.udp != nil || f.conn != nil && !f.conn.closed() }

// send puts one message on its way without waiting for the peer. It keeps no
// reference to b.
func (f *flow) send(b []byte) error {
	if f.conn != nil {
		return f.conn.queue(b)
	}
	_, err := f.udp.sock.WriteToUDPAddrPort(b, f.peer)
	return err
}

// outgoing is one answer waiting in a worker's arena.
type outgoing struct {
	flow       flow
	start, end int
}

// worker is what one goroutine needs to serve messages without allocating: where
// answers collect, and what is to be told once they are sent.
type worker struct {
	s        *Server
	mayBlock bool // may wait for the database; a UDP reader must not
	now      time.Time
	unix     int64

	arena    []byte
	outs     []outgoing
	scratch  []byte
	events   []event
	batch    *udpBatch
	msg      wire.Message
	next     binding
	own      *streamConn // the connection this worker reads, written without a detour
	counted  bool        // the message's nonce has been counted already
	agent    []byte      // the User-Agent seen last, and what it is
	agentBad bool
	depth    int  // times the message was judged anew
	unjudged bool // the house could not judge the message's source
}

func (s *Server) newWorker(mayBlock bool) *worker {
	return &worker{s: s, mayBlock: mayBlock, arena: make([]byte, 0, 4096), scratch: make([]byte, 0, 512)}
}

func (w *worker) tick() {
	w.now = w.s.cfg.Now()
	w.unix = w.now.Unix()
}

// begin starts an answer; the caller appends to w.arena and calls end.
func (w *worker) begin(f *flow) {
	w.outs = append(w.outs, outgoing{flow: *f, start: len(w.arena)})
}

func (w *worker) end() { w.outs[len(w.outs)-1].end = len(w.arena) }

// flush sends what was collected and then tells the observer.
func (w *worker) flush() {
	for i := 0; i < len(w.outs); {
		o := &w.outs[i]
		if o.flow.udp != nil {
			if w.batch == nil {
				w.batch = newUDPBatch()
			}
			n := w.batch.send(w, i)
			i += n
			continue
		}
		last := i // answers to one connection lie next to each other: one write
		for last+1 < len(w.outs) && w.outs[last+1].flow.conn == o.flow.conn {
			last++
		}
		if b := w.arena[o.start:w.outs[last].end]; o.flow.conn == w.own {
			_ = w.own.write(b) // the connection ends with it, and its reader says so
		} else {
			_ = o.flow.conn.queue(b) // a peer that does not read was cut off and counted
		}
		i = last + 1
	}
	clear(w.outs)
	w.outs, w.arena = w.outs[:0], w.arena[:0]
	for i := range w.events {
		w.events[i].tell(w.s)
	}
	clear(w.events)
	w.events = w.events[:0]
}
