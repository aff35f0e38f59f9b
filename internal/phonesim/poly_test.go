package phonesim

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const pMAC = MAC("0004f2aabbcc")

// polyWeb is a server that also takes what a Poly writes, and remembers method,
// path and which program asked.
type polyWeb struct {
	*fileServer
	mu      sync.Mutex
	log     []string
	uploads map[string]string
	refuse  int // status for what is written, 0 = it is taken
}

func newPolyWeb(t *testing.T, withTLS bool) *polyWeb {
	w := &polyWeb{fileServer: newFileServer(t, withTLS), uploads: map[string]string{}}
	w.hook = func(rw http.ResponseWriter, q *http.Request) bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		_, program, _ := strings.Cut(q.UserAgent(), " Type/")
		w.log = append(w.log, q.Method+" "+q.URL.Path+" "+program)
		if q.Method == http.MethodGet {
			return false
		}
		body, err := io.ReadAll(q.Body)
		if err != nil {
			t.Error(err)
		}
		w.uploads[q.URL.Path] = string(body)
		if w.refuse != 0 {
			rw.WriteHeader(w.refuse)
		}
		return true
	}
	return w
}

func (w *polyWeb) asked() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.log)
}

func polyCfg(r *miniRegistrar, user, password, label, display string, more ...string) string {
	kind := map[string]string{"udp": "UDPOnly", "tcp": "TCPOnly", "tls": "TLS"}[r.network]
	return fmt.Sprintf(`<?xml version="1.0"?><polycomConfig><reg reg.1.address="%s" reg.1.auth.userId="%s" reg.1.auth.password="%s" reg.1.label="%s"
 reg.1.displayName="%s" reg.1.server.1.address="127.0.0.1" reg.1.server.1.port="%s" reg.1.server.1.transport="%s"/><x %s/></polycomConfig>`,
		user, user, password, label, display, r.port(), kind, strings.Join(more, " "))
}

// The whole life: master file, its files, overrides, uploads; then the device's own
// server, a fetch and a reboot.
func TestPolyLife(t *testing.T) {
	web, reg := newPolyWeb(t, false), newRegistrar(t, "tcp", "MD5", nil)
	reg.set(func() { reg.passwords["ch7"] = "pw" })
	web.put("/p/0004f2aabbcc.cfg", `<APPLICATION APP_FILE_PATH="" CONFIG_FILES="first-[PHONE_MAC_ADDRESS].cfg"/>`)
	web.put("/p/first-0004f2aabbcc.cfg", `<first device.set="1" device.prov.serverName="`+web.Listener.Addr().String()+`/d/token" device.prov.serverName.set="1"
 device.prov.serverType="HTTP" device.prov.serverType.set="1" device.prov.user="nobody"/>`)
	web.put("/d/token/0004f2aabbcc.cfg", `<APPLICATION APP_FILE_PATH="" CONFIG_FILES="a.cfg, b.cfg" LOG_FILE_DIRECTORY="log"/>`)
	web.put("/d/token/a.cfg", polyCfg(reg, "ch7", "pw", "Freier Platz", "frei", `feature.enhancedFeatureKeys.enabled="1" softkey.1.enable="1" softkey.1.use.idle="1"
 softkey.1.label="Anmelden" softkey.1.action="https://h/k/1/login" softkey.2.enable="1" softkey.2.use.idle="1" softkey.2.action="!code"
 efk.efklist.1.mname="code" efk.efklist.1.label="Code" efk.efklist.1.action.string="901$Tinvite$" lcl.ml.lang="German_Germany"`))
	web.put("/d/token/b.cfg", `<b reg.1.label="zu spät"/>`)
	p := testFleet(t).Add(Config{Vendor: Poly, MAC: pMAC, ProvisioningURL: web.URL + "/p"})
	p.PowerOn(t.Context())
	s := await(t, p, "registration", isRegistered)
	if s.ProvisioningURL != web.URL+"/d/token" || s.Boots != 1 {
		t.Fatalf("%+v", s)
	}
	if v, ok := p.Setting("device.prov.user"); ok {
		t.Errorf("a device's parameter was taken without its .set: %q", v)
	}
	awaitScreen(t, p, "Freier Platz", "frei", "ch7", "[Anmelden] [Code]", "Registriert")
	if b := p.Buttons(); !slices.Equal(b, []Button{{Label: "Anmelden", Opens: "https://h/k/1/login"}, {Label: "Code", Dials: "901"}}) {
		t.Fatalf("%+v", b)
	}
	want := []string{
		"PUT /p/0004f2aabbcc-boot.log Updater", "GET /p/0004f2aabbcc.cfg Updater", "GET /p/first-0004f2aabbcc.cfg Application",
		"GET /p/0004f2aabbcc-phone.cfg Application", "GET /p/0004f2aabbcc-web.cfg Application",
		"GET /p/000000000000-license.cfg Application", "GET /p/0004f2aabbcc-license.cfg Application", "GET /p/0004f2aabbcc-calls.xml Application",
		"GET /p/0004f2aabbcc-directory.xml Application", "GET /p/000000000000-directory.xml Application", "PUT /p/0004f2aabbcc-app.log Application",
	}
	if got := web.asked(); len(got) < len(want) || !slices.Equal(got[:len(want)], want) {
		t.Fatalf("asked\n %s", strings.Join(got, "\n "))
	}
	if web.uploads["/d/token/log/0004f2aabbcc-app.log"] == "" {
		t.Errorf("logs are not where the master file wants them: %v", web.uploads)
	}
	h, _ := web.last()
	if ua := h.Get("User-Agent"); ua != "FileTransport PolycomVVX-VVX_450-UA/6.4.7.1181 Type/Application" {
		t.Fatalf("User-Agent %q", ua)
	}

	web.put("/d/token/a.cfg", polyCfg(reg, "ch7", "pw", "Ada 101", "Ada"))
	reg.checkSync("ch7", "check-sync")
	await(t, p, "new name", func(s State) bool { return s.Display == "Ada" && s.Registered && s.Boots == 1 })
	awaitScreen(t, p, "Ada 101", "Ada", "ch7", "Registriert") // what no file says any more is gone
	web.put("/d/token/a.cfg", polyCfg(reg, "ch7", "pw", "Ada 101", "Ada", `voIpProt.SIP.specialEvent.checkSync.alwaysReboot="1"`))
	reg.checkSync("ch7", "check-sync")
	await(t, p, "setting", func(State) bool {
		v, _ := p.Setting("voIpProt.SIP.specialEvent.checkSync.alwaysReboot")
		return v == "1"
	})
	reg.checkSync("ch7", "check-sync")
	await(t, p, "second boot", func(s State) bool { return s.Boots == 2 && s.Registered })
}

func TestPolyGoesOnWhereNobodyTakesItsLogs(t *testing.T) {
	for _, status := range []int{http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusServiceUnavailable} {
		web := newPolyWeb(t, false)
		web.refuse = status
		p := testFleet(t).Add(Config{Vendor: Poly, MAC: pMAC, ProvisioningURL: web.URL})
		p.PowerOn(t.Context())
		s := await(t, p, "chain", func(s State) bool { return s.Chains == 1 })
		if s.Power != Running || s.Files[0].Method != http.MethodPut || s.Files[0].Status != status || s.Files[1].Status != 404 {
			t.Errorf("%d: %+v", status, s)
		}
		// No file of its own: that of all phones.
		if got := web.asked(); got[1] != "GET /0004f2aabbcc.cfg Updater" || got[2] != "GET /000000000000.cfg Updater" {
			t.Errorf("asked %q", got)
		}
	}
}

func TestPolyOverridesWin(t *testing.T) {
	web, reg := newPolyWeb(t, false), newRegistrar(t, "udp", "MD5", nil)
	reg.set(func() { reg.passwords["u"] = "p" })
	web.put("/m.cfg", `<APPLICATION CONFIG_FILES="a.cfg" OVERRIDES_DIRECTORY="o"/>`)
	web.put("/a.cfg", polyCfg(reg, "u", "p", "server", "Ada"))
	web.put("/o/0004f2aabbcc-phone.cfg", `<o reg.1.label="menu"/>`)
	web.put("/0004f2aabbcc-directory.xml", `<directory><item_list><item><fn>Jan</fn><ct>102</ct><sd>1</sd></item><item><fn>ohne</fn><ct>9</ct></item></item_list></directory>`)
	p := testFleet(t).Add(Config{Vendor: Poly, MAC: pMAC, ProvisioningURL: web.URL + "/m.cfg"})
	p.PowerOn(t.Context())
	await(t, p, "registration", isRegistered)
	awaitScreen(t, p, "menu", "Ada", "u", "[Jan]", "Registriert")
	// Without a word about the software it looks for its own image.
	if got := web.asked(); got[1] != "GET /m.cfg Updater" || got[2] != "GET /3111-48450-001.sip.ld Updater" {
		t.Errorf("asked %q", got)
	}
	if b := p.Buttons(); !slices.Equal(b, []Button{{Label: "Jan", Dials: "102"}}) {
		t.Errorf("%+v", b)
	}
}

func TestPolyReadsAttributesAndNothingElse(t *testing.T) {
	v, err := parsePoly([]byte(`<?xml version="1.0"?><a xmlns="http://x"><b c.d="1 &lt; 2"><e f="2"/></b></a>`))
	if err != nil || len(v) != 2 || v["c.d"] != "1 < 2" || v["f"] != "2" {
		t.Fatalf("%v, %v", v, err)
	}
	for name, bad := range map[string]string{"twice": `<a x="1"><b x="2"/></a>`, "HTML": `<html lang="de"/>`, "broken": `<a x="1>`, "nothing": ``} {
		if v, err := parsePoly([]byte(bad)); err == nil {
			t.Errorf("%s was taken: %v", name, v)
		}
	}
	m, err := parsePolyMaster([]byte(`<APPLICATION APP_FILE_PATH="x.ld" CONFIG_FILES="[PHONE_MODEL].cfg"><APPLICATION_VVX450 APP_FILE_PATH_VVX450="" /><APPLICATION_VVX600 APP_FILE_PATH_VVX600="y.ld"/></APPLICATION>`), "VVX450")
	if err != nil || m.image() != "" || !slices.Equal(m.files(&Config{Model: "VVX450", MAC: pMAC}), []string{"VVX450.cfg"}) {
		t.Fatalf("%v, %v", m, err)
	}
	if m, err := parsePolyMaster([]byte(`<polycomConfig/>`), "VVX450"); err == nil {
		t.Errorf("no master: %v", m)
	}
}

func TestPolyPollsAsConfigured(t *testing.T) {
	s, now := settings{}, time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)
	if d := (poly{}).pollAfter(s, now); d != 0 {
		t.Fatal(d)
	}
	s.set("prov.polling.enabled", "1")
	s.set("prov.polling.time", "03:00")
	if d := (poly{}).pollAfter(s, now); d != 23*time.Hour {
		t.Fatal(d)
	}
	s.set("prov.polling.mode", "rel")
	s.set("prov.polling.period", "60") // an hour is the least
	if d := (poly{}).pollAfter(s, now); d != time.Hour {
		t.Fatal(d)
	}
}

func TestPolyBrowserFillsAForm(t *testing.T) {
	web := newFileServer(t, true)
	var asked []string
	web.hook = func(w http.ResponseWriter, q *http.Request) bool {
		if q.Method == http.MethodPut {
			return true
		}
		if strings.HasPrefix(q.URL.Path, "/k/") {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			asked = append(asked, q.URL.RequestURI())
		}
		return false
	}
	web.put("/0004f2aabbcc.cfg", `<APPLICATION APP_FILE_PATH="" CONFIG_FILES="a.cfg"/>`)
	web.put("/a.cfg", `<a feature.enhancedFeatureKeys.enabled="1" softkey.1.enable="1" softkey.1.use.idle="1" softkey.1.label="Anmelden" softkey.1.action="`+web.URL+`/k/form"/>`)
	pages(web, "/k/form", `<!DOCTYPE html><html><head><title>Anmelden</title></head><body><form action="%URL%/k/check" method="get"><p>Nummer oder PIN falsch</p>
<p>Nebenstelle: <input type="text" name="number" value="101"></p><p>PIN:<br><input type="password" name="pin"></p><input type="hidden" name="v" value="a b"><input type="submit" value="OK"></form></body></html>`)
	pages(web, "/k/check", `<html><head><title>Wo?</title></head><body><p>Hier &amp; dort</p><p><a href="%URL%/k/done">Hier</a></p><softkey index="1" label="Nein" action="SoftKey:Exit"></softkey></body></html>`)
	pages(web, "/k/done", `<html><head><title>Fertig</title></head><body>Sie sind angemeldet</body></html>`)
	p := testFleet(t).Add(Config{Vendor: Poly, MAC: pMAC, ProvisioningURL: web.URL, RootCAs: roots(web)})
	p.PowerOn(t.Context())
	await(t, p, "chain", func(s State) bool { return s.Power == Running && s.Applied == 1 })
	must(t, p.Press(t.Context(), "Anmelden"))
	must(t, p.Type("4711")) // the number stands there already
	awaitScreen(t, p, "Anmelden", "Nummer oder PIN falsch", "Nebenstelle: 101", "PIN: ****")
	must(t, p.Submit(t.Context()))
	awaitScreen(t, p, "Wo?", "Hier & dort", "[Hier]", "[Nein]")
	must(t, p.Choose(t.Context(), "Hier"))
	awaitScreen(t, p, "Fertig", "Sie sind angemeldet")
	if want := []string{"/k/form", "/k/check?v=a+b&number=101&pin=4711", "/k/done"}; !slices.Equal(asked, want) {
		t.Fatalf("asked %q", asked)
	}
	for name, bad := range map[string]string{
		"an input nowhere":  `<html><body><input type="text" name="x"></body></html>`,
		"POST":              `<html><body><form method="post" action="/x"><input name="x"><input type="submit"></form></body></html>`,
		"nothing to submit": `<html><body><form action="/x"><input name="x"></form></body></html>`,
		"a key nowhere":     `<html><body><softkey index="9" label="x" action="SoftKey:Exit"/></body></html>`,
		"submit outside":    `<html><body><softkey index="1" label="x" action="SoftKey:Submit"/></body></html>`,
		"XML of another":    `<CiscoIPPhoneText><Text>x</Text></CiscoIPPhoneText>`,
	} {
		if s, err := (poly{}).read([]byte(bad)); err == nil {
			t.Errorf("%s was read: %+v", name, s)
		}
	}
}

func FuzzPoly(f *testing.F) {
	f.Add([]byte(`<APPLICATION APP_FILE_PATH="" CONFIG_FILES="a,[PHONE_MODEL]"><APPLICATION_VVX450 CONFIG_FILES_VVX450="b"/></APPLICATION>`))
	f.Add([]byte(`<a device.set="1" device.x="1" device.x.set="1" reg.1.address="u@h" softkey.1.action="!m"/>`))
	f.Add([]byte(`<html><form action="u"><input name="a"><softkey index="1" label="x" action="SoftKey:Submit"/></form></html>`))
	f.Fuzz(func(_ *testing.T, b []byte) {
		if m, err := parsePolyMaster(b, "VVX450"); err == nil {
			m.image()
			m.files(&Config{Model: "VVX450", MAC: pMAC})
		}
		if values, err := parsePoly(b); err == nil {
			s := settings{}
			applyPoly(s, []document{{body: polyFile{values: values}}}, func(string) bool { return true })
			(poly{}).idle(s, (poly{}).account(s))
		}
		if s, err := (poly{}).read(b); err == nil && s.target != nil {
			s.target(make([]string, len(s.Inputs)))
		}
	})
}
