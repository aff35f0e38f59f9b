package drivers

import (
	"strconv"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

var ciscoMPPInfo = provision.Info{
	Vendor:  "cisco-mpp",
	Name:    "Cisco MPP",
	Version: "cisco-mpp/1",
	Models: []provision.Model{
		{Name: "8851", Ports: 1, Lines: 10, Keys: 10}, // first: stands in for an unknown model
		{Name: "6821", Ports: 1, Lines: 2, Keys: 2}, {Name: "6841", Ports: 1, Lines: 4, Keys: 4},
		{Name: "6851", Ports: 1, Lines: 4, Keys: 4}, {Name: "6861", Ports: 1, Lines: 4, Keys: 4},
		{Name: "6871", Ports: 1, Lines: 6, Keys: 6}, {Name: "7811", Ports: 1, Lines: 1},
		{Name: "7821", Ports: 1, Lines: 2, Keys: 2}, {Name: "7832", Ports: 1, Lines: 1},
		{Name: "7841", Ports: 1, Lines: 4, Keys: 4}, {Name: "7861", Ports: 1, Lines: 16, Keys: 16},
		{Name: "8811", Ports: 1, Lines: 10, Keys: 10}, {Name: "8832", Ports: 1, Lines: 1},
		{Name: "8841", Ports: 1, Lines: 10, Keys: 10}, {Name: "8845", Ports: 1, Lines: 10, Keys: 10},
		{Name: "8861", Ports: 1, Lines: 10, Keys: 10}, {Name: "8865", Ports: 1, Lines: 10, Keys: 10},
	},
	OUIs:             []string{"00562b", "dcf719", "0021a0", "002155", "001873", "a44c11", "30e4db", "68efbd"},
	Chain:            []provision.FileKind{provision.KindConfig},
	Kinds:            []provision.FileKind{provision.KindConfig, provision.KindTrust},
	Evidence:         provision.EvidenceDisplay,
	Transports:       []string{"tls", "tcp", "udp"},
	KeepAlive:        25,
	PollMin:          60,
	HTTPAuth:         []string{"basic", "digest"},
	XMLBrowser:       true,
	PageURLMax:       flatLongestPage,
	Firmware:         true,
	ClientCert:       true,
	DialUnregistered: true, // Make_Call_Without_Reg
	Traces: []provision.Trace{
		{What: "do not disturb", Cleared: true, How: "DND_Setting, at every fetch"},
		{What: "forwards", Cleared: true, How: "Cfwd_*_Dest, at every fetch"},
		{What: "speed dials", Cleared: true, How: "Speed_Dial_*, at every fetch"},
		{What: "line keys", Cleared: true, How: "every Extended_Function of the model is written"},
		{What: "call log", How: "no parameter deletes it"},
		{What: "redial list", How: "is part of the call log"},
		{What: "contacts", How: "the personal address book stays on the phone"},
	},
	Ways: []provision.Way{
		{What: "signing in at the phone (extension mobility)", Closed: true, How: "EM_Enable"},
		{What: "hoteling", Closed: true, How: "Enable_Broadsoft_Hoteling"},
		{What: "account settings in the phone menu", Closed: true, How: "Phone-UI-User-Mode: need the device's administrator password"},
		{What: "web access", Closed: true, How: "HTTPS only, administrator and user passwords are the device's own"},
		{What: "remote control by pushed XML", Closed: true, How: "CISCO_XML_EXE_Enable"},
		{What: "remote control by action URL", Closed: true, How: "Enable_Direct_Action_Url"},
		{What: "other provisioning servers", Closed: true, How: "no DHCP option, no second rule, none to be typed at the phone"},
		{What: "factory reset", How: "cannot be prevented; the phone then has no account and asks Cisco's activation service"},
	},
}

var ciscoMPPCatalogue = provision.NewCatalogue("Yes", "No", "", ciscoMPPParams()...)

func ciscoMPPParams() []provision.Param {
	type p = provision.Param
	params := append(flatParams(), flatDeskParams()...)
	params = append(params,
		p{Name: "Custom_CA_Rule", Type: provision.URL, Source: fromGuide},
		p{Name: "DHCPv6_Option_To_Use", Type: provision.Text, Source: fromGuide},
		p{Name: "Admin_Password", Type: provision.Secret, Source: fromGuide},
		p{Name: "Enable_Web_Admin_Access", Type: provision.Bool, Source: fromGuide},
		p{Name: "Enable_Protocol", Type: provision.Enum, Allowed: []string{"Http", "Https"}, Source: fromTemplates},
		p{Name: "Enable_Direct_Action_Url", Type: provision.Bool, Source: fromTemplates},
		p{Name: "Phone-UI-User-Mode", Type: provision.Bool, Source: fromGuide},
		p{Name: "CISCO_XML_EXE_Enable", Type: provision.Bool, Source: fromGuide},
		p{Name: "Station_Display_Name", Type: provision.Text, Max: 80, Source: fromGuide},
		p{Name: "Locale", Type: provision.Text, Max: 8, Source: fromGuide, Open: true},
		p{Name: "Ignore_DHCP_Time_Offset", Type: provision.Bool, Source: fromTemplates},
		p{Name: "Secure_Call_Setting", Type: provision.Bool, Source: fromGuide},
		p{Name: "Back_Light_Timer", Type: provision.Text, Max: 16, Source: fromTemplates, Open: true},
		p{Name: "Screen_Saver_Enable", Type: provision.Bool, Source: fromTemplates, Open: true},
		p{Name: "Secure_Call_Option.#", Type: provision.Enum, Allowed: []string{"Optional", "Required", "Strict"}, Source: fromGuide},
		p{Name: "Feature_Key_Sync.#", Type: provision.Bool, Source: fromGuide},
		p{Name: "Enable_Broadsoft_Hoteling.#", Type: provision.Bool, Source: fromGuide})
	for _, name := range flatSpeedDials("_Name", "_Number") {
		params = append(params, p{Name: name, Type: provision.Text, Source: fromTemplates})
	}
	return params
}

// ciscoMPPSystem is what these phones have beyond other flat profiles.
func ciscoMPPSystem(s *provision.Sheet, d telephony.Desired, m provision.Model) {
	s.Clear("DHCPv6_Option_To_Use")
	if pw := d.AdminPassword; pw != "" {
		// The user level gets the same password: nobody at the desk has it.
		s.Set("Admin_Password", pw)
		s.Set("User_Password", pw)
	}
	s.Set("Enable_Web_Server", true)
	s.Set("Enable_Web_Admin_Access", true)
	s.Set("Enable_Protocol", "Https")
	s.Set("Enable_Direct_Action_Url", false)
	s.Set("Phone-UI-User-Mode", true)
	s.Set("CISCO_XML_EXE_Enable", false)
	// The phone's own signing in would ask the server for a user's profile and put
	// its account in the place of ours.
	s.Set("EM_Enable", false)
	word, locale := flatLanguage(d)
	s.Set("Language_Selection", word)
	s.Set("Locale", locale)
	s.Set("Ignore_DHCP_Time_Offset", true)
	s.Set("Time_Format", "24hr")
	s.Set("Date_Format", "day/month")
	// Its key would travel in the clear without TLS.
	s.Set("Secure_Call_Setting", d.SIP.Transport == "tls")
	name := flatFirst(d, m)
	s.Set("Station_Name", name)
	s.Set("Station_Display_Name", name)
	flatDesk(s, flatSpeedDials("_Name", "_Number"))
}

func ciscoMPPLine(s *provision.Sheet, d telephony.Desired, l telephony.Line) {
	n := "." + strconv.Itoa(l.Port)
	s.Set("Emergency_Number"+n, strings.Join(d.Emergency, ","))
	s.Set("Secure_Call_Option"+n, "Optional")
	s.Set("Feature_Key_Sync"+n, false)
	s.Set("Enable_Broadsoft_Hoteling"+n, false)
}
