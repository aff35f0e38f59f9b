package drivers

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"tischlein/internal/provision"
)

// ownDirectory are the settings that name the device's own directory, because the
// phone fetches its files or a certificate from there. Everywhere else, in keys and
// in what a phone does by itself, its token would be seen by who should not (P02). A
// new vendor says so in its case (vendorCase.leads).
var ownDirectory = map[string][]string{
	"acrobits":    {"extProvUrl"},
	"alcatel":     {"DeviceProvisionServerUrl"},
	"cisco-mpp":   {"Custom_CA_Rule", "Profile_Rule"},
	"cisco-spa":   {"Custom_CA_URL", "Profile_Rule"},
	"fanvil":      {"ap.FlashFileName", "fwCheck.UpgradeServer1"},
	"gigaset":     {"Provisioning.global.ProvisioningServer", "System.Provision.ProvisioningServer"},
	"grandstream": {"P237"},
	"htek":        {"P237"},
	"linphone":    {"misc/config-uri"},
	"mitel":       {"https path", "https user certificates", "sips trusted certificates"},
	"poly":        {"CONFIG_FILES", "device.prov.serverName"},
	"snom":        {"setting_server", "firmware_status"},
	"yealink":     {"static.auto_provision.server.url", "static.trusted_certificates.url"},
}

func TestP02_KeysAndActionURLsBearNoTokenOfFiles(t *testing.T) {
	for _, drv := range under() {
		parsed, ok := drv.(provision.Catalogued)
		if !ok {
			continue
		}
		vendor, led := drv.Info().Vendor, false
		own := append(ownDirectory[vendor], cases[vendor].leads...)
		for _, s := range scenarios(vendor) {
			token := strings.TrimSuffix(s.desired.BaseURL.Reveal()[strings.Index(s.desired.BaseURL.Reveal(), "/d/")+3:], "/")
			for _, kind := range stageOneKinds {
				var files []provision.File
				if f, err := drv.Render(s.desired, kind); err == nil {
					files = append(files, f)
				}
				if one, ok := drv.(provision.StageOne); ok {
					b := provision.Bootstrap{MAC: s.desired.MAC, Model: s.desired.Model, RootCA: testCA, StageURL: "https://prov.example.net/p/", TokenURL: s.desired.BaseURL}
					if f, err := one.RenderStageOne(b, kind); err == nil {
						files = append(files, f)
					}
				}
				for _, f := range files {
					switch kind {
					case provision.KindBoot: // names the files that follow: nothing else
						continue
					case provision.KindTrust, provision.KindRestart:
						if bytes.Contains(f.Body, []byte(token)) {
							t.Errorf("%s: %s, the same for all, bears a token", vendor, f.Name)
						}
						continue
					}
					settings, err := parsed.Parse(f)
					if err != nil {
						t.Errorf("%s %s: %v", vendor, f.Name, err)
					}
					found, body := 0, f.Body
					for _, x := range settings {
						if strings.Contains(x.Value, token) {
							found++
							if !slices.Contains(own, x.Name) {
								t.Errorf("%s %s %s: %s bears the token", vendor, s.name, f.Name, x.Name)
							}
						}
						body = bytes.Replace(body, []byte(x.Value), nil, 1)
					}
					// What is no setting: Snom's list of files.
					for line := range bytes.Lines(body) {
						if bytes.Contains(line, []byte(token)) && !bytes.Contains(line, []byte("<file url=")) {
							t.Errorf("%s %s %s: the token stands in %s", vendor, s.name, f.Name, line)
						}
					}
					led = led || found > 0
				}
			}
		}
		if !led && len(own) > 0 {
			t.Errorf("%s: no file names the device's own directory", vendor)
		}
	}
}
