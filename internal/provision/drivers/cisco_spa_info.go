package drivers

import (
	"strings"

	"tischlein/internal/provision"
)

var ciscoSPAInfo = provision.Info{
	Vendor:  "cisco-spa",
	Name:    "Cisco SPA",
	Version: "cisco-spa/1",
	Models: []provision.Model{
		{Name: "SPA509G", Ports: 1, Lines: 12, Keys: 12}, // first: stands in for an unknown model
		{Name: "SPA303", Ports: 1, Lines: 3, Keys: 3}, {Name: "SPA301", Ports: 1, Lines: 1},
		{Name: "SPA501G", Ports: 1, Lines: 8, Keys: 8}, {Name: "SPA502G", Ports: 1, Lines: 1},
		{Name: "SPA504G", Ports: 1, Lines: 4, Keys: 4}, {Name: "SPA508G", Ports: 1, Lines: 8, Keys: 8},
		{Name: "SPA512G", Ports: 1, Lines: 1}, {Name: "SPA514G", Ports: 1, Lines: 4, Keys: 4},
		{Name: "SPA525G", Ports: 1, Lines: 5, Keys: 5}, {Name: "SPA525G2", Ports: 1, Lines: 5, Keys: 5},
		{Name: "SPA921", Ports: 1, Lines: 1}, {Name: "SPA922", Ports: 1, Lines: 1},
		{Name: "SPA941", Ports: 1, Lines: 4, Keys: 4}, {Name: "SPA942", Ports: 1, Lines: 4, Keys: 4},
		{Name: "SPA962", Ports: 1, Lines: 6, Keys: 6},
		{Name: "PAP2T", Ports: 2, Lines: 2}, {Name: "SPA112", Ports: 2, Lines: 2},
		{Name: "SPA122", Ports: 2, Lines: 2}, {Name: "SPA2102", Ports: 2, Lines: 2},
		{Name: "SPA3102", Ports: 1, Lines: 1}, {Name: "SPA8000", Ports: 8, Lines: 8},
		{Name: "ATA191", Ports: 2, Lines: 2}, {Name: "ATA192", Ports: 2, Lines: 2},
	},
	OUIs:             []string{"8843e1", "000e08", "00045a", "000625", "0002fd"},
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
		{What: "call log", How: "no parameter deletes it; adapters have none"},
		{What: "redial list", How: "is part of the call log"},
		{What: "contacts", How: "the personal directory stays on the phone; adapters have none"},
	},
	Ways: []provision.Way{
		{What: "signing in at the phone (extension mobility)", Closed: true, How: "EM_Enable"},
		{What: "account settings in the phone menu", Closed: true, How: "Phone-UI-user-mode: need the device's administrator password"},
		{What: "web access", Closed: true, How: "administrator and user passwords are the device's own"},
		{What: "factory reset by an adapter's spoken menu", Closed: true, How: "Protect_IVR_FactoryReset"},
		{What: "other provisioning servers", Closed: true, How: "no DHCP option, no second rule, none to be typed at the phone"},
		{What: "network settings in an adapter's spoken menu", How: "no parameter closes it; no account can be set there"},
		{What: "factory reset", How: "cannot be prevented; the device then has no account"},
	},
}

// ciscoSPAAdapter: a box for analogue phones, without display and keys.
func ciscoSPAAdapter(m provision.Model) bool {
	return m.Ports > 1 || m.Name == "SPA3102"
}

// ciscoSPAKnows is Info as it is true of one model: the phones of the Linksys age
// have keys, but none that opens a page.
func ciscoSPAKnows(m provision.Model) provision.Info {
	i := ciscoSPAInfo
	i.XMLBrowser = !strings.HasPrefix(m.Name, "SPA9")
	return i
}

var ciscoSPACatalogue = provision.NewCatalogue("Yes", "No", "", ciscoSPAParams()...)

func ciscoSPAParams() []provision.Param {
	type p = provision.Param
	params := append(flatParams(), flatDeskParams()...)
	params = append(params,
		p{Name: "Custom_CA_URL", Type: provision.URL, Source: fromTemplates},
		p{Name: "Admin_Passwd", Type: provision.Secret, Source: fromGuide},
		p{Name: "Phone-UI-user-mode", Type: provision.Bool, Source: fromTemplates},
		p{Name: "Use_Auth_ID.#", Type: provision.Bool, Source: fromGuide},
		p{Name: "Use_Outbound_Proxy.#", Type: provision.Bool, Source: fromGuide},
		p{Name: "Protect_IVR_FactoryReset", Type: provision.Bool, Source: fromTemplates},
		p{Name: "router-configuration/Web_Login_Admin_Name", Type: provision.Text, Max: 32, Source: fromGuide},
		p{Name: "router-configuration/Web_Login_Admin_Password", Type: provision.Secret, Source: fromGuide},
		p{Name: "router-configuration/Web_Login_Guest_Name", Type: provision.Text, Max: 32, Source: fromGuide},
		p{Name: "router-configuration/Web_Login_Guest_Password", Type: provision.Secret, Source: fromGuide},
		p{Name: "FXS_Port_Input_Gain", Type: provision.Int, Min: -15, Max: 12, Source: fromTemplates, Open: true},
		p{Name: "FXS_Port_Output_Gain", Type: provision.Int, Min: -15, Max: 12, Source: fromTemplates, Open: true},
		p{Name: "FAX_Passthru_Codec.#", Type: provision.Enum, Allowed: []string{"G711u", "G711a"}, Source: fromTemplates, Open: true},
		p{Name: "DND_Setting.#", Type: provision.Bool, Source: fromTemplates},
		p{Name: "Cfwd_All_Dest.#", Type: provision.Text, Source: fromGuide},
		p{Name: "Cfwd_Busy_Dest.#", Type: provision.Text, Source: fromGuide},
		p{Name: "Cfwd_No_Ans_Dest.#", Type: provision.Text, Source: fromGuide})
	for _, name := range flatSpeedDials("") {
		params = append(params,
			p{Name: name, Type: provision.Text, Source: fromTemplates},
			p{Name: name + ".#", Type: provision.Text, Source: fromTemplates})
	}
	return params
}

var ciscoSPABodies = []bodyRow{
	{"SPA509G", provision.Display{Width: 128, Height: 64, Tenths: 30}, 6, 6, 0},
	{"SPA508G", provision.Display{Width: 128, Height: 64, Tenths: 30}, 4, 4, 0},
	{"SPA504G SPA514G SPA942 SPA941", provision.Display{Width: 128, Height: 64, Tenths: 30}, 0, 4, 0},
	{"SPA303", provision.Display{Width: 128, Height: 64, Tenths: 30}, 0, 3, 0},
	{"SPA525G SPA525G2", provision.Display{Width: 320, Height: 240, Tenths: 32, Colour: true}, 0, 5, 0},
	{"SPA962", provision.Display{Width: 320, Height: 240, Tenths: 35, Colour: true}, 0, 6, 0},
	{"SPA501G", provision.Display{Width: 128, Height: 64, Tenths: 30}, 4, 4, 0},
}

func ciscoSPABody(m provision.Model) provision.Body {
	b := drawn(provision.Body{Shape: provision.ShapeDesk, Display: provision.Display{Width: 128, Height: 64, Tenths: 30}}, ciscoSPABodies, m)
	if ciscoSPAAdapter(m) {
		b.Shape = provision.ShapeHandset // the phone that is plugged in
		return b
	}
	b.Soft = usualSoft()
	return b
}
