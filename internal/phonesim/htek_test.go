package phonesim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

const hMAC = MAC("001fc11c22a9")

func htekXML(r *miniRegistrar, user, password, name, display string, more ...string) string {
	kind := map[string]int{"udp": 0, "tcp": 1, "tls": 2}[r.network]
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?><hl_provision version="1"><config version="1">
<P271 para="Account1.Active">1</P271><P20000 para="Account1.Label">%s</P20000><P3>%s</P3><P35>%s</P35><P36>%s</P36><P34>%s</P34>
<P47>127.0.0.1:%s</P47><P130>%d</P130><P32>5</P32>%s</config></hl_provision>`, name, display, user, user, password, r.port(), kind, strings.Join(more, ""))
}

// The whole life: two files, a server that is asked at the next start, both ways to
// be told to fetch, and to restart.
func TestHtekLife(t *testing.T) {
	web, reg := newFileServer(t, false), newRegistrar(t, "tcp", "MD5", nil)
	reg.set(func() { reg.passwords["ch7"] = "pw" })
	web.put("/p/cfg0012.xml", `<hl_provision><config version="1"><P237>`+web.URL+`/d/token</P237><P3>model's</P3></config></hl_provision>`)
	p := testFleet(t).Add(Config{Vendor: Htek, MAC: hMAC, ProvisioningURL: web.URL + "/p"})
	p.PowerOn(t.Context())
	await(t, p, "chain", func(s State) bool { return s.Power == Running && s.Chains == 1 })
	web.wantPaths(t, "/p/cfg0012.xml", "/p/cfg001fc11c22a9.xml")
	h, _ := web.last()
	if got := h.Get("User-Agent"); got != "Htek UC924 2.0.4.2 00:1f:c1:1c:22:a9" {
		t.Fatalf("User-Agent %q", got)
	}

	own := "/d/token/cfg001fc11c22a9.xml"
	web.put(own, htekXML(reg, "ch7", "pw", "Freier Platz", "Freier Platz", "<P41200>1</P41200><P41300>901</P41300><P41400>Code</P41400><P41201>0</P41201><P41301>7</P41301>"))
	p.Reboot()
	await(t, p, "registration", isRegistered)
	awaitScreen(t, p, "Freier Platz", "ch7", "[Code]", "Registriert")
	web.put(own, htekXML(reg, "ch7", "pw", "Ada 101", "Ada"))
	reg.checkSync("ch7", "resync")
	await(t, p, "new name", func(s State) bool { return s.Display == "Ada" && s.Registered })
	web.put(own, htekXML(reg, "ch7", "pw", "Jan 102", "Jan", "<P41400/>"))
	reg.checkSync("ch7", "check-sync")
	await(t, p, "another name", func(s State) bool { return s.Display == "Jan" && s.Registered && s.Boots == 2 })
	awaitScreen(t, p, "Jan 102", "Jan", "ch7", "[901]", "Registriert")
	reg.checkSync("ch7", "check-sync;reboot=true")
	await(t, p, "third boot", func(s State) bool { return s.Boots == 3 && s.Registered })
	web.put(own, `<hl_provision><config version="1"><P271>0</P271><P35/><P36/><P34/><P47/></config></hl_provision>`)
	reg.checkSync("ch7", "check-sync")
	await(t, p, "no account", func(s State) bool { return !s.Registered && s.User == "" })
}

func TestHtekFileOrder(t *testing.T) {
	for name, c := range map[string]struct {
		model, firmware string
		want            []string
	}{
		"usual":          {"UC903", "", []string{"/x/cfg0016.xml", "/x/cfg001fc11c22a9.xml"}},
		"gigabit":        {"UC926E", "", []string{"/x/cfg0110.xml", "/x/cfg001fc11c22a9.xml"}},
		"newer firmware": {"UC902", "2.42.6.5.27", []string{"/x/cfg0017.xml", "/x/cfg001fc11c22a9.xml", "/x/001fc11c22a9.cfg"}},
		"unknown model":  {"UC999", "", []string{"/x/cfg001fc11c22a9.xml"}},
	} {
		t.Run(name, func(t *testing.T) {
			web := newFileServer(t, false)
			p := testFleet(t).Add(Config{Vendor: Htek, Model: c.model, Firmware: c.firmware, MAC: hMAC, ProvisioningURL: web.URL + "/x/"})
			p.PowerOn(t.Context())
			await(t, p, "chain", func(s State) bool { return s.Chains == 1 && s.Power == Running })
			web.wantPaths(t, c.want...)
		})
	}
}

func TestHtekReadsItsFilesAndNoOthers(t *testing.T) {
	f, err := parseHtek([]byte(`<hl_provision version="1"><config version="1"><P34 para="Account1.x">a&amp;b</P34><P35/></config></hl_provision>`))
	if want := map[string]string{"P34": "a&b", "P35": ""}; err != nil || !maps.Equal(f, want) {
		t.Fatalf("%v %v", f, err)
	}
	for name, bad := range map[string]string{
		"no P-value": `<hl_provision><config><Account1.Active>1</Account1.Active></config></hl_provision>`,
		"another's":  `<gs_provision><config version="1"><P1>1</P1></config></gs_provision>`,
		"HTML":       `<html><body>Not found<br></body></html>`,
		"nothing":    ``,
		"half":       `<hl_provision><config><P1>`,
	} {
		if f, err := parseHtek([]byte(bad)); err == nil {
			t.Errorf("%s was taken: %v", name, f)
		}
	}
}

func TestHtekServerAndAccount(t *testing.T) {
	s := settings{}
	for _, c := range [][3]string{{"1", "h/d/t/", "http://h/d/t/"}, {"2", "h/d", "https://h/d"}, {"1", "https://h/d", "https://h/d"}, {"0", "h", ""}, {"", "h", "http://h"}} {
		s.set("P212", c[0])
		s.set("P237", c[1])
		if got := (htek{}).provisioningURL(s); got != c[2] {
			t.Errorf("%q: %q", c, got)
		}
	}
	for k, v := range map[string]string{"P271": "1", "P35": "u", "P36": "a", "P34": "p", "P3": "Ada", "P47": "sip.example:5061", "P48": "edge.example:5071", "P130": "2", "P32": "10"} {
		s.set(k, v)
	}
	want := account{active: true, domain: "sip.example", user: "u", display: "Ada", host: "edge.example", port: 5071, transport: "tls",
		expires: 600, secrets: secrets{user: "a", password: "p"}}
	if got := (htek{}).account(s); got != want {
		t.Fatalf("%+v", got)
	}
}

func TestHtekBrowserWalksAForm(t *testing.T) {
	for _, maker := range []string{"Htek", "Yealink"} {
		web := newFileServer(t, true)
		var asked []string
		xmlPages(web, &asked)
		pages(web, "/form", `<`+maker+`IPPhoneInputScreen><Title>Anmelden</Title><URL>%URL%/done</URL><InputField type="number"><Prompt>Nebenstelle</Prompt>
<Parameter>number</Parameter></InputField><InputField type="number" password="yes"><Prompt>PIN</Prompt><Parameter>pin</Parameter></InputField></`+maker+`IPPhoneInputScreen>`)
		pages(web, "/done", `<`+maker+`IPPhoneTextScreen><Title>Fertig</Title><Text>Sie sind angemeldet</Text></`+maker+`IPPhoneTextScreen>`)
		web.put("/cfg001fc11c22a9.xml", `<hl_provision><config><P41200>9</P41200><P41400>Anmelden</P41400><P41300>`+web.URL+`/form</P41300></config></hl_provision>`)
		p := testFleet(t).Add(Config{Vendor: Htek, MAC: hMAC, ProvisioningURL: web.URL, RootCAs: roots(web)})
		p.PowerOn(t.Context())
		await(t, p, "chain", func(s State) bool { return s.Power == Running && s.Applied == 1 })
		asked = nil
		must(t, p.Press(t.Context(), "Anmelden"))
		must(t, p.Type("101"))
		must(t, p.Type("4711"))
		awaitScreen(t, p, "Anmelden", "Nebenstelle: 101", "PIN: ****")
		must(t, p.Submit(t.Context()))
		awaitScreen(t, p, "Fertig", "Sie sind angemeldet")
		if want := []string{"/form", "/done?number=101&pin=4711"}; !slices.Equal(asked, want) {
			t.Fatalf("asked %q", asked)
		}
	}
	if s, err := (htek{}).read([]byte(`<AastraIPPhoneTextScreen><Title>x</Title></AastraIPPhoneTextScreen>`)); err == nil {
		t.Errorf("another maker's page was read: %+v", s)
	}
}

func FuzzHtek(f *testing.F) {
	f.Add([]byte(`<hl_provision version="1"><config version="1"><P271 para="x">1</P271><P35>u</P35><P47>h:5060</P47></config></hl_provision>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if file, err := parseHtek(b); err == nil {
			fuzzApply(t, htek{}, file)
		}
	})
}
