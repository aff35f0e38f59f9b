package drivers

import (
	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

func init() {
	registerCase(vendorCase{
		vendor: "acrobits", model: "Groundwire",
		sits: func(m map[string]string) sitting { return sitting{m["title"], m["userDisplayName"], m["username"]} },
		shows: func(m map[string]string, _ telephony.Desired) told {
			if m["username"] == "" {
				return told{}
			}
			return told{labels: map[int]string{1: m["title"]}, text: []string{m["title"]}}
		},
		dialled: []dialled{{"", "title", "Freier Platz 4711 · Empfang · Anmelden: 901"}},
		locked:  map[string]string{"extProvInterval": "86400", "subscribeForVoicemail": "0"},
		requests: []request{
			{agent: "CloudSoftphone/1.5.6", path: "", model: "CloudSoftphone", fw: "1.5.6", kind: provision.KindConfig},
			{agent: "Groundwire/25.1.2 (iPhone; iOS 18.1)", path: "/account.xml", model: "Groundwire", fw: "25.1.2", kind: provision.KindConfig},
		},
	})
}
