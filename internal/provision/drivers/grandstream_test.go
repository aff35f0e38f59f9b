package drivers

import (
	"strconv"
	"strings"
	"testing"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

func init() {
	registerCase(vendorCase{
		vendor: "grandstream", model: "GRP2614", mac: "c074ad123456",
		small: "GXP1405", several: "DP750", severalMAC: "000b82654321", draw: []string{"GRP2612", "GXP2160", "GRP2604"},
		sits: func(m map[string]string) sitting { return sitting{m["P270"], m["P3"], m["P35"]} },
		shows: func(m map[string]string, d telephony.Desired) told {
			r := told{labels: map[int]string{}}
			if d.Model == "DP750" {
				for n := range 10 {
					if m["P"+strconv.Itoa(4595+n)] == "1" {
						r.labels[n+1] = m["P"+strconv.Itoa(4180+n)]
						r.text = append(r.text, r.labels[n+1])
					}
				}
				return r
			}
			for n, p := range []struct{ enable, label string }{{"P271", "P270"}, {"P401", "P417"}, {"P501", "P517"}, {"P601", "P617"}, {"P1701", "P1717"}, {"P1801", "P1817"}} {
				if m[p.enable] == "1" {
					r.labels[n+1] = m[p.label]
				}
			}
			switch d.Model {
			case "GXP1405":
				for n := range 6 {
					if l, ok := r.labels[n+1]; ok {
						r.text = append(r.text, l)
					}
				}
			case "GRP2604": // without colour
			default:
				r.header = r.labels[1]
			}
			return r
		},
		keys: grandstreamFileKeys,
		dialled: []dialled{
			{"GXP1405", "P270", "Freier Platz 4711 · Empfang · Anmelden: 901"},
			{"GRP2614", "P270", "Freier Platz 4711 · Empfang"}, // it has a key
		},
		locked: map[string]string{
			"P4428": "1", // else it challenges our NOTIFY
			"P2":    "Geheim-Admin-4711", "P196": "Geheim-Admin-4711",
			"P1414": "0", "P145": "0", "P8337": "0", "P1409": "0", "P276": "1", "P26015": "0", "P8463": "1",
		},
		never: func(name, value string) bool { // menu open to everybody
			return name == "P1357" && value != "2" && value != "3"
		},
		cleared: map[string]string{"P191": "0"},
		zoned:   []string{"P64", "P143"},

		turn:      map[string]string{"P194": "1", "P193": "60"},
		checkSync: "resync", reboot: "check-sync;reboot=true",
		pageType: "application/xml; charset=utf-8",
		firmware: "prov.example.net/f/0123abcd",
		requests: []request{
			{agent: "Grandstream Model HW GRP2614 SW 1.0.5.15 DevId c074ad0b63ee", path: "/cfgc074ad0b63ee", mac: "c074ad0b63ee", model: "GRP2614", fw: "1.0.5.15"},
			{agent: "Grandstream Model HW GRP2614 SW 1.0.5.15 DevId c074ad0b63ee", path: "/cfgc074ad0b63ee.bin", mac: "c074ad0b63ee", model: "GRP2614", fw: "1.0.5.15"},
			{agent: "Grandstream Model HW GRP2614 SW 1.0.5.15 DevId c074ad0b63ee", path: "/cfgc074ad0b63ee.xml",
				mac: "c074ad0b63ee", model: "GRP2614", fw: "1.0.5.15", kind: provision.KindConfig},
			{agent: "Grandstream Model HW GXP1405 SW 1.0.4.23 DevId 000b8240d55c", path: "/cfg000b8240d55c.xml",
				mac: "000b8240d55c", model: "GXP1405", fw: "1.0.4.23", kind: provision.KindConfig},
			{agent: "Grandstream Model HW HT801 V1.1A SW 1.0.17.5 DevId c074ad273a10", path: "/cfght801.xml",
				mac: "c074ad273a10", model: "HT801", fw: "1.0.17.5", kind: provision.KindCommon},
			{agent: "Grandstream Model HW GXV3350  V1.3A SW 1.0.1.8 DevId c074ad150b88", path: "/cfg.xml",
				mac: "c074ad150b88", model: "GXV3350", fw: "1.0.1.8", kind: provision.KindCommon},
			{agent: "Grandstream Model HW GRP2601W SW 1.0.7.32 DevId EC:74:D7:89:1A:76", path: "/phonebook.xml", mac: "ec74d7891a76", model: "GRP2601W", fw: "1.0.7.32"},
			{agent: "Grandstream GXP2000 (gxp2000e.bin:1.2.5.3/boot55e.bin:1.1.6.9) DevId 000b822726c8", path: "/cfg000b822726c8", mac: "000b822726c8", model: "GXP2000", fw: "1.2.5.3"},
			{agent: "Grandstream GRP2612W 1.0.5.67", path: "/cfgc074ad112233.xml", mac: "c074ad112233", model: "GRP2612W", fw: "1.0.5.67", kind: provision.KindConfig},
			{path: "/CFGC074AD112233.XML", mac: "c074ad112233", kind: provision.KindConfig},
			{path: "/cfggxp2130.xml", model: "GXP2130", kind: provision.KindCommon},
		},
	})
}

// grandstreamFileKeys: six keys have numbers of their own, the next are in groups
// of four, the further ones in groups of five.
func grandstreamFileKeys(m map[string]string) (keys []fileKey) {
	key := func(mode, account, label, value int) bool {
		get := func(n int) string { return m["P"+strconv.Itoa(n)] }
		if get(mode) == "" {
			return false
		}
		does := map[string]string{"line": "line", "blf": "watches", "speeddial": "dials", "xmlapp": "opens"}[get(mode)]
		k := fileKey{does: does, value: get(value), label: get(label)}
		if does != "" {
			at, _ := strconv.Atoi(get(account))
			k.port = at + 1
		}
		keys = append(keys, k)
		return true
	}
	for n := 0; n < 6 && key(1363+2*n, 1364+2*n, 1465+2*n, 1466+2*n); n++ {
	}
	for p := 23800; key(p, p+1, p+2, p+3); p += 4 {
	}
	for p := 23000; key(p, p+1, p+2, p+3); p += 5 {
	}
	return keys
}

// The path has no scheme, which is a setting of its own; the phone follows either.
func TestP02_GrandstreamIsLedByHostAndPath(t *testing.T) {
	drv := driverOf("grandstream").(provision.StageOne)
	for _, kind := range []provision.FileKind{provision.KindConfig, provision.KindCommon} {
		f, err := drv.RenderStageOne(provision.Bootstrap{MAC: "c074ad123456", StageURL: "https://prov.example.net/p/",
			TokenURL: "https://prov.example.net/d/q7Zt0kXn3vB5sYw2mLr9Aa/"}, kind)
		if err != nil {
			t.Fatal(err)
		}
		list, err := driverOf("grandstream").(provision.Catalogued).Parse(f)
		if err != nil {
			t.Fatal(err)
		}
		m := map[string]string{}
		for _, s := range list {
			m[s.Name] = s.Value
		}
		if m["P212"] != "2" || m["P237"] != "prov.example.net/d/q7Zt0kXn3vB5sYw2mLr9Aa" || m["P8463"] != "1" ||
			m["P194"] != "1" || m["P193"] != "60" || m["P145"] != "0" {
			t.Errorf("%s: %v", kind, m)
		}
		if !strings.Contains(string(f.Body), "<mac>c074ad123456</mac>") {
			t.Errorf("%s", f.Body)
		}
	}
}

// BroadSoft's hoteling would put a guest's account in the place of ours, on an
// account in use or not.
func TestS03_GrandstreamTakesNoGuests(t *testing.T) {
	m := settingsOf(t, driverOf("grandstream"), desk("grandstream", func(*telephony.Desired) {}))
	if m["P2342"] != "0" || m["P2642"] != "0" {
		t.Errorf("hoteling: %q, %q", m["P2342"], m["P2642"])
	}
}

// P07: nothing is recorded while nobody is here.
func TestP07_GrandstreamAtAFreeDesk(t *testing.T) {
	for state, want := range map[telephony.LineState]string{telephony.LineFree: "2", telephony.LineHotdesk: "0", telephony.LineLinked: "0"} {
		m := settingsOf(t, driverOf("grandstream"), desk("grandstream", func(d *telephony.Desired) { login(d, state, "101", "Anna") }))
		if m["P182"] != want || m["P442"] != "2" {
			t.Errorf("%s: %q %q", state, m["P182"], m["P442"])
		}
	}
}

// Each family's accounts have numbers of their own.
func TestP06_GrandstreamFamiliesHaveTheirOwnNumbers(t *testing.T) {
	drv := driverOf("grandstream")
	second := telephony.Line{Port: 2, State: telephony.LineLinked, SIPUser: "c2", Secret: "s2-geheim", Number: "202", Name: "Berta"}
	for _, c := range []struct{ model, user, password, server, enable string }{
		{"GRP2614", "P404", "P406", "P402", "P401"},
		{"HT802", "P735", "P734", "P747", "P401"},
		{"HT814", "P4061", "P4121", "P47", "P4596"},
		{"DP750", "P4061", "P4121", "P47", "P4596"},
	} {
		m := settingsOf(t, drv, desk("grandstream", func(d *telephony.Desired) { d.Model, d.Lines = c.model, append(d.Lines, second) }))
		if m[c.user] != "c2" || m[c.password] != "s2-geheim" || m[c.server] != "sip.example.net" || m[c.enable] != "1" {
			t.Errorf("%s: %q %q %q %q", c.model, m[c.user], m[c.password], m[c.server], m[c.enable])
		}
	}
	// Minutes, never less than one; adapters count the ways of polling otherwise.
	m := settingsOf(t, drv, desk("grandstream", func(d *telephony.Desired) { d.Model, d.SIP.Expires = "HT801", 45 }))
	if m["P32"] != "1" || m["P194"] != "3" || m["P88"] != "1" || m["P1362"] != "" || m["P109"] != "1" {
		t.Errorf("%q %q %q %q %q", m["P32"], m["P194"], m["P88"], m["P1362"], m["P109"])
	}
	for model, fifth := range map[string]string{"GRP2603": "P701", "GRP2616": "P1701", "GXV3370": "P1701"} {
		if m := settingsOf(t, drv, desk("grandstream", func(d *telephony.Desired) { d.Model = model })); m[fifth] != "0" {
			t.Errorf("%s: account 5 is not off: %q", model, m[fifth])
		}
	}
}

// Only the newer desk phones run XML applications; on the others the key dials.
func TestH02_GrandstreamWithoutApplicationsDials(t *testing.T) {
	drv := driverOf("grandstream")
	m := settingsOf(t, drv, desk("grandstream", func(d *telephony.Desired) { d.Model = "GXP1782" }))
	if m["P1365"] != "speeddial" || m["P1468"] != "901" || m["P337"] != "" {
		t.Errorf("%q %q %q", m["P1365"], m["P1468"], m["P337"])
	}
	m = settingsOf(t, drv, desk("grandstream", func(*telephony.Desired) {}))
	if m["P1365"] != "xmlapp" || m["P1468"] != testPages+"1/login" || m["P337"] != testPages+"1/login" || m["P352"] != "Anmelden" {
		t.Errorf("%q %q %q %q", m["P1365"], m["P1468"], m["P337"], m["P352"])
	}
}

func TestP12_GrandstreamFirmware(t *testing.T) {
	drv := driverOf("grandstream")
	m := settingsOf(t, drv, desk("grandstream", func(*telephony.Desired) {}))
	if m["P238"] != "2" || m["P192"] != "" {
		t.Errorf("without a wish: %q %q", m["P238"], m["P192"])
	}
	m = settingsOf(t, drv, desk("grandstream", func(d *telephony.Desired) {
		d.Firmware = telephony.Firmware{Version: "1.0.5.67", URL: "https://prov.example.net/f/0123abcd/grp2612fw.bin"}
	}))
	if m["P238"] != "0" || m["P6767"] != "2" || m["P192"] != "prov.example.net/f/0123abcd" {
		t.Errorf("%q %q %q", m["P238"], m["P6767"], m["P192"])
	}
}
