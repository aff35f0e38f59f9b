package drivers

import (
	"strings"
	"testing"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

func init() {
	const account = "net.java.sip.communicator.impl.protocol.sip.acctischlein"
	registerCase(vendorCase{
		vendor: "jitsi", model: "Jitsi", oneName: true,
		sits: func(m map[string]string) sitting {
			user, _, _ := strings.Cut(m[account+".USER_ID"], "@")
			return sitting{m[account+".DISPLAY_NAME"], m[account+".DISPLAY_NAME"], user}
		},
		shows: func(m map[string]string, _ telephony.Desired) told {
			if m[account] == "${null}" {
				return told{}
			}
			return told{labels: map[int]string{1: m[account+".DISPLAY_NAME"]}, text: []string{m[account+".DISPLAY_NAME"]}}
		},
		dialled: []dialled{{"", account + ".DISPLAY_NAME", "Freier Platz 4711 · Empfang · Anmelden: 901"}},
		locked:  map[string]string{"net.java.sip.communicator.plugin.provisioning.METHOD": "Manual"},
		leads:   []string{"net.java.sip.communicator.plugin.provisioning.URL"},
		requests: []request{
			{agent: "Jitsi/1.0-beta1-nightly.build.3408", path: "", query: "uuid=6ba7b810-9dad-11d1-80b4-00c04fd430c8", model: "Jitsi", fw: "1.0-beta1-nightly.build.3408", kind: provision.KindConfig},
			{agent: "Jitsi/2.10.5550", path: "/jitsi", method: "POST", model: "Jitsi", fw: "2.10.5550", kind: provision.KindConfig},
		},
	})
}

// A property is a line of ASCII, whatever a name holds, and one that says how to throw
// a property away is only text.
func TestP06_JitsiPropertiesAreASCII(t *testing.T) {
	for _, text := range hostile {
		d := desk("jitsi", func(d *telephony.Desired) { login(d, telephony.LineLinked, "101", text) })
		f, err := driverOf("jitsi").Render(d, provision.KindConfig)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(f.Body)) {
			if strings.Trim(line, "\n") == "" || strings.ContainsFunc(strings.TrimSuffix(line, "\n"), func(r rune) bool { return r < ' ' || r > '~' }) {
				t.Errorf("%q", line)
			}
		}
	}
	// Nobody's place has no account, and no password is left of the last one.
	m := settingsOf(t, driverOf("jitsi"), desk("jitsi", func(d *telephony.Desired) { d.Lines[0].State = telephony.LineUnused }))
	for _, name := range []string{"", ".PASSWORD", ".ENCRYPTED_PASSWORD", ".DISPLAY_NAME"} {
		if m[jitsiAccount+name] != "${null}" {
			t.Errorf("%s = %q", name, m[jitsiAccount+name])
		}
	}
}
