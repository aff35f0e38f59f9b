package call

import (
	"sync"

	siplib "github.com/emiago/sipgo/sip"
)

// patient is a listener that may wait for the relay: the library passes a response
// in the socket's reader, which must not wait with it for other phones' sake.
func (s *Server) patient(hear listener) listener {
	var l later
	got, lost := hear.got, hear.lost
	hear.got = func(res *siplib.Response) { l.do(s, func() { got(res) }) }
	hear.lost = func(err error) { l.do(s, func() { lost(err) }) }
	return hear
}

// later does one thing after the other, none of them in the caller's time.
type later struct {
	mu      sync.Mutex
	todo    []func()
	working bool
}

func (l *later) do(s *Server, f func()) {
	l.mu.Lock()
	l.todo = append(l.todo, f)
	start := !l.working
	l.working = true
	l.mu.Unlock()
	if start && !s.run(l.work) {
		l.work() // the server ends: nobody is served who could wait
	}
}

func (l *later) work() {
	for {
		l.mu.Lock()
		if len(l.todo) == 0 {
			l.working = false
			l.mu.Unlock()
			return
		}
		f := l.todo[0]
		l.todo = l.todo[1:]
		l.mu.Unlock()
		f()
	}
}
