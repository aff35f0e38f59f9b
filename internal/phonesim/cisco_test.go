package phonesim

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

const cMAC = MAC("00562b1234ab")

func ciscoXML(r *miniRegistrar, user, password, display string, more ...string) string {
	return fmt.Sprintf(`<device><flat-profile><Line_Enable_1_ ua="na">Yes</Line_Enable_1_><Display_Name_1_ ua="na">%s</Display_Name_1_>
<User_ID_1_ ua="na">%s</User_ID_1_><Password_1_ ua="na">%s</Password_1_><Proxy_1_ ua="na">127.0.0.1:%s</Proxy_1_>
<SIP_Transport_1_ ua="na">%s</SIP_Transport_1_><Register_1_>Yes</Register_1_>%s</flat-profile></device>`,
		display, user, password, r.port(), strings.ToUpper(r.network), strings.Join(more, ""))
}

func cPhone(f *Fleet, vendor Vendor, url string, change ...func(*Config)) *Phone {
	c := Config{Vendor: vendor, MAC: cMAC, ProvisioningURL: url}
	for _, g := range change {
		g(&c)
	}
	return f.Add(c)
}

// The whole life: 404s down the order, a first profile that leads on, a token
// directory, a resync that must be proven, a restart, and a 404 that takes nothing.
func TestCiscoLife(t *testing.T) {
	for vendor, c := range map[Vendor]struct {
		first       []string
		agent, sync string
		reboot      string
	}{
		CiscoMPP: {[]string{"/p/", "/p/8851-3PCC.xml", "/p/Cisco/CP-8851-3PCC/00562b1234ab.cfg"}, "Cisco-CP-8851-3PCC/11.3.7 (00562b1234ab)", "resync", "reboot_now"},
		CiscoSPA: {[]string{"/p/", "/p/spa504G.cfg"}, "Cisco/SPA504G-7.4.4 (00562B1234AB)(CBT2B1234AB)", "resync", "reboot"},
	} {
		t.Run(string(vendor), func(t *testing.T) {
			web, reg := newFileServer(t, false), newRegistrar(t, "udp", "MD5", nil)
			reg.set(func() { reg.passwords["ch7"] = "pw" })
			own := "/d/token/00562b1234ab.xml"
			web.put(c.first[len(c.first)-1], `<flat-profile><Profile_Rule>`+web.URL+`/d/token/$MA.xml</Profile_Rule></flat-profile>`)
			web.put(own, ciscoXML(reg, "ch7", "pw", "Freier Platz", `<Station_Display_Name>frei</Station_Display_Name>`,
				`<Extension_2_>Disabled</Extension_2_><Extended_Function_2_>fnc=sd;ext=901@$PROXY;nme=Anmelden</Extended_Function_2_>`))
			p := cPhone(testFleet(t), vendor, web.URL+"/p/")
			p.PowerOn(t.Context())
			s := await(t, p, "registration", isRegistered)
			web.wantPaths(t, append(slices.Clone(c.first), own)...)
			if h, _ := web.last(); h.Get("User-Agent") != c.agent {
				t.Fatalf("User-Agent %q", h.Get("User-Agent"))
			}
			if s.Display != "Freier Platz" || s.ProvisioningURL != web.URL+"/d/token/$MA.xml" {
				t.Fatalf("%+v", s)
			}
			awaitScreen(t, p, "frei", "Freier Platz", "ch7", "[Anmelden]", "Registriert")

			// Nobody resyncs it who does not know the account's password.
			web.put(own, ciscoXML(reg, "ch7", "pw", "Ada 101", `<Station_Display_Name></Station_Display_Name><Extended_Function_2_></Extended_Function_2_>`))
			refused := reg.send("NOTIFY", "ch7", "Event: "+c.sync+"\r\nSubscription-State: terminated\r\n")
			challenge := hdr(refused, "WWW-Authenticate")
			if !strings.HasPrefix(refused, "SIP/2.0 401 ") || auth(" "+challenge, "realm") != "127.0.0.1" {
				t.Fatalf("%q", refused)
			}
			for _, password := range []string{"wrong", "pw"} {
				answer := ciscoAnswer(t, reg, "ch7", password, challenge)
				m := reg.send("NOTIFY", "ch7", "Event: "+c.sync+"\r\nSubscription-State: terminated\r\n"+answer)
				if good := strings.HasPrefix(m, "SIP/2.0 200 "); good != (password == "pw") {
					t.Fatalf("%s: %q", password, m)
				}
				challenge = hdr(m, "WWW-Authenticate")
			}
			s = await(t, p, "resync", func(s State) bool { return s.Registered && s.Display == "Ada 101" })
			if s.Boots != 1 || s.Challenges != 2 || s.Notifies != 1 || s.LastNotify != c.sync {
				t.Fatalf("%+v", s)
			}
			awaitScreen(t, p, "Ada 101", "ch7", "Registriert") // what is blank is cleared

			// A file that is gone takes nothing away.
			web.mu.Lock()
			delete(web.files, own)
			web.mu.Unlock()
			ciscoPush(t, reg, "ch7", "pw", c.sync)
			s = await(t, p, "a walk in vain", func(s State) bool { return s.Chains == 4 })
			if !s.Registered || s.Display != "Ada 101" || s.LastError == "" || s.Files[0].Status != http.StatusNotFound {
				t.Fatalf("%+v", s)
			}
			ciscoPush(t, reg, "ch7", "pw", c.reboot)
			s = await(t, p, "second boot", func(s State) bool { return s.Boots == 2 && s.Registered })
			if s.Display != "Ada 101" {
				t.Fatalf("settings must survive reboots: %+v", s)
			}
			if m := reg.send("NOTIFY", "ch7", "Event: talk\r\n"); !strings.HasPrefix(m, "SIP/2.0 489 ") {
				t.Fatalf("%q", m)
			}
		})
	}
}

// ciscoAnswer is written against RFC 7616 and not against the phone.
func ciscoAnswer(t *testing.T, r *miniRegistrar, user, password, challenge string) string {
	t.Helper()
	b, _ := r.binding(user)
	uri := pattern(`<(.*?)>`).FindStringSubmatch(b.contact)[1]
	realm, nonce := auth(" "+challenge, "realm"), auth(" "+challenge, "nonce")
	ha1, ha2 := hashHex("MD5", user+":"+realm+":"+password), hashHex("MD5", "NOTIFY:"+uri)
	response := hashHex("MD5", strings.Join([]string{ha1, nonce, "00000001", "c", "auth", ha2}, ":"))
	return fmt.Sprintf("Authorization: Digest username=%q, realm=%q, nonce=%q, uri=%q, response=%q, algorithm=MD5, qop=auth, nc=00000001, cnonce=\"c\"\r\n",
		user, realm, nonce, uri, response)
}

// ciscoPush is a NOTIFY as a registrar sends it that answers a challenge.
func ciscoPush(t *testing.T, r *miniRegistrar, user, password, event string) {
	t.Helper()
	head := "Event: " + event + "\r\nSubscription-State: terminated\r\n"
	m := r.send("NOTIFY", user, head)
	if !strings.HasPrefix(m, "SIP/2.0 401 ") {
		t.Fatalf("not challenged: %q", m)
	}
	if m = r.send("NOTIFY", user, head+ciscoAnswer(t, r, user, password, hdr(m, "WWW-Authenticate"))); !strings.HasPrefix(m, "SIP/2.0 200 ") {
		t.Fatalf("%q", m)
	}
}

func TestCiscoChallengesOnlyIfItShall(t *testing.T) {
	web, reg := newFileServer(t, false), newRegistrar(t, "tcp", "MD5", nil)
	reg.set(func() { reg.passwords["u"] = "p" })
	web.put("/a.xml", ciscoXML(reg, "u", "p", "Ada", "<Auth_Resync-Reboot_1_>No</Auth_Resync-Reboot_1_>"))
	p := cPhone(testFleet(t), CiscoMPP, web.URL+"/a.xml")
	p.PowerOn(t.Context())
	await(t, p, "registration", isRegistered)
	reg.checkSync("u", "check-sync;reboot=true") // a synonym of resync, whatever it asks for
	if s := await(t, p, "second walk", func(s State) bool { return s.Chains == 2 }); s.Boots != 1 || s.Challenges != 0 {
		t.Fatalf("%+v", s)
	}
	web.put("/a.xml", ciscoXML(reg, "u", "p", "Ada", "<Auth_Resync-Reboot_1_>No</Auth_Resync-Reboot_1_><Resync_From_SIP>No</Resync_From_SIP>"))
	reg.checkSync("u", "resync")
	await(t, p, "third walk", func(s State) bool { return s.Chains == 3 })
	reg.checkSync("u", "resync") // answered, and no more than that
	reg.checkSync("u", "report")
	if s := p.State(); s.Chains != 3 || s.Notifies != 4 {
		t.Fatalf("%+v", s)
	}
}

func TestCiscoEvents(t *testing.T) {
	type want struct {
		do    action
		known bool
	}
	for _, c := range []struct {
		fw            alerted
		event, reboot string
		want          want
	}{
		{ciscoMPP{}, "resync", "", want{fetch, true}}, {ciscoMPP{}, "check-sync", "true", want{fetch, true}},
		{ciscoMPP{}, "reboot_now", "", want{reboot, true}}, {ciscoMPP{}, "restart_now", "", want{reboot, true}},
		{ciscoMPP{}, "reboot", "", want{ignore, false}}, {ciscoMPP{}, "report", "", want{ignore, true}},
		{ciscoSPA{}, "resync", "", want{fetch, true}}, {ciscoSPA{}, "check-sync", "", want{fetch, true}},
		{ciscoSPA{}, "check-sync", "true", want{reboot, true}}, {ciscoSPA{}, "reboot", "", want{reboot, true}},
		{ciscoSPA{}, "reboot_now", "", want{ignore, false}},
	} {
		if do, known := c.fw.obeys(settings{}, c.event, c.reboot); (want{do, known}) != c.want {
			t.Errorf("%T %s %q: %v %v", c.fw, c.event, c.reboot, do, known)
		}
	}
	off := settings{}
	off.set("Provision_Enable", "No")
	if do, _ := (ciscoSPA{}).obeys(off, "resync", ""); do != ignore || (cisco{}).pollAfter(off, time.Now()) != 0 {
		t.Error("a phone that shall not be provisioned resyncs")
	}
}

// Each kind of device asks for a name of its own.
func TestCiscoFileOrder(t *testing.T) {
	for _, c := range []struct {
		vendor     Vendor
		model, url string
		agent      string
		want       []string
	}{
		{CiscoMPP, "7841", "/x", "Cisco-CP-7841-3PCC/11.3.7 (00562b1234ab)", []string{"/x", "/x/7841-3PCC.xml", "/x/Cisco/CP-7841-3PCC/00562b1234ab.cfg"}},
		{CiscoMPP, "9861", "/x/$PN/$MAU.xml", "Cisco-DP-9861/11.3.7 (00562b1234ab)", []string{"/x/DP-9861/00562B1234AB.xml"}},
		{CiscoSPA, "ATA191", "/x/", "Cisco/ATA191-MPP-7.4.4 (CBT2B1234AB)", []string{"/x/", "/x/ATA00562B1234AB.cnf.xml"}},
		{CiscoSPA, "PAP2T", "/x/", "Cisco/PAP2T-7.4.4 (00562B1234AB)(CBT2B1234AB)", []string{"/x/", "/x/init.cfg"}},
		{CiscoSPA, "SPA-942", "/x/", "Linksys/SPA-942-7.4.4 (CBT2B1234AB)", []string{"/x/", "/x/spa942.cfg"}},
		{CiscoSPA, "SPA525G", "/x/$MA.xml", "Cisco/SPA525G-7.4.4 (CBT2B1234AB)", []string{"/x/00562b1234ab.xml"}},
	} {
		t.Run(c.model, func(t *testing.T) {
			web := newFileServer(t, false)
			p := cPhone(testFleet(t), c.vendor, web.URL+c.url, func(cfg *Config) { cfg.Model = c.model })
			p.PowerOn(t.Context())
			s := await(t, p, "chain", func(s State) bool { return s.Chains == 1 })
			web.wantPaths(t, c.want...)
			if h, _ := web.last(); h.Get("User-Agent") != c.agent || s.Power != Running {
				t.Fatalf("%q %+v", h.Get("User-Agent"), s)
			}
		})
	}
}

func TestCiscoRules(t *testing.T) {
	mobile := `"%s" eq "mobile" and "101" ne "" ? [--uid 101@d --pwd 4711] https://h/user.xml | [--key k] https://h/base.xml`
	for rule, want := range map[string]ciscoStep{
		"https://h/a.xml":              {url: "https://h/a.xml"},
		"[--uid u --pwd p] http://h/a": {url: "http://h/a", user: "u", password: "p"},
		fmt.Sprintf(mobile, "mobile"):  {url: "https://h/user.xml", user: "101@d", password: "4711"},
		fmt.Sprintf(mobile, ""):        {url: "https://h/base.xml"},
		`("a" == "b") ? http://h/1 | "a" != "b" ? http://h/2 | http://h/3`: {url: "http://h/2"},
		`"a" like "a" ? http://h/1 | http://h/2`:                           {url: "http://h/2"},
	} {
		if got, ok := parseCiscoRule(rule); !ok || got != want {
			t.Errorf("%s: %+v %v", rule, got, ok)
		}
	}
	for _, rule := range []string{"", "/$PSN.xml", "tftp://h/a.xml", `"a" eq "b" ? http://h/1`} {
		if got, ok := parseCiscoRule(rule); ok {
			t.Errorf("%q leads to %+v", rule, got)
		}
	}
	// Settings fill in what they know, the device the rest.
	s := settings{}
	s.set(ciscoRule, `"$EMS" eq "mobile" ? [--uid $MUID$PDOM] $A/u.xml | $(A)/$MA.xml`)
	s.set("GPP_A", "https://h/d")
	s.set("EMS", "mobile")
	s.set("MUID", "101")
	s.set("EM_User_Domain", "@x")
	s.set(ciscoRule+"_C", "https://h/c.xml")
	if got := (cisco{}).provisioningURL(s); got != `"mobile" eq "mobile" ? [--uid 101@x] https://h/d/u.xml | https://h/d/$MA.xml`+"\nhttps://h/c.xml" {
		t.Error(got)
	}
}

// A rule brings the credentials, several rules are several files, and the CA that a
// profile names is fetched with it.
func TestCiscoCredentialsAndCA(t *testing.T) {
	web, reg := newFileServer(t, false), newRegistrar(t, "udp", "MD5", nil)
	reg.set(func() { reg.passwords["u"] = "p" })
	web.hook = func(w http.ResponseWriter, q *http.Request) bool {
		u, pw, _ := q.BasicAuth()
		if q.URL.Path != "/d/own.xml" || u == "dev" && pw == "geheim" {
			return false
		}
		w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
		w.WriteHeader(http.StatusUnauthorized)
		return true
	}
	web.put("/p.xml", `<flat-profile><Profile_Rule>[--uid dev --pwd geheim] `+web.URL+`/d/own.xml</Profile_Rule><Profile_Rule_B>`+web.URL+`/d/b.xml</Profile_Rule_B></flat-profile>`)
	web.put("/d/own.xml", ciscoXML(reg, "u", "p", "Ada", "<Custom_CA_Rule>/ca.pem</Custom_CA_Rule>"))
	web.put("/d/b.xml", `<flat-profile><Station_Name>B</Station_Name></flat-profile>`)
	web.put("/ca.pem", "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n")
	p := cPhone(testFleet(t), CiscoMPP, web.URL+"/p.xml")
	p.PowerOn(t.Context())
	s := await(t, p, "registration", isRegistered)
	web.wantPaths(t, "/p.xml", "/d/own.xml", "/d/own.xml", "/ca.pem", "/d/b.xml") // one challenge
	awaitScreen(t, p, "B", "Ada", "u", "Registriert")
	if s.LastError != "" {
		t.Fatalf("%+v", s)
	}
	if err := p.SetByUser("User_ID_1_", "x"); err == nil {
		t.Error("a locked parameter was changed at the phone")
	}
	if err := p.SetByUser("Station_Name", "mine"); err != nil {
		t.Error(err)
	}
}

// Its certificate goes with it where the server asks, and is a macro of its own.
func TestCiscoClientCertificate(t *testing.T) {
	var named, path string
	web := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		path = q.URL.Path
		if len(q.TLS.PeerCertificates) > 0 {
			named = q.TLS.PeerCertificates[0].Subject.Organization[0]
		}
		w.WriteHeader(http.StatusNotFound)
	}))
	web.TLS = &tls.Config{ClientAuth: tls.RequestClientCert} //nolint:gosec // a test server
	web.StartTLS()
	t.Cleanup(web.Close)
	pool := x509.NewCertPool()
	pool.AddCert(web.Certificate())
	p := cPhone(testFleet(t), CiscoMPP, web.URL+"/$CCERT/$SN.xml", func(c *Config) {
		c.RootCAs, c.ClientCertificate = pool, &web.TLS.Certificates[0]
	})
	p.PowerOn(t.Context())
	await(t, p, "chain", func(s State) bool { return s.Chains == 1 })
	if named != "Acme Co" || path != "/Installed/CBT2B1234AB.xml" {
		t.Fatalf("%q %q", named, path)
	}
}

func TestCiscoReadsProfiles(t *testing.T) {
	const flat = `<flat-profile><A ua="ro">1</A><B_1_>&lt;x&gt; </B_1_><C><inner>no</inner></C></flat-profile>`
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	w.Write([]byte(flat)) //nolint:errcheck // into memory
	w.Close()
	want := ciscoProfile{{"A", "1", "ro"}, {"B_1_", "<x>", ""}, {"C", "", ""}}
	for name, body := range map[string]string{"bare": flat, "wrapped": `<?xml version="1.0"?><device>` + flat + `</device>`, "gzip": packed.String()} {
		if got, err := parseCisco([]byte(body)); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for _, body := range []string{"", "<html><body>404</body></html>", "<device></device>", "Salted__xxxx", "<flat-profile><A>", "\x1f\x8bx"} {
		if got, err := parseCisco([]byte(body)); err == nil {
			t.Errorf("%q was understood: %v", body, got)
		}
	}
}

func TestCiscoAccounts(t *testing.T) {
	s := settings{}
	for k, v := range map[string]string{"Line_Enable_1_": "No", "User_ID_1_": "off", "Proxy_1_": "h", "User_ID_2_": "u", "Password_2_": "p",
		"Proxy_2_": "sip.example.net", "Outbound_Proxy_2_": "192.0.2.1:5061", "SIP_Transport_2_": "TLS", "Use_Auth_ID_2_": "Yes", "Auth_ID_2_": "a", "Register_Expires_2_": "300"} {
		s.set(k, v)
	}
	a := (ciscoMPP{}).account(s)
	if a.user != "u" || a.domain != "sip.example.net" || a.host != "192.0.2.1" || a.port != 5061 || a.transport != "tls" || a.secrets.user != "a" || a.expires != 300 {
		t.Errorf("%+v", a)
	}
	// The older firmware wants the proxy switched on.
	if a = (ciscoSPA{}).account(s); a.host != "sip.example.net" {
		t.Errorf("%+v", a)
	}
	s.set("Use_Outbound_Proxy_2_", "Yes")
	if a = (ciscoSPA{}).account(s); a.host != "192.0.2.1" {
		t.Errorf("%+v", a)
	}
	for text, want := range map[string]time.Duration{"": time.Hour, "0": 0, "600": 10 * time.Minute, "300+60,900": 5 * time.Minute, "x": 0} {
		s.set("Resync_Periodic", text)
		if got := (cisco{}).pollAfter(s, time.Now()); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestCiscoBrowserWalksAForm(t *testing.T) {
	web := newFileServer(t, true)
	var asked []string
	xmlPages(web, &asked)
	pages(web, "/form", `<CiscoIPPhoneInput><Title>Anmelden</Title><Prompt>Bitte</Prompt><URL>%URL%/check</URL>
<InputItem><DisplayName>Nebenstelle</DisplayName><QueryStringParam>number</QueryStringParam><InputFlags>N</InputFlags><DefaultValue></DefaultValue></InputItem>
<InputItem><DisplayName>PIN</DisplayName><QueryStringParam>pin</QueryStringParam><InputFlags>NP</InputFlags><DefaultValue></DefaultValue></InputItem>
<SoftKeyItem><Name>OK</Name><URL>SoftKey:Submit</URL><Position>1</Position></SoftKeyItem>
<SoftKeyItem><Name>Ende</Name><URL>SoftKey:Exit</URL><Position>3</Position></SoftKeyItem></CiscoIPPhoneInput>`)
	pages(web, "/check", `<CiscoIPPhoneMenu><Title>Wo?</Title><MenuItem><Name>Hier</Name><URL>%URL%/done</URL></MenuItem></CiscoIPPhoneMenu>`)
	pages(web, "/done", `<CiscoIPPhoneText><Title>Fertig</Title><Text>Sie sind angemeldet</Text><SoftKeyItem><Name>OK</Name><URL>SoftKey:Exit</URL><Position>1</Position></SoftKeyItem></CiscoIPPhoneText>`)
	web.put("/a.cfg", `<flat-profile><Programmable_Softkey_Enable>Yes</Programmable_Softkey_Enable><Idle_Key_List>redial|1;psk1|2;psk2|3</Idle_Key_List>
<PSK_1>fnc=xml;url=`+web.URL+`/form;nme=Anmelden</PSK_1><PSK_2></PSK_2><Extension_1_>1</Extension_1_><Extended_Function_1_>fnc=sd;ext=0;nme=nie</Extended_Function_1_></flat-profile>`)
	p := cPhone(testFleet(t), CiscoMPP, web.URL+"/a.cfg", func(c *Config) { c.RootCAs = roots(web) })
	p.PowerOn(t.Context())
	await(t, p, "chain", func(s State) bool { return s.Applied == 1 && s.Power == Running })
	if b := p.Buttons(); !slices.Equal(b, []Button{{Label: "Anmelden", Opens: web.URL + "/form"}}) {
		t.Fatalf("%+v", b)
	}
	must(t, p.Press(t.Context(), "Anmelden"))
	must(t, p.Type("101"))
	must(t, p.Type("4711"))
	if got := p.Screen(); !slices.Equal(got, []string{"Anmelden", "Bitte", "Nebenstelle: 101", "PIN: ****", "[Ende]"}) {
		t.Fatalf("%q", got)
	}
	must(t, p.Submit(t.Context()))
	must(t, p.Choose(t.Context(), "Hier"))
	if page, _ := p.Page(); page.Text != "Sie sind angemeldet" {
		t.Fatalf("%+v", page)
	}
	must(t, p.Choose(t.Context(), "OK"))
	if _, open := p.Page(); open {
		t.Error("the page is still there")
	}
	if want := []string{"/form", "/check?number=101&pin=4711", "/done"}; !slices.Equal(asked, want) {
		t.Fatalf("asked %q", asked)
	}
	for what, body := range map[string]string{
		"no submit key": `<CiscoIPPhoneInput><URL>http://h/</URL><InputItem><QueryStringParam>a</QueryStringParam></InputItem><SoftKeyItem><Name>x</Name><URL>SoftKey:Exit</URL><Position>1</Position></SoftKeyItem></CiscoIPPhoneInput>`,
		"unknown flag":  `<CiscoIPPhoneInput><URL>http://h/</URL><InputItem><QueryStringParam>a</QueryStringParam><InputFlags>Z</InputFlags></InputItem></CiscoIPPhoneInput>`,
		"no position":   `<CiscoIPPhoneText><Title>x</Title><SoftKeyItem><Name>x</Name><URL>SoftKey:Exit</URL></SoftKeyItem></CiscoIPPhoneText>`,
		"another maker": `<YealinkIPPhoneTextScreen><Title>x</Title></YealinkIPPhoneTextScreen>`,
		"empty menu":    `<CiscoIPPhoneMenu><Title>x</Title></CiscoIPPhoneMenu>`,
	} {
		if s, err := (cisco{}).read([]byte(body)); err == nil {
			t.Errorf("%s was shown: %+v", what, s.Page)
		}
	}
}

func FuzzCiscoProfile(f *testing.F) {
	f.Add([]byte(`<device><flat-profile><User_ID_1_ ua="na">u</User_ID_1_><Proxy_1_>h:5060</Proxy_1_><Extended_Function_2_>fnc=xml;url=x;nme=y</Extended_Function_2_></flat-profile></device>`))
	f.Add([]byte(`<flat-profile><Profile_Rule>"$EMS" eq "" ? [--uid a --pwd b] http://h/$MA | /x</Profile_Rule><Resync_Periodic>1+2,3</Resync_Periodic></flat-profile>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		profile, err := parseCisco(b)
		if err != nil {
			return
		}
		for _, fw := range []firmware{ciscoMPP{}, ciscoSPA{}} {
			fuzzApply(t, fw, profile)
		}
		s := settings{}
		cisco{}.apply(s, []document{{body: profile}}, all)
		parseCiscoRule((cisco{}).provisioningURL(s))
		(cisco{}).buttons(s)
		(cisco{}).guards(s, "resync")
	})
}
