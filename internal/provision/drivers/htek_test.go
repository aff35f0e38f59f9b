package drivers

import (
	"strconv"
	"testing"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

func init() {
	registerCase(vendorCase{
		vendor: "htek", model: "UC926", mac: "001fc1123456", small: "UC802", draw: []string{"UC924", "UC903", "UC804T"},
		sits: func(m map[string]string) sitting { return sitting{m["P20000"], m["P3"], m["P35"]} },
		shows: func(m map[string]string, d telephony.Desired) told {
			r := told{labels: map[int]string{}}
			for n, p := range []struct{ enable, label string }{{"P271", "P20000"}, {"P401", "P20001"}, {"P501", "P20002"}, {"P601", "P20003"}, {"P20360", "P20378"}, {"P20361", "P20379"}} {
				if m[p.enable] != "1" {
					continue
				}
				r.labels[n+1] = m[p.label]
				if d.Model == "UC802" {
					r.text = append(r.text, m[p.label])
				}
			}
			return r
		},
		keys: htekFileKeys,
		dialled: []dialled{
			{"UC802", "P20000", "Freier Platz 4711 · Empfang · Anmelden: 901"},
			{"UC926", "P20000", "Freier Platz 4711 · Empfang"}, // it has a key
		},
		locked: map[string]string{
			"P24012": "1", // else it obeys no NOTIFY
			"P24011": "", "P2": "Geheim-Admin-4711", "P196": "Geheim-Admin-4711", "P88": "1", "P145": "0", "P8150": "0", "P212": "3",
			"P20709": "0", "P20714": "0", "P20721": "", "P20732": "", // hoteling, accounts 1 and 6
			"P90": "0", "P625": "0", // nobody listens in
		},
		cleared: map[string]string{"P53100": "0", "P53101": "", "P53110": "0", "P53111": "", "P53120": "0", "P53121": "", "P191": "0"},
		zoned:   []string{"P64", "P75", "P143"},

		checkSync: "resync", reboot: "check-sync;reboot=true",
		firmware: "https://prov.example.net/f/0123abcd<",
		requests: []request{
			{agent: "Htek UC903 2.0.4.2 00:1f:c1:1c:22:a9", path: "/cfg0016.xml", mac: "001fc11c22a9", model: "UC903", fw: "2.0.4.2", kind: provision.KindCommon},
			{agent: "Htek UC903 2.0.4.2 00:1f:c1:1c:22:a9", path: "/cfg001fc11c22a9.xml", mac: "001fc11c22a9", model: "UC903", fw: "2.0.4.2", kind: provision.KindConfig},
			{agent: "Htek UC926E 2.42.6.5.34 001fc11c22a9", path: "/001fc11c22a9.cfg", mac: "001fc11c22a9", model: "UC926E", fw: "2.42.6.5.34", kind: provision.KindConfig},
			{agent: "Htek UC903 2.0.4.2 00:1f:c1:1c:22:a9", path: "/fw903M.rom", mac: "001fc11c22a9", model: "UC903", fw: "2.0.4.2"},
			{path: "/cfg0112.xml", model: "UC924E", kind: provision.KindCommon},
			{path: "/cfg001fc11c22a9.xml", mac: "001fc11c22a9", kind: provision.KindConfig}, // Grandstream's name, Htek's MAC
		},
	})
}

// htekFileKeys: four keys have numbers by what is set, the others blocks of five.
func htekFileKeys(m map[string]string) (keys []fileKey) {
	get := func(n int) string { return m["P"+strconv.Itoa(n)] }
	for n := 0; n < 36; n++ {
		kind, value, label, account := 41200+n, 41300+n, 41400+n, 41500+n
		if n >= 4 {
			kind = 20200 + 5*(n-4)
			value, label, account = kind+1, kind+2, kind+3
		}
		if get(kind) == "" {
			break
		}
		k := fileKey{does: map[string]string{"1": "line", "2": "dials", "3": "watches"}[get(kind)], value: get(value), label: get(label)}
		if at, _ := strconv.Atoi(get(account)); k.does != "" {
			k.port = at + 1
		}
		keys = append(keys, k)
	}
	return keys
}

// The maker's own numbers for where an account registers: four on older firmware;
// newer has profiles, of which all accounts use the first.
func TestP06_HtekRegistersOnEitherFirmware(t *testing.T) {
	drv := driverOf("htek")
	second := telephony.Line{Port: 2, State: telephony.LineLinked, SIPUser: "c2", Secret: "s2-geheim", Number: "202", Name: "Berta"}
	m := settingsOf(t, drv, desk("htek", func(d *telephony.Desired) {
		d.Lines, d.SIP.Transport, d.SIP.Expires = append(d.Lines, second), "tls", 45
	}))
	for name, want := range map[string]string{
		"P47": "sip.example.net", "P48": "sip.example.net:5060", "P130": "2", "P32": "1", "P109": "1", "P24082": "0",
		"P401": "1", "P735": "c2", "P736": "c2", "P734": "s2-geheim", "P703": "Berta", "P747": "sip.example.net", "P830": "2", "P732": "1", "P24083": "0",
		"P501": "0", "P502": "", "P504": "", "P506": "", "P20360": "0", "P1706": "",
	} {
		if got, ok := m[name]; !ok || got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	// A line that only newer firmware has does not need a number of its own.
	fifth := telephony.Line{Port: 5, State: telephony.LineLinked, SIPUser: "c5", Secret: "s5-geheim", Number: "205", Name: "Emil"}
	m = settingsOf(t, drv, desk("htek", func(d *telephony.Desired) { d.Lines = []telephony.Line{fifth} }))
	if m["P20360"] != "1" || m["P1704"] != "c5" || m["P24086"] != "0" || m["P47"] != "sip.example.net" || m["P271"] != "0" || m["P35"] != "" {
		t.Errorf("%q %q %q %q %q %q", m["P20360"], m["P1704"], m["P24086"], m["P47"], m["P271"], m["P35"])
	}
}

// What cannot be proven gets nothing: no parameter brings a CA.
func TestP02_HtekIsLedOnlyWithEvidence(t *testing.T) {
	drv := driverOf("htek").(provision.StageOne)
	for _, kind := range []provision.FileKind{provision.KindConfig, provision.KindCommon} {
		b := provision.Bootstrap{MAC: "001fc1123456", Model: "UC926", StageURL: "https://prov.example.net/p/", RootCA: testCA}
		if f, err := drv.RenderStageOne(b, kind); telephony.CodeOf(err) != telephony.NotFound {
			t.Errorf("%s: %v %s", kind, err, f.Body)
		}
		b.TokenURL = "https://prov.example.net/d/q7Zt0kXn3vB5sYw2mLr9Aa/"
		f, err := drv.RenderStageOne(b, kind)
		if err != nil {
			t.Fatal(err)
		}
		list, err := driverOf("htek").(provision.Catalogued).Parse(f)
		if err != nil {
			t.Fatal(err)
		}
		m := map[string]string{}
		for _, s := range list {
			m[s.Name] = s.Value
		}
		if m["P212"] != "3" || m["P237"] != b.TokenURL.Reveal() || m["P194"] != "1" || m["P193"] != "60" {
			t.Errorf("%s: %v", kind, m)
		}
	}
}
