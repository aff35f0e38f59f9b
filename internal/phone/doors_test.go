package phone

import (
	"net/http"
	"strings"
	"testing"

	"tischlein/internal/provision"
	"tischlein/internal/provision/drivers"
	"tischlein/internal/telephony"
)

// heldBack is everything that a device's files may hold and no door without the
// device's own token may tell.
var heldBack = []string{sipSecret, adminWord, httpPassword, "4711", "geheimer-Wert", devicePIN}

// ways are the doors through which somebody comes who has not the device's token, by
// what they show. led: it is evidence of P03, and the answer may hold the token.
var ways = map[string]struct {
	path    func(name string) ask
	prepare func(*fake)
	led     bool
}{
	"the MAC alone":          {path: func(n string) ask { return ask{path: "/p/" + n} }},
	"the MAC alone, bare":    {path: func(n string) ask { return ask{path: "/" + n} }},
	"plain HTTP":             {path: func(n string) ask { return ask{path: "/p/" + n, plain: true} }},
	"a token by plain HTTP":  {path: func(n string) ask { return ask{path: "/d/" + ownToken + "/" + n, plain: true} }},
	"no site token of ours":  {path: func(n string) ask { return ask{path: "/s/" + strings.Repeat("x", 31) + "/" + n} }},
	"no PIN":                 {path: func(n string) ask { return ask{path: "/n/" + n} }, prepare: withPIN},
	"a wrong PIN":            {path: func(n string) ask { return pinned(n, "999999") }, prepare: withPIN},
	"no password":            {path: func(n string) ask { return ask{path: "/d/" + ownToken + "/" + n} }, prepare: func(f *fake) { demands(&f.device) }},
	"pages without a token":  {path: func(n string) ask { return ask{path: "/k/" + strings.Repeat("x", 32) + "/1/login?" + n} }},
	"the armed MAC":          {path: func(n string) ask { return ask{path: "/p/" + n} }, prepare: func(f *fake) { f.armed = []telephony.MAC{f.device.MAC} }, led: true},
	"a first-access URL":     {path: func(n string) ask { return ask{path: "/f/" + firstToken + "/" + n} }, led: true},
	"a site token":           {path: func(n string) ask { return ask{path: "/s/" + siteToken + "/" + n} }, led: true},
	"the PIN":                {path: func(n string) ask { return pinned(n, devicePIN) }, prepare: withPIN, led: true},
	"the PIN by plain HTTP":  {path: func(n string) ask { a := pinned(n, devicePIN); a.plain = true; return a }, prepare: withPIN},
	"a site token, no TLS":   {path: func(n string) ask { return ask{path: "/s/" + siteToken + "/" + n, plain: true} }},
	"a first access, no TLS": {path: func(n string) ask { return ask{path: "/f/" + firstToken + "/" + n, plain: true} }},
}

func withPIN(f *fake) { f.pins = []telephony.MAC{f.device.MAC} }

func pinned(name, pin string) ask {
	return ask{path: "/n/" + name, header: http.Header{"Authorization": {basic("", telephony.Secret(pin).Reveal())}}}
}

// For every driver, through every door, every file that its phones know is asked for: no
// SIP, HTTP or administrator's secret is told, and a token only for evidence (P01). A
// driver that is added is asked by itself.
func TestP01_NoDoorTellsASecretOfAnyMaker(t *testing.T) {
	for _, drv := range drivers.All().Drivers() {
		info := drv.Info()
		if !info.Fetches() {
			continue
		}
		for way, w := range ways {
			t.Run(info.Vendor+"/"+way, func(t *testing.T) {
				f := secretive(info)
				if w.prepare != nil {
					w.prepare(f)
				}
				st := newStage(t, f, func(c *Config) { c.RootCA = testCA })
				// Its phones that fetch once at their start get their one file by first access.
				whole := way == "a first-access URL" && !comesBack(drv)
				led := false
				for _, name := range filesOf(t, st, drv) {
					rec := st.do(w.path(name))
					said := rec.Body.String() + "\n" + headersOf(rec.Header())
					led = led || strings.Contains(said, ownToken)
					if !w.led && strings.Contains(said, ownToken) {
						t.Errorf("%s tells the token:\n%s", name, said)
					}
					if rec.Code >= 400 && rec.Body.Len() > 0 {
						t.Errorf("%s: %d with a body", name, rec.Code)
					}
					for _, secret := range heldBack {
						if !whole && strings.Contains(said, secret) {
							t.Errorf("%s tells %q:\n%s", name, secret, said)
						}
					}
				}
				if _, staged := drv.(provision.StageOne); w.led && staged && f.device.MAC != "" && !led {
					t.Error("no answer leads to the device's own directory: the test asks for nothing")
				}
				if said := st.log.String(); strings.Contains(said, ownToken) || strings.Contains(said, firstToken) || strings.Contains(said, siteToken) || secretIn(said) != "" {
					t.Errorf("the log tells a secret:\n%s", said)
				}
			})
		}
	}
}

// secretive is a device of that maker that has a secret of every kind.
func secretive(info provision.Info) *fake {
	mac := telephony.MAC("")
	if len(info.OUIs) > 0 {
		mac = telephony.MAC(strings.ToLower(info.OUIs[0]) + "123456")
	}
	f := newFake(info.Vendor, mac)
	f.device.Model = ""
	if len(info.Models) > 0 {
		f.device.Model = info.Models[0].Name
	}
	f.edit = func(d *telephony.Desired) {
		d.HTTPUser, d.HTTPPassword = httpUser, httpPassword
		d.SIP.RootCA = testCA
		d.Overrides = append(d.Overrides, telephony.Override{Name: "x", Value: "geheimer-Wert", Secret: true})
	}
	return f
}

// filesOf are the names of all files that the maker's phones may ask for.
func filesOf(t *testing.T, st *stage, drv provision.Driver) (names []string) {
	t.Helper()
	want, err := st.fake.Desired(t.Context(), st.fake.device)
	if err != nil {
		t.Fatal(err)
	}
	want.Desired.Overrides = nil
	mac := st.fake.device.MAC
	names = []string{"", mac.Upper() + ".cfg", string(mac) + ".xml"}
	for _, kind := range []provision.FileKind{provision.KindConfig, provision.KindBoot, provision.KindCommon, provision.KindTrust, provision.KindRestart} {
		if f, err := drv.Render(want.Desired, kind); err == nil {
			names = append(names, f.Name)
		}
		if one, ok := drv.(provision.StageOne); ok {
			b := provision.Bootstrap{MAC: mac, Model: st.fake.device.Model, RootCA: testCA, StageURL: "https://prov.example.net/p/", TokenURL: baseURL}
			if f, err := one.RenderStageOne(b, kind); err == nil {
				names = append(names, f.Name)
			}
			if f, err := one.PlainPointer(kind, b.StageURL); err == nil {
				names = append(names, f.Name)
			}
		}
	}
	return names
}

func headersOf(h http.Header) string {
	var b strings.Builder
	_ = h.Write(&b)
	return b.String()
}
