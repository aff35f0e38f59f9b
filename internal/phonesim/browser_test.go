package phonesim

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
)

const yealinkForm = `<?xml version="1.0" encoding="UTF-8"?>
<YealinkIPPhoneInputScreen Beep="no" Timeout="60" defaultIndex="1"><Title wrap="yes">Anmelden</Title><URL>%URL%/check</URL>
<InputField type="number" password="no" editable="yes"><Prompt>Nebenstelle</Prompt><Parameter>number</Parameter><Default></Default></InputField>
<InputField type="number" password="yes" editable="yes"><Prompt>PIN</Prompt><Parameter>pin</Parameter><Default></Default></InputField>
</YealinkIPPhoneInputScreen>`

// browsers are a phone per vendor, with a key that opens /form and one that dials.
func browserPhone(t *testing.T, web *fileServer, vendor Vendor) *Phone {
	t.Helper()
	c := Config{Vendor: vendor, RootCAs: roots(web), Language: "de"}
	switch vendor {
	case Yealink:
		c.MAC, c.ProvisioningURL = yMAC, web.URL+"/a.cfg"
		web.put("/a.cfg", "#!version:1.0.0.1\naccount.1.label = frei\nlinekey.1.type = 15\nlinekey.1.label = Leitung\n"+
			"linekey.2.type = 27\nlinekey.2.label = Anmelden\nlinekey.2.value = "+web.URL+"/form\nlinekey.3.type = 13\nlinekey.3.label = Code\nlinekey.3.value = 901\n"+
			"linekey.4.type = 27\nlinekey.4.label = Lang\nlinekey.4.value = "+web.URL+"/"+strings.Repeat("x", 99)+"\n")
	case Snom:
		c.MAC, c.ProvisioningURL = sMAC, web.URL+"/a.xml"
		web.put("/a.xml", `<settings><functionKeys e="2"><fkey idx="0" context="1" label="Leitung" perm="R">line</fkey>`+
			`<fkey idx="1" context="1" label="Anmelden" perm="R">url `+web.URL+`/form</fkey><fkey idx="2" context="1" label="Code" perm="R">speed 901</fkey></functionKeys></settings>`)
	}
	p := testFleet(t).Add(c)
	p.PowerOn(t.Context())
	await(t, p, "chain", func(s State) bool { return s.Power == Running && s.Applied == 1 })
	return p
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// pages serves XML under a path, for every query.
func pages(web *fileServer, path, body string) {
	web.put(path, strings.ReplaceAll(body, "%URL%", web.URL))
}

func xmlPages(web *fileServer, queries *[]string) {
	web.hook = func(w http.ResponseWriter, q *http.Request) bool {
		if !strings.HasSuffix(q.URL.Path, ".cfg") && !strings.HasSuffix(q.URL.Path, "a.xml") {
			w.Header().Set("Content-Type", "text/xml; charset=utf-8")
			*queries = append(*queries, q.URL.RequestURI())
		}
		return false
	}
}

func TestYealinkBrowserWalksAForm(t *testing.T) {
	web := newFileServer(t, true)
	var asked []string
	xmlPages(web, &asked)
	pages(web, "/form", yealinkForm)
	pages(web, "/check", `<YealinkIPPhoneTextMenu style="none"><Title>Wo?</Title><MenuItem><Prompt>Hier</Prompt><URI>%URL%/done</URI></MenuItem></YealinkIPPhoneTextMenu>`)
	pages(web, "/done", `<YealinkIPPhoneTextScreen Timeout="1"><Title>Fertig</Title><Text>Sie sind angemeldet</Text></YealinkIPPhoneTextScreen>`)
	p := browserPhone(t, web, Yealink)
	if b := p.Buttons(); len(b) != 3 || b[0] != (Button{Label: "Anmelden", Opens: web.URL + "/form"}) || b[1] != (Button{Label: "Code", Dials: "901"}) || len(b[2].Opens) != 99 {
		t.Fatalf("%+v", b)
	}
	if err := p.Press(t.Context(), "Code"); !errors.Is(err, errNoFlow) || p.State().Dialled != "901" {
		t.Fatalf("%v, dialled %q", err, p.State().Dialled)
	}
	must(t, p.Press(t.Context(), "Anmelden"))
	must(t, p.Type("101"))
	if err := p.Type("abc"); err == nil {
		t.Error("letters came out of a keypad for digits")
	}
	must(t, p.Type("4#71"))
	if got := p.Screen(); !slices.Equal(got, []string{"Anmelden", "Nebenstelle: 101", "PIN: ****"}) {
		t.Fatalf("%q", got)
	}
	if err := p.Type("9"); err == nil {
		t.Error("there is no third field")
	}
	must(t, p.Submit(t.Context()))
	if err := p.Submit(t.Context()); err == nil {
		t.Error("a menu was submitted")
	}
	must(t, p.Choose(t.Context(), "Hier"))
	if want := []string{"/form", "/check?number=101&pin=4%2371", "/done"}; !slices.Equal(asked, want) {
		t.Fatalf("asked %q", asked)
	}
	h, _ := web.last()
	if ua := h.Get("User-Agent"); !strings.HasPrefix(ua, "Yealink SIP-T46U") {
		t.Errorf("User-Agent %q", ua)
	}
	awaitScreen(t, p, "Fertig", "Sie sind angemeldet")
	awaitScreen(t, p, "frei", "[Anmelden] [Code] [Lang]", "Kein Konto") // it closes by itself
}

func TestSnomBrowserAsksOneThingAtATime(t *testing.T) {
	web := newFileServer(t, true)
	var asked []string
	xmlPages(web, &asked)
	pages(web, "/form", `<SnomIPPhoneInput track="no"><Title>Anmelden</Title><Prompt>Nebenstelle</Prompt><URL>%URL%/pin?number=__X__&amp;a=1</URL>
<InputItem><DisplayName>Nebenstelle</DisplayName><InputToken>__X__</InputToken><DefaultValue></DefaultValue><InputFlags>n</InputFlags></InputItem></SnomIPPhoneInput>`)
	pages(web, "/pin", `<IPPhoneInput><Title>Anmelden</Title><URL>%URL%/check</URL>
<InputItem><DisplayName>PIN</DisplayName><QueryStringParam>pin</QueryStringParam><DefaultValue></DefaultValue><InputFlags>np</InputFlags></InputItem></IPPhoneInput>`)
	pages(web, "/check", `<SnomIPPhoneText><Title>Wo?</Title><Text>Hier oder dort?</Text><SoftKeyItem><Name>F1</Name><Label>Hier</Label><URL>%URL%/done</URL></SoftKeyItem>
<SoftKeyItem><Name>F4</Name><Label>Nein</Label><URL>snom://mb_exit</URL></SoftKeyItem></SnomIPPhoneText>`)
	pages(web, "/done", `<SnomIPPhoneText><Title>Fertig</Title><Text>Sie sind angemeldet</Text><fetch mil="500">snom://mb_exit</fetch></SnomIPPhoneText>`)
	p := browserPhone(t, web, Snom)
	if b := p.Buttons(); len(b) != 2 || b[0] != (Button{Label: "Anmelden", Opens: web.URL + "/form"}) || b[1] != (Button{Label: "Code", Dials: "901"}) {
		t.Fatalf("%+v", b)
	}
	must(t, p.Press(t.Context(), "Anmelden"))
	must(t, p.Type("101"))
	must(t, p.Submit(t.Context()))
	must(t, p.Type("4711"))
	if got := p.Screen(); !slices.Equal(got, []string{"Anmelden", "PIN: ****"}) {
		t.Fatalf("%q", got)
	}
	must(t, p.Submit(t.Context()))
	if got := p.Screen(); !slices.Equal(got, []string{"Wo?", "Hier oder dort?", "[Hier]", "[Nein]"}) {
		t.Fatalf("%q", got)
	}
	must(t, p.Choose(t.Context(), "Nein"))
	if _, open := p.Page(); open {
		t.Error("the browser did not close")
	}
	must(t, p.Press(t.Context(), "Anmelden"))
	must(t, p.Type("1"))
	must(t, p.Submit(t.Context()))
	must(t, p.Type("2"))
	must(t, p.Submit(t.Context()))
	must(t, p.Choose(t.Context(), "Hier"))
	if want := []string{"/form", "/pin?number=101&a=1", "/check?pin=4711", "/form", "/pin?number=1&a=1", "/check?pin=2", "/done"}; !slices.Equal(asked, want) {
		t.Fatalf("asked %q", asked)
	}
	awaitScreen(t, p, "[Anmelden] [Code]", "Kein Konto")
}

// What a real phone would not show is an error, and the error holds nothing of
// what was typed.
func TestBrowserIsAsStrictAsThePhone(t *testing.T) {
	web := newFileServer(t, true)
	var asked []string
	xmlPages(web, &asked)
	p := browserPhone(t, web, Yealink)
	for what, body := range map[string]string{
		"no such page": "", "not XML": "<html><p>", "another vendor's": "<SnomIPPhoneText/>", "too large": yealinkForm + strings.Repeat(" ", mostPage),
		"a form to nowhere": "<YealinkIPPhoneInputScreen><InputField><Parameter>x</Parameter></InputField></YealinkIPPhoneInputScreen>",
		"an empty menu":     "<YealinkIPPhoneTextMenu/>",
	} {
		web.put("/form", body)
		if err := p.Press(t.Context(), "Anmelden"); err == nil {
			t.Errorf("%s was shown: %q", what, p.Screen())
		}
	}
	pages(web, "/form", yealinkForm)
	must(t, p.Press(t.Context(), "Anmelden"))
	must(t, p.Type("101"))
	must(t, p.Type("471147"))
	web.hook = func(w http.ResponseWriter, _ *http.Request) bool { panic(http.ErrAbortHandler) }
	if err := p.Submit(t.Context()); err == nil || strings.Contains(err.Error(), "471147") {
		t.Errorf("%v", err)
	}
	web.hook = nil // HTML by Go's guess
	web.put("/check", "<YealinkIPPhoneTextScreen/>")
	if err := p.Submit(t.Context()); err == nil {
		t.Error("a page that is not sent as XML was shown")
	}
	p.PowerOff()
	if _, open := p.Page(); open || p.Screen() != nil || p.Buttons() != nil {
		t.Error("a phone without power shows something")
	}
	g := testFleet(t).Add(Config{Vendor: Linphone, ProvisioningURL: web.URL})
	if err := g.Press(t.Context(), "Anmelden"); err == nil {
		t.Error("an application without keys has one")
	}
}

// Whatever a page says, the phone can show it, and goes where the page leads.
func FuzzPages(f *testing.F) {
	f.Add([]byte(yealinkForm))
	f.Add([]byte(`<YealinkIPPhoneTextMenu Timeout="0"><Title>x</Title><MenuItem><Prompt>a</Prompt><URI>https://h/</URI></MenuItem></YealinkIPPhoneTextMenu>`))
	f.Add([]byte(`<SnomIPPhoneInput><URL>https://h/?a=__X__</URL><InputItem><InputToken>__X__</InputToken><InputFlags>np</InputFlags></InputItem></SnomIPPhoneInput>`))
	f.Add([]byte(`<SnomIPPhoneText><Text>x</Text><SoftKeyItem><Name>F1</Name><URL>https://h/</URL></SoftKeyItem><fetch mil="-1">snom://mb_exit</fetch></SnomIPPhoneText>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, fw := range []browsing{yealink{}, snom{}} {
			s, err := fw.read(body)
			if err != nil {
				continue
			}
			s.paint()
			if s.target == nil {
				continue
			}
			values := make([]string, len(s.Inputs))
			for n := range values {
				values[n] = "12#"
			}
			if to := s.target(values); len(s.Inputs) == 0 || s.focus < 0 || s.focus >= len(s.Inputs) || to == "" {
				t.Fatalf("a form of %d fields, focus %d, leads to %q", len(s.Inputs), s.focus, to)
			}
		}
	})
}
