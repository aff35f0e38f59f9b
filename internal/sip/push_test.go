package sip

import (
	"context"
	"strings"
	"testing"

	"tischlein/internal/telephony"
)

func push(s *Server, users ...string) <-chan telephony.PushResult {
	out := make(chan telephony.PushResult, 1)
	go func() {
		out <- s.Notify(context.Background(), telephony.Push{SIPUsers: users, Event: "check-sync;reboot=false"})
	}()
	return out
}

func TestC05_NotifyDownTheFlow(t *testing.T) {
	for _, transport := range everyTransport {
		t.Run(transport, func(t *testing.T) {
			h := newHouse("alice", "bob", "carol")
			s := start(t, h)
			// Three phones behind one address: each must get its own (P09).
			for _, u := range []string{"alice", "bob", "carol"} {
				p := dialPhone(t, s, transport, u)
				p.contact = "sip:" + u + "@192.0.2.1:5060" // a private address nobody could reach
				want(t, p.register(300), 200)
				result := push(s, u)
				m := p.read()
				for name, v := range map[string]string{
					"event": "check-sync;reboot=false", "subscription-state": "terminated", "content-length": "0",
					"max-forwards": "70", "to": "<sip:" + u + "@example.test>",
				} {
					if m.get(name) != v {
						t.Errorf("%s: %q, want %q", name, m.get(name), v)
					}
				}
				if m.first != "NOTIFY sip:"+u+"@192.0.2.1:5060 SIP/2.0" || !strings.HasPrefix(m.get("from"), "<sip:"+u+"@example.test>;tag=") || m.get("contact") == "" {
					t.Errorf("NOTIFY:\n%s", m.raw)
				}
				if !strings.HasPrefix(m.get("via"), "SIP/2.0/"+strings.ToUpper(transport)+" 127.0.0.1:") {
					t.Errorf("Via: %s", m.get("via"))
				}
				p.answer(m, "200 OK", "")
				if r := <-result; r.Outcome != telephony.PushAnswered || r.Status != 200 {
					t.Errorf("result: %+v", r)
				}
			}
		})
	}
}

func TestC05_Outcomes(t *testing.T) {
	h := newHouse("alice", "bob")
	s := start(t, h)
	if r := <-push(s, "alice"); r.Outcome != telephony.PushUnregistered {
		t.Errorf("no binding: %+v", r)
	}
	p := dialPhone(t, s, "udp", "alice")
	want(t, p.register(300), 200)
	for code, outcome := range map[string]telephony.PushOutcome{
		"202 Accepted": telephony.PushAnswered, "481 Subscription Does Not Exist": telephony.PushUnsupported,
		"489 Bad Event": telephony.PushUnsupported, "501 Not Implemented": telephony.PushUnsupported,
		"405 Method Not Allowed": telephony.PushUnsupported, "408 Timeout": telephony.PushUnreachable,
		"430 Flow Failed": telephony.PushUnreachable, "486 Busy Here": telephony.PushRefused,
	} {
		result := push(s, "bob", "alice") // bob is not registered: the next AOR is tried
		m := p.read()
		p.answer(m, "100 Trying", "")
		p.answer(m, code, "")
		if r := <-result; r.Outcome != outcome || code[:3] != itoa(r.Status) {
			t.Errorf("%s: %+v, want %s", code, r, outcome)
		}
	}
	result := push(s, "alice")
	m := p.read()
	if again := p.read(); again.raw != m.raw { // Timer E
		t.Errorf("retransmission differs:\n%s\n%s", m.raw, again.raw)
	}
	if r := <-result; r.Outcome != telephony.PushUnreachable || r.Status != 408 { // Timer F
		t.Errorf("silence: %+v", r)
	}
	if r := s.Notify(context.Background(), telephony.Push{SIPUsers: []string{"alice"}, Event: "x\r\nEvil: 1"}); r.Outcome != telephony.PushRefused {
		t.Errorf("header injection: %+v", r)
	}
}

func itoa(n int) string {
	return string([]byte{byte('0' + n/100), byte('0' + n/10%10), byte('0' + n%10)})
}

func TestC05_LostConnectionIsUnreachable(t *testing.T) {
	h := newHouse("alice")
	s := start(t, h)
	p := dialPhone(t, s, "tcp", "alice")
	want(t, p.register(300), 200)
	result := push(s, "alice")
	p.read()
	p.conn.Close() // while the NOTIFY waits for its answer
	if r := <-result; r.Outcome != telephony.PushUnreachable {
		t.Errorf("result: %+v", r)
	}
	if r := <-push(s, "alice"); r.Outcome != telephony.PushUnreachable {
		t.Errorf("after it: %+v", r)
	}
}

func TestC05_ChallengeAnsweredOnce(t *testing.T) {
	for _, c := range []struct{ code, ask, give string }{
		{"401 Unauthorized", "WWW-Authenticate", "authorization"},
		{"407 Proxy Authentication Required", "Proxy-Authenticate", "proxy-authorization"},
	} {
		h := newHouse("alice")
		s := start(t, h)
		p := dialPhone(t, s, "udp", "alice")
		want(t, p.register(300), 200)
		result := push(s, "alice")
		challenge := c.ask + `: Digest realm="example.test", nonce="abc", qop="auth", algorithm=MD5, opaque="o"` + "\r\n"
		p.answer(p.read(), c.code, challenge)
		m := p.read()
		a := m.get(c.give)
		uri, nc := quoted(a, "uri"), "00000001"
		ha1 := hashHex(false, "alice:example.test:secret-alice")
		if wantResponse := hashHex(false, strings.Join([]string{ha1, "abc", nc, quoted(a, "cnonce"), "auth", hashHex(false, "NOTIFY:"+uri)}, ":")); quoted(a, "response") != wantResponse {
			t.Fatalf("credentials: %s", a)
		}
		if m.get("cseq") != "2 NOTIFY" {
			t.Errorf("CSeq %s", m.get("cseq"))
		}
		p.answer(m, c.code, challenge) // and again: now it stays refused
		if r := <-result; r.Outcome != telephony.PushRefused {
			t.Errorf("result: %+v", r)
		}

		result = push(s, "alice")
		p.answer(p.read(), c.code, c.ask+`: Digest realm="elsewhere", nonce="abc"`+"\r\n")
		if r := <-result; r.Outcome != telephony.PushRefused {
			t.Errorf("foreign realm, and nobody to ask: %+v", r)
		}
	}
}

func TestC06_DisplayNameReachesTheHouse(t *testing.T) {
	h := newHouse("alice")
	s := start(t, h)
	p := dialPhone(t, s, "udp", "alice")
	want(t, p.register(300), 200)
	raw := strings.ReplaceAll(p.request(300, ""), `"Desk 12"`, `"Erika Mustermann 101"`)
	p.send(raw)
	want(t, p.read(), 200)
	h.see(t, "the new display name", func() bool {
		// Two workers tell of the two: the first may come last.
		return len(h.registered) == 2 && (h.registered[0].Display == "Erika Mustermann 101" || h.registered[1].Display == "Erika Mustermann 101")
	})
}
