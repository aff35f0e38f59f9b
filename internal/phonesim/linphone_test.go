package phonesim

import (
	"net/http"
	"strings"
	"testing"
)

const passwdAndHA1 = `<entry name="passwd" overwrite="true">%</entry><entry name="ha1" overwrite="true"></entry><entry name="realm" overwrite="true"></entry><entry name="algorithm" overwrite="true"></entry>`

func TestLinphoneLife(t *testing.T) {
	web, reg := newFileServer(t, false), newRegistrar(t, "tcp", "MD5", nil)
	reg.set(func() { reg.passwords["ch3"] = "pw" })
	secret := strings.Replace(passwdAndHA1, "%", "pw", 1)
	web.put("/lp/token", linphoneXML(reg, "ch3", "Ada", secret))
	p := testFleet(t).Add(Config{Vendor: Linphone, ProvisioningURL: web.URL + "/lp/token"})
	p.PowerOn(t.Context())
	await(t, p, "registration", isRegistered)
	aor := "sip:ch3@127.0.0.1:" + reg.port()
	awaitScreen(t, p, "Ada", "ch3", aor, "Registriert")
	h, _ := web.last()
	if h.Get("X-Linphone-Provisioning") != "1" || h.Get("From") != "" || !strings.HasPrefix(h.Get("User-Agent"), "LinphoneAndroid/") {
		t.Fatalf("headers %v", h)
	}
	if v, _ := p.Setting("auth_info_0/ha1"); v != hashHex("MD5", "ch3:r, x:pw") {
		t.Fatalf("ha1 %q", v)
	}
	if _, still := p.Setting("auth_info_0/passwd"); still {
		t.Fatal("passwd must be dropped once it proved right")
	}

	// A check-sync is answered and means nothing.
	web.put("/lp/token", linphoneXML(reg, "ch3", "Grace", secret))
	reg.checkSync("ch3", "check-sync;reboot=true")
	reg.checkSync("ch3", "check-sync;reboot=false")
	if s := p.State(); s.Notifies != 2 || s.Chains != 1 || s.Boots != 1 || s.Display != "Ada" {
		t.Fatalf("%+v", s)
	}
	p.Reboot()
	await(t, p, "new name", func(s State) bool { return s.Registered && s.Display == "Grace" })
	if h, _ := web.last(); h.Get("From") != aor {
		t.Fatalf("From %q", h.Get("From"))
	}

	// A new password without a word about ha1 changes nothing: the old hash is used.
	reg.set(func() { reg.passwords["ch3"] = "neu" })
	web.put("/lp/token", linphoneXML(reg, "ch3", "Grace", `<entry name="passwd" overwrite="true">neu</entry>`))
	p.Reboot()
	await(t, p, "refusal", func(s State) bool { return s.Boots == 3 && s.SIPStatus == 401 && !s.Registered })
	web.put("/lp/token", linphoneXML(reg, "ch3", "Grace", strings.Replace(passwdAndHA1, "%", "neu", 1)))
	p.Reboot()
	await(t, p, "registration with the new password", func(s State) bool { return s.Boots == 4 && s.Registered })
}

func TestLinphoneOnly200Counts(t *testing.T) {
	web := newFileServer(t, false)
	web.put("/other", "<config/>")
	web.hook = func(w http.ResponseWriter, q *http.Request) bool {
		if q.URL.Path == "/lp" {
			http.Redirect(w, q, "/other", http.StatusFound)
			return true
		}
		return false
	}
	p := testFleet(t).Add(Config{Vendor: Linphone, ProvisioningURL: web.URL + "/lp"})
	p.PowerOn(t.Context())
	s := await(t, p, "chain", func(s State) bool { return s.Chains == 1 })
	web.wantPaths(t, "/lp")
	if s.Files[0].Status != 302 || s.Applied != 0 {
		t.Fatalf("%+v", s)
	}
}

func TestLinphoneOverwriteAndNextURL(t *testing.T) {
	web := newFileServer(t, false)
	web.put("/1", `<config><section name="misc"><entry name="config-uri" overwrite="true">`+web.URL+
		`/2</entry><entry name="a">1</entry></section></config>`)
	web.put("/2", `<config><section name="misc"><entry name="a">2</entry><entry name="b" overwrite="true">2</entry>
<entry name="transient_provisioning">1</entry></section></config>`)
	p := testFleet(t).Add(Config{Vendor: Linphone, ProvisioningURL: web.URL + "/1"})
	p.PowerOn(t.Context())
	await(t, p, "chain", func(s State) bool { return s.Chains == 1 })
	web.wantPaths(t, "/1")
	p.Reboot()
	s := await(t, p, "chain", func(s State) bool { return s.Chains == 2 })
	a, _ := p.Setting("misc/a")
	b, _ := p.Setting("misc/b")
	if a != "1" || b != "2" || s.ProvisioningURL != "" {
		t.Fatalf("a=%q b=%q %+v", a, b, s)
	}
}
