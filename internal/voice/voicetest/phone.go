// Package voicetest is a telephone for tests: it speaks real RTP on loopback,
// presses keys in every way phones do, and recognises which prompts it heard by
// correlating what it decoded with the recordings. It shares no RTP code with the
// package it tests. It runs inside a synctest bubble, where nothing takes time.
package voicetest

import (
	"encoding/binary"
	"fmt"
	"math"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tischlein/internal/voice"
)

const (
	frame   = 20 * time.Millisecond
	samples = 160
	// EventType is the payload type that phones offer for telephone-event.
	EventType = 101
)

// Phone is one telephone in one call.
type Phone struct {
	Codec  voice.Codec
	Events bool // offers telephone-event (RFC 4733)
	// Filter says how often a packet that is about to be sent is sent: 0 loses it,
	// 2 doubles it. nil: each once. event is whether it carries a telephone-event.
	Filter func(event bool, packet []byte) int

	t       testing.TB
	conn    *net.UDPConn
	raw     syscall.RawConn
	barrier *barrier
	stop    chan struct{}
	stopped sync.WaitGroup

	mu        sync.Mutex
	to        *net.UDPAddr
	mute      bool
	queue     []outgoing
	seq       uint16
	timestamp uint32
	ssrc      uint32
	packets   int
	heard     []int16
	first     uint32 // timestamp of heard[0]
	source    uint32
	problems  []string
}

type outgoing struct {
	event   bool
	marker  bool
	back    uint32 // how many samples ago the event began
	payload []byte
}

// NewPhone opens a port on loopback; the test closes it.
func NewPhone(t testing.TB, codec voice.Codec, events bool) *Phone {
	t.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	p := &Phone{Codec: codec, Events: events, t: t, conn: conn, raw: raw, barrier: newBarrier(t),
		stop: make(chan struct{}), seq: 65500, timestamp: 0xffffff00, ssrc: 0x7e1e} // both wrap soon
	return p
}

// Offer is the phone's session description, with extra lines behind it.
func (p *Phone) Offer(extra ...string) []byte {
	formats, maps := strconv.Itoa(int(p.Codec)), ""
	if p.Events {
		formats += " " + strconv.Itoa(EventType)
		maps = fmt.Sprintf("a=rtpmap:%d telephone-event/8000\r\na=fmtp:%d 0-15\r\n", EventType, EventType)
	}
	s := fmt.Sprintf("v=0\r\no=phone 1 1 IN IP4 127.0.0.1\r\ns=call\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio %d RTP/AVP %s\r\n%s", p.Addr().Port(), formats, maps)
	for _, e := range extra {
		s += e + "\r\n"
	}
	return []byte(s)
}

// Addr is where the phone listens.
func (p *Phone) Addr() netip.AddrPort { return p.conn.LocalAddr().(*net.UDPAddr).AddrPort() }

// Take reads the answer: where to send to.
func (p *Phone) Take(answer []byte) {
	p.t.Helper()
	for line := range strings.Lines(string(answer)) {
		if f := strings.Fields(line); strings.HasPrefix(line, "m=audio ") && len(f) > 3 {
			port, err := strconv.Atoi(f[1])
			if err != nil || port == 0 || f[3] != strconv.Itoa(int(p.Codec)) {
				p.t.Fatalf("answered with %q", line)
			}
			p.mu.Lock()
			p.to = &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port}
			p.mu.Unlock()
			return
		}
	}
	p.t.Fatalf("no stream in the answer:\n%s", answer)
}

// Start sends a packet every 20 ms and listens, until Close.
func (p *Phone) Start() {
	p.stopped.Go(func() {
		tick := time.NewTicker(frame)
		defer tick.Stop()
		for {
			select {
			case <-p.stop:
				return
			case <-tick.C:
				p.turn()
			}
		}
	})
}

// Close hangs up without a word.
func (p *Phone) Close() {
	close(p.stop)
	p.stopped.Wait()
	_ = p.conn.Close()
	p.barrier.close()
}

// Mute stops sending, or begins again.
func (p *Phone) Mute(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mute = on
}

func (p *Phone) turn() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.listen()
	p.timestamp += samples
	if p.to == nil || p.mute {
		return
	}
	o := outgoing{payload: make([]byte, samples)}
	if len(p.queue) > 0 {
		o, p.queue = p.queue[0], p.queue[1:]
	} else {
		for i := range o.payload {
			o.payload[i] = p.Codec.Encode(0)
		}
	}
	b := make([]byte, 12, 12+len(o.payload))
	b[0], b[1] = 0x80, byte(p.Codec)
	if o.event {
		b[1] = EventType
	}
	if o.marker {
		b[1] |= 0x80
	}
	binary.BigEndian.PutUint16(b[2:], p.seq)
	binary.BigEndian.PutUint32(b[4:], p.timestamp-o.back)
	binary.BigEndian.PutUint32(b[8:], p.ssrc)
	p.seq++
	b = append(b, o.payload...)
	times := 1
	if p.Filter != nil {
		times = p.Filter(o.event, b)
	}
	for range times {
		if _, err := p.conn.WriteToUDP(b, p.to); err != nil && !strings.Contains(err.Error(), "refused") {
			p.problems = append(p.problems, err.Error())
		}
	}
	p.barrier.wait()
}

// Press presses keys by RFC 4733: 100 ms each, the end sent three times, 80 ms between.
func (p *Phone) Press(keys string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, k := range keys {
		event := byte(strings.IndexRune("0123456789*#ABCD", k))
		for i := range 7 {
			length, end := min(i+1, 5)*samples, byte(10)
			if i >= 4 {
				end |= 0x80
			}
			p.queue = append(p.queue, outgoing{event: true, marker: i == 0, back: uint32(i * samples),
				payload: []byte{event, end, byte(length >> 8), byte(length)}})
		}
		p.pause(4)
	}
}

// Sound presses keys as tones in the speech: 100 ms each, 80 ms between.
func (p *Phone) Sound(keys string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, k := range keys {
		tone := Tone(byte(k), 100*time.Millisecond)
		for i := 0; i < len(tone); i += samples {
			o := outgoing{}
			for _, x := range tone[i : i+samples] {
				o.payload = append(o.payload, p.Codec.Encode(x))
			}
			p.queue = append(p.queue, o)
		}
		p.pause(4)
	}
}

func (p *Phone) pause(frames int) {
	for range frames {
		quiet := make([]byte, samples)
		for i := range quiet {
			quiet[i] = p.Codec.Encode(0)
		}
		p.queue = append(p.queue, outgoing{payload: quiet})
	}
}

// Tone is a key as sound, at -10 dB of full scale per tone.
func Tone(key byte, d time.Duration) []int16 {
	i := strings.IndexByte("123A456B789C*0#D", key)
	low := []float64{697, 770, 852, 941}[i/4]
	high := []float64{1209, 1336, 1477, 1633}[i%4]
	out := make([]int16, d*8000/time.Second)
	for n := range out {
		at := 2 * math.Pi * float64(n) / 8000
		out[n] = int16(8000 * (math.Sin(low*at) + math.Sin(high*at)))
	}
	return out
}
