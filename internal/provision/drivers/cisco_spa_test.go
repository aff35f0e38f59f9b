package drivers

import (
	"strconv"
	"testing"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

func init() {
	registerCase(vendorCase{
		vendor: "cisco-spa", model: "SPA509G", mac: "8843e1123456", small: "SPA502G", draw: []string{"SPA525G2", "SPA942", "SPA112"},
		several: "SPA8000", severalMAC: "000e08123456",
		sits: flatSits,
		shows: func(m map[string]string, d telephony.Desired) told {
			if _, adapter := m["Protect_IVR_FactoryReset"]; !adapter {
				return flatShows(m, d)
			}
			r := told{labels: map[int]string{}}
			for n := 1; m["Line_Enable."+strconv.Itoa(n)] != ""; n++ {
				if m["Line_Enable."+strconv.Itoa(n)] == "Yes" {
					r.labels[n] = m["Display_Name."+strconv.Itoa(n)]
					r.text = append(r.text, r.labels[n])
				}
			}
			return r
		},
		keys:    flatFileKeys,
		dialled: []dialled{{"SPA502G", "Station_Name", "Freier Platz 4711 · Empfang · Anmelden: 901"}},
		locked: map[string]string{"User_Configurable_Resync": "No", "DHCP_Option_To_Use": "", "Profile_Rule_B": "",
			"Admin_Passwd": "Geheim-Admin-4711", "User_Password": "Geheim-Admin-4711",
			"Resync_From_SIP": "Yes", "Resync_On_Reset": "Yes", "Provision_Enable": "Yes"},
		never:     flatNever,
		cleared:   map[string]string{"DND_Setting": "No", "Cfwd_All_Dest": "", "Cfwd_No_Ans_Dest": "", "Speed_Dial_2": "", "Extended_Function.12": ""},
		zoned:     []string{"Time_Zone", "Daylight_Saving_Time_"},
		turn:      map[string]string{"Resync_Periodic": "300"},
		checkSync: "resync", reboot: "reboot",
		requests: []request{
			{agent: "Cisco/SPA501G-7.4.4 (8843E157DDCC)(CBT141100HR)", path: "/spa501G.cfg", mac: "8843e157ddcc", model: "SPA501G", fw: "7.4.4", kind: provision.KindCommon},
			{agent: "Cisco/SPA525G-7.4.4 (CBT141900G7)", path: "/8843e157ddcc.xml", mac: "8843e157ddcc", model: "SPA525G", fw: "7.4.4", kind: provision.KindConfig},
			// The bracket holds a serial number, which names nobody.
			{agent: "Linksys/SPA-942-6.1.5(a) (88019FA42805)", path: "/spa942.cfg", model: "SPA942", fw: "6.1.5(a)", kind: provision.KindCommon},
			{agent: "Cisco/ATA191-MPP-11-1-0-MSR4 (FCH2310D5JY)", path: "/000e08aabbcc.cfg", mac: "000e08aabbcc", model: "ATA191", fw: "11-1-0-MSR4", kind: provision.KindConfig},
			{agent: "Linksys/PAP2T-5.1.6(LS) (FL500HB00000)", path: "/init.cfg", model: "PAP2T", fw: "5.1.6(LS)", kind: provision.KindCommon},
			{agent: "Cisco/SPA112-1.4.1 (8843E157DDCC)(CCQ1)", path: "/", mac: "8843e157ddcc", model: "SPA112", fw: "1.4.1", kind: provision.KindConfig},
			{agent: "Cisco/SPA504G-7.6.2 (8843E157DDCC)(CBT1)", path: "/report", method: "PUT", mac: "8843e157ddcc", model: "SPA504G", fw: "7.6.2", kind: provision.KindUpload},
			{path: "/ATA000E08AABBCC.cnf.xml", mac: "000e08aabbcc"},
			{path: "/cisco-spa.crt", kind: provision.KindTrust},
			{path: "/spa504G.cfg", model: "SPA504G", kind: provision.KindCommon},
			{path: "/000E08AABBCC.xml", mac: "000e08aabbcc", kind: provision.KindConfig},
		},
	})
}

func TestS03_AdaptersKeepTheirPasswordsInTheRouter(t *testing.T) {
	m := settingsOf(t, driverOf("cisco-spa"), desk("cisco-spa", func(d *telephony.Desired) { d.Model = "SPA122" }))
	for _, level := range []string{"Admin", "Guest"} {
		if got := m["router-configuration/Web_Login_"+level+"_Password"]; got != "Geheim-Admin-4711" {
			t.Errorf("%s: %q", level, got)
		}
	}
	if m["Protect_IVR_FactoryReset"] != "Yes" {
		t.Error("the spoken menu resets the adapter")
	}
}

func TestP07_EachPortOfAnAdapterIsCleared(t *testing.T) {
	m := settingsOf(t, driverOf("cisco-spa"), desk("cisco-spa", func(d *telephony.Desired) { d.Model = "SPA8000" }))
	for n := 1; n <= 8; n++ {
		at := "." + strconv.Itoa(n)
		for name, want := range map[string]string{"DND_Setting": "No", "Cfwd_All_Dest": "", "Cfwd_Busy_Dest": "", "Cfwd_No_Ans_Dest": "", "Speed_Dial_7": ""} {
			if got, ok := m[name+at]; !ok || got != want {
				t.Errorf("%s = %q, %v", name+at, got, ok)
			}
		}
	}
}

// The phones of the Linksys age have keys, but no browser.
func TestH02_WhereNoPageOpensTheKeyDials(t *testing.T) {
	keys := cases["cisco-spa"].inUse(settingsOf(t, driverOf("cisco-spa"), desk("cisco-spa", func(d *telephony.Desired) { d.Model = "SPA942" })))
	if len(keys) != 1 || keys["dials 901"] != "Anmelden" {
		t.Errorf("%v", keys)
	}
}
