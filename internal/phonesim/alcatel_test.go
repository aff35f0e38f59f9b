package phonesim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

const aleMAC = MAC("487a55023075")

func aleXML(id, value string, more ...string) string {
	var b strings.Builder
	for n, pair := 0, append([]string{id, value}, more...); n < len(pair); n += 2 {
		fmt.Fprintf(&b, "<setting id=%q value=%q/>\n", pair[n], pair[n+1])
	}
	return `<?xml version="1.0" encoding="UTF-8"?><settings>` + b.String() + `</settings>`
}

func aleAccount(r *miniRegistrar, user, password, name string, more ...string) string {
	kind := map[string]string{"udp": "0", "tcp": "1", "tls": "2"}[r.network]
	return aleXML("Account1Enable", "true", append([]string{"Account1RegName", user, "Account1UserName", user, "Account1Password", password,
		"Account1Label", name, "Account1DisplayName", name, "Account1Server1Address", "127.0.0.1", "Account1Server1Port", r.port(),
		"Account1Server1Transport", kind, "Account1Server1Expire", "300"}, more...)...)
}

// The whole life: two files whose names are settings, a server that is asked at the
// next start, a check-sync, and a free account.
func TestAlcatelLife(t *testing.T) {
	web, reg := newFileServer(t, false), newRegistrar(t, "udp", "MD5", nil)
	reg.set(func() { reg.passwords["ch7"] = "pw" })
	web.put("/p/config.487a55023075.xml", aleXML("DeviceProvisionServerUrl", web.URL+"/d/token", "Unheard", "x"))
	p := testFleet(t).Add(Config{Vendor: Alcatel, MAC: aleMAC, ProvisioningURL: web.URL + "/p"})
	p.PowerOn(t.Context())
	await(t, p, "chain", func(s State) bool { return s.Power == Running && s.Chains == 1 })
	web.wantPaths(t, "/p/config.M5.xml", "/p/config.487a55023075.xml")
	h, _ := web.last()
	if got := h.Get("User-Agent"); got != "ALE M5-CE 2.13.02.1234 487a55023075" {
		t.Fatalf("User-Agent %q", got)
	}

	own := "/d/token/config.487a55023075.xml"
	web.put(own, aleAccount(reg, "ch7", "pw", "Freier Platz", "SettingLanguage", "5",
		"ProgramKey1Type", "1", "ProgramKey1Label", "Code", "ProgramKey1Value", "901", "ProgramKey2Type", "59", "ProgramKey2Value", "102"))
	p.Reboot()
	await(t, p, "registration", isRegistered)
	awaitScreen(t, p, "Freier Platz", "ch7", "[Code]", "Geregistreerd")
	if b := p.Buttons(); !slices.Equal(b, []Button{{Label: "Code", Dials: "901"}}) {
		t.Fatalf("%+v", b)
	}
	web.put(own, aleAccount(reg, "ch7", "pw", "Ada", "SettingLanguage", "", "ProgramKey1Type", ""))
	reg.checkSync("ch7", "check-sync")
	await(t, p, "new name", func(s State) bool { return s.Display == "Ada" && s.Registered && s.Boots == 2 })
	awaitScreen(t, p, "Ada", "ch7", "Registriert")
	web.put(own, aleXML("Account1Enable", "false", "Account1UserName", "", "Account1Password", ""))
	reg.checkSync("ch7", "check-sync")
	await(t, p, "no account", func(s State) bool { return !s.Registered && s.User == "" })
	if _, there := p.Setting("Account1Password"); there {
		t.Error("the password is still there")
	}
}

func TestAlcatelFileNamesAreSettings(t *testing.T) {
	web := newFileServer(t, false)
	web.put("/x/config.8028s.xml", aleXML("DeviceProvisionFileThird", "$model/third.$mac.xml"))
	p := testFleet(t).Add(Config{Vendor: Alcatel, Model: "8028s-GE", Firmware: "1.51.52.2204", MAC: aleMAC, ProvisioningURL: web.URL + "/x"})
	p.PowerOn(t.Context())
	await(t, p, "chain", func(s State) bool { return s.Power == Running && s.Chains == 1 })
	p.Reboot()
	await(t, p, "second chain", func(s State) bool { return s.Power == Running && s.Chains == 2 })
	web.wantPaths(t, "/x/config.8028s.xml", "/x/config.487a55023075.xml",
		"/x/config.8028s.xml", "/x/config.487a55023075.xml", "/x/8028s/third.487a55023075.xml")
}

func TestAlcatelReadsItsFilesAndNoOthers(t *testing.T) {
	f, err := parseAlcatel([]byte(`<settings><setting id="a" value="p&amp;&quot;w" override="true"/><setting id="b" value=""/></settings>`))
	if err != nil || !slices.Equal(f, []alcatelSetting{{"a", `p&"w`}, {"b", ""}}) {
		t.Fatalf("%v %v", f, err)
	}
	for name, bad := range map[string]string{
		"no id": `<settings><setting value="x"/></settings>`, "no value": `<settings><setting id="x"/></settings>`,
		"another element": `<settings><user_name>x</user_name></settings>`, "another's": `<hl_provision/>`, "nothing": ``,
		"HTML": `<html><body>Not found<br></body></html>`, "half": `<settings><setting id="a" value="b"/>`,
	} {
		if f, err := parseAlcatel([]byte(bad)); err == nil {
			t.Errorf("%s was taken: %v", name, f)
		}
	}
}

func TestAlcatelAccountAndPolling(t *testing.T) {
	s := settings{}
	for k, v := range map[string]string{"Enable": "true", "RegName": "a", "UserName": "u", "Password": "p", "DisplayName": "Ada", "Server1Address": "sip.example",
		"Server1Port": "5061", "Server1Transport": "TLS", "Server1Expire": "300", "OutboundProxy1Address": "edge.example", "OutboundProxy1Port": "5071"} {
		s.set("Account1"+k, v)
	}
	want := account{active: true, domain: "sip.example", user: "u", display: "Ada", host: "edge.example", port: 5071, transport: "tls",
		expires: 300, secrets: secrets{user: "a", password: "p"}}
	if got := (alcatel{}).account(s); got != want {
		t.Fatalf("%+v", got)
	}
	if d := (alcatel{}).pollAfter(s, time.Time{}); d != 0 {
		t.Error(d)
	}
	s.set("DeviceProvisionPollingByIntervalEnable", "true")
	if d := (alcatel{}).pollAfter(s, time.Time{}); d != 24*time.Hour {
		t.Error(d)
	}
}

func FuzzAlcatel(f *testing.F) {
	f.Add([]byte(`<settings><setting id="Account1Enable" value="true"/><setting id="Account1UserName" value="u"/><setting id="Account1Server1Address" value="h"/></settings>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if file, err := parseAlcatel(b); err == nil {
			fuzzApply(t, alcatel{}, file)
		}
	})
}
