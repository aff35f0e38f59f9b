package phonesim

import (
	"fmt"
	"strings"
	"testing"
)

const snomDectMAC = MAC("000413b60680")

// snomDectXML is a base's file with one handset per user, in order.
func snomDectXML(r *miniRegistrar, global string, users ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?><settings><global>%s</global><server><user_host idx="1">127.0.0.1</user_host>
<user_outbound idx="1">127.0.0.1:%s</user_outbound><srv_sip_transport idx="1">%s</srv_sip_transport><user_expiry idx="1">300</user_expiry>
<srv_sip_show_ext_name_in_hs idx="1">on</srv_sip_show_ext_name_in_hs></server><extension>`, global, r.port(), r.network)
	for n, u := range users {
		active := "on"
		if u == "" {
			active = "off"
		}
		fmt.Fprintf(&b, `<user_active idx="%[1]d">%[2]s</user_active><user_name idx="%[1]d">%[3]s</user_name><user_pname idx="%[1]d">%[3]s</user_pname>
<user_pass idx="%[1]d">pw</user_pass><user_realname idx="%[1]d">Halle %[3]s</user_realname><subscr_sip_hs_idx idx="%[1]d">%[1]d</subscr_sip_hs_idx>
<subscr_sip_ua_data_server_id idx="%[1]d">1</subscr_sip_ua_data_server_id>`, n+1, active, u)
	}
	return b.String() + "</extension></settings>"
}

// From the maker's names to its own directory, and told to fetch: it restarts until a
// file says that it need not.
func TestSnomDECTLife(t *testing.T) {
	web, reg := newFileServer(t, false), newRegistrar(t, "tcp", "MD5", nil)
	reg.set(func() { reg.passwords["ch1"] = "pw" })
	const own = "/d/token/000413B60680.xml"
	web.put("/p/snomM400.htm", `<setting-files><file url="`+web.URL+own+`"/></setting-files>`)
	lead := `<setting_server>` + web.URL + `/d/token/{mac}.xml</setting_server>`
	web.put(own, snomDectXML(reg, lead, "ch1"))
	p := testFleet(t).Add(Config{Vendor: SnomDECT, MAC: snomDectMAC, ProvisioningURL: web.URL + "/p/"})
	p.PowerOn(t.Context())
	await(t, p, "registration", isRegistered)
	web.wantPaths(t, "/p/snomM400.htm", own, "/p/snomM400-000413B60680.htm")
	awaitScreen(t, p, "Halle ch1", "ch1", "Registriert")
	if h, _ := web.last(); h.Get("User-Agent") != "Mozilla/4.0 (compatible; Snom M400 07.40.0104 000413b60680)" {
		t.Fatalf("User-Agent %q", h.Get("User-Agent"))
	}
	reg.checkSync("ch1", "check-sync;reboot=false")
	await(t, p, "second boot", func(s State) bool { return s.Boots == 2 && s.Registered })
	web.put(own, snomDectXML(reg, lead+"<sip_check_sync_always_reboot>off</sip_check_sync_always_reboot>", "ch1"))
	reg.checkSync("ch1", "check-sync;reboot=false")
	await(t, p, "third boot", func(s State) bool { return s.Boots == 3 && s.Registered })
	web.put(own, strings.ReplaceAll(snomDectXML(reg, lead, "ch1"), "Halle ch1", "Ada"))
	reg.checkSync("ch1", "check-sync;reboot=false")
	await(t, p, "new name", func(s State) bool { return s.Boots == 3 && s.Registered && s.Display == "Ada" })
	reg.checkSync("ch1", "check-sync;reboot=true")
	await(t, p, "fourth boot", func(s State) bool { return s.Boots == 4 && s.Registered })
}

func TestSnomDECTHandsets(t *testing.T) {
	web, reg := newFileServer(t, false), newRegistrar(t, "udp", "MD5", nil)
	reg.set(func() { reg.passwords["a"], reg.passwords["b"] = "pw", "pw" })
	web.put("/x.xml", snomDectXML(reg, "<sip_check_sync_always_reboot>off</sip_check_sync_always_reboot>", "a", "", "b"))
	p := testFleet(t).Add(Config{Vendor: SnomDECT, MAC: snomDectMAC, ProvisioningURL: web.URL + "/x.xml"})
	h := p.Port(2)
	p.PowerOn(t.Context())
	for phone, user := range map[*Phone]string{p: "a", h: "b"} {
		if s := await(t, phone, user, isRegistered); s.User != user || s.Display != "Halle "+user {
			t.Errorf("%+v", s)
		}
	}
	web.put("/x.xml", snomDectXML(reg, "", "a", "", ""))
	reg.checkSync("a", "check-sync;reboot=false")
	await(t, h, "no account", func(s State) bool { return s.User == "" && !s.Registered })
}

func TestSnomDECTAccount(t *testing.T) {
	s := settings{}
	for k, v := range map[string]string{"user_active:7": "on", "user_name:7": "u", "user_pname:7": "a", "user_pass:7": "p", "user_realname:7": "Ada", "subscr_sip_hs_idx:7": "3",
		"subscr_sip_ua_data_server_id:7": "2", "user_host:2": "example.org", "user_outbound:2": "edge.example:5071", "srv_sip_transport:2": "tls", "user_expiry:2": "180"} {
		s.set(k, v)
	}
	want := account{active: true, domain: "example.org", user: "u", display: "Ada", host: "edge.example", port: 5071, transport: "tls", expires: 180,
		secrets: secrets{user: "a", password: "p"}}
	if got := (snomDECT{1}).account(s); got != want {
		t.Fatalf("%+v", got)
	}
	if got := (snomDECT{2}).account(s); got.active {
		t.Errorf("a handset that is not there: %+v", got)
	}
	s.set("srv_sip_transport:2", "carrier pigeon")
	if got := (snomDECT{1}).account(s); got.active {
		t.Errorf("a transport that it does not know: %+v", got)
	}
}
