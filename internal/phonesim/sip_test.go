package phonesim

import (
	"crypto/tls"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// typed is a generic device for a registrar.
func typed(reg *miniRegistrar, user, password string) *Credentials {
	return &Credentials{Registrar: "sip:127.0.0.1:" + reg.port(), Transport: reg.network, User: user,
		Password: password, Display: `Ada "the" \ first`}
}

func TestDigestOnEveryTransport(t *testing.T) {
	web := newFileServer(t, true)
	conf := &tls.Config{Certificates: web.TLS.Certificates}
	for _, network := range []string{"udp", "tcp", "tls"} {
		for _, alg := range []string{"MD5", "SHA-256"} {
			t.Run(network+" "+alg, func(t *testing.T) {
				reg := newRegistrar(t, network, alg, conf)
				reg.set(func() { reg.passwords["u1"] = "p,\"w" })
				reg.set(func() { reg.expires = 1 }) // refreshes come soon; the registrar checks that nc rises by one
				p := testFleet(t).Add(Config{Vendor: Generic, Account: typed(reg, "u1", "p,\"w"), RootCAs: roots(web)})
				p.PowerOn(t.Context())
				s := await(t, p, "two refreshes", func(s State) bool { return s.Registrations == 3 })
				if s.Algorithm != alg || s.Transport != network || s.Expires != 1 || s.User != "u1" {
					t.Fatalf("%+v", s)
				}
				reg.await(func(_ map[string]binding, log []request) bool {
					for i, q := range log {
						if q.callID != log[0].callID || q.cseq != log[0].cseq+i {
							t.Fatalf("Call-ID or CSeq of %v", log)
						}
					}
					if len(log) > 1 && log[1].status != 200 {
						t.Fatalf("second REGISTER must be right: %v", log)
					}
					return len(log) >= 4
				})
			})
		}
	}
}

func TestStaleNonceIsAnsweredOnce(t *testing.T) {
	reg := newRegistrar(t, "udp", "SHA-256", nil)
	reg.set(func() { reg.passwords["u"] = "p" })
	reg.set(func() { reg.expires, reg.stale = 1, true })
	p := testFleet(t).Add(Config{Vendor: Generic, Account: typed(reg, "u", "p")})
	p.PowerOn(t.Context())
	await(t, p, "registration", isRegistered)
	reg.set(func() { reg.stale = true })
	s := await(t, p, "refresh", func(s State) bool { return s.Registrations >= 2 })
	if s.LastError != "" {
		t.Fatalf("%+v", s)
	}
}

func TestMD5OnlyPhoneCannotAnswerSHA256(t *testing.T) {
	reg := newRegistrar(t, "udp", "SHA-256", nil)
	reg.set(func() { reg.passwords["u"] = "p" })
	p := testFleet(t).Add(Config{Vendor: Generic, Account: typed(reg, "u", "p"), MD5Only: true})
	p.PowerOn(t.Context())
	await(t, p, "failure", func(s State) bool { return s.SIPStatus == 401 && strings.Contains(s.LastError, "challenge") })
}

func TestWrongPasswordEndsAfterTwo(t *testing.T) {
	reg := newRegistrar(t, "udp", "MD5", nil)
	reg.set(func() { reg.passwords["u"] = "p" })
	p := testFleet(t).Add(Config{Vendor: Generic, Account: typed(reg, "u", "q")})
	p.PowerOn(t.Context())
	await(t, p, "failure", func(s State) bool { return s.SIPStatus == 401 })
	reg.await(func(_ map[string]binding, log []request) bool { return len(log) >= 4 }) // it tries again later
	awaitScreen(t, p, `Ada "the" \ first`, "u", "Nicht registriert")
	p.TypeIn(*typed(reg, "u", "p"))
	await(t, p, "registration", isRegistered)
}

func TestAnswersToREGISTER(t *testing.T) {
	for _, c := range []struct {
		name, script string
		want         func(State) bool
	}{
		{"423 raises Expires", "423 Interval Too Brief\r\nMin-Expires: 7200\r\n", isRegistered},
		{"503 waits for Retry-After", "503 Service Unavailable\r\nRetry-After: 1;duration=9\r\n", isRegistered},
		{"403 stops", "403 Forbidden\r\n", func(s State) bool { return s.SIPStatus == 403 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			reg := newRegistrar(t, "udp", "MD5", nil)
			reg.set(func() { reg.passwords["u"], reg.script = "p", []string{c.script} })
			p := testFleet(t).Add(Config{Vendor: Generic, Account: typed(reg, "u", "p")})
			p.PowerOn(t.Context())
			await(t, p, "outcome", c.want)
			reg.mu.Lock()
			defer reg.mu.Unlock()
			switch last := reg.log[len(reg.log)-1]; c.script[:3] {
			case "423":
				if last.expires != 7200 {
					t.Fatal(last)
				}
			case "403":
				if len(reg.log) != 1 || p.Screen()[2] != "Registrierung abgelehnt" {
					t.Fatal(reg.log, p.Screen())
				}
			}
		})
	}
}

func TestStreamFallsAndComesBack(t *testing.T) {
	for _, network := range []string{"tcp", "tls"} {
		t.Run(network, func(t *testing.T) {
			web := newFileServer(t, true)
			reg := newRegistrar(t, network, "MD5", &tls.Config{Certificates: web.TLS.Certificates})
			reg.set(func() { reg.passwords["u"] = "p" })
			p := testFleet(t).Add(Config{Vendor: Generic, Account: typed(reg, "u", "p"), RootCAs: roots(web)})
			p.PowerOn(t.Context())
			await(t, p, "registration", isRegistered)
			before, _ := reg.binding("u")
			reg.dropConns()
			await(t, p, "return", func(s State) bool { return s.Registrations == 2 && s.Registered })
			after, _ := reg.binding("u")
			if after.callID != before.callID || after.cseq <= before.cseq || after.contact == before.contact {
				t.Fatalf("%+v after %+v", after, before)
			}
			if m := reg.send("OPTIONS", "u", ""); !strings.HasPrefix(m, "SIP/2.0 200 ") || hdr(m, "Allow") == "" {
				t.Fatal(m)
			}
		})
	}
}

func TestUDPLossIsRepaired(t *testing.T) {
	reg := newRegistrar(t, "udp", "MD5", nil)
	reg.set(func() { reg.passwords["u"], reg.drop = "p", 3 })
	p := testFleet(t).Add(Config{Vendor: Generic, Account: typed(reg, "u", "p")})
	p.PowerOn(t.Context())
	await(t, p, "registration", isRegistered)
}

func TestSilentRegistrarIsTimedOut(t *testing.T) {
	reg := newRegistrar(t, "udp", "MD5", nil)
	reg.set(func() { reg.drop = 1 << 30 })
	f := testFleet(t, func(c *FleetConfig) { c.T1 = 1_000_000 }) // 1 ms: timer F after 64
	p := f.Add(Config{Vendor: Generic, Account: typed(reg, "u", "p")})
	p.PowerOn(t.Context())
	await(t, p, "timeout", func(s State) bool { return s.SIPStatus == 408 && !s.Registered })
}

func TestRequestsAreAnsweredProperly(t *testing.T) {
	reg := newRegistrar(t, "udp", "MD5", nil)
	reg.set(func() { reg.passwords["u"] = "p" })
	p := testFleet(t).Add(Config{Vendor: Generic, Account: typed(reg, "u", "p")})
	p.PowerOn(t.Context())
	await(t, p, "registration", isRegistered)
	for _, c := range []struct{ method, headers, status, header string }{
		{"OPTIONS", "", "200", "Allow"},
		{"INVITE", "", "486", "User-Agent"},
		{"SUBSCRIBE", "Event: dialog\r\n", "405", "Allow"},
		{"PUBLISH", "", "405", "Allow"},
		{"BYE", "", "481", ""},
		{"NOTIFY", "Event: dialog\r\n", "489", "Allow-Events"},
		{"NOTIFY", "o: message-summary\r\n", "200", ""},
		{"NOTIFY", "Event: check-sync\r\n", "200", ""},
	} {
		m := reg.send(c.method, "u", c.headers)
		if !strings.HasPrefix(m, "SIP/2.0 "+c.status+" ") || (c.header != "" && hdr(m, c.header) == "") ||
			!strings.Contains(hdr(m, "To"), ";tag=") || !strings.Contains(hdr(m, "Via"), ";rport="+reg.port()) {
			t.Errorf("%s %s: %s", c.method, c.headers, m)
		}
	}
	if s := p.State(); s.Notifies != 2 || s.Invites != 1 {
		t.Fatalf("%+v", s)
	}
}

func TestRepeatedNotifyIsObeyedOnce(t *testing.T) {
	f := testFleet(t)
	p := f.Add(Config{Vendor: Yealink, MAC: yMAC})
	p.PowerOn(t.Context())
	await(t, p, "boot", func(s State) bool { return s.Power == Running })
	raw := "NOTIFY sip:u@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKx;rport\r\nFrom: <sip:a@b>;tag=1\r\n" +
		"To: <sip:u@b>\r\nCall-ID: c\r\nCSeq: 1 NOTIFY\r\nEvent: check-sync\r\nContent-Length: 0\r\n\r\n"
	m, err := parseMessage([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for range 3 {
		p.do(func() { p.request(m, "127.0.0.1:5060", func(b []byte) { got = append(got, string(b)) }) })
	}
	if s := await(t, p, "reboot", func(s State) bool { return s.Boots == 2 }); s.Notifies != 1 || len(got) != 3 || got[0] != got[2] {
		t.Fatalf("%+v %q", p.State(), got)
	}
}

// Another login is taken back before the next one is made.
func TestCredentialChangeUnregistersFirst(t *testing.T) {
	reg := newRegistrar(t, "udp", "MD5", nil)
	reg.set(func() { reg.passwords["old"], reg.passwords["new"] = "p", "q" })
	p := testFleet(t).Add(Config{Vendor: Generic, Account: typed(reg, "old", "p")})
	p.PowerOn(t.Context())
	await(t, p, "registration", isRegistered)
	p.TypeIn(*typed(reg, "new", "q"))
	await(t, p, "new login", func(s State) bool { return s.Registered && s.User == "new" })
	reg.await(func(b map[string]binding, log []request) bool {
		if _, still := b["old"]; still || log[2].expires != 0 || log[2].status != 200 || log[3].user != "new" {
			t.Fatalf("%v", log)
		}
		return log[3].callID != log[0].callID
	})
	p.TypeIn(Credentials{})
	reg.await(func(b map[string]binding, _ []request) bool { return len(b) == 0 })
	awaitScreen(t, p, "Kein Konto")
}

// A thousand phones on one socket: each gets the answer and the push that is its own.
func TestThousandPhonesOnOneSocket(t *testing.T) {
	const n = 1000
	web, reg := newFileServer(t, false), newRegistrar(t, "udp", "MD5", nil)
	f := testFleet(t, func(c *FleetConfig) { c.Reuse, c.MaxFetches, c.Compact, c.T1 = ReuseShared, 8, true, time.Second })
	for i := range n {
		user := fmt.Sprintf("ch%d", i)
		reg.set(func() { reg.passwords[user] = "p" })
		mac := MACAt("001565", i)
		web.put("/"+string(mac)+".cfg", yealinkCfg(reg, user, "p", "l", fmt.Sprint("free ", i), "sip.notify_reboot_enable = 0", "voice.cng = 1"))
		f.Add(Config{Vendor: Yealink, MAC: mac, ProvisioningURL: web.URL + "/$MAC.cfg"})
	}
	if err := f.PowerOnAll(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	if err := f.WaitAll(deadline(t), isRegistered); err != nil {
		t.Fatal(err)
	}
	b0, _ := reg.binding("ch0")
	for i, p := range f.Phones() {
		user := fmt.Sprintf("ch%d", i)
		b, _ := reg.binding(user)
		if b.source != b0.source || b.display != fmt.Sprint("free ", i) {
			t.Fatalf("%s at %s (%s), first at %s", user, b.source, b.display, b0.source)
		}
		web.put("/"+string(p.MAC())+".cfg", yealinkCfg(reg, user, "p", "l", fmt.Sprint("User ", i)))
		reg.checkSync(user, "check-sync")
	}
	for i, p := range f.Phones() {
		await(t, p, "new name", func(s State) bool { return s.Registered && s.Display == fmt.Sprint("User ", i) })
		if _, kept := p.Setting("voice.cng"); kept {
			t.Fatal("compact fleets keep only what they act on")
		}
	}
	r := f.Report()
	if r.Registered != n || r.Notifies != n || r.NotifyRegistered.Count != n || r.NotifyFetch.Count != n || r.Chain.Count != 2*n {
		t.Fatalf("%s", r)
	}
}

// P09's scene: phones behind one address, each with a port of its own.
func TestPhonesBehindOneAddress(t *testing.T) {
	reg := newRegistrar(t, "udp", "MD5", nil)
	f := testFleet(t)
	for i := range 3 {
		u := fmt.Sprint("u", i)
		reg.set(func() { reg.passwords[u] = "p" })
		f.Add(Config{Vendor: Generic, Account: typed(reg, u, "p"), OwnSocket: true, Address: netip.MustParseAddr("127.7.7.7"), NoInstance: i == 0})
	}
	if err := f.PowerOnAll(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	if err := f.WaitAll(deadline(t), isRegistered); err != nil {
		t.Fatal(err)
	}
	ports := map[string]bool{}
	for i := range 3 {
		b, _ := reg.binding(fmt.Sprint("u", i))
		if !strings.HasPrefix(b.source, "127.7.7.7:") || (b.instance == "") != (i == 0) {
			t.Fatalf("%+v", b)
		}
		ports[b.source] = true
	}
	if len(ports) != 3 {
		t.Fatal(ports)
	}
}

func TestAddressCanChange(t *testing.T) {
	for _, network := range []string{"udp", "tcp"} {
		t.Run(network, func(t *testing.T) {
			web, reg := newFileServer(t, false), newRegistrar(t, network, "MD5", nil)
			reg.set(func() { reg.passwords["u"] = "p" })
			web.put("/a.xml", snomXML(reg, "u", "p", "Ada"))
			f := testFleet(t, func(c *FleetConfig) { c.Reuse = ReusePhone })
			p := f.Add(Config{Vendor: Snom, MAC: sMAC, ProvisioningURL: web.URL + "/a.xml", Address: netip.MustParseAddr("127.1.2.3")})
			p.PowerOn(t.Context())
			await(t, p, "registration", isRegistered)
			b, _ := reg.binding("u")
			_, src := web.last()
			if !strings.HasPrefix(b.source, "127.1.2.3:") || !strings.HasPrefix(src, "127.1.2.3:") || !strings.Contains(b.contact, "@127.1.2.3:") {
				t.Fatal(b.source, src)
			}
			p.SetAddress(netip.MustParseAddr("127.3.2.1"))
			await(t, p, "registration from there", func(s State) bool { return s.Registered && s.Registrations == 2 })
			reg.checkSync("u", "check-sync;reboot=false")
			await(t, p, "fetch", func(s State) bool { return s.Chains == 2 })
			b, _ = reg.binding("u")
			_, src = web.last()
			if !strings.HasPrefix(b.source, "127.3.2.1:") || !strings.HasPrefix(src, "127.3.2.1:") {
				t.Fatal(b.source, src)
			}
		})
	}
}
