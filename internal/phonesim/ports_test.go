package phonesim

import (
	"fmt"
	"strings"
	"testing"
)

// A base or an adapter has several accounts, each registered by itself; what one
// of them is told, the device does, and what it fetched, all have.
func TestPortsOfOneDevice(t *testing.T) {
	for _, c := range []struct {
		vendor       Vendor
		model, fw    string
		path, accept string // of its file, and its User-Agent
		file         func(r *miniRegistrar, first, second string) string
	}{
		{Yealink, "W70B", "146.85.0.5", "/0015651234ab.cfg", "Yealink W70B 146.85.0.5 00:15:65:12:34:ab", func(r *miniRegistrar, first, second string) string {
			out := "#!version:1.0.0.1\nsip.notify_reboot_enable = 0\n"
			for n, name := range []string{first, second} {
				out += strings.ReplaceAll(fmt.Sprintf("account.#.enable = 1\naccount.#.user_name = ch%d\naccount.#.password = pw\naccount.#.display_name = %s\n"+
					"account.#.sip_server.1.address = 127.0.0.1\naccount.#.sip_server.1.port = %s\naccount.#.sip_server.1.transport_type = 1\nhandset.#.name = %s\n",
					n+1, name, r.port(), name), "#", fmt.Sprint(n+1))
			}
			return out
		}},
		{Grandstream, "HT802", "1.0.17.5", "/cfg0015651234ab.xml", "Grandstream Model HW HT802 SW 1.0.17.5 DevId 0015651234ab", func(r *miniRegistrar, first, second string) string {
			return `<gs_provision version="1"><config version="1"><P4428>1</P4428><P271>1</P271><P35>ch1</P35><P34>pw</P34><P3>` + first + `</P3><P47>127.0.0.1:` + r.port() + `</P47><P130>1</P130>` +
				`<P401>1</P401><P735>ch2</P735><P734>pw</P734><P703>` + second + `</P703><P747>127.0.0.1:` + r.port() + `</P747><P830>1</P830></config></gs_provision>`
		}},
		{CiscoSPA, "SPA112", "1.4.1", "/spa112.cfg", "Cisco/SPA112-1.4.1 (0015651234AB)(CBT651234AB)", func(r *miniRegistrar, first, second string) string {
			out := "<flat-profile><Auth_Resync-Reboot_1_>No</Auth_Resync-Reboot_1_>"
			for n, name := range []string{first, second} {
				out += strings.ReplaceAll(fmt.Sprintf("<User_ID_#_>ch%d</User_ID_#_><Password_#_>pw</Password_#_><Display_Name_#_>%s</Display_Name_#_><Proxy_#_>127.0.0.1:%s</Proxy_#_><SIP_Transport_#_>TCP</SIP_Transport_#_>",
					n+1, name, r.port()), "#", fmt.Sprint(n+1))
			}
			return out + "</flat-profile>"
		}},
		{Gigaset, "N870 IP PRO", "83.V2.65.0", "/0015651234ab.xml", "Gigaset N870 IP PRO/83.V2.65.0;0015651234AB", func(r *miniRegistrar, first, second string) string {
			return strings.NewReplacer("Halle ch1", first, "Halle ch2", second).Replace(gigasetXML(r, map[int]string{0: "ch1", 1: "ch2"}))
		}},
	} {
		t.Run(string(c.vendor), func(t *testing.T) {
			t.Parallel()
			web, reg := newFileServer(t, false), newRegistrar(t, "tcp", "MD5", nil)
			reg.set(func() { reg.passwords["ch1"], reg.passwords["ch2"] = "pw", "pw" })
			web.put(c.path, c.file(reg, "Flur", "Halle"))
			p := testFleet(t).Add(Config{Vendor: c.vendor, Model: c.model, Firmware: c.fw, MAC: "0015651234ab", ProvisioningURL: web.URL + "/"})
			h := p.Port(2)
			p.PowerOn(t.Context())
			await(t, p, "first account", func(s State) bool { return s.Registered && s.User == "ch1" && s.Display == "Flur" })
			await(t, h, "second account", func(s State) bool { return s.Registered && s.User == "ch2" && s.Display == "Halle" })
			awaitScreen(t, h, "Halle", "ch2", "Registriert")
			if q, _ := web.last(); q.Get("User-Agent") != c.accept {
				t.Errorf("User-Agent %q", q.Get("User-Agent"))
			}
			web.put(c.path, c.file(reg, "Flur", "Ada"))
			reg.checkSync("ch2", "check-sync")
			await(t, h, "new name", func(s State) bool { return s.Registered && s.Display == "Ada" })
			if s := p.State(); s.Display != "Flur" || !s.Registered || s.Chains < 2 || s.Boots != 1 {
				t.Errorf("%+v", s)
			}
			p.PowerOff()
			await(t, h, "no power", func(s State) bool { return s.Power == Off && !s.Registered })
			p.PowerOn(t.Context())
			await(t, h, "second boot", func(s State) bool { return s.Boots == 2 && s.Registered && s.Display == "Ada" })
		})
	}
}
