package relay

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"
)

// engine answers as rtpengine does, from a function; it drops the first packet
// when deaf.
func engine(t *testing.T, deaf bool, answer func(map[string]any) map[string]any) *RTPEngine {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() {
		_ = c.Close()
		<-done
	})
	go func() {
		defer close(done)
		b := make([]byte, 64<<10)
		for {
			n, from, err := c.ReadFrom(b)
			if err != nil {
				return
			}
			if deaf {
				deaf = false
				continue
			}
			cookie, body, _ := bytes.Cut(b[:n], []byte(" "))
			v, _, err := parseValue(body, 0)
			if err != nil {
				t.Errorf("%q: %v", body, err)
				return
			}
			_, _ = c.WriteTo(appendValue(append(bytes.Clone(cookie), ' '), answer(v.(map[string]any))), from)
		}
	}()
	r, err := Dial(t.Context(), c.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func TestC13_TheRelayIsPutBetween(t *testing.T) {
	r := engine(t, true, func(m map[string]any) map[string]any {
		if m["call-id"] != "c1" || m["from-tag"] != "a" {
			t.Errorf("asked %v", m)
		}
		if m["command"] == "answer" && m["to-tag"] != "b" {
			t.Errorf("the answer names no side: %v", m)
		}
		return map[string]any{"result": "ok", "sdp": strings.ReplaceAll(m["sdp"].(string), "10.0.0.1", "192.0.2.9")}
	})
	got, err := r.Offer(t.Context(), Leg{CallID: "c1", FromTag: "a"}, []byte("c=IN IP4 10.0.0.1\r\n"))
	if err != nil || string(got) != "c=IN IP4 192.0.2.9\r\n" {
		t.Errorf("offer: %q, %v", got, err)
	}
	got, err = r.Answer(t.Context(), Leg{CallID: "c1", FromTag: "a", ToTag: "b"}, []byte("c=IN IP4 10.0.0.1\r\n"))
	if err != nil || string(got) != "c=IN IP4 192.0.2.9\r\n" {
		t.Errorf("answer: %q, %v", got, err)
	}
}

func TestC13_TheRelaysRefusalIsAnError(t *testing.T) {
	r := engine(t, false, func(map[string]any) map[string]any {
		return map[string]any{"result": "error", "error-reason": "Unknown call-id"}
	})
	if err := r.Delete(t.Context(), Leg{CallID: "x", FromTag: "y"}); err == nil || !strings.Contains(err.Error(), "Unknown call-id") {
		t.Errorf("got %v", err)
	}
}

func TestC13_ARelayThatIsGoneKeepsNobodyWaiting(t *testing.T) {
	r, err := Dial(t.Context(), "127.0.0.1:9")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := r.Ping(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	_ = r.Close()
	if err := r.Ping(t.Context()); !errors.Is(err, net.ErrClosed) {
		t.Errorf("after the end: %v", err)
	}
}

func FuzzBencode(f *testing.F) {
	for _, s := range []string{"d6:result2:oke", "l1:ai-3ee", "i9e", "99999999999:", "d1:a", "lllllllllllllllllllllllle", ":"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, rest, err := parseValue(b, 0)
		if err == nil && (v == nil && b[0] != 'l' || len(rest) >= len(b)) {
			t.Errorf("%q: %v, %q", b, v, rest)
		}
	})
}
