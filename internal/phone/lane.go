package phone

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// lane answers what phones ask for nearly always: a file of their own that is
// ready in memory, in the plainest of requests. It parses no more than that and
// writes the answer at once. A connection on which anything else
// comes is handed to net/http with all that was read, and stays there (ADR 0018).
type lane struct {
	s    *Server
	tls  *tls.Config
	rest *handed

	mu    sync.Mutex
	conns map[net.Conn]struct{}
	ended bool
	wait  sync.WaitGroup
	// over ends what requests still wait for when the patience with them does.
	over context.Context
	stop context.CancelFunc
}

func newLane(s *Server, tc *tls.Config, rest *handed) *lane {
	n := &lane{s: s, tls: tc, rest: rest, conns: map[net.Conn]struct{}{}}
	n.over, n.stop = context.WithCancel(context.Background())
	return n
}

// The longest request that is looked at here; phones' are below 512 bytes.
const laneRequest = 2048

var laneBegin = []byte("GET /d/")

// The longest pause before another try to accept; it grows to it.
const acceptPause = time.Second

// serve accepts until l is closed. Too many open files are no end: who holds them
// would have ended the service for all.
func (n *lane) serve(l net.Listener) error {
	for pause := time.Duration(0); ; {
		c, err := l.Accept()
		if passes(err) {
			pause = min(max(2*pause, 5*time.Millisecond), acceptPause)
			n.s.log.Error("accepting phones", "err", err)
			select {
			case <-time.After(pause):
			case <-n.over.Done():
			}
			continue
		}
		if err != nil {
			return err
		}
		pause = 0
		if n.enter(c) {
			go n.connection(c)
		}
	}
}

// passes reports whether it may be otherwise in a moment, as net/http judges it.
func passes(err error) bool {
	var e interface{ Temporary() bool }
	return errors.As(err, &e) && e.Temporary() && !errors.Is(err, net.ErrClosed)
}

func (n *lane) enter(c net.Conn) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ended {
		_ = c.Close() // the listener is closing, too
		return false
	}
	n.conns[c] = struct{}{}
	n.wait.Add(1)
	return true
}

func (n *lane) leave(c net.Conn) {
	n.mu.Lock()
	delete(n.conns, c)
	n.mu.Unlock()
	n.wait.Done()
}

// shutdown lets answers end that are being written; who is silent is cut off.
func (n *lane) shutdown(ctx context.Context) {
	defer n.stop()
	n.mu.Lock()
	n.ended = true
	for c := range n.conns {
		_ = c.SetReadDeadline(time.Unix(1, 0)) // a closed one needs none
	}
	n.mu.Unlock()
	done := make(chan struct{})
	go func() { n.wait.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
		n.stop()
		n.mu.Lock()
		for c := range n.conns {
			_ = c.Close()
		}
		n.mu.Unlock()
		<-done
	}
}

func (n *lane) connection(raw net.Conn) {
	defer n.leave(raw)
	defer func() { // as net/http: one request's fault is not the others'
		if v := recover(); v != nil {
			n.s.log.Error("answering a phone panicked", "from", raw.RemoteAddr(), "err", v, "stack", string(debug.Stack()))
			_ = raw.Close()
		}
	}()
	c := tls.Server(raw, n.tls)
	_ = raw.SetDeadline(time.Now().Add(headerPatience)) // what fails shows in the handshake
	if err := c.Handshake(); err != nil {
		n.s.log.Debug("TLS handshake failed", "from", raw.RemoteAddr(), "err", err)
		_ = raw.Close()
		return
	}
	from := address(raw.RemoteAddr())
	state := c.ConnectionState()
	in := make([]byte, 0, laneRequest)
	// Behind a proxy the sender is in a header: nothing for here.
	// With a certificate there is more to judge.
	for plain := !n.s.cfg.TrustedProxies.Has(from) && len(state.PeerCertificates) == 0; ; {
		var q laneAsk
		got, ok := n.read(c, in)
		if !ok {
			_ = c.Close()
			return
		}
		if !plain || !q.parse(got) || !n.answer(c, &q, from) {
			if !n.rest.take(&replay{Conn: c, ahead: got}) {
				_ = c.Close()
			}
			return
		}
		if q.close {
			_ = c.Close()
			return
		}
	}
}

// read reads until it can be said whether a request is for here. ok is false when
// there is none to come.
func (n *lane) read(c *tls.Conn, in []byte) (got []byte, ok bool) {
	if !n.await(c, idlePatience) {
		return nil, false
	}
	for first := true; ; first = false {
		m, err := c.Read(in[len(in):cap(in)])
		in = in[:len(in)+m]
		switch {
		case bytes.Contains(in, []byte("\r\n\r\n")), len(in) == cap(in), len(in) >= len(laneBegin) && !bytes.HasPrefix(in, laneBegin):
			return in, true
		case err != nil, first && !n.await(c, headerPatience):
			return nil, false
		}
	}
}

// await sets how long the phone may be silent, unless the server is ending.
func (n *lane) await(c *tls.Conn, patience time.Duration) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return !n.ended && c.SetReadDeadline(time.Now().Add(patience)) == nil
}

// answer answers a request for a device's own file; false: nothing was sent.
func (n *lane) answer(c *tls.Conn, q *laneAsk, from netip.Addr) bool {
	out := outs.Get().(*[]byte)
	defer outs.Put(out)
	w := laneWriter{c: c, out: (*out)[:0], now: n.s.cfg.Now(), s: n.s, close: q.close}
	defer func() { *out, q.close = w.out, w.close || w.err != nil }()
	if n.ready(&w, q, from) {
		return true
	}
	r, err := q.request(c)
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(n.over, answerPatience)
	defer cancel()
	r = r.WithContext(ctx)
	n.s.serveOwn(&w, r, string(q.token), string(q.rest), from)
	w.finish()
	return true
}

// ready sends a file that lies in memory, if this phone may have it now.
func (n *lane) ready(w *laneWriter, q *laneAsk, from netip.Addr) bool {
	s := n.s
	k := key(sha256.Sum256(q.token))
	e := s.memory.get(k)
	if !s.good(e, from) {
		return false
	}
	rt := e.find(q.rest, q.agent)
	if rt == nil || rt.foreign != "" || rt.file == nil {
		return false
	}
	if e.device.HTTP.Demanded && (q.authorization == nil || s.authorise(q.proof(), k, e.device, from) != nil) {
		return false
	}
	e.seen.Store(w.now.Unix())
	w.out = append(append(w.out, rt.file.head...), s.dates.at(w.now)...)
	if q.close {
		w.out = append(w.out, "Connection: close\r\n"...)
	}
	w.out = append(append(w.out, "\r\n"...), rt.file.body...)
	if w.send() {
		s.took(context.Background(), e, rt, from)
	}
	return true
}

var outs = sync.Pool{New: func() any { b := make([]byte, 0, 16<<10); return &b }}

// laneHead is the part of a file's answer that is always the same.
func laneHead(f *file) []byte {
	return []byte("HTTP/1.1 200 OK\r\nCache-Control: " + noCache[0] + "\r\nContent-Length: " + f.len[0] +
		"\r\nContent-Type: " + f.kindOf[0] + "\r\nEtag: " + f.etag[0] + "\r\n")
}

// dates writes the Date header once a second.
type dates struct{ now atomic.Pointer[date] }

type date struct {
	second int64
	line   []byte
}

func (d *dates) at(now time.Time) []byte {
	if x := d.now.Load(); x != nil && x.second == now.Unix() {
		return x.line
	}
	x := &date{now.Unix(), []byte("Date: " + now.UTC().Format(http.TimeFormat) + "\r\n")}
	d.now.Store(x)
	return x.line
}

func address(a net.Addr) netip.Addr {
	if t, ok := a.(*net.TCPAddr); ok {
		return t.AddrPort().Addr().Unmap()
	}
	ap, _ := netip.ParseAddrPort(a.String())
	return ap.Addr().Unmap()
}
