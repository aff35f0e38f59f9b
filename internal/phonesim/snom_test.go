package phonesim

import (
	"crypto/tls"
	"slices"
	"strings"
	"testing"
	"time"
)

const sMAC = MAC("0004136abcde")

func TestSnomLife(t *testing.T) {
	web := newFileServer(t, true)
	reg := newRegistrar(t, "tls", "SHA-256", &tls.Config{Certificates: web.TLS.Certificates})
	reg.set(func() { reg.passwords["ch9"] = "geheim" })
	// Stage 1 only points to stage 2; the changed setting_server restarts the phone's provisioning at once.
	web.put("/first/0004136ABCDE.xml", `<settings><phone-settings><setting_server perm="RW">`+web.URL+
		`/d/tok/{mac}.xml</setting_server></phone-settings></settings>`)
	stage2 := "/d/tok/0004136ABCDE.xml"
	web.put(stage2, `<setting-files><file url="`+web.URL+`/d/tok/main.xml"/><file url="keys.xml"/></setting-files>`)
	web.put("/d/tok/main.xml", snomXML(reg, "ch9", "geheim", "Freier Platz"))
	web.put("/d/tok/keys.xml", `<settings><functionKeys e="2"><fkey idx="1" context="active" label="Anmelden" perm="R">url http://h/</fkey></functionKeys></settings>`)
	p := testFleet(t).Add(Config{Vendor: Snom, MAC: sMAC, ProvisioningURL: web.URL + "/first/{mac}.xml", RootCAs: roots(web), Language: "en"})
	p.PowerOn(t.Context())
	await(t, p, "registration", isRegistered)
	web.wantPaths(t, "/first/0004136ABCDE.xml", stage2, "/d/tok/main.xml", "/d/tok/keys.xml")
	awaitScreen(t, p, "Freier Platz", "ch9", "[Anmelden]", "Registered")
	h, _ := web.last()
	if ua := h.Get("User-Agent"); !strings.Contains(ua, "snomD785-SIP 10.1.33.33") || !strings.Contains(ua, " 0004136ABCDE ") {
		t.Fatalf("User-Agent %q", ua)
	}
	b, _ := reg.binding("ch9")
	if s := p.State(); !strings.Contains(b.contact, ";line=") || s.Transport != "tls" || s.Algorithm != "SHA-256" || s.Received == "" {
		t.Fatalf("%+v %+v", b, s)
	}
	if err := p.SetByUser("user_realname:1", "Eve"); err == nil {
		t.Fatal("perm R must refuse")
	}

	web.put("/d/tok/main.xml", snomXML(reg, "ch9", "geheim", "Ada Lovelace", `<language>Deutsch</language>`))
	web.put("/d/tok/keys.xml", `<settings><functionKeys e="2"/></settings>`)
	reg.checkSync("ch9", "check-sync;reboot=false")
	awaitScreen(t, p, "Ada Lovelace", "ch9", "Registriert")
	await(t, p, "re-registration", func(s State) bool { return s.Boots == 1 && s.Display == "Ada Lovelace" })
	reg.checkSync("ch9", "check-sync;reboot=true")
	await(t, p, "reboot", func(s State) bool { return s.Boots == 2 && s.Registered })
	p.FactoryReset("")
	awaitScreen(t, p, "No account")
}

func TestSnomFileOrder(t *testing.T) {
	web := newFileServer(t, false)
	p := testFleet(t).Add(Config{Vendor: Snom, MAC: sMAC, ProvisioningURL: web.URL + "/x"})
	p.PowerOn(t.Context())
	await(t, p, "chain", func(s State) bool { return s.Chains == 1 })
	web.wantPaths(t, "/x/snomD785.htm", "/x/snomD785-0004136ABCDE.htm")
}

func TestSnomPollsUnasked(t *testing.T) {
	web, reg := newFileServer(t, false), newRegistrar(t, "udp", "MD5", nil)
	reg.set(func() { reg.passwords["u"] = "p" })
	web.put("/a.xml", snomXML(reg, "u", "p", "Ada", `<prov_polling_enabled>on</prov_polling_enabled><prov_polling_period>1</prov_polling_period>`))
	p := testFleet(t).Add(Config{Vendor: Snom, MAC: sMAC, ProvisioningURL: web.URL + "/a.xml"})
	p.PowerOn(t.Context())
	await(t, p, "registration", isRegistered)
	web.put("/a.xml", snomXML(reg, "u", "p", "Grace"))
	s := await(t, p, "new name", func(s State) bool { return s.Registered && s.Display == "Grace" })
	if s.Notifies != 0 {
		t.Fatalf("%+v", s)
	}
	at := settings{}
	at.set("prov_polling_enabled", "on")
	at.set("prov_polling_mode", "abs")
	at.set("prov_polling_time", "03:00")
	now := time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)
	if d := (snom{}).pollAfter(at, now); d != 23*time.Hour {
		t.Fatal(d)
	}
}

func TestSnomPermissions(t *testing.T) {
	all := func(string) bool { return true }
	apply := func(s settings, xml string) {
		f, err := parseSnom([]byte("<settings><phone-settings>" + xml + "</phone-settings></settings>"))
		if err != nil {
			t.Fatal(err)
		}
		applySnom(s, f, all)
	}
	s := settings{}
	apply(s, `<a perm="RW">1</a><b>1</b><c perm="$">1</c>`)
	for k := range s {
		s[k] = entry{value: "mine", perm: s[k].perm, user: true}
	}
	apply(s, `<a perm="RW">2</a><b>2</b><c perm="$">2</c>`)
	got := []string{s.get("a"), s.get("b"), s.get("c")}
	if !slices.Equal(got, []string{"mine", "2", "mine"}) {
		t.Fatal(got)
	}
}

func TestSnomRestartLoopEnds(t *testing.T) {
	web := newFileServer(t, false)
	for i := range 20 {
		web.put("/"+strings.Repeat("x", i)+"a.xml", `<settings><phone-settings><setting_server>`+web.URL+"/"+
			strings.Repeat("x", i+1)+`a.xml</setting_server></phone-settings></settings>`)
	}
	p := testFleet(t).Add(Config{Vendor: Snom, MAC: sMAC, ProvisioningURL: web.URL + "/a.xml"})
	p.PowerOn(t.Context())
	s := await(t, p, "end of the loop", func(s State) bool { return s.Power == Running })
	if s.Chains != maxRestarts+1 || !strings.Contains(s.LastError, "without end") {
		t.Fatalf("%+v", s)
	}
}
