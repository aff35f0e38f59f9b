package drivers

import (
	"strconv"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

func init() {
	registerCase(vendorCase{
		vendor: "yealink", model: "T46U", mac: "805ec0123456",
		small: "T19P_E2", several: "W70B", severalMAC: "805e0c1d654e", draw: []string{"T41S", "T48U"},
		sits: func(m map[string]string) sitting {
			return sitting{m["account.1.label"], m["account.1.display_name"], m["account.1.user_name"]}
		},
		shows: yealinkShows, keys: yealinkFileKeys,
		dialled: []dialled{
			{"T19P_E2", "account.1.label", "Freier Platz 4711 · Empfang · Anmelden: 901"},
			{"W70B", "handset.1.name", "Platz 4711 frei · 901"},
			{"T46U", "account.1.label", "Freier Platz 4711 · Empfang"}, // it has a key
			{"T41S", "phone_setting.lcd_logo.text", "Platz 4711 frei"},
		},
		locked: map[string]string{
			"phone_setting.logon_wizard": "0", "hotdesking.dsskey_username_enable": "0", "account.1.hoteling.enable": "0", "account.1.flexible_seating.enable": "0", "static.zero_touch.enable": "0", "static.managementserver.enable": "0",
			"static.auto_provision.pnp_enable": "0", "features.action_uri.enable": "0", "static.security.user_password": "var:Geheim-Admin-4711",
			// It reboots at every check-sync until a configuration says otherwise.
			"sip.notify_reboot_enable": "0",
		},
		never: func(name, value string) bool { // a hot desking key
			return strings.HasPrefix(name, "linekey.") && strings.HasSuffix(name, ".type") && value == "34"
		},
		cleared: map[string]string{
			"features.dnd.enable": "0", "account.1.dnd.enable": "0", "forward.always.enable": "0", "forward.busy.enable": "0",
			"forward.no_answer.enable": "0", "forward.always.target": "%NULL%", "account.1.always_fwd.enable": "0",
			"account.1.busy_fwd.enable": "0", "account.1.timeout_fwd.enable": "0", "account.1.always_fwd.target": "%NULL%",
		},
		zoned:     []string{"local_time."},
		turn:      map[string]string{"static.auto_provision.repeat.enable": "1", "static.auto_provision.repeat.minutes": "5"},
		checkSync: "check-sync;reboot=false", reboot: "check-sync;reboot=true",
		requests: []request{
			{agent: "Yealink SIP-T46G 28.72.0.1 00:15:65:4a:a9:37", path: "/0015654aa937.boot",
				mac: "0015654aa937", model: "T46G", fw: "28.72.0.1", kind: provision.KindBoot},
			{agent: "Yealink SIP-T33G 124.85.257.55 80:5e:c0:bd:ea:ef", path: "/y000000000124.cfg",
				mac: "805ec0bdeaef", model: "T33G", fw: "124.85.257.55", kind: provision.KindCommon},
			{agent: "Yealink W70B 146.85.0.5 80:5e:0c:1d:65:4e", path: "/805e0c1d654e.cfg",
				mac: "805e0c1d654e", model: "W70B", fw: "146.85.0.5", kind: provision.KindConfig},
			{agent: "Yealink SIP-T56A  58.80.0.25 001565f429a4", path: "/y000000000000.boot",
				mac: "001565f429a4", model: "T56A", fw: "58.80.0.25", kind: provision.KindCommon},
			{agent: "Yealink SIP-T46U 108.87.14.1 24:9a:d8:6e:9d:88", path: "/249AD86E9D88.CFG",
				mac: "249ad86e9d88", model: "T46U", fw: "108.87.14.1", kind: provision.KindConfig},
			{agent: "VP530P 23.70.0.40 00:15:65:31:4b:c0", path: "/",
				mac: "001565314bc0", model: "VP530P", fw: "23.70.0.40"},
			{agent: "Yealink-T46G 28.71.0.81 28.1.0.128.0.0.0", path: "/001565aabbcc-local.cfg",
				mac: "001565aabbcc", model: "T46G", fw: "28.71.0.81", kind: provision.KindUpload},
			{agent: "yealink SIP-T18 18.0.0.80", path: "/001565aabbcc.cfg",
				mac: "001565aabbcc", model: "T18", fw: "18.0.0.80", kind: provision.KindConfig},
			{agent: "Yealink SIP-T46U 108.87.14.1 24:9a:d8:6e:9d:88", path: "/249ad86e9d88-sys.log", method: "PUT",
				mac: "249ad86e9d88", model: "T46U", fw: "108.87.14.1", kind: provision.KindUpload},
			{path: "/e434d7aabbcc.cfg", mac: "e434d7aabbcc", kind: provision.KindConfig},
			{agent: "Yealink SIP-T54W 96.86.0.70", path: "/ca.crt", model: "T54W", fw: "96.86.0.70", kind: provision.KindTrust},
			{path: "/805ec0123456.cfg", mac: "805ec0123456", kind: provision.KindConfig},
			{path: "/y000000000108.cfg", model: "T46U", kind: provision.KindCommon},
			// Certificates name a MAC in any spelling; a generic one names nobody.
			{agent: "Yealink SIP-T54W 96.86.0.70", path: "/y000000000096.cfg", cert: "80-5E-C0-12-34-56",
				mac: "805ec0123456", model: "T54W", fw: "96.86.0.70", kind: provision.KindCommon},
			{path: "/805ec0123456.cfg", cert: "805e.c012.3456", mac: "805ec0123456", kind: provision.KindConfig},
			{path: "/805ec0123456.cfg", cert: "Yealink Equipment", mac: "805ec0123456", kind: provision.KindConfig},
		},
	})
}

// yealinkShows: colour phones show the account in the top row, the others a logo
// text or, without keys, the accounts; a base shows the names of its handsets.
func yealinkShows(m map[string]string, d telephony.Desired) told {
	r := told{labels: map[int]string{}}
	for n := 1; m["account."+strconv.Itoa(n)+".enable"] != ""; n++ {
		p := strconv.Itoa(n)
		if m["account."+p+".enable"] != "1" {
			continue
		}
		r.labels[n] = exactly(m["account."+p+".label"], "%NULL%")
		if name, dect := m["handset."+p+".name"]; dect {
			r.labels[n] = exactly(name, "%NULL%")
		}
	}
	switch d.Model {
	case "T41S":
		if logo := exactly(m["phone_setting.lcd_logo.text"], "%NULL%"); logo != "" {
			r.text = []string{logo}
		}
	case "T19P_E2", "W70B":
		for n := range 20 {
			if l, ok := r.labels[n]; ok {
				r.text = append(r.text, l)
			}
		}
	default:
		r.header = r.labels[1]
	}
	return r
}

func yealinkFileKeys(m map[string]string) (keys []fileKey) {
	for n := 1; m["linekey."+strconv.Itoa(n)+".type"] != ""; n++ {
		p := "linekey." + strconv.Itoa(n) + "."
		get := func(name string) string { return exactly(m[p+name], "%NULL%") }
		does, known := map[string]string{"13": "dials", "15": "line", "16": "watches", "27": "opens"}[m[p+"type"]]
		if !known {
			keys = append(keys, fileKey{})
			continue
		}
		port, _ := strconv.Atoi(m[p+"line"])
		k := fileKey{does, get("value"), port, get("label")}
		if does == "line" { // it bears the account's label
			k.label = exactly(m["account."+m[p+"line"]+".label"], "%NULL%")
		}
		keys = append(keys, k)
	}
	return keys
}
