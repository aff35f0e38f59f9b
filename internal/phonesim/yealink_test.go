package phonesim

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

const yMAC = MAC("0015651234ab")

func yPhone(f *Fleet, url string, change ...func(*Config)) *Phone {
	c := Config{Vendor: Yealink, MAC: yMAC, ProvisioningURL: url}
	for _, g := range change {
		g(&c)
	}
	return f.Add(c)
}

// The whole life: boot file, include, registration, reboot at the first
// check-sync, mere fetch at the second.
func TestYealinkLife(t *testing.T) {
	web, reg := newFileServer(t, false), newRegistrar(t, "udp", "MD5", nil)
	reg.set(func() { reg.passwords["ch7"] = "pw" })
	stage2 := "/d/token/0015651234ab.cfg"
	web.put("/p/0015651234ab.boot", "#!version:1.0.0.1\r\ninclude:config \"/d/token/$MAC.cfg\"\r\noverwrite_mode = 1\r\n")
	free := []string{"phone_setting.lcd_logo.text = Freier Platz", "linekey.2.type = 27", "linekey.2.label = Anmelden"}
	web.put(stage2, yealinkCfg(reg, "ch7", "pw", "frei", "", append(free, yealinkURL+" = "+web.URL+"/d/token/")...))
	p := yPhone(testFleet(t), web.URL+"/p")
	p.PowerOn(t.Context())
	await(t, p, "registration", isRegistered)
	web.wantPaths(t, "/p/0015651234ab.boot", stage2)
	awaitScreen(t, p, "Freier Platz", "frei", "ch7", "[Anmelden]", "Registriert")
	h, _ := web.last()
	if got := h.Get("User-Agent"); got != "Yealink SIP-T46U 108.87.14.1 00:15:65:12:34:ab" {
		t.Fatalf("User-Agent %q", got)
	}
	first, _ := reg.binding("ch7")
	if !strings.Contains(first.instance, "0015651234ab") {
		t.Fatalf("instance %q", first.instance)
	}

	// Now it knows the token URL, where the directory form holds no boot file.
	web.put(stage2, yealinkCfg(reg, "ch7", "pw", "Ada 101", "Ada", "sip.notify_reboot_enable = 0"))
	reg.checkSync("ch7", "check-sync;reboot=false")
	s := await(t, p, "second boot", func(s State) bool { return s.Boots == 2 && s.Registered })
	if s.Display != "Ada" || s.ProvisioningURL != web.URL+"/d/token/" {
		t.Fatalf("state %+v", s)
	}
	awaitScreen(t, p, "Freier Platz", "Ada 101", "Ada", "ch7", "[Anmelden]", "Registriert")
	second, _ := reg.binding("ch7")
	if second.callID == first.callID {
		t.Fatal("Call-ID must be new after a reboot")
	}

	web.put(stage2, yealinkCfg(reg, "ch7", "pw", "Grace 102", "Grace", "phone_setting.lcd_logo.text = %NULL%"))
	reg.checkSync("ch7", "check-sync;reboot=false")
	awaitScreen(t, p, "Grace 102", "Grace", "ch7", "[Anmelden]", "Registriert")
	await(t, p, "re-registration", func(s State) bool { return s.Display == "Grace" })
	third, _ := reg.binding("ch7")
	if s := p.State(); s.Boots != 2 || third.callID != second.callID || third.cseq <= second.cseq || third.display != "Grace" {
		t.Fatalf("boots %d, %+v after %+v", s.Boots, third, second)
	}

	reg.checkSync("ch7", "check-sync;reboot=true")
	await(t, p, "third boot", func(s State) bool { return s.Boots == 3 && s.Registered })
	if v, _ := p.Setting("sip.notify_reboot_enable"); v != "0" {
		t.Fatalf("settings must survive reboots: %q", v)
	}
}

func TestYealinkFileOrder(t *testing.T) {
	for name, c := range map[string]struct {
		url  string
		want []string
	}{
		"directory": {"/x/$PN/", []string{"/x/T46U/0015651234ab.boot", "/x/T46U/y000000000000.boot",
			"/x/T46U/y000000000108.cfg", "/x/T46U/0015651234ab.cfg"}},
		"one file": {"/x/$MAC.cfg", []string{"/x/0015651234ab.cfg"}},
	} {
		t.Run(name, func(t *testing.T) {
			web := newFileServer(t, false)
			p := yPhone(testFleet(t), web.URL+c.url)
			p.PowerOn(t.Context())
			s := await(t, p, "chain", func(s State) bool { return s.Chains == 1 })
			web.wantPaths(t, c.want...)
			if s.Power != Running || !slices.Equal(p.Screen(), []string{"Kein Konto"}) || s.Files[0].Status != 404 {
				t.Fatalf("%+v %q", s, p.Screen())
			}
		})
	}
}

func TestYealinkIgnoresFileWithoutHeader(t *testing.T) {
	web, reg := newFileServer(t, false), newRegistrar(t, "udp", "MD5", nil)
	web.put("/a.cfg", strings.TrimPrefix(yealinkCfg(reg, "u", "p", "l", "d"), "#!version:1.0.0.1\n"))
	p := yPhone(testFleet(t), web.URL+"/a.cfg")
	p.PowerOn(t.Context())
	s := await(t, p, "chain", func(s State) bool { return s.Chains == 1 })
	if s.Applied != 0 || !strings.Contains(s.LastError, "#!version") {
		t.Fatalf("%+v", s)
	}
}

func TestYealinkUnchangedFileIsNotAppliedTwice(t *testing.T) {
	web, reg := newFileServer(t, false), newRegistrar(t, "udp", "MD5", nil)
	reg.set(func() { reg.passwords["u"] = "p" })
	web.put("/a.cfg", yealinkCfg(reg, "u", "p", "l", "d", "sip.notify_reboot_enable = 0"))
	p := yPhone(testFleet(t), web.URL+"/a.cfg")
	p.PowerOn(t.Context())
	before := await(t, p, "registration", isRegistered)
	reg.checkSync("u", "check-sync")
	s := await(t, p, "second chain", func(s State) bool { return s.Chains == 2 })
	if s.Applied != 1 || s.Registrations != before.Registrations {
		t.Fatalf("%+v", s)
	}
}

func TestYealinkBusyDefersCheckSync(t *testing.T) {
	web, reg := newFileServer(t, false), newRegistrar(t, "tcp", "MD5", nil)
	reg.set(func() { reg.passwords["u"] = "p" })
	web.put("/a.cfg", yealinkCfg(reg, "u", "p", "l", "d"))
	p := yPhone(testFleet(t), web.URL+"/a.cfg")
	p.PowerOn(t.Context())
	await(t, p, "registration", isRegistered)
	p.SetBusy(true)
	reg.checkSync("u", "check-sync")
	s := await(t, p, "deferral", func(s State) bool { return s.Deferred })
	if s.Boots != 1 || !s.Registered {
		t.Fatalf("the call was cut: %+v", s)
	}
	p.SetBusy(false)
	await(t, p, "reboot after the call", func(s State) bool { return s.Boots == 2 && s.Registered })
}

func TestYealinkCheckSyncActions(t *testing.T) {
	for _, c := range []struct {
		enable, reboot string
		want           action
	}{{"", "false", reboot}, {"1", "", reboot}, {"0", "", fetch}, {"0", "false", fetch}, {"0", "true", reboot}, {"2", "true", ignore}} {
		s := settings{}
		s.set("sip.notify_reboot_enable", c.enable)
		if got := (yealink{}).checkSync(s, c.reboot); got != c.want {
			t.Errorf("enable %q reboot %q: %v", c.enable, c.reboot, got)
		}
	}
}

func TestYealinkPollsAsConfigured(t *testing.T) {
	s := settings{}
	if d := (yealink{}).pollAfter(s, time.Now()); d != 0 {
		t.Fatal(d)
	}
	s.set("static.auto_provision.repeat.enable", "1")
	s.set("static.auto_provision.repeat.minutes", "5")
	if d := (yealink{}).pollAfter(s, time.Now()); d != 5*time.Minute {
		t.Fatal(d)
	}
}

func TestTransientFailureKeepsConfigAndRetries(t *testing.T) {
	web, reg := newFileServer(t, false), newRegistrar(t, "udp", "MD5", nil)
	reg.set(func() { reg.passwords["u"] = "p" })
	web.put("/a.cfg", yealinkCfg(reg, "u", "p", "l", "d"))
	left := 3
	web.hook = func(w http.ResponseWriter, _ *http.Request) bool {
		if left--; left >= 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return true
		}
		return false
	}
	p := yPhone(testFleet(t), web.URL+"/a.cfg")
	p.PowerOn(t.Context())
	s := await(t, p, "registration", isRegistered)
	if s.Chains < 4 || s.LastError != "" {
		t.Fatalf("%+v", s)
	}
}
