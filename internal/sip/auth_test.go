package sip

import (
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestC01_HA1FixedToTheRealm(t *testing.T) {
	h := newHouse("alice")
	h.creds["alice"] = Credential{SIPUser: "alice", ChannelID: "ch", HA1: []HA1{NewHA1("alice", "other.test", "secret-alice")}}
	s := start(t, h)
	p := dialPhone(t, s, "udp", "alice")
	p.send(p.request(300, ""))
	m := want(t, p.read(), 401)
	if realm := quoted(m.get("www-authenticate"), "realm"); realm != testRealm {
		t.Errorf("realm %q", realm)
	}
	p.take(m)
	p.send(p.request(300, ""))
	want(t, p.read(), 401) // right secret, but derived for another realm
	if _, err := New(Config{Credentials: h, Bindings: h, Observer: h}); err == nil {
		t.Error("a registrar without a realm starts")
	}
}

func TestC02_Algorithms(t *testing.T) {
	h := newHouse("plain", "both", "strong")
	h.change("both", func(c *Credential) { c.SHA256 = true })
	h.change("strong", func(c *Credential) { c.SHA256, c.SHA256Only = true, true })
	s := start(t, h)
	offers := func(user string) string {
		p := dialPhone(t, s, "udp", user)
		p.send(p.request(300, ""))
		m := want(t, p.read(), 401)
		var out []string
		for _, c := range m.headers["www-authenticate"] {
			_, a, _ := strings.Cut(c, "algorithm=")
			a, _, _ = strings.Cut(a, ",")
			out = append(out, a)
		}
		return strings.Join(out, " ")
	}
	for _, user := range []string{"plain", "both", "strong"} {
		// A first look loads the credential: until then everyone is offered MD5,
		// so that a stranger cannot tell who exists.
		if got := offers(user); got != "MD5" {
			t.Errorf("%s, not in memory: %q", user, got)
		}
		p := dialPhone(t, s, "udp", user)
		p.send(p.request(300, ""))
		p.take(p.read())
		p.send(p.request(300, ""))
		m := p.read()
		if user == "strong" { // downgrade refused, the right challenge comes
			want(t, m, 401)
			if !strings.Contains(m.raw, "stale=true") {
				t.Errorf("the phone would ask its user: %s", m.raw)
			}
			p.strong = true
			p.take(m)
			p.send(p.request(300, ""))
			m = p.read()
		}
		want(t, m, 200)
	}
	for user, offer := range map[string]string{"plain": "MD5", "both": "SHA-256 MD5", "strong": "SHA-256"} {
		if got := offers(user); got != offer {
			t.Errorf("%s: %q, want %q", user, got, offer)
		}
	}
	p := dialPhone(t, s, "tcp", "both")
	p.strong, p.callID = true, "strong now"
	p.callID = "strong-now"
	want(t, p.register(300), 200)
	h.see(t, "SHA-256 reported", func() bool { return len(h.uses) == 1 && h.uses[0].SHA256 && h.uses[0].ChannelID == "ch-both" })
	h.change("both", func(c *Credential) { c.SHA256Only = true })
	s.Forget("both")
	p.strong = false
	p.send(p.request(300, ""))
	if m := p.read(); m.status != 401 {
		t.Errorf("MD5 after SHA-256: %s", m.first)
	}
}

func TestC02_NonceBoundToSource(t *testing.T) {
	h := newHouse("alice")
	s := start(t, h)
	here := dialPhone(t, s, "udp", "alice")
	here.send(here.request(300, ""))
	here.take(want(t, here.read(), 401))
	n := newNonces(time.Hour, 64)
	a, b := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	text := n.appendNew(nil, a, 1000)
	if _, v := n.check(text, a, 1000); v != nonceGood {
		t.Error("refused at home")
	}
	if _, v := n.check(text, b, 1000); v != nonceStale {
		t.Error("accepted from another address")
	}
	if _, v := newNonces(time.Hour, 64).check(text, a, 1000); v != nonceStale {
		t.Error("accepted after a restart")
	}
	if _, v := n.check(text, a, 1000+3601); v != nonceStale {
		t.Error("accepted after its life")
	}
	text[0] ^= 1
	if _, v := n.check(text, a, 1000); v != nonceStale {
		t.Error("accepted when forged")
	}
}

func TestC02_NonceCountsAndReplays(t *testing.T) {
	n := newNonces(time.Hour, 64)
	for _, c := range []struct {
		nc  uint32
		new bool
	}{{1, true}, {1, false}, {3, true}, {2, true}, {2, false}, {70, true}, {7, true}, {6, false}, {70, false}, {200, true}, {71, false}, {0, false}} {
		if got := n.use(64, c.nc); got != c.new {
			t.Errorf("nc %d: new = %v", c.nc, got)
		}
	}
	if !n.use(128, 0) || n.use(128, 0) || n.use(128, 1) {
		t.Error("without qop a nonce serves once")
	}
	// One place per shard: the next nonce there pushes the others out, and what
	// was pushed out is stale, never unused.
	if !n.use(192, 1) || n.use(128, 0) || n.use(64, 300) {
		t.Error("a forgotten nonce was taken for an unused one")
	}
	if len(n.shards[0].used) != 1 {
		t.Errorf("%d nonces kept", len(n.shards[0].used))
	}
}

func TestC02_ReplayIsStale(t *testing.T) {
	h := newHouse("alice")
	s := start(t, h)
	p := dialPhone(t, s, "udp", "alice")
	want(t, p.register(300), 200)
	raw := p.request(300, "")
	p.send(raw)
	want(t, p.read(), 200)
	want(t, p.register(300), 200)
	p.send(raw) // a copy of an older request: counted already
	m := want(t, p.read(), 401)
	if !strings.Contains(m.raw, "stale=true") {
		t.Errorf("not stale: %s", m.raw)
	}
}

func TestC02_StaleAfterRestartThenServed(t *testing.T) {
	h := newHouse("alice")
	s := start(t, h)
	p := dialPhone(t, s, "udp", "alice")
	want(t, p.register(300), 200)
	nonce, nc := p.nonce, p.nc
	s.Close()
	s = start(t, h)
	q := dialPhone(t, s, "udp", "alice")
	q.nonce, q.nc, q.cseq = nonce, nc, p.cseq
	q.send(q.request(300, ""))
	if m := want(t, q.read(), 401); !strings.Contains(m.raw, "stale=true") {
		t.Errorf("not stale: %s", m.raw)
	}
	want(t, q.register(300), 200)
}

func TestC02_WrongAnswers(t *testing.T) {
	h := newHouse("alice", "bob")
	s := start(t, h)
	p := dialPhone(t, s, "udp", "alice")
	p.send(p.request(300, ""))
	p.take(p.read())
	good := p.request(300, "")
	for name, bad := range map[string]string{
		"secret":       strings.Replace(good, `response="`, `response="0`, 1),
		"realm":        strings.Replace(good, `realm="example.test"`, `realm="evil.test"`, 1),
		"uri":          strings.Replace(good, `uri="sip:example.test"`, `uri="sip:other.test"`, 1),
		"no nc":        strings.Replace(good, "nc=00000001, ", "", 1),
		"auth-int":     strings.Replace(good, "qop=auth", "qop=auth-int", 1),
		"two nonces":   strings.Replace(good, "nonce=", `nonce="00", nonce=`, 1),
		"open quote":   strings.Replace(good, `cnonce="cn"`, `cnonce="cn`, 1),
		"other user":   strings.Replace(good, `username="alice"`, `username="bob"`, 1),
		"bad username": strings.Replace(good, `username="alice"`, `username="al\"ice"`, 1),
	} {
		p.send(bad)
		if m := p.read(); m.status != 401 && m.status != 400 {
			t.Errorf("%s: %s", name, m.first)
		}
	}
	// bob's secret does not register alice.
	b := dialPhone(t, s, "udp", "bob")
	b.send(b.request(300, ""))
	b.take(b.read())
	raw := strings.Replace(b.request(300, ""), "To: \"Desk 12\" <sip:bob@", "To: \"Desk 12\" <sip:alice@", 1)
	b.send(raw)
	want(t, b.read(), 401)
	raw = strings.Replace(b.request(300, ""), "From: \"Desk 12\" <sip:bob@", "From: \"Desk 12\" <sip:alice@", 1)
	b.send(raw)
	want(t, b.read(), 403)
	if s.Stats().Bindings != 0 {
		t.Error("something is bound")
	}
	p.send(good)
	want(t, p.read(), 200)
}

func TestC02_OldPhoneWithoutQop(t *testing.T) {
	h := newHouse("alice")
	s := start(t, h)
	p := dialPhone(t, s, "udp", "alice")
	p.noQop = true
	want(t, p.register(300), 200)
	p.send(p.request(300, "")) // the same nonce again
	if m := want(t, p.read(), 401); !strings.Contains(m.raw, "stale=true") {
		t.Errorf("not stale: %s", m.raw)
	}
	want(t, p.register(300), 200)
}

func TestP14_PreviousSecretWhileTheNewIsOnItsWay(t *testing.T) {
	h := newHouse("alice")
	s := start(t, h)
	h.change("alice", func(c *Credential) {
		c.HA1 = []HA1{NewHA1("alice", testRealm, "new"), c.HA1[0]}
	})
	p := dialPhone(t, s, "udp", "alice")
	want(t, p.register(300), 200)
	h.see(t, "previous used", func() bool { return len(h.uses) == 1 && h.uses[0].Previous })
	p.secret, p.nonce = "new", ""
	want(t, p.register(300), 200)
	want(t, p.register(300), 200)
	h.see(t, "current used, told once", func() bool { return len(h.uses) == 2 && !h.uses[1].Previous })
	h.change("alice", func(c *Credential) { c.HA1 = c.HA1[:1] })
	s.Forget("alice")
	p.secret, p.nonce = "secret-alice", ""
	if m := p.register(300); m.status != 401 {
		t.Errorf("the retired secret got %s", m.first)
	}
}

func TestD16_ContactedBeforeThe200(t *testing.T) {
	h := newHouse("alice")
	h.contactErr = errDisk
	s := start(t, h)
	p := dialPhone(t, s, "udp", "alice")
	want(t, p.register(300), 503)
	if s.Stats().Bindings != 0 {
		t.Error("bound without a verdict")
	}
	h.mu.Lock()
	h.contactErr = nil
	h.mu.Unlock()
	want(t, p.register(300), 200)
	want(t, p.register(300), 200)
	count := func(n int) func() bool { return func() bool { return len(h.contacts) == n } }
	h.see(t, "one failed and one good verdict", count(2))
	if c := h.contacts[1]; c.Source.Addr() != netip.MustParseAddr("127.0.0.1") || c.Transport != "udp" || c.Method != "REGISTER" || c.ChannelID != "ch-alice" {
		t.Errorf("contact: %+v", c)
	}
	h.change("alice", func(c *Credential) { c.Generation++ })
	s.ForgetCustomer("cu-1")
	want(t, p.register(300), 200)
	h.see(t, "asked again after the list changed", count(3))
	s.ForgetAll()
	want(t, p.register(300), 200)
	h.see(t, "same generation: not asked again", count(3))
}
