package drivers

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

func init() {
	registerCase(vendorCase{
		vendor: "alcatel", model: "M5", mac: "487a55123456", small: "M8", draw: []string{"M3", "M7"},
		sits: func(m map[string]string) sitting {
			return sitting{m["Account1Label"], m["Account1DisplayName"], m["Account1UserName"]}
		},
		shows: func(m map[string]string, _ telephony.Desired) told {
			r := told{labels: map[int]string{}}
			for n := 1; n <= 8; n++ {
				if at := "Account" + strconv.Itoa(n); m[at+"Enable"] == "true" {
					r.labels[n] = m[at+"Label"]
					r.text = append(r.text, m[at+"Label"])
				}
			}
			return r
		},
		keys: alcatelFileKeys,
		dialled: []dialled{
			{"M8", "Account1Label", "Freier Platz 4711 · Empfang · Anmelden: 901"},
			{"M5", "Account1Label", "Freier Platz 4711 · Empfang"}, // it has a key
		},
		locked: map[string]string{
			"DeviceProvisionPnpEnable": "false", "DeviceProvisionDhcpEnable": "false",
			"DeviceProvisionUserConfigProtectEnable": "false", "DeviceProvisionUserConfigSyncEnable": "false",
			"DeviceSecurityAdminPwd": "Geheim-Admin-4711", "DeviceSecurityVarPwd": "Geheim-Admin-4711", "DeviceSecurityUserPwd": "Geheim-Admin-4711",
			"DeviceSecuritySshEnable": "false", "DeviceNetworkHttpEnable": "false", "SIPIpCallEnable": "false",
			"DeviceBackupUrl": "", "DeviceCallLogBackupEnable": "false", "DeviceContactBackupEnable": "false",
			"Account1AutoAnswerEnable": "false", "Account8AutoAnswerEnable": "false",
			"ProgramKey1Type": "", "ProgramKey1Value": "", "ProgramKey1Label": "", // the account's own
			"DeviceProvisionFileFirst": "config.$model.xml", "DeviceProvisionFileSecond": "config.$mac.xml",
		},
		cleared: map[string]string{
			"FeatureDndEnable": "false", "FeatureImmFwdEnable": "false", "FeatureImmFwdNumber": "", "FeatureBusyFwdEnable": "false",
			"FeatureBusyFwdNumber": "", "FeatureNoReplyFwdEnable": "false", "FeatureNoReplyFwdNumber": "",
		},
		zoned: []string{"SettingTimeZone", "SettingDstEnable"},

		checkSync: "check-sync", // and no word for a restart
		firmware:  `https://prov.example.net/f/0123abcd"`,
		requests: []request{
			{agent: "ALE M3-CE 2.11.01.1604 3c28a620089e", path: "/config.M3.xml", mac: "3c28a620089e", model: "M3", fw: "2.11.01.1604", kind: provision.KindCommon},
			{agent: "ALE M3-CE 2.11.01.1604 3c28a620089e", path: "/config.3c28a620089e.xml", mac: "3c28a620089e", model: "M3", fw: "2.11.01.1604", kind: provision.KindConfig},
			{agent: "ALE 8028s-GE 1.51.52.2204 487a55023075", path: "/config.8028s.xml", mac: "487a55023075", model: "8028s", fw: "1.51.52.2204", kind: provision.KindCommon},
			{agent: "ALE M7 2.13.02.1602 487a55023075", path: "/firmware/M7.bin", mac: "487a55023075", model: "M7", fw: "2.13.02.1602"},
			{path: "/config.3C28A620089E.xml", mac: "3c28a620089e", kind: provision.KindConfig},
			{path: "/config.M5-CE.xml", query: "mac=3c28a620089e", mac: "3c28a620089e", model: "M5", kind: provision.KindCommon},
		},
	})
}

// alcatelFileKeys: the first key is the account's.
func alcatelFileKeys(m map[string]string) (keys []fileKey) {
	for n := 2; ; n++ {
		at := fmt.Sprintf("ProgramKey%d", n)
		kind, there := m[at+"Type"]
		if !there {
			return keys
		}
		k := fileKey{does: map[string]string{"1": "dials", "59": "watches"}[kind], value: m[at+"Value"], label: m[at+"Label"]}
		k.port, _ = strconv.Atoi(m[at+"Account"])
		if m[at+"Extension"] != k.value {
			k.value += " or " + m[at+"Extension"]
		}
		keys = append(keys, k)
	}
}

func TestP06_AlcatelRegisters(t *testing.T) {
	drv := driverOf("alcatel")
	second := telephony.Line{Port: 2, State: telephony.LineLinked, SIPUser: "c2", Secret: "s2-geheim", Number: "202", Name: "Berta"}
	m := settingsOf(t, drv, desk("alcatel", func(d *telephony.Desired) {
		d.Lines, d.SIP = append(d.Lines, second), telephony.SIPServer{Realm: "sip.example.net", Host: "edge.example.net", Port: 5061, Transport: "tls", Expires: 600}
	}))
	for name, want := range map[string]string{
		"Account1Server1Address": "sip.example.net", "Account1Server1Port": "5061", "Account1Server1Transport": "tls", "Account1Server1Expire": "600",
		"Account1OutboundProxy1Address": "edge.example.net", "Account1OutboundProxy1Port": "5061", "Account1RegName": "c7k2m9x4q1",
		"Account2Enable": "true", "Account2UserName": "c2", "Account2Password": "s2-geheim", "Account2DisplayName": "Berta",
		"Account3Enable": "false", "Account3UserName": "", "Account3Password": "", "Account3Server1Address": "",
	} {
		if got, ok := m[name]; !ok || got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
}

// P07: menus in the language of whoever sits there, and their time.
func TestP07_AlcatelSpeaksTheirLanguage(t *testing.T) {
	for lang, want := range map[string]string{"de": "2", "en": "0", "nl": "5", "xx": "2"} {
		m := settingsOf(t, driverOf("alcatel"), desk("alcatel", func(d *telephony.Desired) {
			login(d, telephony.LineHotdesk, "102", "Jan")
			d.Lines[0].Language = lang
		}))
		if m["SettingLanguage"] != want || m["SettingTimeZone"] != "+1:00" || m["SettingTimeZoneLocation"] != "Europe/Berlin" || m["SettingDstEnable"] != "2" {
			t.Errorf("%s: %q %q %q %q", lang, m["SettingLanguage"], m["SettingTimeZone"], m["SettingTimeZoneLocation"], m["SettingDstEnable"])
		}
	}
}

func TestP02_AlcatelIsLedOnlyWithEvidence(t *testing.T) {
	drv := driverOf("alcatel").(provision.StageOne)
	for _, kind := range []provision.FileKind{provision.KindConfig, provision.KindCommon} {
		b := provision.Bootstrap{MAC: "487a55123456", Model: "M5", StageURL: "https://prov.example.net/p/", RootCA: testCA}
		if f, err := drv.RenderStageOne(b, kind); telephony.CodeOf(err) != telephony.NotFound {
			t.Errorf("%s: %v %s", kind, err, f.Body)
		}
		b.TokenURL = "https://prov.example.net/d/q7Zt0kXn3vB5sYw2mLr9Aa/"
		f, err := drv.RenderStageOne(b, kind)
		if err != nil {
			t.Fatal(err)
		}
		list, err := driverOf("alcatel").(provision.Catalogued).Parse(f)
		if err != nil {
			t.Fatal(err)
		}
		m := map[string]string{}
		for _, s := range list {
			m[s.Name] = s.Value
		}
		if m["DeviceProvisionServerUrl"] != b.TokenURL.Reveal() || m["DeviceProvisionPollingByIntervalEnable"] != "true" || m["DeviceProvisionFileSecond"] != "config.$mac.xml" {
			t.Errorf("%s: %v", kind, m)
		}
	}
}

// P04: requests of the maker's other phones are told apart; that nothing is written for
// them is said where the gaps are, and they are not among the models.
func TestP04_AlcatelsOtherPhonesAreRecognisedAndNoModels(t *testing.T) {
	drv := driverOf("alcatel")
	gaps := fmt.Sprint(Gaps())
	for model, agent := range map[string]string{"8028s": "ALE 8028s-GE 1.51.52.2204 487a55023075", "H6": "ALE H6 2.14.01.0000 3c28a620089e"} {
		m, ok := drv.Match(provision.Request{Path: "/config." + model + ".xml", UserAgent: agent})
		if _, known := drv.Info().Model(model); !ok || !m.Sure || m.Model != model || known || !strings.Contains(gaps, model) {
			t.Errorf("%s: %+v, %v, a model: %v", model, m, ok, known)
		}
	}
}
