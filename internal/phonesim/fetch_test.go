package phonesim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

func TestFactoryPhoneDoesNotTrustOurCA(t *testing.T) {
	web := newFileServer(t, true)
	web.put("/a.cfg", "#!version:1.0.0.1\naccount.1.label = in\n")
	for _, c := range []struct {
		name  string
		phone func(*Config)
		fleet func(*FleetConfig)
		ok    bool
	}{
		{"factory", func(*Config) {}, func(*FleetConfig) {}, false},
		{"told", func(c *Config) { c.RootCAs = roots(web) }, func(*FleetConfig) {}, true},
		{"fleet told", func(*Config) {}, func(c *FleetConfig) { c.RootCAs = roots(web) }, true},
		{"demo", func(*Config) {}, func(c *FleetConfig) { c.DangerouslyTrustAnyCertificate = true }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := yPhone(testFleet(t, c.fleet), web.URL+"/a.cfg", c.phone)
			p.PowerOn(t.Context())
			s := await(t, p, "chain", func(s State) bool { return s.Chains > 0 })
			if (s.Applied == 1) != c.ok || (!c.ok && !strings.Contains(s.LastError, "certificate")) {
				t.Fatalf("%+v", s)
			}
		})
	}
}

func TestHTTPCredentials(t *testing.T) {
	const body = "#!version:1.0.0.1\naccount.1.label = in\n"
	check := map[string]func(*http.Request) bool{
		`Basic realm="x"`: func(q *http.Request) bool {
			u, p, ok := q.BasicAuth()
			return ok && u == "dev" && p == "pw"
		},
		`Digest realm="x", nonce="n1", qop="auth", algorithm=MD5`: func(q *http.Request) bool {
			a := q.Header.Get("Authorization")
			ha1, ha2 := hashHex("MD5", "dev:x:pw"), hashHex("MD5", "GET:"+q.URL.RequestURI())
			return auth(a, "response") == hashHex("MD5", strings.Join([]string{ha1, "n1", auth(a, "nc"), auth(a, "cnonce"), "auth", ha2}, ":"))
		},
		`Digest realm="x", nonce="n2", algorithm=SHA-256`: func(q *http.Request) bool {
			a := q.Header.Get("Authorization")
			return auth(a, "response") == hashHex("SHA-256", hashHex("SHA-256", "dev:x:pw")+":n2:"+hashHex("SHA-256", "GET:"+q.URL.RequestURI()))
		},
	}
	for challenge, good := range check {
		t.Run(challenge, func(t *testing.T) {
			web := newFileServer(t, false)
			web.put("/d/0015651234ab.boot", body)
			web.put("/d/0015651234ab.cfg", body)
			refused := 0
			web.hook = func(w http.ResponseWriter, q *http.Request) bool {
				if good(q) {
					return false
				}
				refused++
				w.Header().Set("WWW-Authenticate", challenge)
				w.WriteHeader(http.StatusUnauthorized)
				return true
			}
			f := testFleet(t)
			for name, c := range map[string]func(*Config){
				"typed":  func(c *Config) { c.HTTPUser, c.HTTPPassword = "dev", "pw" },
				"in URL": func(c *Config) { c.ProvisioningURL = strings.Replace(c.ProvisioningURL, "//", "//dev:pw@", 1) },
			} {
				refused = 0
				p := yPhone(f, web.URL+"/d/$MAC.cfg", c)
				p.PowerOn(t.Context())
				s := await(t, p, "chain", func(s State) bool { return s.Chains == 1 })
				if s.Applied != 1 || refused != 1 {
					t.Fatalf("%s: refused %d, %+v", name, refused, s)
				}
			}
			p := yPhone(f, web.URL+"/d/$MAC.cfg", func(c *Config) { c.HTTPUser, c.HTTPPassword = "dev", "wrong" })
			p.PowerOn(t.Context())
			if s := await(t, p, "chain", func(s State) bool { return s.Chains == 1 }); s.Files[0].Status != 401 {
				t.Fatalf("%+v", s)
			}
		})
	}
}

func TestEndlessIncludesEnd(t *testing.T) {
	web := newFileServer(t, false)
	var b strings.Builder
	b.WriteString("#!version:1.0.0.1\n")
	for i := range 100 {
		fmt.Fprintf(&b, "include:config \"x%d.cfg\"\n", i)
	}
	web.put("/0015651234ab.boot", b.String())
	p := yPhone(testFleet(t), web.URL)
	p.PowerOn(t.Context())
	s := await(t, p, "chain", func(s State) bool { return s.Chains > 0 })
	if n := len(web.paths()); n != maxChain || s.LastError == "" {
		t.Fatal(n, s.LastError)
	}
}

func TestEventsComeInOrder(t *testing.T) {
	web, reg := newFileServer(t, false), newRegistrar(t, "udp", "MD5", nil)
	reg.set(func() { reg.passwords["u"] = "p" })
	web.put("/a.cfg", yealinkCfg(reg, "u", "p", "Ada", "", "sip.notify_reboot_enable = 0"))
	var mu sync.Mutex
	var kinds []EventKind
	var screens []string
	f := testFleet(t)
	p := yPhone(f, web.URL+"/a.cfg", func(c *Config) {
		c.OnEvent = func(e Event) {
			mu.Lock()
			defer mu.Unlock()
			if e.At.IsZero() || e.MAC != yMAC {
				t.Errorf("%+v", e)
			}
			if e.Kind == ScreenChanged {
				screens = append(screens, strings.Join(e.Screen, "|"))
				return
			}
			kinds = append(kinds, e.Kind)
		}
	})
	p.PowerOn(t.Context())
	await(t, p, "registration", isRegistered)
	reg.checkSync("u", "check-sync")
	await(t, p, "second chain", func(s State) bool { return s.Chains == 2 })
	p.PowerOff()
	f.Close()
	mu.Lock()
	defer mu.Unlock()
	if got := fmt.Sprint(kinds); got != "[booted fetched chain applied registered notify fetched chain unregistered powered_off]" {
		t.Fatal(got)
	}
	if got := fmt.Sprintf("%q", screens); got != `["Startet …" "Konfiguration wird geladen …" "Ada|u|Registrierung läuft …" "Ada|u|Registriert" ""]` {
		t.Fatal(got)
	}
	if p.Screen() != nil {
		t.Fatal("a phone that is off shows nothing")
	}
}

func TestReportReadsWell(t *testing.T) {
	f := testFleet(t)
	f.Add(Config{Vendor: Generic})
	f.counts.register.add(1500 * 1000)
	r := f.Report()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if s := string(b); !strings.Contains(s, `"register":{"count":1,"max_ms":1.5,"p50_ms":1.5`) || !strings.Contains(s, `"phones":1`) {
		t.Fatal(s)
	}
	if s := r.String(); !strings.Contains(s, "phones 1, on 0") || !strings.Contains(s, "1.5ms") {
		t.Fatal(s)
	}
	f.ResetReport()
	if f.Report().Register.Count != 0 {
		t.Fatal("reset")
	}
}
