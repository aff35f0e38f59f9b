package voice

import (
	"net"
	"net/netip"
	"testing"
	"time"
)

// One frame of one session: a packet read, a packet sent, over loopback.
func BenchmarkFrame(b *testing.B) {
	phone, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = phone.Close() }()
	e := &Engine{conf: Config{Most: 1, NoMedia: time.Hour}, names: newNames("off")} // without a pacer
	offer := head + "c=IN IP4 127.0.0.1\r\nm=audio " + port16(portOf(phone)) + " RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n"
	s, _, err := e.Answer([]byte(offer), phoneAt4)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	raw, err := phone.SyscallConn()
	if err != nil {
		b.Fatal(err)
	}
	ours, theirs, to := newPort(), newPort(), sockaddrOf(netip.AddrPortFrom(phoneAt4.Host, s.port))
	packet, clips := make([]byte, packetBytes), Say("de", HereOrBoth, HereOrBoth)
	b.ReportAllocs()
	for i := range b.N {
		if i%500 == 0 {
			s.Play(clips...)
		}
		putHeader(packet, false, 0, uint16(i), uint32(i*frameBytes), 7)
		if !theirs.write(raw, packet, to) {
			b.Fatal(theirs.err)
		}
		s.step(ours, time.Now(), i)
		if _, _, ok := theirs.read(raw); !ok && i > 0 {
			b.Fatal("nothing came")
		}
	}
}
