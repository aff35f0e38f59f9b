package call

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tischlein/internal/telephony"
)

// office is a phone, a colleague's phone, and a trunk peer that the house knows.
func office(t *testing.T, h *house, set ...func(*Config)) (s *site, alice, bob, peer *phone) {
	t.Helper()
	h.seat("101", "Erika Weber", "ch-alice")
	h.seat("102", "Bernd", "ch-bob")
	s = start(t, h, set...)
	alice, bob, peer = s.registered("udp", "alice"), s.registered("tcp", "bob"), s.phone("udp", "peer")
	peer.secret = ""
	h.with(func() {
		trunk := &telephony.Trunk{ID: "t1", Name: "Peer", Host: peer.conn.LocalAddr().String()}
		h.plans["0551"] = telephony.CallPlan{Kind: telephony.CallOutside, Number: "+49551", Trunk: trunk, Caller: telephony.Party{Number: "+4930101", Name: "Erika Weber"}}
		h.inbound["t1 +4930102"] = telephony.CallPlan{Kind: telephony.CallExtension, Callee: telephony.Party{Number: "102", Name: "Bernd"}, Rings: []telephony.Ring{{ChannelID: "ch-bob", SIPUser: "bob"}}}
	})
	return s, alice, bob, peer
}

// trunk makes t one that the server knows. All test phones share an address, so
// a trunk known by it would swallow the phones' calls: set it when they are done.
func (s *site) trunk(t telephony.Trunk) {
	s.t.Helper()
	s.h.with(func() { s.h.trunks = []telephony.Trunk{t} })
	if err := s.calls.TrunksChanged(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

func TestC10_OutwardsWithE164(t *testing.T) {
	h := newHouse()
	s, alice, _, peer := office(t, h)
	host := s.sip.Addrs()["udp"][0]
	a := alice.dial("0551", "")
	o := peer.rings()
	at := peer.conn.LocalAddr().String()
	for name, want := range map[string]string{
		"from":                `"Erika Weber" <sip:+4930101@` + host + ">;tag=" + parseTag(a.local),
		"p-asserted-identity": `"Erika Weber" <sip:+4930101@` + host + ">",
		"to":                  "<sip:+49551@" + at + ">", "contact": "<sip:+4930101@" + host + ">", "privacy": "", "geolocation": "",
	} {
		if got := o.invite.get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if o.invite.uri() != "sip:+49551@"+at {
		t.Errorf("%s", o.invite.first)
	}
	o.answers("")
	a.ack(alice.told("INVITE", 200))
	peer.asked("ACK")
	o.request("INVITE", "", "") // from there, inside the call
	m := alice.asked("INVITE")
	if m.get("from") != a.other || m.get("to") != a.local {
		t.Errorf("%s", m.raw)
	}
	a.reply(m, "200 OK", "", "")
	peer.told("INVITE", 200)
	peer.branch++
	peer.send(o.build("ACK", "", ""))
	alice.asked("ACK")
	a.hangUp(o)

	a = alice.dial("0551", "Privacy: id\r\n") // the caller is not to be named
	o = peer.rings()
	if from := o.invite.get("from"); !strings.HasPrefix(from, `"Anonymous" <sip:anonymous@anonymous.invalid>;tag=`) || o.invite.get("privacy") != "id" || !strings.Contains(o.invite.get("p-asserted-identity"), "+4930101") {
		t.Errorf("%s", o.invite.raw)
	}
	o.refuses("503 Overloaded")
	if m := alice.told("INVITE", 500); m.get("from") != a.local { // it is not we who are overloaded
		t.Errorf("%s", m.raw)
	} else {
		a.ack(m)
	}
}

func TestC10_ATrunksChallengesAreMetAndTheCSeqStaysInOrder(t *testing.T) {
	h := newHouse()
	s, alice, _, peer := office(t, h)
	h.with(func() { h.plans["0551"].Trunk.User, h.plans["0551"].Trunk.Secret = "us", "shared" })
	known := *h.plans["0551"].Trunk
	challenge := `Proxy-Authenticate: Digest realm="peer", nonce="n1", algorithm=MD5, qop="auth"` + "\r\n"
	right := func(m msg, uri string) bool {
		v := m.get("proxy-authorization")
		ha1, ha2 := md5Hex("us:peer:shared"), md5Hex(m.method+":"+uri)
		return quotedIn(v, "response") == md5Hex(strings.Join([]string{ha1, "n1", "00000001", quotedIn(v, "cnonce"), "auth", ha2}, ":")) && quotedIn(v, "uri") == uri
	}
	a := alice.dial("0551", "")
	o := peer.rings()
	o.reply(o.invite, "407 Who Are You", challenge, "")
	peer.asked("ACK")
	first := o.invite
	o.invite = peer.asked("INVITE")
	if !right(o.invite, o.invite.uri()) || o.invite.get("cseq") != "2 INVITE" || o.invite.get("via") == first.get("via") || o.invite.body != offer {
		t.Errorf("%s", o.invite.raw)
	}
	o.ringing()
	if m := alice.told("INVITE", 180); m.get("cseq") != "1 INVITE" {
		t.Errorf("%s", m.raw)
	}
	o.answers("")
	a.ack(alice.told("INVITE", 200))
	if ack := peer.asked("ACK"); ack.get("cseq") != "2 ACK" {
		t.Errorf("%s", ack.raw)
	}
	s.trunk(known) // known, but by no address: its requests inside the call are challenged too
	a.request("BYE", "", "")
	m := peer.asked("BYE")
	if m.get("cseq") != "3 BYE" {
		t.Errorf("%s", m.raw)
	}
	o.reply(m, "407 Who Are You", challenge, "")
	m = peer.asked("BYE")
	if m.get("cseq") != "4 BYE" || !right(m, m.uri()) {
		t.Errorf("%s", m.raw)
	}
	o.ok(m)
	alice.told("BYE", 200)

	a = alice.dial("0551", "") // wrong credentials: the question is not handed on
	o = peer.rings()
	o.reply(o.invite, "407 Who Are You", challenge, "")
	peer.asked("ACK")
	o.invite = peer.asked("INVITE")
	o.reply(o.invite, "407 No", challenge, "")
	peer.asked("ACK")
	if m := alice.told("INVITE", 403); m.get("proxy-authenticate") != "" {
		t.Errorf("%s", m.raw)
	} else {
		a.ack(m)
	}
}

func TestC10_InwardsByAddressAndByDigest(t *testing.T) {
	h := newHouse()
	s, _, bob, peer := office(t, h)
	for name, trunk := range map[string]telephony.Trunk{
		"address": {ID: "t1", Sources: prefix("127.0.0.0/8")},
		"digest":  {ID: "t1", User: "peer", Secret: "trunk secret"},
	} {
		s.trunk(trunk)
		peer.secret, peer.nonce = trunk.Secret.Reveal(), ""
		a := peer.dial("+4930102", "P-Asserted-Identity: \"Kunde\" <sip:+49551@peer>\r\n")
		b := bob.rings()
		if !strings.HasPrefix(b.invite.get("from"), `"Kunde" <sip:+49551@`) || !strings.HasPrefix(b.invite.get("to"), "<sip:102@") || strings.Contains(b.invite.raw, "peer>") {
			t.Errorf("%s: %s", name, b.invite.raw)
		}
		b.answers("")
		m := peer.told("INVITE", 200)
		if strings.Contains(m.get("p-asserted-identity"), "102@") && !strings.Contains(m.get("p-asserted-identity"), "+4930102@") || strings.Contains(m.raw, "Bernd") {
			t.Errorf("%s: an extension shows outside: %s", name, m.raw)
		}
		a.ack(m)
		bob.asked("ACK")
		a.hangUp(b)
		a = peer.dial("+49999", "")
		a.ack(peer.told("INVITE", 404))
		a = peer.dial("+4930102", "Privacy: id\r\n")
		b = bob.rings()
		if !strings.HasPrefix(b.invite.get("from"), anonymous+";") || b.invite.get("p-asserted-identity") != "" || strings.Contains(b.invite.raw, "tpeer@") {
			t.Errorf("%s: %s", name, b.invite.raw)
		}
		b.refuses("486 Busy Here")
		a.ack(peer.told("INVITE", 486))
	}
	s.trunk(telephony.Trunk{ID: "t1", User: "peer", Secret: "another"})
	s.sip.Forget("peer")
	peer.secret, peer.nonce = "trunk secret", ""
	a := peer.dial("+4930102", "")
	a.ack(peer.told("INVITE", 407))
}

func TestC10_ASwitchGetsEveryCallWithTheIdentityAsserted(t *testing.T) {
	h := newHouse()
	_, alice, _, peer := office(t, h)
	h.with(func() {
		h.plans["102"] = telephony.CallPlan{Kind: telephony.CallExtension, Number: "102", Trunk: &telephony.Trunk{ID: "sw", Switch: true, Host: peer.conn.LocalAddr().String()}, Callee: telephony.Party{Number: "102"}}
	})
	a := alice.dial("102", "Privacy: id\r\n")
	o := peer.rings()
	if o.invite.uri() != "sip:102@"+peer.conn.LocalAddr().String() || !strings.HasPrefix(o.invite.get("p-asserted-identity"), `"Erika Weber" <sip:101@`) || strings.Contains(o.invite.get("from"), "anonymous") {
		t.Errorf("%s", o.invite.raw)
	}
	o.answers("Record-Route: <sip:proxy.switch;lr>\r\n")
	a.ack(alice.told("INVITE", 200))
	if ack := peer.asked("ACK"); ack.get("route") != "<sip:proxy.switch;lr>" {
		t.Errorf("the switch's own route: %s", ack.raw)
	}
	a.hangUp(o)
}

func TestC10_TooManyCallsAreRefusedAndTold(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	h := newHouse()
	h.policy.MostCalls = 1
	_, alice, bob, _ := office(t, h, func(c *Config) {
		c.ChannelPerMinute = 3
		c.Now = func() time.Time { h.mu.Lock(); defer h.mu.Unlock(); return now }
	})
	first := alice.dial("102", "")
	b := bob.rings()
	b.ringing()
	alice.told("INVITE", 180)
	second := alice.dial("102", "")
	m := alice.told("INVITE", 403)
	second.ack(m)
	if m.get("warning") == "" || !strings.Contains(m.get("warning"), telephony.LimitAtOnce) {
		t.Errorf("%s", m.raw)
	}
	first.cancel("")
	first.ack(alice.told("INVITE", 487))
	b.cancelled()
	h.with(func() { h.policy.MostCalls = 0 })
	tried := func(status int, warning string) {
		t.Helper()
		c := alice.dial("102", "")
		if status == 486 {
			bob.rings().refuses("486 Busy Here")
		}
		m := alice.told("INVITE", status)
		if !strings.Contains(m.get("warning"), warning) {
			t.Errorf("%s", m.raw)
		}
		c.ack(m)
	}
	tried(486, "") // the third in this minute
	tried(403, telephony.LimitPerMinute)
	h.with(func() { now = now.Add(20 * time.Second) })
	tried(486, "")
	tried(403, telephony.LimitPerMinute)
	h.see(t, "told of what was refused", func() bool {
		var why []string
		for _, e := range h.ended {
			if e.Status == 403 && e.Plan.ChannelID == "ch-alice" {
				why = append(why, e.Reason)
			}
		}
		return strings.Join(why, " ") == telephony.LimitAtOnce+" "+telephony.LimitPerMinute+" "+telephony.LimitPerMinute
	})
}

func TestC11_AnEmergencyCallIsServedWhateverElseHolds(t *testing.T) {
	for mode, want := range map[telephony.EmergencyMode]string{
		telephony.EmergencyPlain: "+4930101", telephony.EmergencyELIN: "+4930777", telephony.EmergencyGeolocation: "+4930101",
	} {
		t.Run(string(mode), func(t *testing.T) {
			h := newHouse()
			s, alice, bob, peer := office(t, h, func(c *Config) {
				c.ChannelCalls, c.ChannelPerMinute = 1, 1
				c.Location = func(p telephony.CallPlan) string { return "https://h/location/" + p.ChannelID }
			})
			h.with(func() {
				h.plans["112"] = telephony.CallPlan{Kind: telephony.CallEmergency, Number: "112", Caller: telephony.Party{Number: "+4930101"}, MostCalls: 1,
					Location: telephony.Location{Text: "Hauptstraße 1", ELIN: "+4930777"}, Trunk: &telephony.Trunk{ID: "t1", Host: peer.conn.LocalAddr().String(), Emergency: mode}}
			})
			other := alice.dial("102", "") // the one call it may have
			b := bob.rings()
			h.with(func() { h.contact = errDisk })
			stranger := s.phone("udp", "carla") // no binding, nobody logged in, no verdict on its address
			for _, p := range []*phone{alice, stranger} {
				a := p.dial("112", "Privacy: id\r\n")
				o := peer.rings()
				if !strings.Contains(o.invite.get("p-asserted-identity"), want+"@") || strings.Contains(o.invite.get("from"), "anonymous") || o.invite.get("privacy") != "" {
					t.Errorf("%s", o.invite.raw)
				}
				geo := ""
				if mode == telephony.EmergencyGeolocation {
					geo = "<https://h/location/ch-" + p.user + ">"
				}
				if o.invite.get("geolocation") != geo || (o.invite.get("geolocation-routing") == "yes") != (geo != "") {
					t.Errorf("%s", o.invite.raw)
				}
				o.answers("")
				a.ack(p.told("INVITE", 200))
				peer.asked("ACK")
				a.hangUp(o)
				if !s.calls.Busy(p.user) {
					t.Error("the device may be disturbed after an emergency call")
				}
			}
			a := stranger.dial("102", "")
			a.ack(stranger.told("INVITE", 503)) // but nothing else without a verdict
			h.see(t, "told", func() bool {
				n := 0
				for _, e := range h.ended {
					if e.Emergency && e.Status == 200 {
						n++
					}
				}
				return n == 2
			})
			other.cancel("")
			other.ack(alice.told("INVITE", 487))
			b.reply(b.invite, "180 Ringing", "", "")
			b.cancelled()
		})
	}
}

func TestC11_ACallBackRingsTheDeviceForAWhile(t *testing.T) {
	h := newHouse()
	s, alice, _, peer := office(t, h, func(c *Config) { c.Back = 700 * time.Millisecond })
	h.with(func() {
		h.plans["112"] = telephony.CallPlan{Kind: telephony.CallEmergency, Number: "112", Caller: telephony.Party{Number: "+49301"}, Trunk: &telephony.Trunk{ID: "t1", Host: peer.conn.LocalAddr().String()}}
	})
	a := alice.dial("112", "")
	o := peer.rings()
	o.refuses("486 Busy Here") // even an attempt
	a.ack(alice.told("INVITE", 486))
	h.with(func() { delete(h.at, "ch-alice") }) // logged out since
	s.trunk(telephony.Trunk{ID: "t1", Sources: prefix("127.0.0.1/32")})
	back := peer.dial("+49301", "")
	b := alice.rings()
	b.answers("")
	back.ack(peer.told("INVITE", 200))
	alice.asked("ACK")
	back.hangUp(b)
	h.see(t, "the time is over", func() bool { return !h.busy["ch-alice"] })
	back = peer.dial("+49301", "")
	back.ack(peer.told("INVITE", 404))
}

func TestC10_NamesOfTrunks(t *testing.T) {
	var n names
	for host, want := range map[string]string{
		"192.0.2.1": "192.0.2.1:5060", "192.0.2.1:5070": "192.0.2.1:5070", "[2001:db8::1]:5070": "[2001:db8::1]:5070", "2001:db8::1": "[2001:db8::1]:5060",
		"localhost:5062": "127.0.0.1:5062",
	} {
		got, err := n.find(t.Context(), host)
		if err != nil || fmt.Sprint(got[0]) != want && !strings.HasPrefix(host, "localhost") {
			t.Errorf("%s: %v %v", host, got, err)
		}
	}
	if _, err := n.find(t.Context(), "localhost:x"); err == nil {
		t.Error("a port that is none")
	}
}
