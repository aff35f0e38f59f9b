package sip

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"tischlein/internal/telephony"
)

// Server is the registrar on its sockets. Make it with New, run it with Run.
type Server struct {
	cfg    Config
	ctx    context.Context // ends with Close; every wait hangs on it
	cancel context.CancelFunc

	udp     []*udpListener
	streams []*streamListener
	conns   *connections
	pushes  transactions

	table   *table
	nonces  *nonces
	limits  *limiter
	commits committer
	asides  chan aside
	waiting waiting
	workers sync.Pool

	unknownMu sync.Mutex
	unknown   map[string]int64

	count      counters
	complained atomic.Int64

	group   sync.WaitGroup // readers and everything they start
	closing sync.Once
	stopped chan struct{} // closed when nothing runs any more
	loaded  chan struct{} // closed when the stored bindings are in memory
	running atomic.Bool
}

// New opens the sockets, so that a port in use is an error here; nothing is
// served before Run.
func New(cfg Config) (*Server, error) {
	if err := cfg.fill(); err != nil {
		return nil, err
	}
	if cfg.Readers == 0 {
		cfg.Readers = min(runtime.GOMAXPROCS(0), 4)
	}
	s := &Server{
		cfg: cfg, conns: newConnections(), table: newTable(), limits: newLimiter(cfg.Limits),
		nonces: newNonces(cfg.NonceLife, cfg.NonceTable), asides: make(chan aside, asideQueue),
		unknown: map[string]int64{}, stopped: make(chan struct{}), loaded: make(chan struct{}),
		pushes:  transactions{open: map[string]chan answer{}},
		commits: committer{wake: make(chan struct{}, 1)},
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.workers.New = func() any { return s.newWorker(true) }
	if err := s.listen(); err != nil {
		s.closeSockets()
		s.cancel()
		return nil, err
	}
	return s, nil
}

func (s *Server) listen() error {
	for _, addr := range s.cfg.UDP {
		l, err := listenUDP(s.ctx, addr)
		if err != nil {
			return fmt.Errorf("listening on UDP %s: %w", addr, err)
		}
		s.udp = append(s.udp, l)
	}
	for over, addrs := range map[transport][]string{overTCP: s.cfg.TCP, overTLS: s.cfg.TLS} {
		for _, addr := range addrs {
			l, err := s.listenStream(s.ctx, addr, over)
			if err != nil {
				return fmt.Errorf("listening on %s %s: %w", over, addr, err)
			}
			s.streams = append(s.streams, l)
		}
	}
	return nil
}

// Addrs are the listeners' addresses by transport: "udp", "tcp" and "tls".
func (s *Server) Addrs() map[string][]string {
	out := map[string][]string{}
	for _, l := range s.udp {
		out["udp"] = append(out["udp"], l.local)
	}
	for _, l := range s.streams {
		out[l.transport.String()] = append(out[l.transport.String()], l.local)
	}
	return out
}

// Loaded is closed once Run has loaded the stored bindings: before that, every
// phone looks unregistered.
func (s *Server) Loaded() <-chan struct{} { return s.loaded }

// Run loads the stored bindings and serves until ctx ends or Close is called;
// then it writes what is not yet on disk. It may be called once.
func (s *Server) Run(ctx context.Context) error {
	if !s.running.CompareAndSwap(false, true) {
		return fmt.Errorf("sip: Run called twice")
	}
	defer close(s.stopped)
	unhook := context.AfterFunc(ctx, s.cancel)
	defer unhook()
	err := s.cfg.Bindings.Load(s.ctx, func(b telephony.Binding) error {
		s.load(b)
		return nil
	})
	if err != nil {
		s.cancel()
		s.closeSockets()
		return fmt.Errorf("loading bindings: %w", err)
	}
	close(s.loaded)
	stopCommits, committed := make(chan struct{}), make(chan struct{})
	go func() {
		s.commitLoop(stopCommits)
		close(committed)
	}()
	s.serveAll()
	<-s.ctx.Done()
	s.closeSockets()
	s.conns.closeAll()
	s.group.Wait()
	s.sweep(1 << 40) // every refresh that is only in memory
	close(stopCommits)
	<-committed
	return nil
}

func (s *Server) serveAll() {
	for _, l := range s.udp {
		for range s.cfg.Readers {
			s.group.Go(func() { s.readUDP(l) })
		}
	}
	for _, l := range s.streams {
		s.group.Go(func() { s.accept(l) })
	}
	for range asideWorkers {
		s.group.Go(func() { s.serveAsides(s.ctx) })
	}
	s.group.Go(func() { s.sweepLoop(s.ctx) })
}

func (s *Server) closeSockets() {
	for _, l := range s.udp {
		_ = l.sock.Close()
	}
	for _, l := range s.streams {
		_ = l.ln.Close()
	}
}

// Close ends Run and waits for it, at most 30 s. Without Run it only closes the
// sockets.
func (s *Server) Close() error {
	var err error
	s.closing.Do(func() {
		s.cancel()
		if s.running.CompareAndSwap(false, true) {
			s.closeSockets()
			close(s.stopped)
			return
		}
		select {
		case <-s.stopped:
		case <-time.After(30 * time.Second):
			err = fmt.Errorf("sip: still busy 30 s after Close")
		}
	})
	return err
}
