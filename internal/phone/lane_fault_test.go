package phone

import (
	"bufio"
	"context"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// stumbling is a listener that once has no file left for a connection.
type stumbling struct {
	net.Listener
	faults atomic.Int32
}

func (l *stumbling) Accept() (net.Conn, error) {
	if l.faults.Add(-1) >= 0 {
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: syscall.EMFILE}
	}
	return l.Listener.Accept()
}

// Whoever opens connections until there are no files left must not end the service.
func TestX04_TooManyOpenFilesEndNothing(t *testing.T) {
	st := newStage(t, newFake("yealink", yealinkMAC))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &stumbling{Listener: l}
	s.faults.Store(3)
	n := newLane(st.Server, nil, newHanded(l.Addr()))
	ended := make(chan error, 1)
	go func() { ended <- n.serve(s) }()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		n.mu.Lock()
		taken := len(n.conns)
		n.mu.Unlock()
		if taken == 1 {
			break
		}
		select {
		case err := <-ended:
			t.Fatalf("it ended: %v", err)
		default:
		}
		if time.Now().After(deadline) {
			t.Fatal("the connection was never taken")
		}
	}
	l.Close()
	if err := <-ended; err == nil {
		t.Error("a closed listener is no end")
	}
	n.shutdown(t.Context())
}

// A fault that one request meets costs its connection and nobody else's.
func TestX04_APanicOnTheShortWayEndsOneConnection(t *testing.T) {
	f := newFake("yealink", yealinkMAC)
	var once atomic.Bool
	f.onDesired = func() {
		if once.CompareAndSwap(false, true) {
			panic("a driver's fault")
		}
	}
	dial := dialer(t, newStage(t, f))
	first, second := dial(), dial()
	for i, c := range []net.Conn{first, second} {
		if _, err := io.WriteString(c, plainAsk+"\r\n"); err != nil {
			t.Fatal(err)
		}
		got := said(t, bufio.NewReader(c), "GET")
		if want := []string{"closed", "200 "}[i]; !strings.HasPrefix(got, want) {
			t.Errorf("connection %d: %s, want %s", i+1, got, want)
		}
	}
}

// What a request waits for ends with the server: it must not wait for ever.
func TestX04_ShutdownEndsWhatRequestsWaitFor(t *testing.T) {
	st := newStage(t, newFake("yealink", yealinkMAC), func(c *Config) { c.UnknownPerAddr = 1 })
	st.slow <- struct{}{} // somebody's look-up never ends
	st.guesses.unknown(address(&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}), "x", st.clock)
	n := newLane(st.Server, nil, nil)
	ctx, cancel := context.WithTimeout(n.over, time.Hour)
	defer cancel()
	waiting := make(chan error)
	go func() {
		_, err := st.admitGuess(ctx, address(&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}))
		waiting <- err
	}()
	n.shutdown(t.Context())
	if err := <-waiting; err == nil {
		t.Error("it was admitted")
	}
}
