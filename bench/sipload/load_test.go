package main

import (
	"bufio"
	"bytes"
	"context"
	"net"
	"strings"
	"testing"
	"time"
)

// registrar answers REGISTERs on UDP as answer says; nil drops the datagram.
func registrar(t *testing.T, answer func(request []byte) []byte) string {
	t.Helper()
	socket, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	go func() {
		in := make([]byte, 4096)
		for {
			n, from, err := socket.ReadFromUDP(in)
			if err != nil {
				return
			}
			if out := answer(in[:n]); out != nil {
				_, _ = socket.WriteToUDP(out, from) // as good as lost: the load sends again
			}
		}
	}()
	return socket.LocalAddr().String()
}

func bare(request []byte) []byte {
	if bytes.Contains(request, []byte("\r\nAuthorization:")) {
		return appendResponse(nil, request, "200 OK", nil)
	}
	return appendResponse(nil, request, "401 Unauthorized", []byte(bareChallenge))
}

func register(t *testing.T, o options, n int) *report {
	t.Helper()
	phones, err := accountSource{userPattern: "u%d", passwordPattern: "p%d", count: n}.phones()
	if err != nil {
		t.Fatal(err)
	}
	o.domain, o.expires, o.window, o.sockets = "sip.test", 60, 8, 2
	if o.timeout == 0 {
		o.timeout = 10 * time.Second
	}
	if o.t1 == 0 {
		o.t1 = 10 * time.Second
	}
	r, err := load(t.Context(), phones, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEveryPhoneRegistersInEveryRound(t *testing.T) {
	r := register(t, options{server: registrar(t, bare), proto: "udp", warm: true, rounds: 3, refreshes: 2}, 100)
	if r.Failed != 0 || r.New.OK != 300 || r.Refresh.OK != 200 || len(r.New.RoundRates) != 3 {
		t.Errorf("got %+v, new %+v, refresh %+v", r, r.New, r.Refresh)
	}
}

func TestOpenLoopBeginsThemAll(t *testing.T) {
	r := register(t, options{server: registrar(t, bare), proto: "udp", rounds: 1, rate: 5000}, 100)
	if r.Failed != 0 || r.New.OK != 100 || r.New.Rate > 6000 {
		t.Errorf("got %+v, new %+v", r, r.New)
	}
}

func TestLostDatagramsAreRepeated(t *testing.T) {
	seen := map[string]bool{}
	server := registrar(t, func(request []byte) []byte {
		if !seen[string(request)] {
			seen[string(request)] = true
			return nil
		}
		return bare(request)
	})
	r := register(t, options{server: server, proto: "udp", rounds: 1, t1: 5 * time.Millisecond}, 20)
	if r.Failed != 0 || r.New.OK != 20 || r.Retransmitted < 40 {
		t.Errorf("got %+v, new %+v", r, r.New)
	}
}

// What a wrong server says must never count as a registration.
func TestWrongAnswersFail(t *testing.T) {
	for name, test := range map[string]struct {
		answer func(request []byte) []byte
		reason string
	}{
		"without a challenge": {func(q []byte) []byte { return appendResponse(nil, q, "200 OK", nil) }, "200 without asking"},
		"other contact": {func(q []byte) []byte {
			return bytes.ReplaceAll(bare(q), []byte("Contact: <sip:u"), []byte("Contact: <sip:x"))
		}, "Contact is wrong"},
		"other call": {func(q []byte) []byte { return bytes.ReplaceAll(bare(q), []byte("@sipload"), []byte("@other")) }, "foreign Call-ID"},
		"refused":    {func(q []byte) []byte { return appendResponse(nil, q, "403 Forbidden", nil) }, "status 403"},
		"bad password": {func(q []byte) []byte {
			return appendResponse(nil, q, "401 Unauthorized", []byte(bareChallenge))
		}, "401 to credentials"},
		"no challenge": {func(q []byte) []byte { return appendResponse(nil, q, "401 Unauthorized", []byte("X: y\r\n")) }, "no usable challenge"},
		"silence":      {func([]byte) []byte { return nil }, "timeout"},
	} {
		t.Run(name, func(t *testing.T) {
			r := register(t, options{server: registrar(t, test.answer), proto: "udp", rounds: 1, timeout: 200 * time.Millisecond}, 10)
			if r.Failed != 10 || r.New.OK != 0 {
				t.Fatalf("got %+v, new %+v", r, r.New)
			}
			for reason := range r.Failures {
				if !strings.Contains(reason, test.reason) {
					t.Errorf("failed for %q, want %q", reason, test.reason)
				}
			}
		})
	}
}

// A nonce that went stale is not a failure: the phone answers the new one, once.
func TestStaleNonceIsAnsweredOnce(t *testing.T) {
	again := map[string]bool{}
	server := registrar(t, func(request []byte) []byte {
		var m answer
		answer := bare(request)
		if err := m.parse(answer); err != nil {
			t.Error(err)
		}
		if m.status == 200 && !again[string(m.callID)] {
			again[string(m.callID)] = true
			return appendResponse(nil, request, "401 Unauthorized", []byte(strings.Replace(bareChallenge, "qop", "stale=true, qop", 1)))
		}
		return answer
	})
	if r := register(t, options{server: server, proto: "udp", rounds: 1}, 10); r.Failed != 0 || r.New.OK != 10 {
		t.Errorf("got %+v, new %+v", r, r.New)
	}
}

func TestPhonesKeepTheirTCPConnection(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	accepted := make(chan struct{}, 100)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			accepted <- struct{}{}
			go func() {
				defer c.Close()
				w, from := streamWorker{}, bufio.NewReader(c)
				for {
					msg, err := w.read(from)
					if err != nil {
						return
					}
					if !bytes.HasPrefix(msg, []byte("REGISTER")) {
						continue // the answer to our OPTIONS
					}
					// A keep-alive and a request of the server's own come before the answer, one after it.
					options := "OPTIONS sip:u SIP/2.0\r\nVia: x\r\nContent-Length: 2\r\n\r\nhi"
					_, _ = c.Write([]byte("\r\n\r\n" + options + string(bare(msg)) + options))
				}
			}()
		}
	}()
	r := register(t, options{server: l.Addr().String(), proto: "tcp", rounds: 2, refreshes: 1}, 20)
	if r.Failed != 0 || r.New.OK != 40 || r.Refresh.OK != 20 || len(accepted) != 20 {
		t.Errorf("got %+v, new %+v, %d connections", r, r.New, len(accepted))
	}
}

func TestResponderEndsWithItsContext(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := respondOn(ctx, "127.0.0.1:0"); err != nil {
		t.Error(err)
	}
}
