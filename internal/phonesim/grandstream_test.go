package phonesim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

const gMAC = MAC("c074ad0b63ee")

func gsXML(r *miniRegistrar, user, password, name, display string, more ...string) string {
	kind := map[string]int{"udp": 0, "tcp": 1, "tls": 2}[r.network]
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?><gs_provision version="1"><mac>c074ad0b63ee</mac><config version="1">
<P271>1</P271><P270>%s</P270><P3>%s</P3><P35>%s</P35><P36>%s</P36><P34>%s</P34><P47>127.0.0.1:%s</P47><P130>%d</P130><P32>5</P32>%s</config></gs_provision>`,
		name, display, user, user, password, r.port(), kind, strings.Join(more, ""))
}

// notifies sends a NOTIFY and, when the phone asks, once more with credentials.
func notifies(r *miniRegistrar, user, event, secret string) (first, second string) {
	r.t.Helper()
	headers := "Event: " + event + "\r\nSubscription-State: terminated\r\n"
	first = r.send("NOTIFY", user, headers)
	ask := pattern(`(?i)WWW-Authenticate: (.*?)\r\n`).FindStringSubmatch(first)
	if ask == nil {
		return first, ""
	}
	c, _ := parseChallenge(ask[1])
	b, _ := r.binding(user)
	uri := pattern(`<(.*?)>`).FindStringSubmatch(b.contact)[1]
	d := digester{c: c, set: true}
	_, value := d.answer("NOTIFY", uri, secrets{user: user, password: secret})
	return first, r.send("NOTIFY", user, headers+"Authorization: "+value+"\r\n")
}

func ok200(m string) bool { return strings.HasPrefix(m, "SIP/2.0 200 ") }

// The whole life: first access, the device's own directory at the next turn, a
// NOTIFY that is challenged until a file says otherwise, resync and reboot.
func TestGrandstreamLife(t *testing.T) {
	web, reg := newFileServer(t, false), newRegistrar(t, "udp", "MD5", nil)
	reg.set(func() { reg.passwords["ch7"] = "pw" })
	web.put("/p/cfgc074ad0b63ee.xml", gsXML(reg, "ch7", "pw", "Freier Platz", "Freier Platz",
		"<P1363>18</P1363><P1364>0</P1364><P1465>Anmelden</P1465><P1466>https://h/k/1/login</P1466><P23000>SpeedDial</P23000><P23002>Code</P23002><P23003>901</P23003>"))
	p := testFleet(t).Add(Config{Vendor: Grandstream, MAC: gMAC, ProvisioningURL: web.URL + "/p"})
	p.PowerOn(t.Context())
	await(t, p, "registration", isRegistered)
	web.wantPaths(t, "/p/cfgc074ad0b63ee", "/p/cfgc074ad0b63ee.xml")
	awaitScreen(t, p, "Freier Platz", "ch7", "[Anmelden] [Code]", "Registriert")
	if b := p.Buttons(); !slices.Equal(b, []Button{{Label: "Anmelden", Opens: "https://h/k/1/login"}, {Label: "Code", Dials: "901"}}) {
		t.Fatalf("%+v", b)
	}
	h, _ := web.last()
	if got := h.Get("User-Agent"); got != "Grandstream Model HW GRP2614 SW 1.0.5.15 DevId c074ad0b63ee" {
		t.Fatalf("User-Agent %q", got)
	}

	// From the factory it obeys nobody without the account's secret.
	web.put("/p/cfgc074ad0b63ee.xml", gsXML(reg, "ch7", "pw", "Ada 101", "Ada"))
	if first, second := notifies(reg, "ch7", "check-sync", "wrong"); !strings.HasPrefix(first, "SIP/2.0 401 ") || !strings.HasPrefix(second, "SIP/2.0 401 ") {
		t.Fatalf("answered\n%s\n%s", first, second)
	}
	if first, second := notifies(reg, "ch7", "check-sync", "pw"); ok200(first) || !ok200(second) {
		t.Fatalf("answered\n%s\n%s", first, second)
	}
	await(t, p, "new name", func(s State) bool { return s.Display == "Ada" && s.Registered && s.Boots == 1 })
	if s := p.State(); s.Challenges != 3 || s.Notifies != 1 {
		t.Fatalf("%+v", s)
	}

	// P4428 makes it trust the registrar; resync fetches.
	web.put("/p/cfgc074ad0b63ee.xml", gsXML(reg, "ch7", "pw", "Grace", "Grace", "<P4428>1</P4428>"))
	if _, second := notifies(reg, "ch7", "resync", "pw"); !ok200(second) {
		t.Fatal(second)
	}
	await(t, p, "another name", func(s State) bool { return s.Display == "Grace" && s.Registered })
	if first, _ := notifies(reg, "ch7", "check-sync;reboot=true", "pw"); !ok200(first) {
		t.Fatal(first)
	}
	await(t, p, "second boot", func(s State) bool { return s.Boots == 2 && s.Registered })
	if first, _ := notifies(reg, "ch7", "dialog", "pw"); !strings.HasPrefix(first, "SIP/2.0 489 ") {
		t.Fatal(first)
	}
}

func TestGrandstreamFileOrder(t *testing.T) {
	one := `<gs_provision version="1"><config version="1"><P30>ntp</P30>%s</config></gs_provision>`
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"nothing there": {nil, []string{"/x/cfgc074ad0b63ee", "/x/cfgc074ad0b63ee.xml", "/x/cfggrp2614.xml", "/x/cfg.xml"}},
		"the first XML ends it": {map[string]string{"/x/cfggrp2614.xml": fmt.Sprintf(one, "")},
			[]string{"/x/cfgc074ad0b63ee", "/x/cfgc074ad0b63ee.xml", "/x/cfggrp2614.xml"}},
		"all are wanted": {map[string]string{"/x/cfgc074ad0b63ee.xml": fmt.Sprintf(one, "<P8467>1</P8467>")},
			[]string{"/x/cfgc074ad0b63ee", "/x/cfgc074ad0b63ee.xml", "/x/cfggrp2614.xml", "/x/cfg.xml"}},
	} {
		t.Run(name, func(t *testing.T) {
			web := newFileServer(t, false)
			for path, body := range c.files {
				web.put(path, body)
			}
			p := testFleet(t).Add(Config{Vendor: Grandstream, MAC: gMAC, ProvisioningURL: web.URL + "/x/"})
			p.PowerOn(t.Context())
			await(t, p, "chain", func(s State) bool { return s.Chains == 1 })
			web.wantPaths(t, c.want...)
		})
	}
}

func TestGrandstreamReadsBothVersionsAndNoOthers(t *testing.T) {
	f, err := parseGrandstream([]byte(`<gs_provision version="1"><config version="2"><item name="account.1.enable">Yes</item>
<item name="account.1.sip.userid">u</item><item name="account.1.sip.transport">TlsOrTcp</item><item name="pks.vpk.7.keyMode">SpeedDial</item>
<item name="account.1.sip"><part name="subscriber.password">p&amp;w</part></item><item name="pks.vpk.1.description">Login</item></config></gs_provision>`), gMAC)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"P271": "1", "P35": "u", "P130": "2", "P23800": "SpeedDial", "P34": "p&w", "P1465": "Login"} {
		if f[name] != want {
			t.Errorf("%s = %q, want %q", name, f[name], want)
		}
	}
	for name, bad := range map[string]string{
		"another's MAC":   `<gs_provision><mac>c074ad000000</mac><config version="1"><P1>1</P1></config></gs_provision>`,
		"no P-value":      `<gs_provision><config version="1"><Proxy>1</Proxy></config></gs_provision>`,
		"unknown version": `<gs_provision><config version="3"/></gs_provision>`,
		"another's file":  `<settings/>`,
		"HTML":            `<html><body>Not found<br></body></html>`,
		"nothing":         ``,
	} {
		if f, err := parseGrandstream([]byte(bad), gMAC); err == nil {
			t.Errorf("%s was taken: %v", name, f)
		}
	}
}

func TestGrandstreamSaysItsServerInTwoParts(t *testing.T) {
	for url, want := range map[string][2]string{"https://h/d/t/": {"2", "h/d/t/"}, "http://h:8080/p": {"1", "h:8080/p"}} {
		s := settings{}
		(grandstream{}).setProvisioningURL(s, url)
		if s.get("P212") != want[0] || s.get("P237") != want[1] || (grandstream{}).provisioningURL(s) != url {
			t.Errorf("%s: %v", url, s)
		}
	}
}

func TestGrandstreamPollsAsConfigured(t *testing.T) {
	s, now := settings{}, time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) // a Monday
	for _, c := range []struct {
		p194, p193, p285, p286 string
		want                   time.Duration
	}{{"0", "5", "", "", 0}, {"1", "5", "", "", 5 * time.Minute}, {"2", "", "13", "", time.Hour}, {"2", "", "11", "", 23 * time.Hour}, {"3", "", "11", "2", 23 * time.Hour}} {
		for k, v := range map[string]string{"P194": c.p194, "P193": c.p193, "P285": c.p285, "P286": c.p286} {
			s.set(k, v)
		}
		if got := (grandstream{}).pollAfter(s, now); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestGrandstreamBrowserAppendsTheInputs(t *testing.T) {
	web := newFileServer(t, true)
	var asked []string
	web.hook = func(w http.ResponseWriter, q *http.Request) bool {
		if !strings.HasPrefix(q.URL.Path, "/cfg") {
			w.Header().Set("Content-Type", "application/xml")
			asked = append(asked, q.URL.RequestURI())
		}
		return false
	}
	web.put("/cfgc074ad0b63ee.xml", `<gs_provision><config version="1"><P1363>xmlapp</P1363><P1465>Anmelden</P1465><P1466>`+web.URL+`/form</P1466></config></gs_provision>`)
	pages(web, "/form", `<xmlapp title="Anmelden"><view><section><text label="Bitte"/><input label="Nebenstelle" name="number" type="number"/><input label="PIN" name="pin" type="password"/></section></view>
<Softkeys><Softkey action="AppendInputURL" label="OK" commandArgs="%URL%/check"/><Softkey action="QuitApp" label="Ende"/></Softkeys></xmlapp>`)
	pages(web, "/check", `<xmlapp title="Wo?"><view><section><text label="Hier oder dort?"/></section></view><Softkeys><Softkey action="UseURL" label="Hier" commandArgs="%URL%/done"/></Softkeys></xmlapp>`)
	pages(web, "/done", `<xmlapp title="Fertig"><view><section><text label="Sie sind angemeldet"/></section></view><Softkeys><Softkey action="QuitApp" label="OK"/></Softkeys></xmlapp>`)
	p := testFleet(t).Add(Config{Vendor: Grandstream, MAC: gMAC, ProvisioningURL: web.URL, RootCAs: roots(web)})
	p.PowerOn(t.Context())
	await(t, p, "chain", func(s State) bool { return s.Power == Running && s.Applied == 1 })
	must(t, p.Press(t.Context(), "Anmelden"))
	must(t, p.Type("101"))
	must(t, p.Type("4711"))
	awaitScreen(t, p, "Anmelden", "Bitte", "Nebenstelle: 101", "PIN: ****", "[Ende]")
	must(t, p.Submit(t.Context()))
	must(t, p.Choose(t.Context(), "Hier"))
	awaitScreen(t, p, "Fertig", "Sie sind angemeldet", "[OK]")
	must(t, p.Choose(t.Context(), "OK"))
	if _, open := p.Page(); open {
		t.Error("the application is still open")
	}
	if want := []string{"/form", "/check?number=101&pin=4711", "/done"}; !slices.Equal(asked, want) {
		t.Fatalf("asked %q", asked)
	}
	for name, bad := range map[string]string{
		"a typing error": `<xmlapp title="x"><view/><Softkeys><Softkey action="UesURL" label="x" commandArgs="y"/></Softkeys></xmlapp>`,
		"no way on":      `<xmlapp title="x"><view><section><input label="x" name="y"/></section></view></xmlapp>`,
		"another's page": `<YealinkIPPhoneTextScreen><Title>x</Title></YealinkIPPhoneTextScreen>`,
		"unknown part":   `<xmlapp title="x"><view><section><form/></section></view></xmlapp>`,
	} {
		if s, err := (grandstream{}).read([]byte(bad)); err == nil {
			t.Errorf("%s was read: %+v", name, s)
		}
	}
}

func FuzzGrandstream(f *testing.F) {
	f.Add([]byte(`<gs_provision version="1"><mac>c074ad0b63ee</mac><config version="1"><P271>1</P271></config></gs_provision>`))
	f.Add([]byte(`<gs_provision><config version="2"><item name="pks.vpk.99.value"><part name="x">1</part></item></config></gs_provision>`))
	f.Add([]byte(`<xmlapp title="x"><view><section><input label="a" name="b"/></section></view><Softkeys><Softkey action="AppendInputURL" commandArgs="u"/></Softkeys></xmlapp>`))
	f.Fuzz(func(_ *testing.T, b []byte) {
		if file, err := parseGrandstream(b, gMAC); err == nil {
			s := settings{}
			(grandstream{}).apply(s, []document{{body: file}}, func(string) bool { return true })
			(grandstream{}).idle(s, (grandstream{}).account(s))
		}
		if s, err := (grandstream{}).read(b); err == nil && s.target != nil {
			s.target(make([]string, len(s.Inputs)))
		}
	})
}
