package phonesim

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	frameTime    = 20 * time.Millisecond
	frameSamples = 160
	eventType    = 101                // what we offer for telephone-event (RFC 4733)
	mostHeard    = 8000 * 60 * 5      // samples that are kept
	codecOfEvent = "0123456789*#ABCD" // in the order of their event codes
)

// media is the sound of one call: RTP (RFC 3550) with G.711, one socket, no jitter
// buffer: what is heard stands in the order in which it came, without the pauses
// of a machine that was too slow to send.
type media struct {
	conn *net.UDPConn
	stop chan struct{}

	mu        sync.Mutex
	to        netip.AddrPort // invalid: nobody to talk to
	codec     byte
	events    byte // the other side's payload type, 0 for none
	send      bool
	queue     []frame
	seq       uint16
	timestamp uint32
	source    uint32

	heard   []int16
	packets int
	digits  strings.Builder
	event   uint32 // timestamp of the last telephone-event
	rung    bool
}

// frame is what goes out in the next 20 ms: speech, or a telephone-event.
type frame struct {
	event  bool
	marker bool
	back   uint32 // samples since the event began
	body   []byte // of speech: 16-bit samples, little-endian
}

func openMedia(a netip.Addr) (*media, error) {
	conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(a, 0)))
	if err != nil {
		return nil, fmt.Errorf("opening a port for RTP on %s: %w", a, err)
	}
	return &media{conn: conn, stop: make(chan struct{}), codec: pcma, send: true,
		seq: 1, timestamp: 160, source: binary.BigEndian.Uint32([]byte(randomHex(4)))}, nil
}

func (m *media) port() int { return m.conn.LocalAddr().(*net.UDPAddr).Port }

// run talks and listens until close.
func (m *media) run(f *Fleet) {
	f.readers.Go(m.listen)
	f.readers.Go(func() {
		tick := time.NewTicker(frameTime)
		defer tick.Stop()
		for {
			select {
			case <-m.stop:
				return
			case <-tick.C:
				m.talk()
			}
		}
	})
}

func (m *media) close() {
	close(m.stop)
	m.conn.Close()
}

// agree takes what the two descriptions have come to.
func (m *media) agree(d description, sending bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.to, m.codec, m.events, m.send = d.at, d.codec, d.events, sending
}

func (m *media) talk() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.timestamp += frameSamples
	if !m.send || !m.to.IsValid() {
		return
	}
	o := frame{}
	if len(m.queue) > 0 {
		o, m.queue = m.queue[0], m.queue[1:]
	}
	b := make([]byte, 12, 12+frameSamples)
	b[0], b[1] = 0x80, m.codec
	if o.event {
		b[1] = m.events
	}
	if o.marker {
		b[1] |= 0x80
	}
	binary.BigEndian.PutUint16(b[2:], m.seq)
	binary.BigEndian.PutUint32(b[4:], m.timestamp-o.back)
	binary.BigEndian.PutUint32(b[8:], m.source)
	m.seq++
	switch {
	case o.event:
		b = append(b, o.body...)
	case o.body != nil:
		for i := 0; i < len(o.body); i += 2 {
			b = append(b, encodeSample(m.codec, int16(binary.LittleEndian.Uint16(o.body[i:]))))
		}
	default:
		quiet := encodeSample(m.codec, 0)
		for range frameSamples {
			b = append(b, quiet)
		}
	}
	m.conn.WriteToUDPAddrPort(b, m.to) //nolint:errcheck // nobody listens there yet
}

func (m *media) listen() {
	b := make([]byte, 2048)
	for {
		n, _, err := m.conn.ReadFromUDPAddrPort(b)
		if err != nil {
			select {
			case <-m.stop:
				return
			default:
				continue // an ICMP answer to what we sent
			}
		}
		m.hear(b[:n])
	}
}

func (m *media) hear(b []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(b) < 12 || b[0] != 0x80 {
		return
	}
	kind, at := b[1]&0x7f, binary.BigEndian.Uint32(b[4:])
	if m.events != 0 && kind == m.events || kind == eventType {
		m.key(at, b[12:])
		return
	}
	if kind != pcmu && kind != pcma {
		return
	}
	m.packets++
	if len(m.heard) > mostHeard {
		return
	}
	for _, x := range b[12:] {
		m.heard = append(m.heard, decodeSample(kind, x))
	}
}

// key takes a telephone-event; its repetitions have the same timestamp.
func (m *media) key(at uint32, body []byte) {
	if len(body) < 4 || int(body[0]) >= len(codecOfEvent) || m.rung && m.event == at {
		return
	}
	m.rung, m.event = true, at
	m.digits.WriteByte(codecOfEvent[body[0]])
}

// press queues telephone-events: 100 ms each, the end three times, 80 ms between.
func (m *media) press(keys string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.events == 0 {
		return fmt.Errorf("the other side takes no telephone-events")
	}
	for _, k := range keys {
		event := strings.IndexRune(codecOfEvent, k)
		if event < 0 {
			return fmt.Errorf("the keypad has no %q", k)
		}
		for i := range 7 {
			length, flags := min(i+1, 5)*frameSamples, byte(10)
			if i >= 4 {
				flags |= 0x80
			}
			m.queue = append(m.queue, frame{event: true, marker: i == 0, back: uint32(i * frameSamples),
				body: []byte{byte(event), flags, byte(length >> 8), byte(length)}})
		}
		m.queue = append(m.queue, make([]frame, 4)...)
	}
	return nil
}

// speak queues samples.
func (m *media) speak(samples []int16) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for part := range slices.Chunk(samples, frameSamples) {
		body := make([]byte, 2*frameSamples)
		for i, x := range part {
			binary.LittleEndian.PutUint16(body[2*i:], uint16(x))
		}
		m.queue = append(m.queue, frame{body: body})
	}
}

// description is the other side's half of the sound.
type description struct {
	at        netip.AddrPort // invalid: it does not want to hear anything
	codec     byte
	events    byte
	direction string // "sendrecv", "sendonly", "recvonly", "inactive"
}

// readDescription takes the first audio stream (RFC 4566, RFC 3264).
func readDescription(sdp []byte) (d description, err error) {
	d.direction = "sendrecv"
	var host string
	port, codec, media := 0, -1, 0
	for _, l := range strings.Split(strings.ReplaceAll(string(sdp), "\r", ""), "\n") {
		f := strings.Fields(l)
		switch {
		case strings.HasPrefix(l, "m="):
			if media++; media > 1 || len(f) < 4 || f[0] != "m=audio" {
				continue
			}
			if port, err = strconv.Atoi(f[1]); err != nil || port < 0 || port > 65535 {
				return d, fmt.Errorf("%w: %q", errMalformed, l)
			}
			for _, x := range f[3:] {
				if n, _ := strconv.Atoi(x); codec < 0 && (x == "0" || x == "8") {
					codec = n
				}
			}
		case media > 1:
		case strings.HasPrefix(l, "c=IN IP4 ") && len(f) == 3:
			host = f[2]
		case strings.HasPrefix(l, "a=rtpmap:") && strings.Contains(strings.ToLower(l), " telephone-event/8000"):
			if n, err := strconv.Atoi(strings.TrimPrefix(f[0], "a=rtpmap:")); err == nil && n > 95 && n < 128 {
				d.events = byte(n)
			}
		case l == "a=sendonly" || l == "a=recvonly" || l == "a=inactive" || l == "a=sendrecv":
			d.direction = l[2:]
		}
	}
	a, err := netip.ParseAddr(host)
	if err != nil || codec < 0 {
		return d, fmt.Errorf("%w: a description without G.711 over IPv4", errMalformed)
	}
	d.codec = byte(codec)
	if port > 0 && !a.IsUnspecified() {
		d.at = netip.AddrPortFrom(a, uint16(port))
	}
	return d, nil
}
