package phonesim

import (
	"maps"
	"net/http"
	"testing"
)

func jitsiFile(r *miniRegistrar, name, more string) string {
	const p = "net.java.sip.communicator.impl.protocol.sip.acc1"
	return p + "=acc1\n" + p + ".ACCOUNT_UID=SIP\\:ch3@127.0.0.1\n" + p + ".PROTOCOL_NAME=SIP\n" + p + ".USER_ID=ch3@127.0.0.1\n" + p + ".PASSWORD=pw\n" +
		p + ".DISPLAY_NAME=" + name + "\n" + p + ".SERVER_ADDRESS=127.0.0.1\n" + p + ".PROXY_AUTO_CONFIG=false\n" + p + ".PROXY_ADDRESS=127.0.0.1\n" +
		p + ".PROXY_PORT=" + r.port() + "\n" + p + ".PREFERRED_TRANSPORT=TCP\n" + more
}

func TestJitsiLife(t *testing.T) {
	web, reg := newFileServer(t, false), newRegistrar(t, "tcp", "MD5", nil)
	reg.set(func() { reg.passwords["ch3"] = "pw" })
	asked := ""
	web.hook = func(_ http.ResponseWriter, q *http.Request) bool {
		asked = q.Method + " " + q.URL.RawQuery + q.FormValue("uuid")
		return false
	}
	web.put("/first", jitsiURL+"="+web.URL+"/own\n")
	web.put("/own", jitsiFile(reg, `J\u00f6rg`, ""))
	p := testFleet(t).Add(Config{Vendor: Jitsi, ProvisioningURL: web.URL + "/first?uuid=6ba7"})
	p.PowerOn(t.Context())
	await(t, p, "first chain", func(s State) bool { return s.Chains == 1 && s.Applied == 1 })
	web.mu.Lock()
	if h := web.URL; asked != "POST 6ba7" {
		t.Errorf("%s was asked %q", h, asked)
	}
	web.mu.Unlock()
	p.Reboot() // only now it asks where it was led
	await(t, p, "registration", isRegistered)
	awaitScreen(t, p, "Jörg", "ch3", "Registriert")
	if h, _ := web.last(); h.Get("User-Agent") != "Jitsi/2.10.5550" {
		t.Errorf("User-Agent %q", h.Get("User-Agent"))
	}
	reg.checkSync("ch3", "check-sync;reboot=true") // means nothing to it
	if s := p.State(); s.Chains != 2 || s.Boots != 2 {
		t.Fatalf("%+v", s)
	}
	const account = "net.java.sip.communicator.impl.protocol.sip.acc1"
	web.put("/own", account+"=${null}\n"+account+".ENCRYPTED_PASSWORD=${null}\n")
	p.Reboot()
	await(t, p, "no account", func(s State) bool { return s.Chains == 3 && !s.Registered && s.User == "" })
	if _, ok := p.Setting(account + ".ENCRYPTED_PASSWORD"); ok {
		t.Error("the password is still there")
	}
}

func TestJitsiProperties(t *testing.T) {
	got, err := parseProperties([]byte("# no\n! no\n\n a = b \nc:d\ne f\\\\g\n\\u00fc\\==\\ x\\tz\nh\n"))
	want := map[string]string{"a": "b ", "c": "d", "e": `f\g`, "ü=": " x\tz", "h": ""}
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
	for _, bad := range []string{`a=\u12`, `a=\uxyzw`, `a=b\`} {
		if got, err := parseProperties([]byte(bad)); err == nil {
			t.Errorf("%q: %v", bad, got)
		}
	}
}

func FuzzJitsiProperties(f *testing.F) {
	f.Add([]byte("a=\\u00fc\nnet.java.sip.communicator.impl.protocol.sip.acc1=acc1\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if file, err := parseProperties(b); err == nil {
			for _, v := range file {
				if v == "${null}" {
					return // deletes by design
				}
			}
			fuzzApply(t, jitsi{}, file)
		}
	})
}
