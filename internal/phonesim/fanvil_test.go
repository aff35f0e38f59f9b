package phonesim

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

const fMAC = MAC("0c383e2b29e6")

// fanvilXML is a file of the newest form.
func fanvilXML(r *miniRegistrar, user, password, name string, more ...string) string {
	transport := map[string]int{"udp": 0, "tcp": 1, "tls": 3}[r.network]
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?><sysConf><Version>2.0000000000</Version><sip><line index="1">
<PhoneNumber>%s</PhoneNumber><DisplayName>%s</DisplayName><RegisterAddr>127.0.0.1</RegisterAddr><RegisterPort>%s</RegisterPort>
<RegisterUser>%s</RegisterUser><RegisterPswd>%s</RegisterPswd><RegisterTTL>300</RegisterTTL><EnableReg>1</EnableReg><Transport>%d</Transport>
</line></sip>%s</sysConf>`, user, name, r.port(), user, password, transport, strings.Join(more, ""))
}

func fanvilPhone(t *testing.T, url string) *Phone {
	return testFleet(t).Add(Config{Vendor: Fanvil, MAC: fMAC, ProvisioningURL: url})
}

// The whole life: the hardware's file is missing, its own leads to another address,
// and check-sync restarts it until it is told not to.
func TestFanvilLife(t *testing.T) {
	web, reg := newFileServer(t, false), newRegistrar(t, "udp", "MD5", nil)
	reg.set(func() { reg.passwords["ch7"] = "pw" })
	host := strings.TrimPrefix(web.URL, "http://")
	web.put("/p/0c383e2b29e6.cfg", "<sysConf><ap><FlashServerIP>"+host+"/d/token</FlashServerIP><FlashFileName>$mac.cfg</FlashFileName><FlashProtocol>4</FlashProtocol></ap></sysConf>")
	own := "/d/token/0c383e2b29e6.cfg"
	keys := `<dsskey><internal index="1"><Fkey index="1"><Type>2</Type><Value>SIP1</Value><Title>Frei</Title></Fkey>` +
		`<Fkey index="2"><Type>1</Type><Value>901@1/f</Value><Title>Anmelden</Title></Fkey><Fkey index="3"><Type>1</Type><Value>102@1/ba</Value><Title>Jan</Title></Fkey></internal></dsskey>`
	web.put(own, fanvilXML(reg, "ch7", "pw", "Freier Platz", keys))
	p := fanvilPhone(t, web.URL+"/p")
	p.PowerOn(t.Context())
	await(t, p, "registration", isRegistered)
	web.wantPaths(t, "/p/F0V0V6700000.cfg", "/p/0c383e2b29e6.cfg", own)
	awaitScreen(t, p, "Freier Platz", "ch7", "Frei", "[Anmelden]", "Registriert")
	if h, _ := web.last(); h.Get("User-Agent") != "Fanvil V67 2.6.6.187 0c383e2b29e6" {
		t.Fatalf("User-Agent %q", h.Get("User-Agent"))
	}
	if b := p.Buttons(); len(b) != 1 || b[0] != (Button{Label: "Anmelden", Dials: "901"}) {
		t.Fatalf("%+v", b)
	}

	web.put(own, fanvilXML(reg, "ch7", "pw", "Ada", "<sip><NotifyReboot>0</NotifyReboot></sip>"))
	reg.checkSync("ch7", "check-sync")
	await(t, p, "second boot", func(s State) bool { return s.Boots == 2 && s.Registered && s.Display == "Ada" })
	web.put(own, fanvilXML(reg, "ch7", "pw", "Grace"))
	reg.checkSync("ch7", "check-sync")
	await(t, p, "new name", func(s State) bool { return s.Boots == 2 && s.Registered && s.Display == "Grace" })
	reg.checkSync("ch7", "check-sync;reboot=true")
	await(t, p, "third boot", func(s State) bool { return s.Boots == 3 && s.Registered })
}

func TestFanvilUnchangedFileIsNotAppliedTwice(t *testing.T) {
	web, reg := newFileServer(t, false), newRegistrar(t, "tcp", "MD5", nil)
	reg.set(func() { reg.passwords["u"] = "p" })
	web.put("/a.cfg", fanvilXML(reg, "u", "p", "d", "<sip><NotifyReboot>0</NotifyReboot></sip>"))
	p := fanvilPhone(t, web.URL+"/a.cfg")
	p.PowerOn(t.Context())
	before := await(t, p, "registration", isRegistered)
	reg.checkSync("u", "check-sync")
	if s := await(t, p, "second chain", func(s State) bool { return s.Chains == 2 }); s.Applied != 1 || s.Registrations != before.Registrations {
		t.Fatalf("%+v", s)
	}
}

// The three generations say the same.
func TestFanvilReadsThreeForms(t *testing.T) {
	want := account{active: true, domain: "sip.example.net:5070", user: "u", display: "Ada Wirt", host: "edge.example.net", port: 5071, transport: "tcp",
		expires: 300, secrets: secrets{user: "auth", password: "p:w"}}
	text := "<<VOIP CONFIG FILE>>Version:2.0000000000\r\n\r\n<SIP CONFIG MODULE>\r\n--SIP Line List--  :\r\n" +
		"SIP1 Phone Number  :u\r\nSIP1 Display Name  :Ada Wirt\r\nSIP1 Register Addr :sip.example.net\r\nSIP1 Register Port :5070\r\n" +
		"SIP1 Register User :auth\r\nSIP1 Register Pswd :p:w\r\nSIP1 Register TTL  :300\r\nSIP1 Enable Reg    :1\r\nSIP1 Proxy Addr    :edge.example.net\r\n" +
		"SIP1 Proxy Port    :5071\r\nSIP1 Transport     :1\r\n<DSSKEY CONFIG MODULE>\r\nFkey2 Type         :1\r\nFkey2 Value        :901@1/f\r\nFkey2 Title        :Anmelden\r\n<<END OF FILE>>\r\n"
	older := `<VOIP_CONFIG_FILE><version>2.0002</version><SIP_CONFIG_MODULE><SIP1_Phone_Number>u</SIP1_Phone_Number><SIP1_Display_Name>Ada Wirt</SIP1_Display_Name>
<SIP1_Register_Addr>sip.example.net</SIP1_Register_Addr><SIP1_Register_Port>5070</SIP1_Register_Port><SIP1_Register_User>auth</SIP1_Register_User>
<SIP1_Register_Pswd>p:w</SIP1_Register_Pswd><SIP1_Register_TTL>300</SIP1_Register_TTL><SIP1_Enable_Reg>1</SIP1_Enable_Reg><SIP1_Proxy_Addr>edge.example.net</SIP1_Proxy_Addr>
<SIP1_Proxy_Port>5071</SIP1_Proxy_Port><SIP1_Transport>1</SIP1_Transport></SIP_CONFIG_MODULE><DSSKEY_CONFIG_MODULE><Fkey2_Type>1</Fkey2_Type><Fkey2_Value>901@1/f</Fkey2_Value><Fkey2_Title>Anmelden</Fkey2_Title></DSSKEY_CONFIG_MODULE></VOIP_CONFIG_FILE>`
	newest := `<sysConf><sip><line index="1"><PhoneNumber>u</PhoneNumber><DisplayName>Ada Wirt</DisplayName><RegisterAddr>sip.example.net</RegisterAddr>
<RegisterPort>5070</RegisterPort><RegisterUser>auth</RegisterUser><RegisterPswd>p:w</RegisterPswd><RegisterTTL>300</RegisterTTL><EnableReg>1</EnableReg>
<ProxyAddr>edge.example.net</ProxyAddr><ProxyPort>5071</ProxyPort><Transport>1</Transport></line></sip><dsskey><internal index="1"><Fkey index="2"><Type>1</Type><Value>901@1/f</Value><Title>Anmelden</Title></Fkey></internal></dsskey></sysConf>`
	for name, body := range map[string]string{"text": text, "older": older, "newest": newest} {
		f, err := parseFanvil([]byte(body))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		s := settings{}
		fanvil{}.apply(s, []document{{body: f}}, all)
		if got := (fanvil{}).account(s); got != want {
			t.Errorf("%s: %+v", name, got)
		}
		if b := (fanvil{}).buttons(s); len(b) != 1 || b[0].Dials != "901" {
			t.Errorf("%s: %+v", name, b)
		}
	}
	for _, bad := range []string{"", "<html/>", "x: y", strings.ReplaceAll(text, "<<END OF FILE>>", ""), "<sysConf><sip>", "<sysConf/>"} {
		if f, err := parseFanvil([]byte(bad)); err == nil {
			t.Errorf("%q was taken: %v", bad, f)
		}
	}
}

func TestFanvilPollsAndAsksAsConfigured(t *testing.T) {
	s := settings{}
	if d := (fanvil{}).pollAfter(s, time.Now()); d != 0 {
		t.Fatal(d)
	}
	s.set("FlashMode", "2")
	s.set("FlashInterval", "24")
	if d := (fanvil{}).pollAfter(s, time.Now()); d != 24*time.Hour {
		t.Fatal(d)
	}
	s.set("FlashServerIP", "prov.example.net")
	s.set("FlashFileName", "/d/token/$mac.cfg")
	s.set("FlashProtocol", "5")
	s.set("DefaultUsername", "d")
	s.set("DefaultPassword", "pw")
	if u := (fanvil{}).provisioningURL(s); u != "https://prov.example.net/d/token/$mac.cfg" {
		t.Error(u)
	}
	if u, p := (fanvil{}).httpCredentials(s); u != "d" || p != "pw" {
		t.Error(u, p)
	}
	fanvil{}.setProvisioningURL(s, "https://other.example.net/")
	if u := (fanvil{}).provisioningURL(s); u != "https://other.example.net/" {
		t.Error(u)
	}
	for _, c := range []struct {
		enable, reboot string
		want           action
	}{{"", "", reboot}, {"1", "false", reboot}, {"0", "", fetch}, {"0", "true", reboot}} {
		s.set("NotifyReboot", c.enable)
		if got := (fanvil{}).checkSync(s, c.reboot); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestFanvilBrowserWalksAForm(t *testing.T) {
	web := newFileServer(t, true)
	query := ""
	web.hook = func(w http.ResponseWriter, q *http.Request) bool {
		if !strings.HasSuffix(q.URL.Path, ".cfg") {
			w.Header().Set("Content-Type", "text/xml; charset=utf-8")
			query = q.URL.RequestURI()
		}
		return false
	}
	web.put("/a.cfg", `<sysConf><dsskey><internal index="1"><Fkey index="4"><Type>21</Type><Value>`+web.URL+`/form</Value><Title>Anmelden</Title></Fkey></internal></dsskey></sysConf>`)
	web.put("/form", `<FanvilIPPhoneInputScreen><Title>Anmelden</Title><Prompt>Bitte</Prompt><URL>`+web.URL+`/check</URL>
<InputField><Prompt>Nebenstelle</Prompt><Parameter>number</Parameter><Default></Default></InputField>
<InputField password="yes"><Prompt>PIN</Prompt><Parameter>pin</Parameter><Default></Default></InputField></FanvilIPPhoneInputScreen>`)
	web.put("/check", `<FanvilIPPhoneTextScreen><Title>Anmelden</Title><Text>Angemeldet</Text></FanvilIPPhoneTextScreen>`)
	p := testFleet(t).Add(Config{Vendor: Fanvil, MAC: fMAC, ProvisioningURL: web.URL + "/a.cfg", RootCAs: roots(web)})
	p.PowerOn(t.Context())
	await(t, p, "chain", func(s State) bool { return s.Power == Running && s.Applied == 1 })
	must(t, p.Press(t.Context(), "Anmelden"))
	must(t, p.Type("101"))
	must(t, p.Type("4711"))
	awaitScreen(t, p, "Anmelden", "Bitte", "Nebenstelle: 101", "PIN: ****")
	must(t, p.Submit(t.Context()))
	awaitScreen(t, p, "Anmelden", "Angemeldet")
	web.mu.Lock()
	defer web.mu.Unlock()
	if query != "/check?number=101&pin=4711" {
		t.Errorf("asked %q", query)
	}
	for _, bad := range []string{"<x/>", "<FanvilIPPhoneInputScreen><URL>x</URL></FanvilIPPhoneInputScreen>", "<FanvilIPPhoneMenu/>", "no"} {
		if s, err := (fanvil{}).read([]byte(bad)); err == nil {
			t.Errorf("%q: %+v", bad, s)
		}
	}
}

func FuzzFanvilFile(f *testing.F) {
	f.Add([]byte("<<VOIP CONFIG FILE>>Version:2.0\n<SIP CONFIG MODULE>\nSIP1 Phone Number :u\nSIP1 Register Addr :h\nSIP1 Enable Reg :1\n<<END OF FILE>>"))
	f.Add([]byte(`<sysConf><sip><line index="1"><PhoneNumber>u</PhoneNumber><RegisterAddr>h</RegisterAddr><EnableReg>1</EnableReg></line></sip></sysConf>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if file, err := parseFanvil(b); err == nil {
			fuzzApply(t, fanvil{}, file)
		}
	})
}
