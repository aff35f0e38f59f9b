package drivers

import (
	"strconv"
	"strings"
	"testing"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

func init() {
	const app = "FileTransport PolycomVVX-VVX_500-UA/5.9.7.47435 Type/Application"
	registerCase(vendorCase{
		vendor: "poly", model: "VVX450", mac: "64167f123456", small: "SPIP450", draw: []string{"VVX150", "EdgeE450", "VVX601"},
		sits: func(m map[string]string) sitting {
			return sitting{m["reg.1.label"], m["reg.1.displayName"], m["reg.1.address"]}
		},
		shows: func(m map[string]string, d telephony.Desired) told {
			r := told{labels: map[int]string{}}
			for n := 1; n <= 20; n++ { // a line exists where its address is set
				if m["reg."+strconv.Itoa(n)+".address"] == "" {
					continue
				}
				r.labels[n] = m["reg."+strconv.Itoa(n)+".label"]
				if d.Model == "SPIP450" {
					r.text = append(r.text, r.labels[n])
				}
			}
			if d.Model != "SPIP450" {
				r.header = r.labels[1]
			}
			return r
		},
		keys:    polyFileKeys,
		dialled: []dialled{{"SPIP450", "reg.1.label", "Freier Platz 4711 · Empfang · Anmelden: 901"}},
		locked: map[string]string{
			"device.set": "1", "prov.login.enabled": "0", "feature.hoteling.enabled": "0", "httpd.cfg.enabled": "0", "prov.quickSetup.enabled": "0",
			"device.prov.ztpEnabled": "0", "device.prov.ztpEnabled.set": "1", "device.dhcp.bootSrvUseOpt": "Static", "device.dhcp.bootSrvUseOpt.set": "1",
			"device.auth.localAdminPassword": "Geheim-Admin-4711", "device.auth.localAdminPassword.set": "1",
			"device.auth.localUserPassword": "Geheim-Admin-4711", "apps.restapi.enabled": "0",
			// It would restart at every check-sync.
			"voIpProt.SIP.specialEvent.checkSync.alwaysReboot": "0",
		},
		cleared:   map[string]string{"divert.fwd.1.enabled": "0", "divert.busy.1.enabled": "0", "divert.noanswer.1.enabled": "0", "divert.dnd.1.enabled": "0"},
		zoned:     []string{"tcpIpApp.sntp."},
		checkSync: "check-sync", // whether that restarts it is a setting, and no other word is known (P09)
		pageType:  "text/html; charset=utf-8",
		requests: []request{
			{agent: "FileTransport PolycomVVX-VVX_400-UA/4.1.4.7430 Type/Application", path: "/0004f2aabbcc.cfg",
				mac: "0004f2aabbcc", model: "VVX400", fw: "4.1.4.7430", kind: provision.KindBoot},
			// The updater's version is its own.
			{agent: "FileTransport PolycomVVX-VVX_500-UA/5.9.7.47435 Type/Updater", path: "/0004f2aabbcc-boot.log", method: "PUT",
				mac: "0004f2aabbcc", model: "VVX500", kind: provision.KindUpload},
			{agent: "FileTransport PolyCCX-CCX_600-UA/8.0.2.3267 (SN:482567b5313f) Type/Application", path: "/482567b5313f-user.cfg",
				mac: "482567b5313f", model: "CCX600", fw: "8.0.2.3267", kind: provision.KindConfig},
			{agent: "FileTransport PolyEdge-Edge_E450-UA/8.0.0.15602 Type/Application", path: "/000000000000.cfg", model: "EdgeE450", fw: "8.0.0.15602", kind: provision.KindBoot},
			{agent: "FileTransport PolycomSoundPointIP-SPIP_335-UA/3.2.1.0078", path: "/0004f2aabbcc-phone.cfg",
				mac: "0004f2aabbcc", model: "SPIP335", fw: "3.2.1.0078", kind: provision.KindUpload},
			{agent: "FileTransport PolycomSoundStationIP-SSIP_6000-UA/4.0.4.2906 Type/Application", path: "/000000000000-directory.xml", model: "SSIP6000", fw: "4.0.4.2906", kind: provision.KindUpload},
			{path: "/000000000000.cfg", kind: provision.KindBoot},
			{path: "/f04ea4691c59.cfg", mac: "f04ea4691c59", kind: provision.KindBoot}, // no Fanvil, whose files begin so
			{agent: app, path: "/3111-44500-001.sip.ld", model: "VVX500", fw: "5.9.7.47435"},
			{agent: app, path: "/000000000000-license.cfg", model: "VVX500", fw: "5.9.7.47435"},
			{agent: app, path: "/64167faabbcc-app.log", method: "HEAD", mac: "64167faabbcc", model: "VVX500", fw: "5.9.7.47435", kind: provision.KindUpload},
			{agent: app, path: "/poly-ca.cfg", model: "VVX500", fw: "5.9.7.47435", kind: provision.KindTrust},
			{agent: "PolyEdge-Edge_E350-UA/8.3.1.0614_f04ea4691c59", path: "/x", mac: "f04ea4691c59", model: "EdgeE350", fw: "8.3.1.0614"},
			{path: "/64167F123456.cfg", mac: "64167f123456", kind: provision.KindBoot},
			{path: "/64167f123456-user.cfg", mac: "64167f123456", kind: provision.KindConfig},
			{path: "/64167f123456.cfg", cert: "64167F123456", mac: "64167f123456", kind: provision.KindBoot},
		},
	})
}

// polyFileKeys: lines by number, watched numbers by their order, all else as a
// macro: a number to call, or a URL.
func polyFileKeys(m map[string]string) (keys []fileKey) {
	watched := 0
	for n := 1; m["lineKey."+strconv.Itoa(n)+".category"] != ""; n++ {
		p := "lineKey." + strconv.Itoa(n) + "."
		index := m[p+"index"]
		at, _ := strconv.Atoi(index)
		switch m[p+"category"] {
		case "Line":
			keys = append(keys, fileKey{does: "line", port: at, label: m["reg."+index+".label"]})
		case "BLF":
			watched++
			r := "attendant.resourceList." + strconv.Itoa(watched) + "."
			number, _, _ := strings.Cut(m[r+"address"], "@")
			port, _ := strconv.Atoi(m["attendant.reg"])
			keys = append(keys, fileKey{"watches", number, port, m[r+"label"]})
		case "EFK":
			e := "efk.efklist." + index + "."
			if m["feature.EFKLineKey.enabled"] != "1" || m["feature.enhancedFeatureKeys.enabled"] != "1" || m[e+"status"] != "1" || m[e+"mname"] == "" {
				continue
			}
			k := fileKey{does: "opens", value: m[e+"action.string"], port: 1, label: m[e+"label"]}
			if number, dials := strings.CutSuffix(k.value, "$Tinvite$"); dials {
				k.does, k.value = "dials", number
			} else if parts := strings.Split(k.value, "/"); len(parts) > 2 { // whose page it is stands in its path
				k.port, _ = strconv.Atoi(parts[len(parts)-2])
			}
			keys = append(keys, k)
		default:
			keys = append(keys, fileKey{})
		}
	}
	return keys
}

// The master file is all that a phone asks for by itself: it must name the rest.
func TestP02_PolyIsLedByItsMasterFile(t *testing.T) {
	drv := driverOf("poly")
	names := func(f provision.File, err error) map[string]string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		list, err := drv.(provision.Catalogued).Parse(f)
		if err != nil {
			t.Fatal(err)
		}
		m := map[string]string{}
		for _, s := range list {
			m[s.Name] = s.Value
		}
		return m
	}
	d := desk("poly", func(*telephony.Desired) {})
	own, err := drv.Render(d, provision.KindConfig)
	if err != nil {
		t.Fatal(err)
	}
	if m := names(drv.Render(d, provision.KindBoot)); m["CONFIG_FILES"] != own.Name || m["APP_FILE_PATH"] != "" {
		t.Errorf("%v, and the file is %s", m, own.Name)
	}
	one := drv.(provision.StageOne)
	b := provision.Bootstrap{MAC: d.MAC, StageURL: "https://prov.example.net/p/", TokenURL: d.BaseURL, RootCA: testCA}
	if m := names(one.RenderStageOne(b, provision.KindBoot)); m["CONFIG_FILES"] != "https://prov.example.net/p/poly-ca.cfg, "+d.BaseURL.Reveal()+own.Name {
		t.Errorf("%v", m)
	}
	if m := names(one.RenderStageOne(b, provision.KindConfig)); m["device.prov.serverName"] != d.BaseURL.Reveal() || m["device.prov.serverName.set"] != "1" ||
		m["device.prov.serverType"] != "HTTPS" || m["device.set"] != "1" || m["device.sec.TLS.customCaCert1"] == "" {
		t.Errorf("%v", m)
	}
	if m := names(one.PlainPointer(provision.KindBoot, "https://prov.example.net/p/")); m["CONFIG_FILES"] != "https://prov.example.net/p/[PHONE_MAC_ADDRESS]-user.cfg" {
		t.Errorf("%v", m)
	}
	d.Firmware.URL = "https://prov.example.net/f/0123abcd/3111-48450-001.sip.ld"
	if m := names(drv.Render(d, provision.KindBoot)); m["APP_FILE_PATH"] != d.Firmware.URL {
		t.Errorf("%v", m)
	}
}

// Settings are attributes of one element, and no element may have one twice: the
// phone would refuse the file as a whole.
func TestP06_PolySetsNothingTwice(t *testing.T) {
	each(t, func(t *testing.T, drv provision.Driver, _ scenario, file provision.File) {
		if drv.Info().Vendor != "poly" {
			return
		}
		list, err := drv.(provision.Catalogued).Parse(file)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, s := range list {
			if seen[s.Name] {
				t.Errorf("%s: %s is there twice", file.Name, s.Name)
			}
			seen[s.Name] = true
		}
	})
}

// A phone without keys for actions has soft keys, and one whose browser knows no
// forms dials.
func TestH02_PolySoftKeyLogsInAndOut(t *testing.T) {
	drv := driverOf("poly")
	for _, c := range []struct{ model, action string }{
		{"SPIP450", testPages + "1/login"}, {"VVX450", testPages + "1/login"}, {"SSIP6000", testPages + "1/login"},
		{"EdgeE450", "901$Tinvite$"}, {"CCX600", "901$Tinvite$"}, {"Trio8800", "901$Tinvite$"},
	} {
		m := settingsOf(t, drv, desk("poly", func(d *telephony.Desired) { d.Model = c.model }))
		if m["softkey.1.action"] != c.action || m["softkey.1.enable"] != "1" || m["softkey.1.use.idle"] != "1" || m["softkey.1.label"] != "Anmelden" {
			t.Errorf("%s: %q %q", c.model, m["softkey.1.action"], m["softkey.1.label"])
		}
		m = settingsOf(t, drv, desk("poly", func(d *telephony.Desired) {
			d.Model = c.model
			login(d, telephony.LineLinked, "101", "Anna")
		}))
		if m["softkey.1.enable"] != "0" || m["softkey.1.action"] != "" {
			t.Errorf("%s, linked: %q %q", c.model, m["softkey.1.enable"], m["softkey.1.action"])
		}
	}
}

// What is dialled is a part of an action and must not become one.
func TestP06_PolyNumberIsNoAction(t *testing.T) {
	drv := driverOf("poly")
	m := settingsOf(t, drv, desk("poly", func(d *telephony.Desired) {
		login(d, telephony.LineLinked, "101", "Anna")
		d.Lines[0].Keys = []telephony.Key{{Kind: telephony.KeyDial, Value: "$Chu$!evil$P1N4$0900"}, {Kind: telephony.KeyWatch, Value: "102@elsewhere"}}
	}))
	if got := m["efk.efklist.2.action.string"]; got != "ChuevilP1N40900$Tinvite$" {
		t.Errorf("%q", got)
	}
	if got := m["attendant.resourceList.1.address"]; got != "102elsewhere@sip.example.net" {
		t.Errorf("%q", got)
	}
}

// P07: nothing is recorded while nobody is here, and nothing is quiet where people
// come and go; a login restarts no phone (P09), as a change of the latter would.
func TestP07_PolyAtAFreeDesk(t *testing.T) {
	drv := driverOf("poly")
	for state, want := range map[telephony.LineState][2]string{telephony.LineFree: {"0", "0"}, telephony.LineHotdesk: {"1", "0"}, telephony.LineLinked: {"1", "1"}} {
		m := settingsOf(t, drv, desk("poly", func(d *telephony.Desired) { login(d, state, "101", "Anna") }))
		if got := [2]string{m["feature.callList.enabled"], m["feature.doNotDisturb.enable"]}; got != want {
			t.Errorf("%s: %q, want %q", state, got, want)
		}
	}
}
