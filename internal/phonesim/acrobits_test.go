package phonesim

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

func acrobitsXML(r *miniRegistrar, user, password, name, more string) string {
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?><account><title>%s</title><userDisplayName>%s</userDisplayName>
<username>%s</username><password>%s</password><host>127.0.0.1:%s</host><transport>%s</transport>%s</account>`,
		name, name, user, password, r.port(), map[string]string{"udp": "udp", "tcp": "tcp", "tls": "tls+sip:"}[r.network], more)
}

func TestAcrobitsLife(t *testing.T) {
	web, reg := newFileServer(t, false), newRegistrar(t, "tcp", "MD5", nil)
	reg.set(func() { reg.passwords["ch3"] = "pw" })
	query := ""
	web.hook = func(_ http.ResponseWriter, q *http.Request) bool {
		query = q.URL.RawQuery
		return false
	}
	web.put("/prov", acrobitsXML(reg, "ch3", "pw", "Ada", "<cloud_password>neu</cloud_password>"))
	p := testFleet(t).Add(Config{Vendor: Acrobits, ProvisioningURL: web.URL + "/prov?cloud_username=%username%&cloud_password=%password%",
		HTTPUser: "ada@example.net", HTTPPassword: "a&b"})
	p.PowerOn(t.Context())
	await(t, p, "registration", isRegistered)
	awaitScreen(t, p, "Ada", "ch3", "Registriert")
	h, _ := web.last()
	web.mu.Lock()
	if query != "cloud_username=ada%40example.net&cloud_password=a%26b" || h.Get("User-Agent") != "CloudSoftphone/1.5.6" {
		t.Errorf("asked %q as %q", query, h.Get("User-Agent"))
	}
	web.mu.Unlock()

	// A check-sync means nothing to it; the next start does.
	web.put("/prov", acrobitsXML(reg, "ch3", "pw", "Grace", ""))
	reg.checkSync("ch3", "check-sync;reboot=true")
	if s := p.State(); s.Notifies != 1 || s.Chains != 1 || s.Boots != 1 {
		t.Fatalf("%+v", s)
	}
	p.Reboot()
	await(t, p, "new name", func(s State) bool { return s.Registered && s.Display == "Grace" })

	// What it cannot keep, it does not take.
	web.put("/prov", acrobitsXML(reg, "ch3", "pw", "", ""))
	p.Reboot()
	s := await(t, p, "third chain", func(s State) bool { return s.Chains == 3 && s.Registered })
	if s.Display != "Grace" || s.LastError == "" {
		t.Fatalf("%+v", s)
	}
}

func TestAcrobitsAccount(t *testing.T) {
	s := settings{}
	for k, v := range map[string]string{"title": "x", "username": "u", "authUsername": "a", "password": "p", "userDisplayName": "Ada",
		"host": "example.org", "proxy": "edge.example:5071", "transport": "tls+sip:", "extProvInterval": "300"} {
		s.set(k, v)
	}
	want := account{active: true, domain: "example.org", user: "u", display: "Ada", host: "edge.example", port: 5071, transport: "tls",
		expires: 3600, secrets: secrets{user: "a", password: "p"}}
	if got := (acrobits{}).account(s); got != want {
		t.Fatalf("%+v", got)
	}
	if d := (acrobits{}).pollAfter(s, time.Now()); d != 5*time.Minute {
		t.Error(d)
	}
	s.set("transport", "tls")
	if got := (acrobits{}).account(s); got.active {
		t.Errorf("a transport that it does not know: %+v", got)
	}
	for _, bad := range []string{"", "<html/>", "<message>no</message>", "<account><title> </title></account>", "<account>"} {
		if got, err := parseAcrobits([]byte(bad)); err == nil {
			t.Errorf("%q: %v", bad, got)
		}
	}
}
