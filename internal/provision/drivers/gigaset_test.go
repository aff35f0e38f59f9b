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
		vendor: "gigaset", model: "Maxwell 3", mac: "7c2f80123456", small: "Maxwell Basic",
		several: "N670 IP PRO", severalMAC: "7c2f80e0d605", draw: []string{"Maxwell 4", "N870 IP PRO"},
		sits: func(m map[string]string) sitting {
			return sitting{m["SIP.Account.0.AccountName"], m["SIP.Account.0.DisplayName"], m["SIP.Account.0.Username"]}
		},
		shows: gigasetShows, keys: gigasetFileKeys,
		dialled: []dialled{
			{"Maxwell Basic", "SIP.Account.0.AccountName", "Freier Platz 4711 · Empfang · Anmelden: 901"},
			{"Maxwell 3", "SIP.Account.0.AccountName", "Freier Platz 4711 · Empfang"}, // it has a key
			{"N670 IP PRO", "SIP.Account.0.DisplayName", "Platz 4711 frei · 901"},
			{"N510 IP PRO", "SIP.Account.0.HandsetName", "Platz 4711 frei · 901"},
			{"N720 DM PRO", "SIP.Account.0.DisplayName", "Platz 4711 frei · 901"},
		},
		locked:    map[string]string{"WebUI.AdminPassword": "Geheim-Admin-4711"},
		zoned:     []string{"System.DateAndTime.", "DmGlobal.0.TimeZone"},
		checkSync: "check-sync;reboot=false", reboot: "check-sync;reboot=true",
		requests: []request{
			{agent: "N510 IP PRO/42.245.00.000.000;7C2F804DF9A9", path: "/42/1/7C2F804DF9A9.xml",
				mac: "7c2f804df9a9", model: "N510 IP PRO", fw: "42.245.00.000.000", kind: provision.KindConfig},
			{agent: "Gigaset N720 DM PRO/70.089.00.000.000;7C2F804DF9AA", path: "/70/2/7C2F804DF9AA.xml",
				mac: "7c2f804df9aa", model: "N720 DM PRO", fw: "70.089.00.000.000", kind: provision.KindConfig},
			{agent: "N720-DM-PRO/70.040.00.000.000", path: "/7C2F804DF9AA.xml",
				mac: "7c2f804df9aa", model: "N720 DM PRO", fw: "70.040.00.000.000", kind: provision.KindConfig},
			{agent: "Gigaset N870 IP PRO/83.V2.11.0+build.a546b91;7C2F80E0D605", path: "/7c2f80e0d605.xml",
				mac: "7c2f80e0d605", model: "N870 IP PRO", fw: "83.V2.11.0", kind: provision.KindConfig},
			{agent: `"Gigaset N670 IP PRO/83.V2.65.0+build.d1d6a22;7C2F80E0D606;Handset=3"`, path: "/7c2f80e0d606.xml",
				mac: "7c2f80e0d606", model: "N670 IP PRO", fw: "83.V2.65.0", kind: provision.KindConfig},
			{agent: "Gigaset Maxwell 3 2.41.0 589ec6123456", path: "/589ec6123456.xml",
				mac: "589ec6123456", model: "Maxwell 3", fw: "2.41.0", kind: provision.KindConfig},
			{agent: "Gigaset N870 IP PRO/83.V2.11.0+build.a546b91;7C2F80E0D605", path: "/ringtone.wav",
				mac: "7c2f80e0d605", model: "N870 IP PRO", fw: "83.V2.11.0"},
			{path: "/7c2f80123456.xml", mac: "7c2f80123456", kind: provision.KindConfig},
			{path: "/42/1/7C2F80123456.xml", mac: "7c2f80123456", kind: provision.KindConfig},
		},
	})
}

func gigasetFileKeys(m map[string]string) (keys []fileKey) {
	for n := 0; m["PhoneUI.Keys.FunctionKeys."+strconv.Itoa(n)+".Type"] != ""; n++ {
		p := "PhoneUI.Keys.FunctionKeys." + strconv.Itoa(n) + "."
		does, used := map[string]string{"0": "line", "3": "dials", "4": "watches"}[m[p+"Type"]]
		if !used {
			keys = append(keys, fileKey{})
			continue
		}
		account, _ := strconv.Atoi(m[p+"Connection"])
		keys = append(keys, fileKey{does, m[p+"PhoneNumber"], account + 1, m[p+"DisplayName"]})
	}
	return keys
}

// gigasetShows: a desk phone names its accounts, a base says what its handsets
// show.
func gigasetShows(m map[string]string, d telephony.Desired) told {
	r := told{labels: map[int]string{}}
	shown := ".AccountName"
	if strings.HasPrefix(d.Model, "N") {
		shown = ".DisplayName"
	}
	for n := range 250 {
		p := "SIP.Account." + strconv.Itoa(n)
		if m[p+".Username"] != "" {
			r.labels[n+1] = m[p+shown]
			r.text = append(r.text, m[p+shown])
		}
	}
	return r
}

// base is a base with two handsets in use, of six or more.
func base(model string) telephony.Desired {
	return desk("gigaset", func(d *telephony.Desired) {
		d.Model, d.MAC = model, "7c2f804df9a9"
		login(d, telephony.LineHotdesk, "201", `Jörg "Süd" O'Neil & <Co>`)
		d.Lines = append(d.Lines, telephony.Line{Port: 2, State: telephony.LineUnused},
			telephony.Line{Port: 3, State: telephony.LineFree, SIPUser: "c3", Secret: "s3-geheim", Place: "Halle 3", Desk: "4713"})
	})
}

// A device whose model nobody has written down is led on all the same.
func TestP02_GigasetLeadsUnknownModels(t *testing.T) {
	drv := driverOf("gigaset").(provision.StageOne)
	own, err := drv.RenderStageOne(provision.Bootstrap{MAC: "7c2f80123456", StageURL: "https://prov.example.net/p/", TokenURL: "https://prov.example.net/d/x/"}, provision.KindConfig)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"System.Provision.ProvisioningServer", "Provisioning.global.ProvisioningServer"} {
		if !strings.Contains(string(own.Body), `<param name="`+word+`" value="https://prov.example.net/d/x/7c2f80123456.xml"/>`) {
			t.Errorf("no %s:\n%s", word, own.Body)
		}
	}
	if strings.Contains(string(own.Body), "productID") {
		t.Errorf("not for a desk phone:\n%s", own.Body)
	}
}

func TestP06_GigasetBasesInTheirDialects(t *testing.T) {
	drv, _ := All().Get("gigaset")
	for model, lines := range map[string][]string{
		"N510 IP PRO": {
			`<MAC_ADDRESS value="7C2F804DF9A9"/>`, `<PROFILE_NAME class="string" value="N510"/>`,
			`<S_CONFIGFILE_URL class="string" value='"https://prov.example.net/d/q7Zt0kXn3vB5sYw2mLr9Aa/7C2F804DF9A9.xml"'/>`,
			`<SYMB_ITEM ID="BS_IP_Data1.aucS_SIP_DISPLAYNAME" class="symb_item" value='"J&#246;rg &#39;S&#252;d&#39; O&#39;Neil &#38; (Co)"'/>`,
			`<SYMB_ITEM ID="BS_IP_Data1.aucS_SIP_PASSWORD_3" class="symb_item" value='"s3-geheim"'/>`,
			`<SYMB_ITEM ID="BS_IP_Data1.ucB_SIP_ACCOUNT_IS_ACTIVE_2" class="symb_item" value="0x0"/>`,
			`<SYMB_ITEM ID="BS_Accounts.astAccounts[2].uiReceiveMask" class="symb_item" value="0x4"/>`,
			`<SYMB_ITEM ID="BS_IP_Data1.uiI_SIP_REGISTRAR_PORT_3" class="symb_item" value="0x13c4"/>`,
			`<SYMB_ITEM ID="BS_IP_Data1.uiI_TIME_TIMEZONE" class="symb_item" value="0x1b"/>`,
		},
		"N720 DM PRO": {
			`<PROFILE_NAME class="string" value="N720"/>`,
			`<SYMB_ITEM ID="BS_CUSTOM.WebUIPassword" class="symb_item" value='"Geheim-Admin-4711"'/>`,
			`<SYMB_ITEM ID="BS_VOIP_Data.astVoipAccounts[2].aucS_SIP_LOGIN_ID[0]" class="symb_item" value='"c3"'/>`,
			`<SYMB_ITEM ID="BS_VOIP_Data.astVoipProviders[0].aucSIP_REGISTRAR[%]" class="symb_item" value='"sip.example.net"'/>`,
			`<SYMB_ITEM ID="BS_VOIP_Data.astVoipAccounts[99].ucB_SIP_ACCOUNT_IS_ACTIVE_1" class="symb_item" value="0x0"/>`,
		},
		"N870 IP PRO": {
			`<provisioning version="1.1" productID="e2">`, `<oper name="DeleteNotProvisionedHS"/>`, `<oper name="add_hs" value="00003">`,
			`<param name="SipAccount.00003.AuthPassword" value="s3-geheim"/>`, `<param name="hs.00003.DECT_AC" value="0003"/>`,
			`<param name="DmGlobal.0.TimeZone" value="Europe/Berlin"/>`, `<param name="SipProvider.0.TransportProtocol" value="1"/>`,
			`<param name="Provisioning.global.ProvisioningServer" value="https://prov.example.net/d/q7Zt0kXn3vB5sYw2mLr9Aa/7c2f804df9a9.xml"/>`,
		},
	} {
		f, err := drv.Render(base(model), provision.KindConfig)
		if err != nil {
			t.Fatal(err)
		}
		wellFormed(t, f.Body)
		for _, want := range lines {
			if !strings.Contains(string(f.Body), want+"\n") {
				t.Errorf("%s has no %s\n%s", model, want, f.Body)
			}
		}
		if strings.Contains(string(f.Body), "00002") {
			t.Errorf("%s has a handset at a port that is not used", model)
		}
		m := settingsOf(t, drv, base(model))
		for name, v := range m {
			if err := gigasetCatalogue.Check(name, v); err != nil {
				t.Errorf("%s: %v", model, err)
			}
		}
		if m["SIP.Account.2.AuthPassword"] != "s3-geheim" || m["SIP.Account.0.Username"] != "c7k2m9x4q1" {
			t.Errorf("%s reads back %v", model, m)
		}
	}
}

// A base that cannot register as it is told to must not be told so.
func TestP06_GigasetOldBasesKnowUDPOnly(t *testing.T) {
	drv, _ := All().Get("gigaset")
	for _, model := range []string{"N510 IP PRO", "N720 DM PRO"} {
		d := base(model)
		d.SIP.Transport = "tls"
		if _, err := drv.Render(d, provision.KindConfig); telephony.ReasonOf(err) != "transport_unsupported" {
			t.Errorf("%s: %v", model, err)
		}
	}
}

func TestP02_GigasetStageOneInTheDialectOfTheModel(t *testing.T) {
	one := gigaset{}
	for model, want := range map[string]string{
		"N510 IP PRO": `<S_CONFIGFILE_URL class="string" value='"https://prov.example.net/d/abc/7C2F80123456.xml"'/>`,
		"N670 IP PRO": `<param name="Provisioning.global.ProvisioningServer" value="https://prov.example.net/d/abc/7c2f80123456.xml"/>`,
		"Maxwell 3":   `<param name="System.Provision.ProvisioningServer" value="https://prov.example.net/d/abc/7c2f80123456.xml"/>`,
	} {
		b := provision.Bootstrap{MAC: "7c2f80123456", Model: model, TokenURL: "https://prov.example.net/d/abc/"}
		f, err := one.RenderStageOne(b, provision.KindConfig)
		if err != nil || !strings.Contains(string(f.Body), want) {
			t.Errorf("%s: %v\n%s", model, err, f.Body)
		}
	}
}
