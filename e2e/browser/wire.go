package browser

import (
	"errors"
	"io"
	"net"
	"sync"
)

// wire is the network between browser and portal: it can be cut and mended.
type wire struct {
	to       string
	listener net.Listener
	running  sync.WaitGroup

	mu   sync.Mutex
	down bool
	open map[net.Conn]bool
}

func newWire(to string) (*wire, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	w := &wire{to: to, listener: l, open: map[net.Conn]bool{}}
	w.running.Go(w.serve)
	return w, nil
}

func (w *wire) address() string { return w.listener.Addr().String() }

func (w *wire) serve() {
	for {
		in, err := w.listener.Accept()
		if err != nil {
			return
		}
		w.running.Go(func() {
			out, err := net.Dial("tcp", w.to)
			if err != nil {
				_ = in.Close()
				return
			}
			if w.hold(in, out) {
				w.running.Go(func() { _, _ = io.Copy(out, in); w.drop(in, out) })
				_, _ = io.Copy(in, out)
			}
			w.drop(in, out)
		})
	}
}

func (w *wire) hold(conns ...net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range conns {
		w.open[c] = true
	}
	return !w.down
}

func (w *wire) drop(conns ...net.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range conns {
		_ = c.Close()
		delete(w.open, c)
	}
}

func (w *wire) cut(down bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = down
	for c := range w.open {
		if down {
			_ = c.Close()
		}
	}
}

func (w *wire) close() {
	err := w.listener.Close()
	w.cut(true)
	w.running.Wait()
	if errors.Is(err, net.ErrClosed) {
		panic(err) // closed twice
	}
}

// Cut cuts the connection between browsers and portal until Mend.
func (w *World) Cut() { w.wire.cut(true) }

// Mend mends what Cut cut.
func (w *World) Mend() { w.wire.cut(false) }
