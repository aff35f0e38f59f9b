package sip

import (
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"tischlein/internal/telephony"
)

func (p *phone) other(method, cseqMethod, branch, extra string) string {
	return fmt.Sprintf("%s sip:102@example.test SIP/2.0\r\nVia: SIP/2.0/%s %s;rport;branch=z9hG4bK%s\r\nMax-Forwards: 70\r\nFrom: <sip:alice@example.test>;tag=a\r\nTo: <sip:102@example.test>%s\r\nCall-ID: c-%s\r\nCSeq: 1 %s\r\nContact: <sip:alice@127.0.0.1>\r\nContent-Length: 0\r\n\r\n",
		method, strings.ToUpper(p.transport), p.conn.LocalAddr(), branch, extra, branch, cseqMethod)
}

func TestC12_WhatIsNotServedIsRefusedClearly(t *testing.T) {
	s := start(t, newHouse("alice"))
	for _, transport := range everyTransport {
		p := dialPhone(t, s, transport, "alice")
		for i, c := range []struct {
			method string
			status int
		}{
			{"SUBSCRIBE", 489}, {"PUBLISH", 489}, {"BYE", 481}, {"NOTIFY", 481}, {"CANCEL", 481},
			{"MESSAGE", 405}, {"REFER", 405}, {"INFO", 405}, {"UPDATE", 405}, {"FROBNICATE", 501},
		} {
			p.send(p.other(c.method, c.method, fmt.Sprintf("%s%d", transport, i), ""))
			m := p.read()
			if m.status != c.status || m.get("cseq") != "1 "+c.method || m.get("allow") != "REGISTER, OPTIONS" {
				t.Errorf("%s over %s: want %d, got\n%s", c.method, transport, c.status, m.raw)
			}
		}
		if m := p.options(); m.status != 200 || m.get("allow") == "" {
			t.Errorf("OPTIONS: %s", m.raw)
		}
	}
}

func TestC05_InviteGets501AndItsAckEndsIt(t *testing.T) {
	s := start(t, newHouse("alice"))
	for _, transport := range everyTransport {
		p := dialPhone(t, s, transport, "alice")
		p.send(p.other("INVITE", "INVITE", "inv"+transport, ""))
		m := p.read()
		for m.status == 100 {
			m = p.read()
		}
		want(t, m, 501)
		ack := p.other("ACK", "ACK", "inv"+transport, ";tag=x")
		p.send(strings.Replace(ack, "To: <sip:102@example.test>;tag=x", "To: "+m.get("to"), 1))
		for { // a retransmission of the 501 may have crossed the ACK; then OPTIONS is the last
			if m := p.options(); m.status == 200 {
				break
			}
		}
	}
}

// fakeCalls takes what the front gives it and answers it as it is told.
type fakeCalls struct {
	mu        sync.Mutex
	known     map[string]Request
	requests  []Request
	responses []Response
	again     int
	trunk     netip.Addr
	busy      string
	status    string // answered to each new request; "" leaves it open
}

func (c *fakeCalls) Again(key string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, ok := c.known[key]
	if ok {
		c.again++
		c.answer(r)
	}
	return ok
}

func (c *fakeCalls) Trunk(from netip.Addr) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.trunk == from
}
func (c *fakeCalls) Busy(user string) bool { c.mu.Lock(); defer c.mu.Unlock(); return c.busy == user }

func (c *fakeCalls) Request(r Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests = append(c.requests, r)
	if r.Method == "INVITE" {
		if c.known == nil {
			c.known = map[string]Request{}
		}
		c.known[r.Key] = r
		c.answer(r)
	}
}

func (c *fakeCalls) answer(r Request) {
	if c.status == "" {
		return
	}
	lines := strings.Split(string(r.Raw), "\r\n")
	out := "SIP/2.0 " + c.status + "\r\nVia: " + strings.Join(r.Via, "\r\nVia: ") + "\r\n"
	for _, l := range lines {
		for _, name := range []string{"From:", "To:", "Call-ID:", "CSeq:"} {
			if strings.HasPrefix(l, name) {
				out += l + "\r\n"
			}
		}
	}
	_ = r.Flow.Send([]byte(out + "Content-Length: 0\r\n\r\n"))
}

func (c *fakeCalls) Response(r Response) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.responses = append(c.responses, r)
}

func (c *fakeCalls) last(t *testing.T, n int) Request {
	t.Helper()
	eventually(t, "a request handed on", func() bool { c.mu.Lock(); defer c.mu.Unlock(); return len(c.requests) >= n })
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.requests[n-1]
}

// invite is an INVITE, with credentials once there is a nonce.
func (p *phone) invite(branch, extra string) string {
	raw := p.other("INVITE", "INVITE", branch, "")
	if p.nonce != "" {
		extra += strings.Replace(p.credentials("INVITE", "sip:102@example.test"), "Authorization", "Proxy-Authorization", 1)
	}
	return strings.Replace(raw, "Max-Forwards", extra+"Max-Forwards", 1)
}

func (p *phone) takeProxy(m msg) {
	p.t.Helper()
	p.nonce, p.nc = quoted(m.get("proxy-authenticate"), "nonce"), 0
	if p.nonce == "" {
		p.t.Fatalf("no challenge in %s", m.raw)
	}
}

func TestC02_AnInviteIsChallengedAsByAProxyAndHandedOnWithItsCredential(t *testing.T) {
	for _, transport := range everyTransport {
		t.Run(transport, func(t *testing.T) {
			c := &fakeCalls{status: "486 Busy Here"}
			s := start(t, newHouse("alice"), func(cfg *Config) { cfg.Calls = c })
			p := dialPhone(t, s, transport, "alice")
			p.send(p.invite("a1", ""))
			m := want(t, p.read(), 407)
			if m.get("www-authenticate") != "" {
				t.Errorf("two kinds of challenge: %s", m.raw)
			}
			p.takeProxy(m)
			p.send(strings.Replace(p.other("ACK", "ACK", "a1", ""), "To: <sip:102@example.test>", "To: "+m.get("to"), 1))
			again := p.invite("a2", "")
			p.send(again)
			want(t, p.read(), 486)
			r := c.last(t, 2) // the first is the ACK
			if r.Credential == nil || r.Credential.ChannelID != "ch-alice" || r.Unjudged || r.Method != "INVITE" || r.InCall || len(r.Via) != 1 ||
				r.Flow.Transport() != transport || r.Flow.Peer().String() != p.conn.LocalAddr().String() || !r.Flow.Alive() {
				t.Errorf("handed on: %+v", r)
			}
			p.send(again) // the same nonce count: a transaction absorbs it before the digest
			want(t, p.read(), 486)
			c.mu.Lock()
			if c.again != 1 || len(c.requests) != 2 {
				t.Errorf("%d repetitions absorbed, %d requests", c.again, len(c.requests))
			}
			c.mu.Unlock()
			replay := strings.Replace(again, "branch=z9hG4bKa2", "branch=z9hG4bKa3", 1)
			p.send(replay) // the same credentials in another transaction
			if m := want(t, p.read(), 407); !strings.Contains(m.raw, "stale=true") {
				t.Errorf("a replay: %s", m.raw)
			}
			p.secret = "guess"
			p.send(p.invite("a4", ""))
			want(t, p.read(), 407)
		})
	}
}

func TestP14_ThePreviousSecretServesForCalls(t *testing.T) {
	h, c := newHouse("alice"), &fakeCalls{status: "486 Busy Here"}
	h.change("alice", func(k *Credential) {
		k.HA1 = []HA1{NewHA1("alice", testRealm, "new"), NewHA1("alice", testRealm, "secret-alice")}
	})
	s := start(t, h, func(cfg *Config) { cfg.Calls = c })
	p := dialPhone(t, s, "udp", "alice")
	p.send(p.invite("p1", ""))
	p.takeProxy(want(t, p.read(), 407))
	p.send(p.invite("p2", ""))
	want(t, p.read(), 486)
}

func TestC11_AnAddressThatNobodyCanJudgeStopsNoInvite(t *testing.T) {
	h, c := newHouse("alice"), &fakeCalls{status: "486 Busy Here"}
	h.contactErr = errDisk
	s := start(t, h, func(cfg *Config) { cfg.Calls = c })
	p := dialPhone(t, s, "udp", "alice")
	p.send(p.invite("j1", ""))
	p.takeProxy(want(t, p.read(), 407))
	p.send(p.invite("j2", ""))
	want(t, p.read(), 486)
	if r := c.last(t, 1); !r.Unjudged || r.Credential == nil {
		t.Errorf("handed on as %+v", r)
	}
}

func TestC10_ATrunksAddressNeedsNoDigest(t *testing.T) {
	c := &fakeCalls{status: "486 Busy Here", trunk: netip.MustParseAddr("127.0.0.1")}
	s := start(t, newHouse("alice"), func(cfg *Config) { cfg.Calls = c })
	p := dialPhone(t, s, "udp", "alice")
	p.send(p.invite("t1", ""))
	want(t, p.read(), 486)
	if r := c.last(t, 1); r.Credential != nil {
		t.Errorf("handed on as %+v", r)
	}
	phone := dialPhone(t, s, "udp", "alice") // a phone of ours behind the same address
	want(t, phone.register(300), 200)
	want(t, phone.options(), 200)
	p.send(p.invite("t2", ""))
	phone.nonce = ""
	want(t, p.read(), 407)
	for method, status := range map[string]int{"PUBLISH": 489, "MESSAGE": 405, "FROBNICATE": 501} {
		p.send(p.other(method, method, "t"+method, ""))
		if m := want(t, p.read(), status); !strings.HasPrefix(m.get("allow"), "INVITE, ACK") {
			t.Errorf("Allow: %q", m.get("allow"))
		}
	}
}

func TestC09_WhatIsInsideACallIsHandedOnAsItIs(t *testing.T) {
	c := &fakeCalls{}
	s := start(t, newHouse("alice"), func(cfg *Config) { cfg.Calls = c })
	p := dialPhone(t, s, "tcp", "alice")
	for i, method := range []string{"BYE", "INFO", "ACK", "CANCEL", "FROBNICATE"} {
		p.send(p.other(method, method, "in"+method, ";tag=b"))
		if r := c.last(t, i+1); r.Method != method || !r.InCall || r.Credential != nil {
			t.Errorf("%s: %+v", method, r)
		}
	}
	p.send("SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKtcours\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n")
	eventually(t, "a response handed on", func() bool { c.mu.Lock(); defer c.mu.Unlock(); return len(c.responses) == 1 })
	c.mu.Lock()
	defer c.mu.Unlock()
	if r := c.responses[0]; r.Branch != "z9hG4bKtcours" || r.Method != "INVITE" || r.Status != 200 {
		t.Errorf("%+v", r)
	}
}

func TestD04_NoPushWhileADeviceIsInACall(t *testing.T) {
	c := &fakeCalls{busy: "alice"}
	s := start(t, newHouse("alice"), func(cfg *Config) { cfg.Calls = c })
	p := dialPhone(t, s, "udp", "alice")
	want(t, p.register(300), 200)
	if r := s.Notify(t.Context(), telephony.Push{SIPUsers: []string{"other", "alice"}, Event: "check-sync"}); r.Outcome != telephony.PushBusy {
		t.Errorf("%+v", r)
	}
	c.mu.Lock()
	c.busy = ""
	c.mu.Unlock()
	result := push(s, "alice")
	p.answer(p.read(), "200 OK", "")
	if r := <-result; r.Outcome != telephony.PushAnswered {
		t.Errorf("%+v", r)
	}
}

func TestC10_ATrunkDoesNotRegister(t *testing.T) {
	h := newHouse("alice")
	h.change("alice", func(k *Credential) { k.ChannelID, k.TrunkID = "", "t1" })
	s := start(t, h)
	p := dialPhone(t, s, "udp", "alice")
	want(t, p.register(300), 403)
}

func TestC04_RouteIsTheFlowThePhoneRegisteredOn(t *testing.T) {
	s := start(t, newHouse("alice", "bob"))
	for _, transport := range []string{"udp", "tcp"} {
		p := dialPhone(t, s, transport, "alice")
		p.callID = "r-" + transport
		want(t, p.register(300), 200)
		r, ok := s.Route("alice")
		if !ok || r.ChannelID != "ch-alice" || r.Contact != p.contactURI() || r.CallID != p.callID || r.Flow.Transport() != transport {
			t.Fatalf("%v %+v", ok, r)
		}
		if err := r.Flow.Send([]byte("OPTIONS x")); err != nil {
			t.Error(err)
		}
		if transport == "tcp" {
			p.conn.Close()
			<-r.Flow.Gone()
			if _, ok := s.Route("alice"); ok {
				t.Error("a route over a closed connection")
			}
		}
	}
	if _, ok := s.Route("bob"); ok {
		t.Error("a route to who never registered")
	}
	f, ok := s.To(netip.MustParseAddrPort("127.0.0.1:9"), "")
	if !ok || f.Transport() != "udp" || f.Local() != s.Addrs()["udp"][0] || s.Advertised(f) != f.Local() {
		t.Errorf("%v %s %s", ok, f.Local(), s.Advertised(f))
	}
}
