package main

import (
	"encoding/binary"
	"fmt"
	"net"
	"strings"
	"syscall"
	"time"
)

// phone is one telephone in one dialogue after another.
type phone struct {
	id        int
	conn      *net.UDPConn
	raw       syscall.RawConn
	dialled   bool
	to        syscall.Sockaddr
	ended     string
	measuring bool

	packet    [172]byte
	seq       uint16
	timestamp uint32
	turns     int // since it was answered

	any     bool
	first   uint32 // timestamp of the first packet heard
	last    uint16
	arrived int64 // ns, of the first packet
	offsets []int32
	speech  int
	missing int
}

func newPhone(id int) (*phone, error) {
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	p := &phone{id: id, conn: c}
	if p.raw, err = c.SyscallConn(); err != nil {
		return nil, err
	}
	return p, stampArrivals(p.raw)
}

func (p *phone) begin(measuring bool, io *socketIO) {
	for ok := true; ok; { // what is left of the dialogue before
		_, _, ok = io.read(p.raw)
	}
	p.dialled, p.measuring, p.to, p.turns, p.any, p.speech, p.missing = true, measuring, nil, 0, false, 0, 0
}

func (p *phone) offer() string {
	return fmt.Sprintf("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio %d RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n",
		p.conn.LocalAddr().(*net.UDPAddr).Port)
}

func (p *phone) take(answer string) error {
	_, line, _ := strings.Cut(answer, "m=audio ")
	var port int
	if _, err := fmt.Sscan(line, &port); err != nil || port == 0 {
		return fmt.Errorf("answer %q", answer)
	}
	p.to = &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}, Port: port}
	return nil
}

// keyAt is what is typed, and when: after each question has been listened to.
// Phones do not type all at the same moment of their dialogue.
func (p *phone) keyAt(turn int) (key byte, part int, ok bool) {
	for _, g := range []struct {
		from time.Duration
		keys string
	}{{6 * time.Second, number + "#"}, {14 * time.Second, pin + "#"}} {
		n := turn - int((g.from+time.Duration(p.id%1000)*time.Millisecond)/frame)
		if n >= 0 && n < 10*len(g.keys) { // 200 ms a key
			return g.keys[n/10], n % 10, n%10 < 7
		}
	}
	return 0, 0, false
}

// speak sends 20 ms: silence, or a key as seven packets, the last three its end.
func (p *phone) speak(io *socketIO) {
	b := p.packet[:]
	key, part, typing := p.keyAt(p.turns)
	b[0], b[1] = 0x80, 8
	binary.BigEndian.PutUint16(b[2:], p.seq)
	binary.BigEndian.PutUint32(b[4:], p.timestamp)
	binary.BigEndian.PutUint32(b[8:], uint32(p.id)+1)
	if typing {
		b = b[:16]
		b[1], b[12], b[13] = 101, byte(strings.IndexByte("0123456789*#", key)), 10
		if part >= 4 {
			b[13] |= 0x80
		}
		binary.BigEndian.PutUint16(b[14:], uint16(min(part+1, 5)*160))
		binary.BigEndian.PutUint32(b[4:], p.timestamp-uint32(part*160))
	} else {
		for i := range b[12:] {
			b[12+i] = 0xd5
		}
	}
	io.write(p.raw, b, p.to)
	p.seq++
	p.timestamp += 160
	p.turns++
}

// hear notes when each packet came, against the first: by the kernel's clock, so
// that it does not matter when the phone looks.
func (p *phone) hear(io *socketIO) {
	for {
		b, at, ok := io.read(p.raw)
		if !ok {
			return
		}
		if len(b) != 172 || b[0] != 0x80 || b[1]&0x7f != 8 {
			p.missing++
			continue
		}
		seq, timestamp := binary.BigEndian.Uint16(b[2:]), binary.BigEndian.Uint32(b[4:])
		if !p.any {
			p.any, p.first, p.arrived, p.last = true, timestamp, at, seq-1
		}
		p.missing += int(seq - p.last - 1)
		p.last = seq
		due := p.arrived + int64(timestamp-p.first)*int64(time.Second)/8000
		p.offsets = append(p.offsets, int32((at-due)/1000))
		if b[12] != 0xd5 || b[90] != 0xd5 || b[171] != 0xd5 {
			p.speech++
		}
	}
}
