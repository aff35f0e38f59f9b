package phonesim

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

const gsMAC = MAC("7c2f80e0d605")

// gigasetXML is a manager's file with one handset per user.
func gigasetXML(r *miniRegistrar, users map[int]string, more ...string) string {
	var b strings.Builder
	transport := map[string]int{"udp": 1, "tcp": 2, "tls": 3}[r.network]
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?><provisioning version="1.1" productID="e2"><firmware><file version="" url=""/></firmware><nvm>
<param name="SipProvider.0.Domain" value="127.0.0.1"/><param name="SipProvider.0.RegServerAddress" value="127.0.0.1"/>
<param name="SipProvider.0.RegServerPort" value="%s"/><param name="SipProvider.0.RegServerRefreshTimer" value="300"/><param name="SipProvider.0.TransportProtocol" value="%d"/>`, r.port(), transport)
	for h, user := range users {
		fmt.Fprintf(&b, `<oper name="add_hs" value="%d"><param name="hs.RegStatus" value="ToReg"/></oper><param name="SipAccount.%d.AuthName" value="%s"/>
<param name="SipAccount.%d.UserName" value="%s"/><param name="SipAccount.%d.AuthPassword" value="pw"/><param name="SipAccount.%d.DisplayName" value="Halle %s"/>
<param name="SipAccount.%d.ProviderId" value="0"/>`, h, h, user, h, user, h, h, user, h)
	}
	return b.String() + strings.Join(more, "") + "</nvm></provisioning>"
}

// The whole life: a file that leads on, registration, check-sync without a restart,
// a reboot only where that was allowed.
func TestGigasetLife(t *testing.T) {
	web, reg := newFileServer(t, false), newRegistrar(t, "udp", "MD5", nil)
	reg.set(func() { reg.passwords["ch1"] = "pw" })
	own := "/d/token/7c2f80e0d605.xml"
	web.put("/p/7c2f80e0d605.xml", `<provisioning version="1.1" productID="e2"><nvm><param name="`+gigasetURL+`" value="`+web.URL+`/d/token/%MACD.xml"/></nvm></provisioning>`)
	web.put(own, gigasetXML(reg, map[int]string{0: "ch1"}))
	p := testFleet(t).Add(Config{Vendor: Gigaset, Model: "N870 IP PRO", Firmware: "83.V2.65.0", MAC: gsMAC, ProvisioningURL: web.URL + "/p/"})
	p.PowerOn(t.Context())
	await(t, p, "registration", isRegistered)
	web.wantPaths(t, "/p/7c2f80e0d605.xml", own)
	awaitScreen(t, p, "Halle ch1", "ch1", "Registriert")
	if h, _ := web.last(); h.Get("User-Agent") != "Gigaset N870 IP PRO/83.V2.65.0;7C2F80E0D605" {
		t.Fatalf("User-Agent %q", h.Get("User-Agent"))
	}
	reg.checkSync("ch1", "check-sync;reboot=true") // not allowed: only a fetch
	if s := await(t, p, "second chain", func(s State) bool { return s.Chains == 3 }); s.Boots != 1 {
		t.Fatalf("%+v", s)
	}
	web.put(own, strings.ReplaceAll(gigasetXML(reg, map[int]string{0: "ch1"}, `<param name="SystemSettings.global.CheckSyncRebootEnabled" value="1"/>`), "Halle ch1", "Ada"))
	reg.checkSync("ch1", "check-sync;reboot=false")
	await(t, p, "new name", func(s State) bool { return s.Boots == 1 && s.Registered && s.Display == "Ada" })
	reg.checkSync("ch1", "check-sync;reboot=true")
	await(t, p, "second boot", func(s State) bool { return s.Boots == 2 && s.Registered })
}

// Each handset is a phone with the base's MAC and an account of its own.
func TestGigasetHandsetsOfOneBase(t *testing.T) {
	web, reg := newFileServer(t, false), newRegistrar(t, "tcp", "MD5", nil)
	reg.set(func() { reg.passwords["a"], reg.passwords["b"], reg.passwords["c"] = "pw", "pw", "pw" })
	web.put("/x.xml", gigasetXML(reg, map[int]string{0: "a", 2: "b", 17: "c"}))
	f := testFleet(t)
	var phones []*Phone
	for n := range 3 {
		p := f.Add(Config{Vendor: Gigaset, Model: "N870 IP PRO", Firmware: "83.V2.65.0", MAC: gsMAC, Handset: n + 1, ProvisioningURL: web.URL + "/x.xml"})
		p.PowerOn(t.Context())
		phones = append(phones, p)
	}
	for n, user := range []string{"a", "b", "c"} {
		if s := await(t, phones[n], user, isRegistered); s.User != user || s.Display != "Halle "+user {
			t.Errorf("handset %d: %+v", n+1, s)
		}
	}
	// A handset that the file no longer names is gone where it says so.
	web.put("/x.xml", gigasetXML(reg, map[int]string{0: "a", 2: "b"}, `<oper name="DeleteNotProvisionedHS" value="1"/>`))
	reg.checkSync("c", "check-sync;reboot=false")
	await(t, phones[2], "no account", func(s State) bool { return s.Chains == 2 && !s.Registered && s.User == "" })
	if _, ok := phones[2].Setting("SipAccount.17.AuthPassword"); ok {
		t.Error("the secret of a handset that is gone is still there")
	}
}

func TestGigasetMaxwell(t *testing.T) {
	web, reg := newFileServer(t, false), newRegistrar(t, "udp", "MD5", nil)
	reg.set(func() { reg.passwords["m1"] = "pw" })
	param := func(name, value string) string { return `<param name="` + name + `" value="` + value + `"/>` }
	web.put("/m/7c2f80e0d605.xml", `<provisioning version="1.1"><nvm>`+param("SIP.Account.0.Active", "1")+param("SIP.Account.0.AuthName", "m1")+param("SIP.Account.0.Username", "m1")+
		param("SIP.Account.0.AuthPassword", "pw")+param("SIP.Account.0.DisplayName", "Ada &amp; Co")+param("SIP.Account.0.AccountName", "Ada 101")+param("SIP.Account.0.Domain", "127.0.0.1")+
		param("SIP.Account.0.RegistrationServer.Address", "127.0.0.1")+param("SIP.Account.0.RegistrationServer.Port", reg.port())+param("SIP.TransportProtocol", "1")+
		param("PhoneUI.Keys.FunctionKeys.0.Type", "3")+param("PhoneUI.Keys.FunctionKeys.0.PhoneNumber", "902")+param("PhoneUI.Keys.FunctionKeys.0.DisplayName", "Abmelden")+
		param("PhoneUI.Keys.FunctionKeys.1.Type", "4")+param("PhoneUI.Keys.FunctionKeys.1.DisplayName", "Jan")+
		param("System.Provision.Period", "60")+param("PhoneUI.Settings.Language", "de")+`</nvm></provisioning>`)
	p := testFleet(t).Add(Config{Vendor: Gigaset, MAC: gsMAC, ProvisioningURL: web.URL + "/m/"})
	p.PowerOn(t.Context())
	await(t, p, "registration", isRegistered)
	awaitScreen(t, p, "Ada 101", "Ada & Co", "m1", "[Abmelden]", "Registriert")
	if b := p.Buttons(); len(b) != 1 || b[0].Dials != "902" {
		t.Errorf("%+v", b)
	}
	s := settings{}
	s.set("System.Provision.Period", "60")
	for k, v := range map[string]string{"Username": "u", "AuthName": "u", "RegistrationServer.Address": "h", "RegistrationServer.Port": "5061"} {
		s.set("SIP.Account.0."+k, v)
	}
	s.set("SIP.TransportProtocol", "2")
	for sips, want := range map[string]string{"0": "tcp", "1": "tls"} {
		s.set("SIP.Security.UseSIPS", sips)
		if a := (gigaset{1}).account(s); !a.active || a.transport != want {
			t.Errorf("SIPS %s: %+v", sips, a)
		}
	}
	if d := (gigaset{1}).pollAfter(s, time.Now()); d != time.Hour {
		t.Error(d)
	}
}

func TestGigasetTakesOnlyItsOwnKindOfFile(t *testing.T) {
	web, reg := newFileServer(t, false), newRegistrar(t, "udp", "MD5", nil)
	web.put("/x.xml", gigasetXML(reg, map[int]string{0: "a"}))
	p := testFleet(t).Add(Config{Vendor: Gigaset, Model: "Maxwell 3", MAC: gsMAC, ProvisioningURL: web.URL + "/x.xml"})
	p.PowerOn(t.Context())
	if s := await(t, p, "chain", func(s State) bool { return s.Chains == 1 }); s.Applied != 0 || s.LastError == "" {
		t.Errorf("%+v", s)
	}
	for _, bad := range []string{"", "<html/>", "<ProviderFrame/>", "<provisioning><nvm><param value='x'/></nvm></provisioning>", "<provisioning/>", "<provisioning><nvm>"} {
		if f, err := parseGigaset([]byte(bad)); err == nil {
			t.Errorf("%q was taken: %+v", bad, f)
		}
	}
}

func TestGigasetAccount(t *testing.T) {
	s := settings{}
	for k, v := range map[string]string{"SipAccount.3.AuthName": "auth", "SipAccount.3.UserName": "u", "SipAccount.3.AuthPassword": "p", "SipAccount.3.DisplayName": "Ada",
		"SipAccount.3.ProviderId": "1", "SipProvider.1.Domain": "example.org", "SipProvider.1.RegServerAddress": "reg.example.org", "SipProvider.1.RegServerPort": "5061",
		"SipProvider.1.TransportProtocol": "3", "SipProvider.1.RegServerRefreshTimer": "180", "SipProvider.1.OutboundProxyMode": "1",
		"SipProvider.1.OutboundProxyAddress": "edge.example.org", "SipProvider.1.OutboundProxyPort": "5071"} {
		s.set(k, v)
	}
	want := account{active: true, domain: "example.org", user: "u", display: "Ada", host: "edge.example.org", port: 5071, transport: "tls", expires: 180,
		secrets: secrets{user: "auth", password: "p"}}
	if got := (gigaset{1}).account(s); got != want {
		t.Fatalf("%+v", got)
	}
	s.set("SipAccount.00010.AuthName", "later")
	if h, ok := (gigaset{2}).own(s); !ok || h != "00010" {
		t.Errorf("the next is %q", h)
	}
	if got := (gigaset{3}).account(s); got.active {
		t.Errorf("a handset that is not there: %+v", got)
	}
}

func FuzzGigasetFile(f *testing.F) {
	f.Add([]byte(`<provisioning productID="e2"><nvm><param name="SipAccount.0.AuthName" value="a"/><param name="SipProvider.0.RegServerAddress" value="h"/><oper name="DeleteNotProvisionedHS" value="1"/></nvm></provisioning>`))
	f.Add([]byte(`<provisioning><nvm><param name="SIP.Account.0.AuthName" value="a"/><param name="SIP.Account.0.RegistrationServer.Address" value="h"/></nvm></provisioning>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if file, err := parseGigaset(b); err == nil {
			fuzzApply(t, gigaset{1}, file)
		}
	})
}
