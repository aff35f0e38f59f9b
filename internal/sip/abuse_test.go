package sip

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestC14_ScannersGetNoAnswer(t *testing.T) {
	s := start(t, newHouse("alice"))
	p := dialPhone(t, s, "udp", "alice")
	for _, agent := range []string{"friendly-scanner", "SIPVicious 0.3", "sipcli/v1.8"} {
		p.agent = agent
		p.send(p.request(300, ""))
	}
	p.send(strings.Replace(p.other("INVITE", "INVITE", "scan", ""), "Contact", "User-Agent: friendly-scanner\r\nContact", 1))
	if m := p.options(); !strings.HasSuffix(m.get("cseq"), "OPTIONS") {
		t.Errorf("a scanner was answered: %s", m.raw)
	}
	if n := s.Stats().Scanners; n != 4 {
		t.Errorf("%d counted", n)
	}
}

func TestC14_FailuresAreLimitedAndTheGoodServed(t *testing.T) {
	h := newHouse("alice", "bob")
	s := start(t, h, func(c *Config) { c.Limits.Failures = 5; c.Now = newClock().now })
	bad := dialPhone(t, s, "udp", "alice")
	bad.secret = "guess"
	bad.send(bad.request(300, ""))
	bad.take(bad.read())
	answered := 0
	for range 20 {
		bad.send(bad.request(300, ""))
	}
	for {
		m := bad.options()
		if strings.HasSuffix(m.get("cseq"), "OPTIONS") {
			break
		}
		answered++
	}
	// The answers that OPTIONS overtook are counted by the server itself.
	eventually(t, "20 wrong digests", func() bool { return s.Stats().WrongDigest == 20 })
	if st := s.Stats(); st.Limited != 15 || answered > 5 {
		t.Errorf("limited %d, answered %d", st.Limited, answered)
	}
	h.see(t, "shown, but not 20 times", func() bool { return len(h.refusals) == 5 && h.refusals[0].Reason == RefusedDigest })
	for _, user := range []string{"alice", "bob"} { // the same address, the right secret
		good := dialPhone(t, s, "udp", user)
		good.callID = "good-" + user
		want(t, good.register(300), 200)
	}
	broken := dialPhone(t, s, "udp", "x")
	broken.send(strings.Replace(broken.request(300, ""), "CSeq: 1 REGISTER", "CSeq: x REGISTER", 1))
	if m := broken.options(); !strings.HasSuffix(m.get("cseq"), "OPTIONS") {
		t.Errorf("a malformed message was answered beyond the limit: %s", m.raw)
	}
}

func TestC14_UnknownUsersLookLikeKnownOnesAndCostOneLookup(t *testing.T) {
	h := newHouse("alice")
	s := start(t, h)
	known, unknown := dialPhone(t, s, "udp", "alice"), dialPhone(t, s, "udp", "nobody")
	known.secret = "wrong"
	shape := func(m msg) string {
		var b strings.Builder
		b.WriteString(m.first)
		for _, l := range strings.Split(m.raw, "\r\n") {
			name, _, _ := strings.Cut(l, ":")
			b.WriteString(" " + name)
		}
		return b.String() + fmt.Sprint(strings.Contains(m.raw, "stale"), strings.Count(m.get("www-authenticate"), ","))
	}
	for range 3 {
		known.send(known.request(300, ""))
		unknown.send(unknown.request(300, ""))
		a, b := known.read(), unknown.read()
		if shape(a) != shape(b) {
			t.Fatalf("one can tell who exists:\n%s\n%s", a.raw, b.raw)
		}
		if known.nonce == "" {
			h.mu.Lock()
			if h.asked != 0 {
				t.Error("an unauthenticated request asked the house")
			}
			h.mu.Unlock()
			known.take(a)
			unknown.take(b)
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.asked != 2 {
		t.Errorf("%d look-ups for two users", h.asked)
	}
}

func TestC14_LimiterIsBoundedPerSource(t *testing.T) {
	l := newLimiter(Limits{Failures: 2, Strangers: 1, Lookups: 1})
	a, b := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	for i, ok := range []bool{true, true, false} {
		if got := l.take(a, allowFailure, 100); got != ok {
			t.Errorf("take %d: %v", i, got)
		}
	}
	if !l.take(b, allowFailure, 100) || !l.take(a, allowStranger, 100) {
		t.Error("another source or allowance is used up")
	}
	if !l.take(a, allowFailure, 101) || l.take(a, allowFailure, 101) {
		t.Error("one a second")
	}
	if l.take(a, allowStranger, 100); l.take(a, allowStranger, 100) {
		t.Error("stranger allowance")
	}
	l.give(a, allowStranger)
	if !l.take(a, allowStranger, 100) {
		t.Error("given back, and still refused")
	}
	six1, six2 := netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("2001:db8::ffff:2")
	l.take(six1, allowLookup, 100)
	if l.take(six2, allowLookup, 100) {
		t.Error("a /64 is one source")
	}
	for i := range 70_000 * 4 {
		l.take(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), allowFailure, 100)
	}
	n := 0
	for i := range l.shards {
		n += len(l.shards[i].sources)
	}
	if n > maxSources*len(l.shards) {
		t.Errorf("%d sources remembered", n)
	}
}

func TestC14_StreamLimits(t *testing.T) {
	h := newHouse("alice", "bob")
	s := start(t, h, func(c *Config) {
		c.Limits = Limits{SourceStrangers: 3, MessageTimeout: 100 * time.Millisecond, StrangerTimeout: 2 * time.Second, HeaderBytes: 2048, BodyBytes: 1000}
	})
	closes := func(what string, p *phone) {
		t.Helper()
		for {
			if _, err := p.readRaw(waitFor); err != nil {
				if ne, ok := err.(interface{ Timeout() bool }); ok && ne.Timeout() {
					t.Errorf("%s: the connection stays open", what)
				}
				return
			}
		}
	}
	for what, raw := range map[string]string{
		"slow loris": "REGISTER sip:example.test SIP/2.0\r\nVia: ",
		"headers":    "REGISTER sip:example.test SIP/2.0\r\nX: " + strings.Repeat("x", 3000),
		"body":       "REGISTER sip:example.test SIP/2.0\r\nContent-Length: 1001\r\n\r\n",
		"lengths":    "REGISTER sip:example.test SIP/2.0\r\nContent-Length: 1\r\nl: 2\r\n\r\nxx",
		"no SIP":     "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
		"binary":     "\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
	} {
		p := dialPhone(t, s, "tcp", "x")
		p.send(raw)
		closes(what, p)
		eventually(t, "gone", func() bool { return s.Stats().Connections == 0 })
	}
	silent := dialPhone(t, s, "tls", "x") // a stranger's time is short
	closes("silence", silent)

	var good []*phone // authenticated connections are not strangers'
	for i := range 6 {
		p := dialPhone(t, s, "tcp", []string{"alice", "bob"}[i%2])
		p.callID = fmt.Sprint("c", i)
		want(t, p.register(300), 200)
		good = append(good, p)
	}
	for range 3 {
		dialPhone(t, s, "tcp", "x")
	}
	eventually(t, "full of strangers", func() bool { return s.Stats().Connections == 5 })
	closes("one stranger too many", dialPhone(t, s, "tcp", "x"))
	want(t, good[5].options(), 200)
	if n := s.Stats().ConnsRefused; n == 0 {
		t.Error("not counted")
	}
}

func TestC14_MessageInPieces(t *testing.T) {
	s := start(t, newHouse("alice"))
	p := dialPhone(t, s, "tcp", "alice")
	raw := p.request(300, "")
	for i := 0; i < len(raw); i += 7 {
		p.send(raw[i:min(i+7, len(raw))])
	}
	want(t, p.read(), 401)
	p.send(p.request(300, "") + "\r\n\r\n" + p.request(300, "")) // and two at once
	want(t, p.read(), 401)
	for {
		raw, err := p.readRaw(waitFor)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(raw, "SIP/2.0 401") {
			break
		}
	}
}
