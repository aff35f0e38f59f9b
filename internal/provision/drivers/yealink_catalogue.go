package drivers

import "tischlein/internal/provision"

var yealinkCatalogue = provision.NewCatalogue("1", "0", "%NULL%", append(yealinkParams(), yealinkChoices()...)...)

func yealinkParams() []provision.Param {
	type p = provision.Param
	params := []p{
		{Name: "static.auto_provision.server.url", Type: provision.URL, Since: "80", Source: fromGuide},
		{Name: "static.auto_provision.server.username", Type: provision.Text, Max: 64, Since: "80", Source: fromGuide},
		{Name: "static.auto_provision.server.password", Type: provision.Secret, Since: "80", Source: fromGuide},
		{Name: "static.auto_provision.power_on", Type: provision.Bool, Since: "80", Source: fromGuide},
		{Name: "static.auto_provision.repeat.enable", Type: provision.Bool, Since: "80", Source: fromGuide},
		{Name: "static.auto_provision.repeat.minutes", Type: provision.Int, Min: 1, Max: 43200, Since: "80", Source: fromGuide},
		{Name: "static.auto_provision.user_agent_mac.enable", Type: provision.Bool, Since: "80", Source: fromGuide},
		{Name: "static.auto_provision.pnp_enable", Type: provision.Bool, Since: "80", Source: fromGuide},
		{Name: "static.auto_provision.dhcp_option.enable", Type: provision.Bool, Since: "80", Source: fromGuide},
		{Name: "static.zero_touch.enable", Type: provision.Bool, Since: "80", Source: fromGuide},
		{Name: "static.firmware.url", Type: provision.URL, Since: "80", Source: fromTemplates},
		{Name: "static.managementserver.enable", Type: provision.Bool, Since: "80", Source: fromTemplates},
		{Name: "sip.notify_reboot_enable", Type: provision.Int, Min: 0, Max: 2, Source: fromGuide},
		{Name: "static.security.trust_certificates", Type: provision.Bool, Since: "80", Source: fromGuide},
		{Name: "static.security.ca_cert", Type: provision.Int, Min: 0, Max: 2, Since: "80", Source: fromGuide},
		{Name: "static.security.cn_validation", Type: provision.Bool, Since: "80", Source: fromGuide},
		{Name: "static.trusted_certificates.url", Type: provision.URL, Since: "80", Source: fromGuide},
		{Name: "static.security.user_password", Type: provision.Secret, Since: "80", Source: fromGuide},
		{Name: "static.security.var_enable", Type: provision.Bool, Since: "80", Source: fromGuide},
		{Name: "static.wui.http_enable", Type: provision.Bool, Since: "80", Source: fromTemplates},
		{Name: "features.action_uri.enable", Type: provision.Bool, Source: fromGuide},
		{Name: "push_xml.sip_notify", Type: provision.Bool, Source: fromGuide},
		{Name: "phone_setting.logon_wizard", Type: provision.Bool, Source: fromTemplates},
		{Name: "lang.gui", Type: provision.Enum, Allowed: []string{"German", "English", "Dutch"}, Source: fromGuide, Open: true},
		{Name: "lang.wui", Type: provision.Enum, Allowed: []string{"German", "English", "Dutch"}, Source: fromGuide, Open: true},
		{Name: "local_time.time_zone", Type: provision.Enum, Allowed: []string{"0", "+1", "+2"}, Source: fromGuide, Open: true},
		{Name: "local_time.time_zone_name", Type: provision.Text, Max: 64, Source: fromGuide, Open: true},
		{Name: "local_time.summer_time", Type: provision.Int, Min: 0, Max: 2, Source: fromGuide, Open: true},
		{Name: "phone_setting.emergency.number", Type: provision.Text, Max: 99, Source: fromTemplates},
		{Name: "phone_setting.lcd_logo.mode", Type: provision.Int, Min: 0, Max: 2, Source: fromGuide, Open: true},
		{Name: "phone_setting.lcd_logo.text", Type: provision.Text, Max: 15, Source: fromGuide, Open: true},
		{Name: "features.dnd.enable", Type: provision.Bool, Source: fromTemplates},
		{Name: "features.save_call_history", Type: provision.Bool, Source: fromTemplates},

		{Name: "account.#.enable", Type: provision.Bool, Source: fromGuide},
		{Name: "account.#.label", Type: provision.Text, Max: 99, Source: fromGuide},
		{Name: "account.#.display_name", Type: provision.Text, Max: 99, Source: fromGuide},
		{Name: "account.#.user_name", Type: provision.Text, Max: 99, Source: fromGuide},
		{Name: "account.#.auth_name", Type: provision.Text, Max: 99, Source: fromGuide},
		{Name: "account.#.password", Type: provision.Secret, Source: fromGuide},
		{Name: "account.#.sip_server.1.address", Type: provision.Text, Max: 256, Since: "80", Source: fromGuide},
		{Name: "account.#.sip_server.1.port", Type: provision.Int, Min: 0, Max: 65535, Since: "80", Source: fromGuide},
		{Name: "account.#.sip_server.1.transport_type", Type: provision.Int, Min: 0, Max: 3, Since: "80", Source: fromGuide},
		{Name: "account.#.sip_server.1.expires", Type: provision.Int, Min: 30, Max: 2147483647, Since: "80", Source: fromGuide},
		{Name: "account.#.sip_server.1.retry_counts", Type: provision.Int, Min: 0, Max: 20, Since: "80", Source: fromGuide},
		{Name: "account.#.outbound_proxy_enable", Type: provision.Bool, Since: "80", Source: fromGuide},
		{Name: "account.#.outbound_proxy.1.address", Type: provision.Text, Max: 256, Since: "80", Source: fromGuide},
		{Name: "account.#.outbound_proxy.1.port", Type: provision.Int, Min: 0, Max: 65535, Since: "80", Source: fromGuide},
		{Name: "account.#.nat.udp_update_enable", Type: provision.Int, Min: 0, Max: 3, Source: fromTemplates},
		{Name: "account.#.nat.udp_update_time", Type: provision.Int, Min: 15, Max: 29, Source: fromTemplates},
		{Name: "account.#.nat.rport", Type: provision.Int, Min: 0, Max: 2, Source: fromTemplates},
		{Name: "account.#.srtp_encryption", Type: provision.Int, Min: 0, Max: 2, Source: fromGuide},
		{Name: "account.#.subscribe_mwi", Type: provision.Bool, Source: fromGuide},
		{Name: "account.#.hoteling.enable", Type: provision.Bool, Source: fromTemplates},
		{Name: "account.#.flexible_seating.enable", Type: provision.Bool, Source: fromTemplates},
		{Name: "account.#.dnd.enable", Type: provision.Bool, Since: "80", Source: fromTemplates},

		{Name: "handset.#.name", Type: provision.Text, Max: 24, Source: fromGuide},
		{Name: "handset.#.incoming_lines", Type: provision.Int, Min: 1, Max: 250, Source: fromGuide},

		{Name: "linekey.#.type", Type: provision.Int, Min: 0, Max: 99, Source: fromGuide},
		{Name: "linekey.#.line", Type: provision.Int, Min: 0, Max: 250, Source: fromGuide},
		{Name: "linekey.#.value", Type: provision.Text, Max: 99, Source: fromGuide},
		{Name: "linekey.#.label", Type: provision.Text, Max: 99, Source: fromGuide},
	}
	for _, f := range []string{"forward.always", "forward.busy", "forward.no_answer",
		"account.#.always_fwd", "account.#.busy_fwd", "account.#.timeout_fwd"} {
		params = append(params,
			p{Name: f + ".enable", Type: provision.Bool, Source: fromTemplates},
			p{Name: f + ".target", Type: provision.Text, Max: 64, Source: fromTemplates})
	}
	for _, f := range []string{"register_name", "username", "password", "sip_server", "outbound"} {
		params = append(params,
			p{Name: "hotdesking.startup_" + f + "_enable", Type: provision.Bool, Source: fromGuide},
			p{Name: "hotdesking.dsskey_" + f + "_enable", Type: provision.Bool, Source: fromGuide})
	}
	return params
}
