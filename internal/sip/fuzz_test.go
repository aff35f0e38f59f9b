package sip

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"
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
	fl.udp.calls = newHandoffPacketConn(fl.udp)
	f.Fuzz(func(t *testing.T, b []byte) {
		w := s.newWorker(true)
		w.tick()
		w.datagram(&fl, bytes.Clone(b))
		for len(fl.udp.calls.in) > 0 {
			<-fl.udp.calls.in
		}
		for _, o := range w.outs {
			out := w.arena[o.start:o.end]
			if len(out) <= 2 || out[0] < 4 { // pong, STUN
				continue
			}
			head, rest, ok := bytes.Cut(out, crlfcrlf)
			if !bytes.HasPrefix(out, []byte("SIP/2.0 ")) || !ok || len(rest) > 0 {
				t.Fatalf("answer %q to %q", out, b)
			}
			for _, line := range bytes.Split(head, crlf) {
				if bytes.ContainsAny(line, "\r\n") {
					t.Fatalf("line %q in an answer to %q", line, b)
				}
			}
		}
	})
}

func FuzzC14_Contact(f *testing.F) {
	for _, v := range []string{"*", "<sip:a@b>;expires=3", "\"A, B\" <sip:a@b>, <sip:c@d>;expires=0", `sip:a@[::1]:5060;+sip.instance="<urn:uuid:1>"`, "<sips:%00@h?Route=x>;q=0.1"} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v string) {
		var m message
		m.contact[0], m.contacts = []byte(v), 1
		c, status, _ := m.parseContacts(300)
		if status != 0 || c.star {
			return
		}
		if !c.uri.sip() || len(c.uri.host) == 0 || !printable(c.uri.raw) || bytes.ContainsAny(c.uri.raw, "<>\"") {
			t.Errorf("%q gave %q", v, c.uri.raw)
		}
	})
}

func FuzzC14_Digest(f *testing.F) {
	f.Add(`Digest username="a", realm="r", nonce="n", uri="sip:r", response="0123456789abcdef0123456789abcdef", qop=auth, nc=00000001, cnonce="c"`)
	f.Add(`digest  username=a,realm="a,b",nonce="",response=x`)
	f.Fuzz(func(t *testing.T, v string) {
		a, ok, bad := parseDigest([]byte(v))
		if ok && !bad {
			for _, part := range [][]byte{a.username, a.realm, a.nonce, a.uri, a.response, a.cnonce} {
				if !quotable(part) {
					t.Errorf("%q gave %q", v, part)
				}
			}
			if len(a.qop) > 0 && a.count == 0 {
				t.Errorf("%q: nc 0 accepted", v)
			}
		}
		parseChallenge([]byte(v))
	})
}

func FuzzC14_AOR(f *testing.F) {
	for _, v := range []string{"sip:a@b", "\"A\\\"\" <sip:a%41@[2001:db8::1]:5061;transport=tls>;tag=1", "tel:+49", "<sip:@x>", "A B <sips:x>"} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v string) {
		n, ok := parseNameAddr([]byte(v))
		if !ok {
			return
		}
		if user, ok := unescape(n.uri.user); ok && len(user) > len(n.uri.user) {
			t.Errorf("%q grew to %q", n.uri.user, user)
		}
		if again, ok := parseURI(n.uri.raw); !ok || !bytes.Equal(again.user, n.uri.user) {
			t.Errorf("%q read twice: %q, %q", v, n.uri.user, again.user)
		}
		param(n.params, "tag")
	})
}

// FuzzC14_Frame: however a stream is cut into reads, the same messages come out.
func FuzzC14_Frame(f *testing.F) {
	f.Add([]byte("\r\n\r\nOPTIONS sip:x SIP/2.0\r\nl: 3\r\n\r\nabcREGISTER x y\r\n\r\n"), 3)
	f.Add([]byte("X\r\nContent-Length: 99999\r\n\r\n"), 1)
	f.Fuzz(func(t *testing.T, b []byte, step int) {
		whole := frames(b, len(b))
		if step > 0 && step < len(b) {
			if cut := frames(b, step); strings.Join(cut, "|") != strings.Join(whole, "|") {
				t.Errorf("%q in steps of %d: %q, at once %q", b, step, cut, whole)
			}
		}
	})
}

func frames(b []byte, step int) (out []string) {
	at := 0
	for have := 0; have < len(b); {
		have = min(have+step, len(b))
		for at < have {
			skip, n, _, err := frame(b[at:have], 200, 100)
			if err != nil {
				return out // a connection ends here, sooner or later
			}
			at += skip
			if n == 0 {
				break
			}
			if n > have-at {
				return append(out, "beyond the end")
			}
			out = append(out, string(b[at:at+n]))
			at += n
		}
	}
	return out
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
