package drivers

import (
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

func init() {
	named := func(m map[string]string) string {
		_, quoted, _ := strings.Cut(m["proxy_0/reg_identity"], `"`)
		name, _, _ := strings.Cut(quoted, `"`)
		return name
	}
	registerCase(vendorCase{
		vendor: "linphone", model: "Linphone", oneName: true,
		sits: func(m map[string]string) sitting {
			return sitting{named(m), named(m), m["auth_info_0/username"]}
		},
		shows: func(m map[string]string, _ telephony.Desired) told {
			if m["sip/default_proxy"] != "0" {
				return told{}
			}
			return told{labels: map[int]string{1: named(m)}, text: []string{named(m)}}
		},
		dialled: []dialled{{"", "proxy_0/reg_identity", `"Freier Platz 4711 · Empfang · Anmelden: 901" <sip:c7k2m9x4q1@sip.example.net>`}},
		locked: map[string]string{"ui/hide_account_settings": "1", "ui/max_account": "1", "ui/assistant_disable_qr_code": "1",
			"ui/assistant_hide_create_account": "1", "ui/assistant_hide_third_party_account": "1"},
		requests: []request{
			{agent: "LinphoneAndroid/5.2.5 (realme Note 50) LinphoneSDK/5.3.47 (tags/5.3.47^0)", path: "",
				model: "Linphone", fw: "5.2.5", kind: provision.KindConfig},
			{agent: "LinphoneAndroid/3.2.8 (belle-sip/1.6.3)", path: "/anything/at-all",
				model: "Linphone", fw: "3.2.8", kind: provision.KindConfig},
			{agent: "Unknown", path: "", model: "Linphone", kind: provision.KindConfig},
		},
	})
}
