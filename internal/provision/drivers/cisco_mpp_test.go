package drivers

import (
	"strings"
	"testing"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

func init() {
	registerCase(vendorCase{
		vendor: "cisco-mpp", model: "8851", mac: "00562b123456", small: "7832", draw: []string{"8811", "7861", "6821"},
		sits:  flatSits,
		shows: flatShows,
		keys:  flatFileKeys,
		dialled: []dialled{
			{"7832", "Station_Display_Name", "Freier Platz 4711 · Empfang · Anmelden: 901"},
			{"8832", "Station_Name", "Freier Platz 4711 · Empfang · Anmelden: 901"},
		},
		locked: map[string]string{
			"EM_Enable": "No", "CISCO_XML_EXE_Enable": "No", "Enable_Direct_Action_Url": "No", "User_Configurable_Resync": "No",
			"Phone-UI-User-Mode": "Yes", "DHCP_Option_To_Use": "", "DHCPv6_Option_To_Use": "", "Profile_Rule_B": "", "Profile_Rule_C": "", "Profile_Rule_D": "",
			"Admin_Password": "Geheim-Admin-4711", "User_Password": "Geheim-Admin-4711", "Enable_Protocol": "Https",
			"Resync_From_SIP": "Yes", "Resync_On_Reset": "Yes", "Provision_Enable": "Yes",
		},
		never: flatNever,
		cleared: map[string]string{"DND_Setting": "No", "Cfwd_All_Dest": "", "Cfwd_Busy_Dest": "", "Cfwd_No_Ans_Dest": "",
			"Speed_Dial_2_Number": "", "Speed_Dial_9_Name": "", "Extended_Function.10": ""},
		zoned:     []string{"Time_Zone", "Daylight_Saving_Time_"},
		turn:      map[string]string{"Resync_Periodic": "300"},
		checkSync: "resync", reboot: "reboot_now",
		requests: []request{
			{agent: "Cisco-CP-7832-3PCC/11.0.1 (00562b043615)", path: "/7832-3PCC.xml", mac: "00562b043615", model: "7832", fw: "11.0.1", kind: provision.KindCommon},
			{agent: "Cisco-CP-8841-3PCC/11.0 (00562b043615)", path: "/Cisco/CP-8841-3PCC/00562b043615.cfg", mac: "00562b043615", model: "8841", fw: "11.0", kind: provision.KindConfig},
			{agent: "Cisco-CP-8851-3PCC/12.0.1 (a4b439001234)", path: "/a4b439001234.xml", mac: "a4b439001234", model: "8851", fw: "12.0.1", kind: provision.KindConfig},
			{agent: "Cisco-DP-9861/3.1 (a4b439001234)", path: "/", mac: "a4b439001234", model: "9861", fw: "3.1", kind: provision.KindConfig},
			{agent: "Cisco-CP-8851-3PCC/12.0.1 (a4b439001234)", path: "/prt", method: "POST", mac: "a4b439001234", model: "8851", fw: "12.0.1", kind: provision.KindUpload},
			// A phone may be told to say nothing of itself.
			{path: "/path/Cisco/CP-8851-3PCC/001234ab45de.cfg", mac: "001234ab45de", model: "8851", kind: provision.KindConfig},
			{path: "/8861-3PCC.xml", model: "8861", kind: provision.KindCommon},
			{path: "/00562B043615.xml", mac: "00562b043615", kind: provision.KindConfig},
			{path: "/cisco-mpp.crt", kind: provision.KindTrust},
		},
	})
}

// Readers of flat profiles, for both vendors that write them.

func TestP08_ALabelAddsNothingToAKey(t *testing.T) {
	for _, vendor := range []string{"cisco-mpp", "cisco-spa"} {
		m := settingsOf(t, driverOf(vendor), desk(vendor, func(d *telephony.Desired) {
			login(d, telephony.LineLinked, "101", "Anna;fnc=sd;ext=0900$PROXY")
			d.Lines[0].Keys = []telephony.Key{{Kind: telephony.KeyDial, Label: "x;ext=0900@evil;vid=9", Value: "10;ext=1@example.org$USER"}}
		}))
		keys := flatFileKeys(m)
		if k := keys[1]; k.does != "dials" || k.port != 1 || k.label != "x,ext=0900@evil,vid=9" || strings.ContainsAny(k.value, ";@$") {
			t.Errorf("%s: %+v of %q", vendor, k, m["Extended_Function.2"])
		}
		if strings.ContainsAny(m["Short_Name.1"], ";$") {
			t.Errorf("%s: %q", vendor, m["Short_Name.1"])
		}
	}
}

func TestP02_ARuleHoldsTheDevicesCredentials(t *testing.T) {
	for _, vendor := range []string{"cisco-mpp", "cisco-spa"} {
		d := desk(vendor, func(*telephony.Desired) {})
		const want = "[--uid d-5f3a9c --pwd http-Geheim-2342]https://prov.example.net/d/q7Zt0kXn3vB5sYw2mLr9Aa/"
		if got := settingsOf(t, driverOf(vendor), d)["Profile_Rule"]; got != want+string(d.MAC)+".xml" {
			t.Errorf("%s: %q", vendor, got)
		}
		for _, pw := range []telephony.Secret{"a b", "a]b", "a$MAb", "a|b", telephony.Secret(strings.Repeat("x", 500))} {
			d.HTTPPassword = pw
			if f, err := driverOf(vendor).Render(d, provision.KindConfig); err == nil {
				t.Errorf("%s: a password that the rule cannot hold became %s", vendor, f.Body)
			}
		}
	}
}

func TestP06_CiscoKnowsTheHoursOfEurope(t *testing.T) {
	for zone, want := range map[string][3]string{
		"Europe/Berlin":   {"GMT+01:00", "start=3/-1/7/2:0:0;end=10/-1/7/3:0:0;save=1", "Yes"},
		"Europe/London":   {"GMT", "start=3/-1/7/1:0:0;end=10/-1/7/2:0:0;save=1", "Yes"},
		"Europe/Helsinki": {"GMT+02:00", "start=3/-1/7/3:0:0;end=10/-1/7/4:0:0;save=1", "Yes"},
		"UTC":             {"GMT", "", "No"},
	} {
		m := settingsOf(t, driverOf("cisco-mpp"), desk("cisco-mpp", func(d *telephony.Desired) { d.TimeZone = zone }))
		if got := [3]string{m["Time_Zone"], m["Daylight_Saving_Time_Rule"], m["Daylight_Saving_Time_Enable"]}; got != want {
			t.Errorf("%s: %q", zone, got)
		}
	}
}

func TestC11_CiscoDialsEmergencyNumbersAtOnceAndUnregistered(t *testing.T) {
	for _, vendor := range []string{"cisco-mpp", "cisco-spa"} {
		drv := driverOf(vendor)
		m := settingsOf(t, drv, desk(vendor, func(d *telephony.Desired) { d.Emergency = []string{"112", "110|9S0", "*99", ""} }))
		if m["Dial_Plan.1"] != "(112S0|xx.|*xx.|#xx.|**xx.|*#xx.)" || m["Make_Call_Without_Reg.1"] != "Yes" || !drv.Info().DialUnregistered {
			t.Errorf("%s: %q, unregistered %q", vendor, m["Dial_Plan.1"], m["Make_Call_Without_Reg.1"])
		}
	}
}

func TestP12_CiscoIsToldWhichFirmwareToTake(t *testing.T) {
	for _, vendor := range []string{"cisco-mpp", "cisco-spa"} {
		const url = "https://prov.example.net/f/0123abcd/image-99.1.2.3.rom"
		m := settingsOf(t, driverOf(vendor), desk(vendor, func(d *telephony.Desired) { d.Firmware = telephony.Firmware{Version: "99", URL: url} }))
		if m["Upgrade_Rule"] != url || m["Upgrade_Enable"] != "Yes" {
			t.Errorf("%s: %q %q", vendor, m["Upgrade_Rule"], m["Upgrade_Enable"])
		}
		m = settingsOf(t, driverOf(vendor), desk(vendor, func(*telephony.Desired) {}))
		if m["Upgrade_Rule"] != "" || m["Upgrade_Enable"] != "No" {
			t.Errorf("%s: without a rollout %q %q", vendor, m["Upgrade_Rule"], m["Upgrade_Enable"])
		}
	}
}
