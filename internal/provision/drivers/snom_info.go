package drivers

import "tischlein/internal/provision"

var snomInfo = provision.Info{
	Vendor:  "snom",
	Name:    "Snom",
	Version: "snom/5",
	Models: []provision.Model{
		{Name: "D785", Ports: 1, Lines: 12, Keys: 24}, // first: stands in for an unknown model
		{Name: "300", Ports: 1, Lines: 2, Keys: 6}, {Name: "320", Ports: 1, Lines: 12, Keys: 12},
		{Name: "370", Ports: 1, Lines: 12, Keys: 12}, {Name: "710", Ports: 1, Lines: 4, Keys: 5},
		{Name: "715", Ports: 1, Lines: 4, Keys: 5}, {Name: "720", Ports: 1, Lines: 12, Keys: 18},
		{Name: "725", Ports: 1, Lines: 12, Keys: 18}, {Name: "760", Ports: 1, Lines: 12, Keys: 16},
		{Name: "821", Ports: 1, Lines: 12, Keys: 12}, {Name: "870", Ports: 1, Lines: 12, Keys: 15},
		{Name: "D120", Ports: 1, Lines: 2}, {Name: "D140", Ports: 1, Lines: 2, Keys: 5},
		{Name: "D150", Ports: 1, Lines: 2, Keys: 5}, {Name: "D305", Ports: 1, Lines: 4, Keys: 5},
		{Name: "D315", Ports: 1, Lines: 4, Keys: 5}, {Name: "D335", Ports: 1, Lines: 12, Keys: 32},
		{Name: "D345", Ports: 1, Lines: 12, Keys: 48}, {Name: "D375", Ports: 1, Lines: 12, Keys: 12},
		{Name: "D385", Ports: 1, Lines: 12, Keys: 48}, {Name: "D710", Ports: 1, Lines: 4, Keys: 5},
		{Name: "D712", Ports: 1, Lines: 4, Keys: 5}, {Name: "D713", Ports: 1, Lines: 6, Keys: 4},
		{Name: "D715", Ports: 1, Lines: 4, Keys: 5}, {Name: "D717", Ports: 1, Lines: 6, Keys: 3},
		{Name: "D725", Ports: 1, Lines: 12, Keys: 18}, {Name: "D735", Ports: 1, Lines: 12, Keys: 32},
		{Name: "D745", Ports: 1, Lines: 12, Keys: 32}, {Name: "D765", Ports: 1, Lines: 12, Keys: 16},
		{Name: "D812", Ports: 1, Lines: 12, Keys: 4}, {Name: "D815", Ports: 1, Lines: 12, Keys: 10},
		{Name: "D862", Ports: 1, Lines: 12, Keys: 32}, {Name: "D865", Ports: 1, Lines: 12, Keys: 40},
	},
	OUIs:       []string{"000413"},
	Chain:      []provision.FileKind{provision.KindConfig},
	Kinds:      []provision.FileKind{provision.KindConfig, provision.KindBoot, provision.KindTrust},
	Evidence:   provision.EvidenceDisplay,
	Transports: []string{"tls", "tcp", "udp"},
	KeepAlive:  25,
	PollMin:    60,
	HTTPAuth:   []string{"basic", "digest"},
	XMLBrowser: true,
	PageURLMax: snomLongestKey,
	Firmware:   true,
	ClientCert: true,
	Traces: []provision.Trace{
		{What: "do not disturb", Cleared: true, How: "dnd_mode, at every fetch"},
		{What: "forwards", Cleared: true, How: "fwd_*, at every fetch"},
		{What: "function keys", Cleared: true, How: "the block of keys is replaced"},
		{What: "call log", How: "no setting deletes it"},
		{What: "redial list", How: "is part of the call log"},
		{What: "contacts", How: "emptying the phone book would also do so at every later fetch"},
	},
	Ways: []provision.Way{
		{What: "identity log-on and log-off", Closed: true, How: "wizard off, identities read-only, menu without administrator mode"},
		{What: "keys for logging off and for hoteling", Closed: true, How: "every function key is written and locked"},
		{What: "account settings in the phone menu", Closed: true, How: "need the device's administrator password"},
		{What: "web access", Closed: true, How: "administrator and user passwords are the device's own"},
		{What: "other provisioning servers", Closed: true, How: "PnP and the options of DHCP are off, the redirect service is not in provisioning_order (firmware 8.7.3)"},
		{What: "factory reset", How: "cannot be prevented; the phone then has no identity"},
	},
}

// snomZones: the vendor's words for the time zones of our customers, daylight
// saving included. An unknown zone leaves the phone's own setting.
var snomZones = map[string]string{
	"UTC": "GBR-0", "Europe/London": "GBR-0", "Europe/Dublin": "GBR-0", "Europe/Lisbon": "PRT-0",
	"Europe/Amsterdam": "NLD+1", "Europe/Berlin": "GER+1", "Europe/Brussels": "BEL+1", "Europe/Budapest": "HUN+1",
	"Europe/Copenhagen": "DNK+1", "Europe/Luxembourg": "LUX+1", "Europe/Madrid": "ESP+1", "Europe/Oslo": "NOR+1",
	"Europe/Paris": "FRA+1", "Europe/Prague": "CZE+1", "Europe/Rome": "ITA+1", "Europe/Vaduz": "GER+1",
	"Europe/Vienna": "GER+1", "Europe/Warsaw": "POL+1", "Europe/Zurich": "GER+1",
	"Europe/Athens": "GRC+2", "Europe/Helsinki": "FIN+2", "Europe/Tallinn": "EST+2",
}

// snomPerm: "" sets a value which the user may change until the next fetch, "R"
// also locks it.
func snomPerm(name string) string {
	switch name {
	case "dnd_mode", "fwd_all_enabled", "fwd_all_target", "fwd_busy_enabled", "fwd_busy_target",
		"fwd_time_enabled", "fwd_time_target", "language", "web_language", "time_24_format":
		return ""
	}
	return "R"
}

var snomCatalogue = provision.NewCatalogue("on", "off", "", append(snomParams(), snomChoices()...)...)

func snomParams() []provision.Param {
	languages := []string{"Deutsch", "English", "Nederlands"}
	params := []provision.Param{
		{Name: "certificate", Type: provision.PEM, Source: fromGuide},
		{Name: "setting_server", Type: provision.URL, Source: fromGuide},
		{Name: "http_client_user", Type: provision.Text, Source: fromGuide},
		{Name: "http_client_pass", Type: provision.Secret, Source: fromGuide},
		{Name: "prov_polling_enabled", Type: provision.Bool, Since: "8.7", Source: fromGuide},
		{Name: "prov_polling_mode", Type: provision.Enum, Allowed: []string{"rel", "abs", "random"}, Since: "8.7", Source: fromGuide},
		{Name: "prov_polling_period", Type: provision.Int, Min: 60, Max: 2592000, Since: "8.7", Source: fromGuide},
		{Name: "pnp_config", Type: provision.Bool, Source: fromGuide},
		{Name: "dhcp_options_on_ip_aquire", Type: provision.Text, Source: fromGuide},
		{Name: "update_policy", Type: provision.Enum, Allowed: []string{"auto_update", "ask_for_update", "never_update_firm"}, Source: fromGuide},
		{Name: "provisioning_order", Type: provision.Text, Since: "8.7.3", Source: fromGuide},
		{Name: "firmware_status", Type: provision.URL, Source: fromGuide},
		{Name: "firmware", Type: provision.URL, Source: fromGuide},
		{Name: "tls_server_authentication", Type: provision.Bool, Source: fromGuide},
		{Name: "challenge_checksync", Type: provision.Bool, Source: fromTemplates},
		{Name: "challenge_reboot", Type: provision.Bool, Source: fromTemplates},
		{Name: "xml_notify", Type: provision.Bool, Source: fromTemplates},
		{Name: "http_user", Type: provision.Text, Source: fromGuide},
		{Name: "http_pass", Type: provision.Secret, Source: fromGuide},
		{Name: "webserver_admin_name", Type: provision.Text, Since: "10.1.150", Source: fromGuide},
		{Name: "webserver_admin_password", Type: provision.Secret, Since: "10.1.150", Source: fromGuide},
		{Name: "webserver_user_name", Type: provision.Text, Since: "10.1.150", Source: fromGuide},
		{Name: "webserver_user_password", Type: provision.Secret, Since: "10.1.150", Source: fromGuide},
		{Name: "admin_mode", Type: provision.Bool, Source: fromGuide},
		{Name: "admin_mode_password", Type: provision.Secret, Source: fromGuide},
		{Name: "admin_mode_password_confirm", Type: provision.Secret, Source: fromGuide},
		{Name: "logon_wizard", Type: provision.Bool, Source: fromTemplates},
		{Name: "auto_logoff_time", Type: provision.Text, Source: fromTemplates},
		{Name: "language", Type: provision.Enum, Allowed: languages, Source: fromGuide, Open: true},
		{Name: "web_language", Type: provision.Enum, Allowed: languages, Source: fromGuide, Open: true},
		{Name: "timezone", Type: provision.Text, Max: 16, Source: fromGuide, Open: true},
		{Name: "time_24_format", Type: provision.Bool, Source: fromGuide, Open: true},
		{Name: "keyboard_lock_emergency", Type: provision.Text, Source: fromGuide},
		{Name: "user_active.#", Type: provision.Bool, Source: fromGuide},
		{Name: "user_realname.#", Type: provision.Text, Max: 99, Source: fromGuide},
		{Name: "user_idle_text.#", Type: provision.Text, Max: 99, Source: fromGuide},
		{Name: "user_idle_number.#", Type: provision.Text, Max: 99, Source: fromGuide},
		{Name: "user_name.#", Type: provision.Text, Source: fromGuide},
		{Name: "user_pname.#", Type: provision.Text, Source: fromGuide},
		{Name: "user_pass.#", Type: provision.Secret, Source: fromGuide},
		{Name: "user_hash.#", Type: provision.Secret, Source: fromGuide},
		{Name: "user_host.#", Type: provision.Text, Source: fromGuide},
		{Name: "user_outbound.#", Type: provision.Text, Source: fromGuide},
		{Name: "user_expiry.#", Type: provision.Int, Min: 60, Max: 86400, Source: fromGuide},
		{Name: "user_srtp.#", Type: provision.Bool, Source: fromGuide},
		{Name: "user_savp.#", Type: provision.Enum, Allowed: []string{"off", "optional", "mandatory"}, Source: fromGuide},
		{Name: "user_mailbox.#", Type: provision.Text, Source: fromGuide},
		{Name: "keepalive_interval.#", Type: provision.Int, Min: 10, Max: 29, Source: fromTemplates},
		{Name: "dnd_mode.#", Type: provision.Bool, Source: fromTemplates},
		{Name: "fkey.#", Type: provision.Text, Source: fromGuide},
		{Name: "fkey.#.context", Type: provision.Text, Max: 8, Source: fromGuide},
		{Name: "fkey.#.label", Type: provision.Text, Max: 99, Source: fromGuide},
	}
	for _, f := range []string{"fwd_all", "fwd_busy", "fwd_time"} {
		params = append(params,
			provision.Param{Name: f + "_enabled.#", Type: provision.Bool, Source: fromTemplates},
			provision.Param{Name: f + "_target.#", Type: provision.Text, Source: fromTemplates})
	}
	return params
}
