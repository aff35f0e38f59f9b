package call

import (
	"fmt"
	"net"
	"strings"
	"testing"

	"tischlein/internal/telephony"
)

// BenchmarkCall is a whole call, set up, answered and ended, between two phones
// at one server: what Q12 counts, with the phones' own work in it. The caller is
// a trunk's, so that no digest is measured.
func BenchmarkCall(b *testing.B) {
	h := newHouse()
	h.seat("102", "Bernd", "ch-bob")
	s := start(b, h, func(c *Config) { c.ChannelPerMinute = 1 << 30 })
	bob := s.registered("udp", "bob")
	h.with(func() {
		h.trunks = []telephony.Trunk{{ID: "t1", Sources: prefix("127.0.0.1/32")}}
		h.inbound["t1 102"] = telephony.CallPlan{Kind: telephony.CallExtension, Callee: telephony.Party{Number: "102"}, Rings: []telephony.Ring{{ChannelID: "ch-bob", SIPUser: "bob"}}}
	})
	if err := s.calls.TrunksChanged(b.Context()); err != nil {
		b.Fatal(err)
	}
	_ = bob.conn.(*net.UDPConn).SetReadDeadline(past)
	<-bob.done // from here on its socket is ours
	_ = bob.conn.(*net.UDPConn).SetReadDeadline(never)
	c, err := net.Dial("udp", s.sip.Addrs()["udp"][0])
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	buf := make([]byte, 65535)
	next := func(conn net.Conn, what string) string {
		for {
			n, err := conn.Read(buf)
			if err != nil {
				b.Fatal(err)
			}
			if raw := string(buf[:n]); strings.HasPrefix(raw, what) {
				return raw
			}
		}
	}
	header := func(raw, name string) string {
		_, rest, _ := strings.Cut(raw, "\r\n"+name+": ")
		v, _, _ := strings.Cut(rest, "\r\n")
		return v
	}
	reply := func(raw, code, tag string) {
		fmt.Fprintf(bob.conn, "SIP/2.0 %s\r\nVia: %s\r\nFrom: %s\r\nTo: %s%s\r\nCall-ID: %s\r\nCSeq: %s\r\nContact: <sip:bob@%s>\r\nContent-Length: 0\r\n\r\n",
			code, header(raw, "Via"), header(raw, "From"), header(raw, "To"), tag, header(raw, "Call-ID"), header(raw, "CSeq"), bob.conn.LocalAddr())
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n++
		send := func(method, uri, to string, cseq int) {
			fmt.Fprintf(c, "%s %s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%s%d\r\nMax-Forwards: 70\r\nFrom: <sip:+49551@peer>;tag=f%d\r\nTo: %s\r\nCall-ID: c%d@peer\r\nCSeq: %d %s\r\nContact: <sip:+49551@%s>\r\nContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s",
				method, uri, c.LocalAddr(), method, n, n, to, n, cseq, method, c.LocalAddr(), len(offer), offer)
		}
		send("INVITE", "sip:102@h", "<sip:102@h>", 1)
		in := next(bob.conn, "INVITE")
		reply(in, "180 Ringing", ";tag=b")
		next(c, "SIP/2.0 180")
		reply(in, "200 OK", ";tag=b")
		ok := next(c, "SIP/2.0 200")
		target := strings.Trim(header(ok, "Contact"), "<>")
		send("ACK", target, header(ok, "To"), 1)
		next(bob.conn, "ACK")
		send("BYE", target, header(ok, "To"), 2)
		reply(next(bob.conn, "BYE"), "200 OK", "")
		next(c, "SIP/2.0 200")
	}
}
