package sip

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"

	"tischlein/internal/sip/wire"
)

func fuzzSeeds(f *testing.F) {
	for _, c := range torture {
		f.Add([]byte(strings.ReplaceAll(c.raw, "\n", "\r\n")))
	}
	p := phone{transport: "udp", user: "alice", callID: "c", contact: "sip:alice@192.0.2.1", nonce: "00", conn: nil}
	f.Add([]byte("REGISTER sip:example.test SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK\r\n" + "From: <sip:a@example.test>;tag=1\r\nTo: <sip:a@example.test>\r\nCall-ID: c\r\nCSeq: 1 REGISTER\r\n" + p.credentials("REGISTER", "sip:example.test") + "\r\n"))
}

// FuzzC14_Message serves anything as if it came by UDP: no panic, and an answer,
// if there is one, is one message of ours with nothing slipped in.
func FuzzC14_Message(f *testing.F) {
	fuzzSeeds(f)
	s := bare(newHouse("alice"))
	fl := flow{peer: netip.MustParseAddrPort("192.0.2.9:5060"), udp: &udpListener{local: "127.0.0.1:5060"}}
	s.cfg.Calls = &fakeCalls{}
	f.Fuzz(func(t *testing.T, b []byte) {
		w := s.newWorker(true)
		w.tick()
		w.datagram(&fl, bytes.Clone(b))
		for _, o := range w.outs {
			out := w.arena[o.start:o.end]
			if len(out) <= 2 || out[0] < 4 { // pong, STUN
				continue
			}
			head, rest, ok := bytes.Cut(out, wire.BlankLine)
			if !bytes.HasPrefix(out, []byte("SIP/2.0 ")) || !ok || len(rest) > 0 {
				t.Fatalf("answer %q to %q", out, b)
			}
			for _, line := range bytes.Split(head, wire.CRLF) {
				if bytes.ContainsAny(line, "\r\n") {
					t.Fatalf("line %q in an answer to %q", line, b)
				}
			}
		}
	})
}

func FuzzC14_STUN(f *testing.F) {
	f.Add([]byte("\x00\x01\x00\x08\x21\x12\xa4\x420123456789ab\x80\x28\x00\x04abcd"))
	s := bare(newHouse())
	fl := flow{peer: netip.MustParseAddrPort("[2001:db8::1]:5060"), udp: &udpListener{}}
	f.Fuzz(func(t *testing.T, b []byte) {
		w := s.newWorker(true)
		if len(b) >= stunHeader && w.stun(&fl, b) && len(w.arena)%4 != 0 {
			t.Errorf("answer of %d bytes", len(w.arena))
		}
	})
}
