package drivers

import (
	"encoding/json"
	"testing"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

func init() {
	registerCase(vendorCase{
		vendor: "softphone", model: "JSON", draw: []string{"XML"},
		sits: func(m map[string]string) sitting { return sitting{m["label"], m["display_name"], m["username"]} },
		shows: func(m map[string]string, _ telephony.Desired) told {
			if m["username"] == "" {
				return told{}
			}
			return told{labels: map[int]string{1: m["label"]}, text: []string{m["label"]}}
		},
		dialled: []dialled{
			{"JSON", "label", "Freier Platz 4711 · Empfang · Anmelden: 901"},
			{"XML", "label", "Freier Platz 4711 · Empfang · Anmelden: 901"},
		},
		locked: map[string]string{"refresh": "86400"},
		leads:  []string{"provisioning_url"},
		requests: []request{
			{agent: "baresip v3.14.0 (x86_64/Linux)", path: "/softphone.json", model: "JSON", kind: provision.KindConfig},
			{agent: "curl/8.5.0", path: "/Softphone.XML", model: "XML", kind: provision.KindConfig},
		},
	})
}

// Numbers and truths are such in JSON, and whatever a name holds is one string.
func TestP06_SoftphoneReadsTypedJSON(t *testing.T) {
	for _, text := range hostile {
		d := desk("softphone", func(d *telephony.Desired) { login(d, telephony.LineLinked, "101", text); d.SIP.Transport = "tls" })
		f, err := driverOf("softphone").Render(d, provision.KindConfig)
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			Username, Password, Domain, Server, Transport string
			DisplayName                                   string `json:"display_name"`
			Port, Expires, Refresh                        int
			SRTP                                          bool
		}
		if err := json.Unmarshal(f.Body, &got); err != nil {
			t.Fatalf("%v in\n%s", err, f.Body)
		}
		if want := provision.FaceOf(d, d.Lines[0]).Display; got.DisplayName != want || got.Port != 5060 || got.Refresh != 86400 || !got.SRTP || got.Password != "sip-Geheim-0815" {
			t.Errorf("%+v, want the name %q", got, want)
		}
	}
}
