package call

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"

	"tischlein/internal/relay"
)

// engine is the relay package as Relay, as the composition root makes it.
type engine struct{ *relay.RTPEngine }

func (e engine) Offer(ctx context.Context, call, from, to string, sdp []byte) ([]byte, error) {
	return e.RTPEngine.Offer(ctx, relay.Leg{CallID: call, FromTag: from, ToTag: to}, sdp)
}

func (e engine) Answer(ctx context.Context, call, from, to string, sdp []byte) ([]byte, error) {
	return e.RTPEngine.Answer(ctx, relay.Leg{CallID: call, FromTag: from, ToTag: to}, sdp)
}

func (e engine) Delete(ctx context.Context, call, from string) error {
	return e.RTPEngine.Delete(ctx, relay.Leg{CallID: call, FromTag: from})
}

// daemon runs a real rtpengine in this process's user space, without a kernel
// module (Debian: rtpengine-daemon).
func daemon(t *testing.T) engine {
	t.Helper()
	free, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := free.LocalAddr().String()
	_ = free.Close()
	cmd := exec.Command("rtpengine", "--config-file=none", "--table=-1", "--foreground", "--log-stderr", "--log-level=3",
		"--interface=127.0.0.1", "--listen-ng="+at, "--num-threads=2")
	cmd.Dir = t.TempDir()
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v; scripts/install-test-tools installs it", err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	r, err := relay.Dial(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	for range 10 { // each waits up to 3 s
		if err = r.Ping(t.Context()); err == nil {
			return engine{r}
		}
	}
	t.Fatalf("no rtpengine: %v", err)
	return engine{}
}

// speech is a phone's RTP port with its description.
type speech struct {
	t    *testing.T
	conn *net.UDPConn
}

func (p *phone) speech(t *testing.T) (s speech, sdp string) {
	t.Helper()
	host, _, _ := net.SplitHostPort(p.conn.LocalAddr().String())
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(host)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return speech{t, c}, fmt.Sprintf("v=0\r\no=- 1 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %d RTP/AVP 8\r\na=sendrecv\r\n",
		host, host, c.LocalAddr().(*net.UDPAddr).Port)
}

// peer is where a description says that media goes.
func peer(t *testing.T, sdp string) *net.UDPAddr {
	t.Helper()
	a := &net.UDPAddr{}
	for line := range strings.SplitSeq(sdp, "\r\n") {
		if v, ok := strings.CutPrefix(line, "c=IN IP4 "); ok {
			a.IP = net.ParseIP(v)
		}
		_, _ = fmt.Sscanf(line, "m=audio %d", &a.Port)
	}
	if a.IP == nil || a.Port == 0 {
		t.Fatalf("nowhere: %q", sdp)
	}
	return a
}

// hears sends RTP from one to the other until some of it arrives, which takes the
// relay a few packets to learn.
func (s speech) hears(from speech, to *net.UDPAddr) *net.UDPAddr {
	s.t.Helper()
	packet := make([]byte, 172)
	packet[0], packet[1] = 0x80, 8 // G.711 A, RFC 3551
	copy(packet[8:], "SSRC")
	copy(packet[12:], from.conn.LocalAddr().String())
	b := make([]byte, 2048)
	for i := range 500 {
		packet[3] = byte(i)
		if _, err := from.conn.WriteTo(packet, to); err != nil {
			s.t.Fatal(err)
		}
		_ = s.conn.SetReadDeadline(time.Now().Add(20 * time.Millisecond)) // the pace of speech
		n, source, err := s.conn.ReadFromUDP(b)
		if err == nil && n == len(packet) && string(b[12:n]) == string(packet[12:]) {
			return source
		}
	}
	s.t.Fatal("nothing is heard")
	return nil
}

func TestC13_SpeechGoesThroughARealRelay(t *testing.T) {
	h, r := newHouse(), daemon(t)
	h.seat("101", "Erika", "ch-alice")
	h.seat("102", "Bernd", "ch-bob")
	s := start(t, h, func(c *Config) { c.Relay = r })
	alice, bob := s.at("127.0.0.2", "udp", "alice"), s.at("127.0.0.3", "tcp", "bob")
	mouth, sdp := alice.speech(t)
	ear, answer := bob.speech(t)
	alice.body = sdp
	a := alice.dial("102", "")
	b := bob.rings()
	b.ringing()
	alice.told("INVITE", 180)
	b.reply(b.invite, "200 OK", "Content-Type: application/sdp\r\n", answer)
	a.ack(alice.told("INVITE", 200))
	bob.asked("ACK")
	toBob, toAlice := peer(t, a.answered.body), peer(t, b.invite.body)
	for _, at := range []*net.UDPAddr{toBob, toAlice} {
		if at.IP.String() != "127.0.0.1" {
			t.Errorf("media goes to %v, not to the relay", at)
		}
	}
	if from := ear.hears(mouth, toBob); from.String() != toAlice.String() {
		t.Errorf("heard from %v, not from the relay's %v", from, toAlice)
	}
	if from := mouth.hears(ear, toAlice); from.String() != toBob.String() {
		t.Errorf("heard from %v, not from the relay's %v", from, toBob)
	}
	// Hold and back, offered by the other side.
	for _, mode := range []string{"sendonly", "sendrecv"} {
		b.request("INVITE", "Content-Type: application/sdp\r\n", strings.Replace(answer, "sendrecv", mode, 1))
		q := alice.asked("INVITE")
		if !strings.Contains(q.body, "a="+mode) || peer(t, q.body).IP.String() != "127.0.0.1" {
			t.Errorf("%s", q.raw)
		}
		a.reply(q, "200 OK", "Content-Type: application/sdp\r\n", sdp)
		if m := bob.told("INVITE", 200); peer(t, m.body).IP.String() != "127.0.0.1" {
			t.Errorf("%s", m.raw)
		}
		b.p.send(b.build("ACK", "", ""))
		alice.asked("ACK")
	}
	ear.hears(mouth, toBob)
	mouth.hears(ear, toAlice)
	if n := s.calls.Direct(); n != 0 {
		t.Errorf("%d descriptions went without the relay", n)
	}
	a.hangUp(b)
}
