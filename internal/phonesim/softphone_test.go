package phonesim

import (
	"fmt"
	"testing"
)

func TestSoftphoneLife(t *testing.T) {
	for _, model := range []string{"JSON", "XML"} {
		t.Run(model, func(t *testing.T) {
			t.Parallel()
			web, reg := newFileServer(t, false), newRegistrar(t, "tcp", "MD5", nil)
			reg.set(func() { reg.passwords["ch3"] = "pw" })
			name := map[string]string{"JSON": "/d/token/softphone.json", "XML": "/d/token/softphone.xml"}[model]
			file := func(display string) string {
				if model == "XML" {
					return fmt.Sprintf(`<softphone><label>%s 101</label><display_name>%s</display_name><username>ch3</username><password>pw</password>
<domain>127.0.0.1</domain><server>127.0.0.1</server><port>%s</port><transport>tcp</transport><expires>300</expires></softphone>`, display, display, reg.port())
				}
				return fmt.Sprintf(`{"label":"%s 101","display_name":"%s","username":"ch3","password":"pw","domain":"127.0.0.1","server":"127.0.0.1","port":%s,"transport":"tcp","expires":300}`,
					display, display, reg.port())
			}
			web.put(name, file("Ada"))
			p := testFleet(t).Add(Config{Vendor: Softphone, Model: model, ProvisioningURL: web.URL + "/d/token/"})
			p.PowerOn(t.Context())
			await(t, p, "registration", isRegistered)
			web.wantPaths(t, name)
			awaitScreen(t, p, "Ada 101", "Ada", "ch3", "Registriert")
			web.put(name, file("Grace"))
			reg.checkSync("ch3", "check-sync;reboot=true") // means nothing to it
			if s := p.State(); s.Chains != 1 || s.Boots != 1 {
				t.Fatalf("%+v", s)
			}
			p.Reboot()
			await(t, p, "new name", func(s State) bool { return s.Registered && s.Display == "Grace" })
			if left := p.Remembers("Ada"); len(left) > 0 {
				t.Errorf("it remembers %v", left)
			}
		})
	}
}

func TestSoftphoneTakesOnlyAccounts(t *testing.T) {
	for _, bad := range []string{"", "null", "[]", `"x"`, `{"a":`, `{"a":{}}`, `{"a":[]}`, `{} {}`, "<html/>", "<softphone>"} {
		if got, err := parseSoftphone([]byte(bad)); err == nil {
			t.Errorf("%q: %v", bad, got)
		}
	}
}

func FuzzSoftphoneFile(f *testing.F) {
	f.Add([]byte(`{"username":"u","server":"h","port":5060,"srtp":true}`))
	f.Add([]byte(`<softphone><username>u</username><server>h</server></softphone>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if file, err := parseSoftphone(b); err == nil {
			fuzzApply(t, softphone{}, file)
		}
	})
}
