package drivers

import (
	"strconv"

	"tischlein/internal/provision"
)

// flatParams are the parameters that all flat profiles have.
func flatParams() []provision.Param {
	type p = provision.Param
	return []p{
		{Name: "Provision_Enable", Type: provision.Bool, Source: fromGuide},
		{Name: "Profile_Rule", Type: provision.Text, Max: 512, Source: fromGuide},
		{Name: "Profile_Rule_B", Type: provision.Text, Max: 512, Source: fromGuide},
		{Name: "Profile_Rule_C", Type: provision.Text, Max: 512, Source: fromGuide},
		{Name: "Profile_Rule_D", Type: provision.Text, Max: 512, Source: fromGuide},
		{Name: "Report_Rule", Type: provision.Text, Max: 512, Source: fromGuide},
		{Name: "Resync_On_Reset", Type: provision.Bool, Source: fromGuide},
		{Name: "Resync_Random_Delay", Type: provision.Int, Min: 0, Max: 65535, Source: fromGuide},
		{Name: "Resync_Periodic", Type: provision.Int, Min: 0, Max: 2592000, Source: fromGuide},
		{Name: "Resync_Error_Retry_Delay", Type: provision.Text, Source: fromGuide},
		{Name: "Forced_Resync_Delay", Type: provision.Int, Min: 0, Max: 65535, Source: fromGuide},
		{Name: "Resync_From_SIP", Type: provision.Bool, Source: fromGuide},
		{Name: "Resync_After_Upgrade_Attempt", Type: provision.Bool, Source: fromTemplates},
		{Name: "DHCP_Option_To_Use", Type: provision.Text, Source: fromTemplates},
		{Name: "User_Configurable_Resync", Type: provision.Bool, Source: fromTemplates},
		{Name: "Upgrade_Enable", Type: provision.Bool, Source: fromGuide},
		{Name: "Upgrade_Rule", Type: provision.Text, Max: 512, Source: fromGuide},
		{Name: "NAT_Keep_Alive_Intvl", Type: provision.Int, Min: 10, Max: 29, Source: fromTemplates},
		{Name: "Time_Zone", Type: provision.Text, Max: 16, Source: fromGuide, Open: true},
		{Name: "Daylight_Saving_Time_Rule", Type: provision.Text, Source: fromGuide, Open: true},
		{Name: "Daylight_Saving_Time_Enable", Type: provision.Bool, Source: fromGuide, Open: true},
		{Name: "Interdigit_Long_Timer", Type: provision.Int, Min: 0, Max: 64, Source: fromTemplates, Open: true},
		{Name: "Interdigit_Short_Timer", Type: provision.Int, Min: 0, Max: 64, Source: fromTemplates, Open: true},

		{Name: "Line_Enable.#", Type: provision.Bool, Source: fromGuide},
		{Name: "Display_Name.#", Type: provision.Text, Max: 127, Source: fromGuide},
		{Name: "User_ID.#", Type: provision.Text, Source: fromGuide},
		{Name: "Auth_ID.#", Type: provision.Text, Source: fromGuide},
		{Name: "Password.#", Type: provision.Secret, Source: fromGuide},
		{Name: "Proxy.#", Type: provision.Text, Source: fromGuide},
		{Name: "Outbound_Proxy.#", Type: provision.Text, Source: fromGuide},
		{Name: "Use_OB_Proxy_In_Dialog.#", Type: provision.Bool, Source: fromTemplates},
		{Name: "Use_DNS_SRV.#", Type: provision.Bool, Source: fromTemplates},
		{Name: "SIP_Transport.#", Type: provision.Enum, Allowed: []string{"UDP", "TCP", "TLS"}, Source: fromGuide},
		{Name: "Register.#", Type: provision.Bool, Source: fromGuide},
		{Name: "Register_Expires.#", Type: provision.Int, Min: 60, Max: 86400, Source: fromGuide},
		{Name: "Make_Call_Without_Reg.#", Type: provision.Bool, Source: fromGuide},
		{Name: "Ans_Call_Without_Reg.#", Type: provision.Bool, Source: fromTemplates},
		{Name: "NAT_Keep_Alive_Enable.#", Type: provision.Bool, Source: fromTemplates},
		{Name: "NAT_Keep_Alive_Msg.#", Type: provision.Text, Source: fromTemplates},
		{Name: "NAT_Keep_Alive_Dest.#", Type: provision.Text, Source: fromTemplates},
		{Name: "Auth_Resync-Reboot.#", Type: provision.Bool, Source: fromGuide},
		{Name: "Dial_Plan.#", Type: provision.Text, Max: 512, Source: fromGuide, Open: true},
		{Name: "DTMF_Tx_Method.#", Type: provision.Enum, Allowed: []string{"Auto", "InBand", "AVT", "INFO"}, Source: fromTemplates, Open: true},
		{Name: "Preferred_Codec.#", Type: provision.Enum, Allowed: []string{"G711u", "G711a", "G722", "G729a"}, Source: fromTemplates, Open: true},
	}

}

// flatDeskParams are those of phones with a display and line keys.
func flatDeskParams() []provision.Param {
	type p = provision.Param
	return []p{
		{Name: "User_Password", Type: provision.Secret, Source: fromGuide},
		{Name: "Enable_Web_Server", Type: provision.Bool, Source: fromGuide},
		{Name: "Station_Name", Type: provision.Text, Max: 80, Source: fromGuide},
		{Name: "Voice_Mail_Number", Type: provision.Text, Max: 32, Source: fromGuide, Open: true},
		{Name: "EM_Enable", Type: provision.Bool, Source: fromGuide},
		{Name: "Dictionary_Server_Script", Type: provision.Text, Max: 512, Source: fromGuide, Open: true, Operator: true}, // texts, no settings
		{Name: "Language_Selection", Type: provision.Text, Max: 32, Source: fromGuide, Open: true},
		{Name: "Time_Format", Type: provision.Enum, Allowed: []string{"12hr", "24hr"}, Source: fromTemplates, Open: true},
		{Name: "Date_Format", Type: provision.Enum, Allowed: []string{"month/day", "day/month"}, Source: fromTemplates, Open: true},
		{Name: "Primary_NTP_Server", Type: provision.Text, Source: fromGuide, Open: true},
		{Name: "Secondary_NTP_Server", Type: provision.Text, Source: fromGuide, Open: true},
		{Name: "CW_Setting", Type: provision.Bool, Source: fromTemplates, Open: true},
		{Name: "DND_Setting", Type: provision.Bool, Source: fromTemplates},
		{Name: "Cfwd_All_Dest", Type: provision.Text, Source: fromGuide},
		{Name: "Cfwd_Busy_Dest", Type: provision.Text, Source: fromGuide},
		{Name: "Cfwd_No_Ans_Dest", Type: provision.Text, Source: fromGuide},
		{Name: "Cfwd_No_Ans_Delay", Type: provision.Int, Min: 0, Max: 255, Source: fromTemplates, Open: true},

		{Name: "Emergency_Number.#", Type: provision.Text, Source: fromTemplates},
		{Name: "Extension.#", Type: provision.Text, Max: 8, Source: fromGuide},
		{Name: "Short_Name.#", Type: provision.Text, Max: flatMostLabel, Source: fromGuide},
		{Name: "Share_Call_Appearance.#", Type: provision.Enum, Allowed: []string{"private", "shared"}, Source: fromTemplates},
		{Name: "Extended_Function.#", Type: provision.Text, Max: 400, Source: fromGuide},
	}

}

// flatSpeedDials are the numbers that a user keeps on the digits 2 to 9; ends are
// the endings of their names.
func flatSpeedDials(ends ...string) []string {
	var names []string
	for digit := 2; digit <= 9; digit++ {
		for _, end := range ends {
			names = append(names, "Speed_Dial_"+strconv.Itoa(digit)+end)
		}
	}
	return names
}

// flatDesk clears what the last person left on a desk phone (P07), at every fetch:
// a phone applies the values of a file also when it has had the file before.
func flatDesk(s *provision.Sheet, speedDials []string) {
	s.Set("DND_Setting", false)
	s.Clear("Cfwd_All_Dest", "Cfwd_Busy_Dest", "Cfwd_No_Ans_Dest")
	s.Clear(speedDials...)
}
