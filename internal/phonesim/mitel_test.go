package phonesim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

const mMAC = MAC("1400e91edb52")

func mPhone(f *Fleet, url string, change ...func(*Config)) *Phone {
	c := Config{Vendor: Mitel, MAC: mMAC, ProvisioningURL: url}
	for _, g := range change {
		g(&c)
	}
	return f.Add(c)
}

func mitelCfg(r *miniRegistrar, user, password, name string, more ...string) string {
	return fmt.Sprintf("# ours\nsip transport protocol: %s\nsip line1 user name: %s\nsip line1 auth name: %s\nsip line1 password: \"%s\"\n"+
		"sip line1 display name: %s\nsip line1 screen name: %s\nsip line1 registrar ip: 127.0.0.1\nsip line1 registrar port: %s\n"+
		"sip line1 proxy ip: 127.0.0.1\nsip line1 proxy port: %s\n%s\n",
		map[string]string{"udp": "1", "tcp": "2", "tls": "4"}[r.network], user, user, password, name, name, r.port(), r.port(), strings.Join(more, "\n"))
}

// The whole life: three files, registration, a check-sync that finds nothing, one
// that finds a new file and starts anew, one that was told to.
func TestMitelLife(t *testing.T) {
	web, reg := newFileServer(t, false), newRegistrar(t, "udp", "MD5", nil)
	reg.set(func() { reg.passwords["ch7"] = "p#w" })
	web.put("/p/startup.cfg", "language: 1\nlanguage 1: lang_de.txt\n")
	own := "/p/1400E91EDB52.cfg"
	key := "topsoftkey1 type: xml\ntopsoftkey1 label: Anmelden\ntopsoftkey1 value: " + web.URL + "/k\nsoftkey1 type: speeddial\n" +
		"softkey1 label: Code\nsoftkey1 value: 901\nsoftkey2 type: speeddial\nsoftkey2 label: Nie\nsoftkey2 value: 1\nsoftkey2 states: connected"
	web.put(own, mitelCfg(reg, "ch7", "p#w", "Freier Platz", key))
	p := mPhone(testFleet(t), web.URL+"/p")
	p.PowerOn(t.Context())
	await(t, p, "registration", isRegistered)
	web.wantPaths(t, "/p/startup.cfg", "/p/6930.cfg", own, "/p/lang_de.txt")
	awaitScreen(t, p, "Freier Platz", "ch7", "[Anmelden] [Code]", "Registriert")
	h, _ := web.last()
	if got := h.Get("User-Agent"); got != "Mitel6930 MAC:14-00-E9-1E-DB-52 V:6.4.0.140-SIP" {
		t.Fatalf("User-Agent %q", got)
	}

	reg.checkSync("ch7", "check-sync")
	if s := await(t, p, "second chain", func(s State) bool { return s.Chains == 2 }); s.Boots != 1 || s.Applied != 1 {
		t.Fatalf("an unchanged file: %+v", s)
	}
	web.put(own, mitelCfg(reg, "ch7", "p#w", "Ada 101"))
	reg.checkSync("ch7", "check-sync")
	await(t, p, "second boot", func(s State) bool { return s.Boots == 2 && s.Registered && s.Display == "Ada 101" })
	reg.checkSync("ch7", "check-sync;reboot=true")
	await(t, p, "third boot", func(s State) bool { return s.Boots == 3 && s.Registered })
}

func TestMitelFileOrder(t *testing.T) {
	for name, c := range map[string]struct {
		model, firmware string
		want            []string
	}{
		"6900":   {"", "", []string{"/startup.cfg", "/6930.cfg", "/1400E91EDB52.cfg"}},
		"Aastra": {"6731i", "3.2.0.70", []string{"/aastra.cfg", "/6731i.cfg", "/1400E91EDB52.cfg"}},
	} {
		t.Run(name, func(t *testing.T) {
			web := newFileServer(t, false)
			p := mPhone(testFleet(t), web.URL, func(cfg *Config) { cfg.Model, cfg.Firmware = c.model, c.firmware })
			p.PowerOn(t.Context())
			s := await(t, p, "chain", func(s State) bool { return s.Chains == 1 })
			web.wantPaths(t, c.want...)
			if s.Power != Running || s.Files[0].Status != 404 {
				t.Fatalf("%+v", s)
			}
			if h, _ := web.last(); name == "Aastra" && h.Get("User-Agent") != "Aastra6731i MAC:14-00-E9-1E-DB-52 V:3.2.0.70-SIP" {
				t.Errorf("User-Agent %q", h.Get("User-Agent"))
			}
		})
	}
}

func TestMitelReadsItsFiles(t *testing.T) {
	got, err := parseMitel([]byte("\ufeff# c\r\n\r\nsip proxy ip: a:5060 # here\r\n!^admin password: \"1 #2\" x\n^sip line1 user name:\n"))
	want := []mitelLine{{key: "sip proxy ip", value: "a:5060"}, {"admin password", "1 #2", true, true}, {key: "sip line1 user name", reset: true}}
	if err != nil || !slices.Equal(got, want) {
		t.Fatalf("%+v, %v", got, err)
	}
	for _, bad := range []string{"no colon", ": value", "Sip Proxy IP: x", `a: "b`} {
		if got, err := parseMitel([]byte(bad)); err == nil {
			t.Errorf("%q: %+v", bad, got)
		}
	}
}

// What was changed at the phone wins over every file until one takes it back, and
// is written to where the phone is told to.
func TestMitelKeepsWhatWasChangedAtIt(t *testing.T) {
	web := newFileServer(t, false)
	var uploaded string
	web.hook = func(w http.ResponseWriter, q *http.Request) bool {
		if q.Method == http.MethodPut {
			b := make([]byte, 1024)
			n, _ := q.Body.Read(b)
			uploaded = q.URL.Path + " " + string(b[:n])
			w.WriteHeader(http.StatusCreated)
			return true
		}
		return false
	}
	own := "/1400E91EDB52.cfg"
	web.put(own, "call waiting: 0\n!language: 0\nuser config url: "+web.URL+"/up\n")
	p := mPhone(testFleet(t), web.URL)
	p.PowerOn(t.Context())
	await(t, p, "chain", func(s State) bool { return s.Chains == 1 })
	must(t, p.SetByUser("call waiting", "1"))
	if err := p.SetByUser("language", "1"); err == nil {
		t.Error("a locked setting was changed")
	}
	again := func(body string, chains int) string {
		web.put(own, body)
		p.Reboot()
		await(t, p, "another chain", func(s State) bool { return s.Chains >= chains && s.Power == Running })
		v, _ := p.Setting("call waiting")
		return v
	}
	if v := again("call waiting: 0\nuser config url: "+web.URL+"/up\n", 2); v != "1" {
		t.Errorf("the file won: %q", v)
	}
	web.mu.Lock()
	if uploaded != "/up/user_local.cfg call waiting: 1\n" {
		t.Errorf("uploaded %q", uploaded)
	}
	web.mu.Unlock()
	if v := again("^call waiting: 0\n", 3); v != "0" {
		t.Errorf("the file did not take it back: %q", v)
	}
}

func TestMitelHTTPCredentialsFromItsFile(t *testing.T) {
	web := newFileServer(t, false)
	web.put("/d/1400E91EDB52.cfg", "http digest username: dev\nhttp digest password: pw\ndownload protocol: HTTP\nhttp path: d2\n")
	web.put("/d2/1400E91EDB52.cfg", "sip line1 screen name: in\n")
	web.hook = func(w http.ResponseWriter, q *http.Request) bool {
		if u, pw, _ := q.BasicAuth(); strings.HasPrefix(q.URL.Path, "/d2/") && (u != "dev" || pw != "pw") {
			w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
			w.WriteHeader(http.StatusUnauthorized)
			return true
		}
		return false
	}
	p := mPhone(testFleet(t), web.URL+"/d")
	p.PowerOn(t.Context())
	s := await(t, p, "chain", func(s State) bool { return s.Chains == 1 })
	if s.ProvisioningURL != web.URL+"/d2" {
		t.Fatalf("goes to %q", s.ProvisioningURL)
	}
	p.Reboot()
	await(t, p, "second chain", func(s State) bool { return s.Chains == 2 && s.Applied == 2 })
	awaitScreen(t, p, "in", "Kein Konto")
}

func TestMitelLooksOnceADay(t *testing.T) {
	s := settings{}
	now := time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC)
	if d := (mitel{}).pollAfter(s, now); d != 0 {
		t.Fatal(d)
	}
	s.set("auto resync mode", "1")
	for at, want := range map[string]time.Duration{"20:30": 30 * time.Minute, "19:59": 24*time.Hour - time.Minute, "20:00": 24 * time.Hour, "x": 0} {
		s.set("auto resync time", at)
		if d := (mitel{}).pollAfter(s, now); d != want {
			t.Errorf("%s: %v", at, d)
		}
	}
}

func TestMitelAccount(t *testing.T) {
	s := settings{}
	for k, v := range map[string]string{"sip line2 user name": "u", "sip line2 auth name": "a", "sip line2 password": "p", "sip line2 display name": "Ada",
		"sip registrar ip": "edge.example", "sip registrar port": "5061", "sip proxy ip": "sip.example", "sip proxy port": "5061",
		"sip outbound proxy": "192.0.2.1", "sip outbound proxy port": "5071", "sip transport protocol": "4", "sip registration period": "300"} {
		s.set(k, v)
	}
	want := account{active: true, domain: "sip.example", user: "u", display: "Ada", host: "192.0.2.1", port: 5071, transport: "tls",
		expires: 300, secrets: secrets{user: "a", password: "p"}}
	if got := (mitel{}).account(s); got != want {
		t.Fatalf("%+v", got)
	}
	s.set("sip registrar ip", "0.0.0.0")
	if got := (mitel{}).account(s); got.active {
		t.Fatalf("%+v", got)
	}
}

func TestMitelKnowsPushedXMLOnlyWhenSwitchedOn(t *testing.T) {
	s := settings{}
	if _, known := (mitel{}).obeys(s, "aastra-xml", ""); known {
		t.Error("known from the factory")
	}
	s.set("sip xml notify event", "1")
	if do, known := (mitel{}).obeys(s, "aastra-xml", ""); !known || do != ignore {
		t.Errorf("%v %v", do, known)
	}
	if do, known := (mitel{}).obeys(s, "check-sync", "true"); !known || do != reboot {
		t.Errorf("%v %v", do, known)
	}
}

func TestMitelBrowserWalksAForm(t *testing.T) {
	web := newFileServer(t, true)
	var asked []string
	xmlPages(web, &asked)
	pages(web, "/form", `<AastraIPPhoneInputScreen destroyOnExit="yes" displayMode="condensed" defaultIndex="1"><Title>Anmelden</Title><URL>%URL%/check?a=1</URL>
<InputField type="number"><Prompt>Nebenstelle</Prompt><Parameter>number</Parameter></InputField><InputField type="empty"/>
<InputField type="number" password="yes"><Prompt>PIN</Prompt><Parameter>pin</Parameter></InputField>
<SoftKey index="1"><Label>OK</Label><URI>SoftKey:Submit</URI></SoftKey><SoftKey index="6"><Label>Ende</Label><URI>SoftKey:Exit</URI></SoftKey></AastraIPPhoneInputScreen>`)
	pages(web, "/check", `<AastraIPPhoneTextMenu><Title>Wo?</Title><MenuItem><Prompt>Hier</Prompt><URI>%URL%/done</URI></MenuItem></AastraIPPhoneTextMenu>`)
	pages(web, "/done", `<AastraIPPhoneTextScreen Timeout="1"><Title>Fertig</Title><Text>Sie sind angemeldet</Text></AastraIPPhoneTextScreen>`)
	web.put("/1400E91EDB52.cfg", "sip screen name: frei\nprgkey1 type: xml\nprgkey1 label: Anmelden\nprgkey1 value: "+web.URL+"/form\n")
	p := mPhone(testFleet(t), web.URL, func(c *Config) { c.RootCAs = roots(web) })
	p.PowerOn(t.Context())
	await(t, p, "chain", func(s State) bool { return s.Power == Running && s.Applied == 1 })
	asked = nil
	must(t, p.Press(t.Context(), "Anmelden"))
	must(t, p.Type("101"))
	must(t, p.Type("4711"))
	awaitScreen(t, p, "Anmelden", "Nebenstelle: 101", "PIN: ****", "[Ende]")
	must(t, p.Submit(t.Context()))
	must(t, p.Choose(t.Context(), "Hier"))
	if want := []string{"/form", "/check?a=1&number=101&pin=4711", "/done"}; !slices.Equal(asked, want) {
		t.Fatalf("asked %q", asked)
	}
	awaitScreen(t, p, "Fertig", "Sie sind angemeldet")
	awaitScreen(t, p, "frei", "[Anmelden]", "Kein Konto")
	for what, body := range map[string]string{
		"another vendor's": "<YealinkIPPhoneTextScreen/>", "a form to nowhere": "<AastraIPPhoneInputScreen><InputField/></AastraIPPhoneInputScreen>",
		"an empty menu": "<AastraIPPhoneTextMenu/>", "a seventh key": `<AastraIPPhoneTextScreen><SoftKey index="7"/></AastraIPPhoneTextScreen>`,
	} {
		if _, err := (mitel{}).read([]byte(body)); err == nil {
			t.Errorf("%s was read", what)
		}
	}
}

func FuzzMitel(f *testing.F) {
	f.Add([]byte("!^sip line1 user name: \"a # b\" # c\n"))
	f.Add([]byte(`<AastraIPPhoneInputScreen><URL>https://h/</URL><InputField type="number"><Prompt>a</Prompt><Parameter>b</Parameter></InputField></AastraIPPhoneInputScreen>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if lines, err := parseMitel(body); err == nil {
			s := settings{}
			mitel{}.apply(s, []document{{body: lines}}, func(string) bool { return true })
			mitel{}.idle(s, mitel{}.account(s))
			mitel{}.setProvisioningURL(s, mitel{}.provisioningURL(s))
		}
		s, err := mitel{}.read(body)
		if err != nil || s.target == nil {
			return
		}
		s.paint()
		if s.focus < 0 || s.focus >= len(s.Inputs) || s.target(make([]string, len(s.Inputs))) == "" {
			t.Fatalf("a form of %d fields, focus %d, leads nowhere", len(s.Inputs), s.focus)
		}
	})
}

// What a start brings may be another start, from the server that the files have
// named meanwhile; while it runs, the phone does not ask.
func TestMitelStartsAgainWhereItsStartSaysSo(t *testing.T) {
	web := newFileServer(t, false)
	web.put("/p/00085D123456.cfg", "download protocol: HTTP\nhttp path: d/tok\naction uri startup: "+web.URL+"/again.xml\n")
	web.put("/again.xml", `<AastraIPPhoneExecute><ExecuteItem URI="Command: FastReboot"/></AastraIPPhoneExecute>`)
	web.put("/d/tok/00085D123456.cfg", "action uri startup:\nsip line1 screen name: Frei\n")
	p := testFleet(t).Add(Config{Vendor: Mitel, MAC: "00085d123456", ProvisioningURL: web.URL + "/p/"})
	p.PowerOn(t.Context())
	awaitScreen(t, p, "Frei", "Kein Konto")
	if s := p.State(); s.Boots != 2 || s.Chains != 2 {
		t.Fatalf("%+v", s)
	}
	web.wantPaths(t, "/p/startup.cfg", "/p/6930.cfg", "/p/00085D123456.cfg", "/again.xml", "/d/tok/startup.cfg", "/d/tok/6930.cfg", "/d/tok/00085D123456.cfg")
}
