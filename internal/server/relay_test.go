package server

import (
	"net"
	"strconv"
	"strings"
	"testing"
)

// The relay that the configuration names is asked as its protocol wants it.
func TestC13_TheConfiguredRelayIsAsked(t *testing.T) {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan string, 3)
	done := make(chan struct{})
	t.Cleanup(func() { _ = conn.Close(); <-done })
	go func() {
		defer close(done)
		b := make([]byte, 65535)
		for {
			n, from, err := conn.ReadFrom(b)
			if err != nil {
				return
			}
			cookie, body, _ := strings.Cut(string(b[:n]), " ")
			asked <- body
			_, _ = conn.WriteTo([]byte(cookie+" d6:result2:ok3:sdp3:v=0e"), from)
		}
	}()
	cfg := testConfig(t.TempDir())
	cfg.MediaRelay = conn.LocalAddr().String()
	s, _ := start(t, cfg)
	r := between{s.relay}
	for _, c := range []struct {
		command string
		err     error
	}{
		{"offer", second(r.Offer(t.Context(), "c", "a", "b", []byte("v=1")))},
		{"answer", second(r.Answer(t.Context(), "c", "a", "b", []byte("v=1")))},
		{"delete", r.Delete(t.Context(), "c", "a")},
	} {
		got := <-asked
		for _, want := range []string{"7:command" + strconv.Itoa(len(c.command)) + ":" + c.command, "7:call-id1:c", "8:from-tag1:a"} {
			if c.err != nil || !strings.Contains(got, want) {
				t.Errorf("%s: %v, asked %q without %q", c.command, c.err, got, want)
			}
		}
		if c.command != "delete" && !strings.Contains(got, "6:to-tag1:b") {
			t.Errorf("%s says not whose answer it is: %q", c.command, got)
		}
	}
}

func second[T any](_ T, err error) error { return err }
