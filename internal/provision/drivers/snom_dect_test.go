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
		vendor: "snom-dect", model: "M400", mac: "000413123456", several: "M900", severalMAC: "000413b60680", draw: []string{"M300"},
		oneName: true,
		sits: func(m map[string]string) sitting {
			return sitting{m["subscr_sip_line_name.1"], m["user_realname.1"], m["user_name.1"]}
		},
		shows: func(m map[string]string, _ telephony.Desired) told {
			r := told{labels: map[int]string{}}
			for n := range 101 {
				if at := "." + strconv.Itoa(n); m["user_active"+at] == "on" {
					r.labels[n] = m["user_realname"+at]
					r.text = append(r.text, r.labels[n])
				}
			}
			return r
		},
		dialled: []dialled{{"M400", "user_realname.1", "Platz 4711 frei · 901"}, {"M900", "user_realname.1", "Platz 4711 frei · 901"}},
		locked: map[string]string{
			"pnp_config": "off", "dhcp_option_pnp": "off", "sip_check_sync_always_reboot": "off",
			"http_pass": "Geheim-Admin-4711", "http_basic_pass": "Geheim-Admin-4711", "http_engineer_pass": "Geheim-Admin-4711",
		},
		// What would throw out the handsets that are registered.
		never: func(name, _ string) bool { return strings.HasPrefix(name, "subscr_dect_ipui") },
		cleared: map[string]string{
			"fwd_all_enabled.1": "off", "fwd_all_target.1": "", "fwd_busy_enabled.1": "off",
			"fwd_busy_target.1": "", "fwd_time_enabled.1": "off", "fwd_time_target.1": "",
		},
		leads:     []string{"setting_server"},
		zoned:     []string{"timezone", "dst_enable"},
		checkSync: "check-sync;reboot=false", reboot: "check-sync;reboot=true",
		requests: []request{
			{agent: "Mozilla/4.0 (compatible; Snom M900 05.20.0001 000413b60680)", path: "/snomM900.htm",
				mac: "000413b60680", model: "M900", fw: "05.20.0001", kind: provision.KindCommon},
			{agent: "Mozilla/4.0 (compatible; Snom M900 05.20.0001 000413b60680)", path: "/000413b60680",
				mac: "000413b60680", model: "M900", fw: "05.20.0001", kind: provision.KindConfig},
			{agent: "Mozilla/4.0 (compatible; Snom M400 07.40.0104 000413b60681)", path: "/snomM400-000413B60681.htm",
				mac: "000413b60681", model: "M400", fw: "07.40.0104", kind: provision.KindConfig},
			{agent: "Mozilla/4.0 (compatible; Snom M700 03.55.0005 000413b60682)", path: "/", query: "mac=000413B60682",
				mac: "000413b60682", model: "M700", fw: "03.55.0005", kind: provision.KindConfig},
			{agent: "Mozilla/4.0 (compatible; Snom M900 05.20.0001 000413b60680)", path: "/snom-general.xml",
				mac: "000413b60680", model: "M900", fw: "05.20.0001", kind: provision.KindCommon},
			{agent: "Mozilla/4.0 (compatible; Snom M900 05.20.0001 000413b60680)", path: "/snomM900-firmware.htm",
				mac: "000413b60680", model: "M900", fw: "05.20.0001", kind: provision.KindBoot},
			{path: "/snomM300-000413B60683.htm", mac: "000413b60683", model: "M300", kind: provision.KindConfig},
			{path: "/snomM700.xml", model: "M700", kind: provision.KindCommon},
		},
	})
}

// The desk phones' files are not the bases', though both makers' words are alike.
func TestP06_SnomBasesHaveSettingsOfTheirOwn(t *testing.T) {
	f, err := driverOf("snom-dect").Render(desk("snom-dect", func(d *telephony.Desired) {
		d.Model, d.SIP.Transport, d.SIP.Port = "M900", "tls", 5061
		login(d, telephony.LineHotdesk, "201", `Jörg "Süd" O'Neil & <Co>`)
	}), provision.KindConfig)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"<setting_server>https://prov.example.net/d/q7Zt0kXn3vB5sYw2mLr9Aa/000413123456.xml</setting_server>",
		`<srv_sip_transport idx="1">tls</srv_sip_transport>`, `<user_outbound idx="1">sip.example.net:5061</user_outbound>`,
		`<subscr_sip_hs_idx idx="1">1</subscr_sip_hs_idx>`, `<subscr_dect_ac_code idx="1">0001</subscr_dect_ac_code>`,
		`<user_active idx="100">off</user_active>`,
	} {
		if !strings.Contains(string(f.Body), "    "+want+"\n") {
			t.Errorf("no %s in\n%s", want, f.Body)
		}
	}
	for _, name := range []string{"phone-settings", "functionKeys", "user_idle_text", "admin_mode"} {
		if strings.Contains(string(f.Body), "<"+name) {
			t.Errorf("a base knows no %s", name)
		}
	}
}
