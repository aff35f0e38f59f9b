package drivers

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

func init() {
	registerCase(vendorCase{
		vendor: "fanvil", model: "X4U", mac: "0c383e123456", small: "H2U-V2", draw: []string{"X4", "X5S", "V65", "V67"},
		sits: func(m map[string]string) sitting {
			label := ""
			for name, v := range m {
				if v == "SIP1" && strings.HasPrefix(name, "dsskey.") {
					label = m[strings.TrimSuffix(name, "Value")+"Title"]
				}
			}
			return sitting{label, m["sip.line.1.DisplayName"], m["sip.line.1.PhoneNumber"]}
		},
		shows: fanvilShows, keys: fanvilFileKeys,
		shortest: 48,
		dialled: []dialled{
			{"H2U-V2", "phone.display.LCDTitle", "Freier Platz 4711 · Empfang · Anmelden: 901"},
			{"X4U", "phone.display.LCDTitle", "Platz 4711 frei"},
		},
		locked: map[string]string{
			"web.account.1.Password": "Geheim-Admin-4711", "web.account.2.Password": "Geheim-Admin-4711", "phone.MenuPassword": "Geheim-Admin-4711",
			"hotspot.EnableHotspot": "0", "tr069.EnableTR069": "0", "ap.pnp.PNPEnable": "0", "ap.opt.DHCPOption": "0",
			"phone.SIPNotifyXML": "0", "cti.EnabledActiveUri": "0",
			// It would reboot at every check-sync.
			"sip.NotifyReboot": "0",
		},
		cleared: map[string]string{
			"sip.line.1.EnableDND": "0", "sip.line.1.AlwaysFWD": "0", "sip.line.1.BusyFWD": "0", "sip.line.1.NoAnswerFWD": "0",
			"sip.line.1.AlwaysFWDNum": "", "sip.line.1.BusyFWDNum": "", "sip.line.1.NoAnswerFWDNum": "", "call.port.1.DNDMode": "0",
		},
		zoned:     []string{"phone.date."},
		turn:      map[string]string{"ap.FlashMode": "2", "ap.FlashInterval": "1", "mt.AutoServerDigest": "1"},
		checkSync: "check-sync", reboot: "check-sync;reboot=true",
		requests: []request{
			{agent: "Fanvil X4 2.10.2.6887 0c383e07e16c", path: "/f0X4hw1.100.cfg",
				mac: "0c383e07e16c", model: "X4", fw: "2.10.2.6887", kind: provision.KindCommon},
			{agent: "Fanvil X6U Pro 0.0.10 0c383e2cd782", path: "/0c383e2cd782.cfg",
				mac: "0c383e2cd782", model: "X6U Pro", fw: "0.0.10", kind: provision.KindConfig},
			{agent: "Fanvil V67 2.6.6.187 0c383e2b29e6", path: "/fanvil_v67_hw1_1.txt",
				mac: "0c383e2b29e6", model: "V67", fw: "2.6.6.187", kind: provision.KindBoot},
			{agent: "Fanvil H2U-V2 2.12.0 0c383e32342e", path: "/0c383e32342e.txt",
				mac: "0c383e32342e", model: "H2U-V2", fw: "2.12.0", kind: provision.KindConfig},
			{agent: "Fanvil X5U-V2 2.12.16.17 0c383e557eb1", path: "/F0V5UV200000.cfg",
				mac: "0c383e557eb1", model: "X5U-V2", fw: "2.12.16.17", kind: provision.KindCommon},
			{agent: "Nethesis NPX5 1.4.0.2016 0c383e07e16d", path: "/0c383e07e16d.cfg",
				mac: "0c383e07e16d", model: "X5", fw: "1.4.0.2016", kind: provision.KindConfig},
			{agent: "Fanvil V62 2.12.16.4 0c383e07e16e", path: "/logo.bmp", mac: "0c383e07e16e", model: "V62", fw: "2.12.16.4"},
			{path: "/0c383e123456.cfg", mac: "0c383e123456", kind: provision.KindConfig},
			{path: "/0C383E123456.cfg", mac: "0c383e123456", kind: provision.KindConfig},
			{path: "/F0V00X300000.cfg", model: "X3", kind: provision.KindCommon},
			{path: "/fanvil_x5u_v2_hwv2_0.txt", model: "X5U-V2", kind: provision.KindBoot},
		},
	})
}

// fanvilFileKeys: the keys beside the display come first, page by page.
func fanvilFileKeys(m map[string]string) (keys []fileKey) {
	for _, kind := range []string{"dssSide", "internal"} {
		for page := 1; ; page++ {
			n := 1
			for ; ; n++ {
				p := "dsskey." + kind + "." + strconv.Itoa(page) + ".Fkey." + strconv.Itoa(n) + "."
				if m[p+"Type"] == "" {
					break
				}
				keys = append(keys, fanvilFileKey(m[p+"Type"], m[p+"Value"], m[p+"Title"]))
			}
			if n == 1 {
				break
			}
		}
	}
	return keys
}

func fanvilFileKey(kind, value, title string) fileKey {
	port := func(s string) int { n, _ := strconv.Atoi(s); return n }
	switch number, rest, _ := strings.Cut(value, "@"); kind {
	case "2":
		return fileKey{"line", "", port(strings.TrimPrefix(value, "SIP")), title}
	case "1":
		line, what, _ := strings.Cut(rest, "/")
		return fileKey{map[string]string{"f": "dials", "ba": "watches"}[what], number, port(line), title}
	case "21", "7":
		at, _, _ := strings.Cut(value[strings.Index(value, "/k/")+3:], "?")
		return fileKey{"opens", value, port(strings.Split(at, "/")[1]), title}
	}
	return fileKey{}
}

// fanvilShows: the title in the top row, and a label on each line's key; a phone
// without keys has the title alone.
func fanvilShows(m map[string]string, _ telephony.Desired) told {
	r, keys := told{labels: map[int]string{}}, fanvilFileKeys(m)
	for n := 1; m["sip.line."+strconv.Itoa(n)+".EnableReg"] != ""; n++ {
		if m["sip.line."+strconv.Itoa(n)+".EnableReg"] == "1" {
			r.labels[n] = m["phone.display.LCDTitle"]
		}
	}
	for _, k := range keys {
		if k.does == "line" {
			r.labels[k.port] = k.label
		}
	}
	if title := m["phone.display.LCDTitle"]; len(keys) > 0 {
		r.header = title
	} else if title != "" {
		r.text = []string{title}
	}
	return r
}

// What one form of the file says, the others say too, but for what the oldest
// firmware has no word for.
func TestP06_FanvilFormsAgree(t *testing.T) {
	drv, _ := All().Get("fanvil")
	missing := []string{"cti.EnabledActiveUri", "web.EnableTelnet", "dot1x.sslMode.CommonName"}
	file := func(model string) (map[string]string, string) {
		d := desk("fanvil", func(d *telephony.Desired) { d.Model = model; login(d, telephony.LineLinked, "101", "Anna: <Söhne>") })
		f, err := drv.Render(d, provision.KindConfig)
		if err != nil {
			t.Fatal(err)
		}
		return settingsOf(t, drv, d), string(f.Body)
	}
	tree, treeText := file("X6U")
	for _, c := range []struct{ model, head, line string }{
		{"X6", "<<VOIP CONFIG FILE>>Version:2.0000000000\n", "\nSIP1 Display Name       :Anna: (Söhne)\n"},
		{"X4", "<<VOIP CONFIG FILE>>Version:2.0002\n", "\nSIP1 Display Name  :Anna: (Söhne)\n"},
	} {
		got, body := file(c.model)
		if !strings.HasPrefix(body, c.head) || !strings.HasSuffix(body, "\n<<END OF FILE>>\n") || !strings.Contains(body, c.line) {
			t.Errorf("%s:\n%s", c.model, body)
		}
		for name, v := range tree {
			if strings.HasPrefix(name, "dsskey.") || strings.HasPrefix(name, "fwCheck.") || strings.HasPrefix(name, "sip.line.") && name[9] != '1' ||
				strings.HasPrefix(name, "sip.line.1") && name[10] != '.' || name == "Version" || c.model == "X4" && slices.Contains(missing, name) {
				continue
			}
			if name == "phone.display.DefaultLanguage" {
				v = "16"
			}
			if got[name] != v {
				t.Errorf("%s: %s = %q, the XML says %q", c.model, name, got[name], v)
			}
		}
	}
	if !strings.Contains(treeText, "\n    <line index=\"1\">\n") {
		t.Error(treeText)
	}
}

// A doubled slash would be another address for the server.
func TestP02_FanvilIsSentToItsDirectory(t *testing.T) {
	drv, _ := All().Get("fanvil")
	m := settingsOf(t, drv, desk("fanvil", func(*telephony.Desired) {}))
	if m["ap.FlashServerIP"]+"/"+m["ap.FlashFileName"] != "https://prov.example.net/d/q7Zt0kXn3vB5sYw2mLr9Aa/$mac.cfg" || m["ap.FlashProtocol"] != "5" {
		t.Errorf("%q %q", m["ap.FlashServerIP"], m["ap.FlashFileName"])
	}
	// Whoever does not say which phone it is, is led on in every generation's words.
	b := provision.Bootstrap{MAC: "0c383e123456", StageURL: "https://prov.example.net/p/", TokenURL: "https://prov.example.net/d/q7Zt0kXn3vB5sYw2mLr9Aa/"}
	f, err := drv.(provision.StageOne).RenderStageOne(b, provision.KindConfig)
	if err != nil || !bytes.Contains(f.Body, []byte("\nFlash Server IP    :https://prov.example.net\n")) ||
		!bytes.Contains(f.Body, []byte("\nDownload Server IP :https://prov.example.net\n")) {
		t.Errorf("%v\n%s", err, f.Body)
	}
}

func TestP12_FanvilFirmware(t *testing.T) {
	drv, _ := All().Get("fanvil")
	with := func(model string) telephony.Desired {
		return desk("fanvil", func(d *telephony.Desired) {
			d.Model = model
			d.Firmware = telephony.Firmware{Version: "2.12.16.17", URL: "https://prov.example.net/f/0123abcd/x4u.z"}
		})
	}
	f, err := drv.Render(with("X4U"), provision.KindBoot)
	if err != nil || !strings.HasPrefix(string(f.Body), "Version=2.12.16.17\nFirmware=https://prov.example.net/f/0123abcd/x4u.z\n") {
		t.Errorf("%v\n%s", err, f.Body)
	}
	m := settingsOf(t, drv, with("X4U"))
	if m["fwCheck.EnableAutoUpgrade"] != "1" || m["fwCheck.UpgradeServer1"] != "https://prov.example.net/d/q7Zt0kXn3vB5sYw2mLr9Aa" {
		t.Errorf("%q %q", m["fwCheck.EnableAutoUpgrade"], m["fwCheck.UpgradeServer1"])
	}
	if m := settingsOf(t, drv, with("X4")); m["ap.AutoImageUrl"] != "https://prov.example.net/f/0123abcd/x4u.z" {
		t.Errorf("an old phone is told %q", m["ap.AutoImageUrl"])
	}
	if _, err := drv.Render(desk("fanvil", func(*telephony.Desired) {}), provision.KindBoot); telephony.CodeOf(err) != telephony.NotFound {
		t.Errorf("without firmware: %v", err)
	}
}
