package wire

import (
	"bytes"
	"strings"
	"testing"
)

func FuzzC14_Contact(f *testing.F) {
	for _, v := range []string{"*", "<sip:a@b>;expires=3", "\"A, B\" <sip:a@b>, <sip:c@d>;expires=0", `sip:a@[::1]:5060;+sip.instance="<urn:uuid:1>"`, "<sips:%00@h?Route=x>;q=0.1"} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v string) {
		var m Message
		m.Contact[0], m.Contacts = []byte(v), 1
		c, status, _ := m.ParseContacts(300)
		if status != 0 || c.Star {
			return
		}
		if !c.URI.SIP() || len(c.URI.Host) == 0 || !Printable(c.URI.Raw) || bytes.ContainsAny(c.URI.Raw, "<>\"") {
			t.Errorf("%q gave %q", v, c.URI.Raw)
		}
	})
}

func FuzzC14_Digest(f *testing.F) {
	f.Add(`Digest username="a", realm="r", nonce="n", uri="sip:r", response="0123456789abcdef0123456789abcdef", qop=auth, nc=00000001, cnonce="c"`)
	f.Add(`digest  username=a,realm="a,b",nonce="",response=x`)
	f.Fuzz(func(t *testing.T, v string) {
		a, ok, bad := ParseAuthorization([]byte(v))
		if ok && !bad {
			for _, part := range [][]byte{a.Username, a.Realm, a.Nonce, a.URI, a.Response, a.CNonce} {
				if !Quotable(part) {
					t.Errorf("%q gave %q", v, part)
				}
			}
			if len(a.QOP) > 0 && a.Count == 0 {
				t.Errorf("%q: nc 0 accepted", v)
			}
		}
		ParseChallenge([]byte(v))
	})
}

func FuzzC14_AOR(f *testing.F) {
	for _, v := range []string{"sip:a@b", "\"A\\\"\" <sip:a%41@[2001:db8::1]:5061;transport=tls>;tag=1", "tel:+49", "<sip:@x>", "A B <sips:x>"} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v string) {
		n, ok := ParseNameAddr([]byte(v))
		if !ok {
			return
		}
		if user, ok := Unescape(n.URI.User); ok && len(user) > len(n.URI.User) {
			t.Errorf("%q grew to %q", n.URI.User, user)
		}
		if again, ok := ParseURI(n.URI.Raw); !ok || !bytes.Equal(again.User, n.URI.User) {
			t.Errorf("%q read twice: %q, %q", v, n.URI.User, again.User)
		}
		Param(n.Params, "tag")
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
			skip, n, _, err := Frame(b[at:have], 200, 100)
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
