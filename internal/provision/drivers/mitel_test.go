package drivers

import (
	"strconv"
	"strings"
	"testing"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

func init() {
	rows := func(m map[string]string, n int) string {
		p := "sip line" + strconv.Itoa(n) + " "
		return strings.TrimSpace(m[p+"screen name"] + " " + m[p+"screen name 2"])
	}
	registerCase(vendorCase{
		vendor: "mitel", model: "6930", mac: "1400e9123456", small: "6751i", draw: []string{"6863i", "6739i", "6867i"},
		sits: func(m map[string]string) sitting {
			return sitting{rows(m, 1), m["sip line1 display name"], m["sip line1 user name"]}
		},
		shows: func(m map[string]string, _ telephony.Desired) told {
			r := told{labels: map[int]string{}}
			for n := range 10 {
				p := "sip line" + strconv.Itoa(n) + " "
				if m[p+"user name"] == "" {
					continue
				}
				r.labels[n] = rows(m, n)
				for _, row := range []string{m[p+"screen name"], m[p+"screen name 2"]} {
					if row != "" {
						r.text = append(r.text, row)
					}
				}
			}
			return r
		},
		keys: func(m map[string]string) (keys []fileKey) {
			for _, family := range []string{"prgkey", "topsoftkey", "softkey"} {
				for n := 1; m[family+strconv.Itoa(n)+" type"] != ""; n++ {
					p := family + strconv.Itoa(n) + " "
					does := map[string]string{"speeddial": "dials", "blf": "watches", "xml": "opens"}[m[p+"type"]]
					port, _ := strconv.Atoi(m[p+"line"])
					keys = append(keys, fileKey{does, m[p+"value"], port, m[p+"label"]})
				}
			}
			return keys
		},
		dialled: []dialled{
			{"6751i", "sip line1 screen name", "Platz 4711 frei"},
			{"6751i", "sip line1 screen name 2", "Anmelden: 901"},
			{"6863i", "prgkey1 value", "901"}, // three lines: no form
			{"6930", "sip line1 screen name", "Freier Platz 4711 ·"},
		},
		locked: map[string]string{
			"contact rcs": "0", "web interface enabled": "0", "options simple menu": "1", "user config url": "",
			"sip xml notify event": "0", "xml application post list": "", "https validate certificates": "1",
			"admin password": "729822880", "download protocol": "HTTPS",
		},
		never: func(name, value string) bool {
			return strings.HasSuffix(name, " type") && (value == "dnd" || value == "callforward")
		},
		cleared:   map[string]string{"call forward disabled": "1", "topsoftkey12 type": "none", "topsoftkey12 value": ""},
		zoned:     []string{"time zone", "dst "},
		checkSync: "check-sync", reboot: "check-sync;reboot=true",
		firmware: "!firmware server: https://prov.example.net/f/0123abcd\n",
		requests: []request{
			{agent: "Aastra6731i MAC:00-08-5D-23-74-29 V:3.2.0.70-SIP", path: "/aastra.cfg",
				mac: "00085d237429", model: "6731i", fw: "3.2.0.70", kind: provision.KindCommon},
			{agent: "Mitel6930 MAC:14-00-E9-1E-DB-52 V:6.4.0.140-SIP", path: "/startup.cfg",
				mac: "1400e91edb52", model: "6930", fw: "6.4.0.140", kind: provision.KindCommon},
			{agent: "Mitel6930 MAC:14-00-E9-1E-DB-52 V:6.4.0.140-SIP", path: "/6930.cfg",
				mac: "1400e91edb52", model: "6930", fw: "6.4.0.140", kind: provision.KindCommon},
			{agent: "Mitel6920w MAC:14-00-E9-1E-DB-52 V:6.4.0.140-SIP", path: "/1400E91EDB52.cfg",
				mac: "1400e91edb52", model: "6920w", fw: "6.4.0.140", kind: provision.KindConfig},
			{agent: "Aastra57i MAC:00-08-5D-1A-98-70 V:2.1.0.2145-SIP", path: "/00085D1A9870.cfg",
				mac: "00085d1a9870", model: "6757i", fw: "2.1.0.2145", kind: provision.KindConfig},
			{agent: "Aastra6863i MAC:00-08-5D-40-90-5F V:4.1.0.128-SIP", path: "/00085D40905F.tuz",
				mac: "00085d40905f", model: "6863i", fw: "4.1.0.128"},
			{agent: "Aastra6867i MAC:00-08-5D-40-90-5F V:4.1.0.128-SIP", path: "/6867i.st",
				mac: "00085d40905f", model: "6867i", fw: "4.1.0.128"},
			{agent: "Mitel6930 MAC:14-00-E9-1E-DB-52 V:6.4.0.140-SIP", path: "/user_local.cfg", method: "PUT",
				mac: "1400e91edb52", model: "6930", fw: "6.4.0.140", kind: provision.KindUpload},
			{path: "/1400E91EDB52.cfg", mac: "1400e91edb52", kind: provision.KindConfig},
			{path: "/6867i.cfg", model: "6867i", kind: provision.KindCommon},
			{path: "/mitel-ca.pem", kind: provision.KindTrust},
		},
	})
}

// A "#" begins a comment, and what was changed on the phone wins over a file.
func TestP06_MitelLinesAreMarkedAndQuoted(t *testing.T) {
	d := desk("mitel", func(d *telephony.Desired) {
		login(d, telephony.LineHotdesk, "101", `Anna "A#1"`)
		d.Lines[0].Keys = []telephony.Key{{Kind: telephony.KeyDial, Label: "Aus", Value: "#31#"}}
	})
	f, err := mitel{}.Render(d, provision.KindConfig)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(f.Body)) {
		if line[0] != '!' && line[0] != '^' {
			t.Errorf("%q can be changed on the phone", line)
		}
		if value := strings.TrimSpace(line); strings.Contains(value, "#") && !strings.HasSuffix(value, `"`) {
			t.Errorf("%q ends in a comment", line)
		}
	}
	m := settingsOf(t, mitel{}, d)
	if m["sip line1 screen name"] != "Anna 'A#1' 101" || m["topsoftkey2 value"] != "#31#" {
		t.Errorf("%q, %q", m["sip line1 screen name"], m["topsoftkey2 value"])
	}
}

// The phones take digits for a password and else fall back to the maker's.
func TestP14_MitelPasswordIsDigits(t *testing.T) {
	m := settingsOf(t, mitel{}, desk("mitel", func(*telephony.Desired) {}))
	for _, name := range []string{"admin password", "user password"} {
		if v := m[name]; len(v) != 9 || strings.Trim(v, "0123456789") != "" {
			t.Errorf("%s = %q", name, v)
		}
	}
	m = settingsOf(t, mitel{}, desk("mitel", func(d *telephony.Desired) { d.HTTPPassword = "longer-than-the-twenty-that-are-kept" }))
	if m["http digest password"] != "" {
		t.Error("a password that the phone would cut was written")
	}
}
