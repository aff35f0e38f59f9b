package drivers

import (
	"strconv"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

func init() {
	registerCase(vendorCase{
		vendor: "snom", model: "D785", mac: "000413123456", small: "D120", draw: []string{"D717"},
		sits: func(m map[string]string) sitting {
			return sitting{m["user_idle_text.1"], m["user_realname.1"], m["user_name.1"]}
		},
		shows: snomShows, keys: snomFileKeys,
		dialled: []dialled{{"D120", "user_idle_text.1", "Freier Platz 4711 · Empfang · Anmelden: 901"}},
		locked: map[string]string{
			"logon_wizard": "off", "admin_mode": "off", "pnp_config": "off", "challenge_checksync": "off",
			"provisioning_order":  "pnp:stop dhcp:stop",
			"admin_mode_password": "Geheim-Admin-4711", "http_pass": "Geheim-Admin-4711",
		},
		cleared: map[string]string{
			"dnd_mode.1": "off", "fwd_all_enabled.1": "off", "fwd_all_target.1": "", "fwd_busy_enabled.1": "off",
			"fwd_busy_target.1": "", "fwd_time_enabled.1": "off", "fwd_time_target.1": "",
		},
		zoned:     []string{"timezone"},
		turn:      map[string]string{"prov_polling_enabled": "on", "prov_polling_mode": "rel", "prov_polling_period": "300"},
		checkSync: "check-sync;reboot=false", reboot: "check-sync;reboot=true",
		requests: []request{
			{agent: "Mozilla/4.0 (compatible; snom710-SIP 8.7.5.35 1.1.5-IFX-05.01.12 000413741767)", path: "/snom710.htm",
				mac: "000413741767", model: "710", fw: "8.7.5.35", kind: provision.KindCommon},
			{agent: "Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 2010.12-00004-g9ba52f5 000413922D24 SXM:0 UXM:0)", path: "/000413922D24.xml",
				mac: "000413922d24", model: "D785", fw: "10.1.33.33", kind: provision.KindConfig},
			{agent: "Mozilla/4.0 (compatible; snom320-SIP 7.3.30 1.1.3-u)", path: "/snom320-000413AABBCC.htm",
				mac: "000413aabbcc", model: "320", fw: "7.3.30", kind: provision.KindConfig},
			{agent: "Mozilla/4.0 (compatible; snom lid 3605)", path: "/", query: "mac=00041312AB34",
				mac: "00041312ab34", kind: provision.KindConfig},
			{path: "/snomD785-firmware.xml", kind: provision.KindBoot},
			{path: "/snomD717-0004131A2B3C.htm", mac: "0004131a2b3c", model: "D717", kind: provision.KindConfig},
			{path: "/0004131A2B3C.xml", mac: "0004131a2b3c", kind: provision.KindConfig},
		},
	})
}

// snomShows: the idle display shows the idle text of each identity.
func snomShows(m map[string]string, _ telephony.Desired) told {
	r := told{labels: map[int]string{}}
	for n := 1; m["user_active."+strconv.Itoa(n)] != ""; n++ {
		if m["user_active."+strconv.Itoa(n)] == "on" {
			r.labels[n] = m["user_idle_text."+strconv.Itoa(n)]
			r.text = append(r.text, r.labels[n])
		}
	}
	return r
}

func snomFileKeys(m map[string]string) (keys []fileKey) {
	for n := 0; m["fkey."+strconv.Itoa(n)] != ""; n++ {
		p := "fkey." + strconv.Itoa(n)
		port, err := strconv.Atoi(m[p+".context"])
		if err != nil { // for the line in use: nobody's key
			keys = append(keys, fileKey{})
			continue
		}
		kind, value, _ := strings.Cut(m[p], " ")
		does := map[string]string{"line": "line", "blf": "watches", "speed": "dials", "url": "opens"}[kind]
		if does == "watches" {
			value, _, _ = strings.Cut(strings.TrimPrefix(value, "sip:"), "@")
		}
		keys = append(keys, fileKey{does, value, port, m[p+".label"]})
	}
	return keys
}
