package drivers

import (
	"slices"
	"strings"

	"tischlein/internal/provision"
)

var snomDectCatalogue = provision.NewCatalogue("on", "off", "", slices.Concat(snomDectParams[0], snomDectParams[1], snomDectParams[2])...)

// snomDectBlocks are the parts of a file, in the order in which bases export them.
var snomDectBlocks = [...]string{"global", "server", "extension"}

// snomDectBlockOf is the block of a setting.
var snomDectBlockOf = func() map[string]int {
	block := map[string]int{}
	for n, params := range snomDectParams {
		for _, p := range params {
			block[strings.TrimSuffix(p.Name, ".#")] = n
		}
	}
	return block
}()

var snomDectLanguages = []string{"Deutsch", "English", "Dutch"}

// snomDectParams are the settings of each block. All names are from public templates
// for M300 to M900; what is Open and not in our files, operators want one way or the
// other.
var snomDectParams = [len(snomDectBlocks)][]provision.Param{
	{
		{Name: "setting_server", Type: provision.URL, Source: fromGuide},
		{Name: "pnp_config", Type: provision.Bool, Source: fromTemplates},
		{Name: "dhcp_option_pnp", Type: provision.Bool, Source: fromTemplates},
		{Name: "sip_check_sync_always_reboot", Type: provision.Bool, Source: fromTemplates},
		{Name: "auto_dect_register", Type: provision.Bool, Source: fromTemplates},
		{Name: "sip_outbound_proxy_mode", Type: provision.Enum, Allowed: []string{"always"}, Source: fromTemplates},
		{Name: "http_user", Type: provision.Text, Max: 32, Source: fromTemplates},
		{Name: "http_pass", Type: provision.Secret, Source: fromTemplates},
		{Name: "http_basic_user", Type: provision.Text, Max: 32, Source: fromTemplates},
		{Name: "http_basic_pass", Type: provision.Secret, Source: fromTemplates},
		{Name: "http_engineer_user", Type: provision.Text, Max: 32, Source: fromTemplates},
		{Name: "http_engineer_pass", Type: provision.Secret, Source: fromTemplates},
		{Name: "language", Type: provision.Enum, Allowed: snomDectLanguages, Source: fromTemplates, Open: true},
		{Name: "web_language", Type: provision.Enum, Allowed: snomDectLanguages, Source: fromTemplates, Open: true},
		{Name: "timezone_by_country_region", Type: provision.Bool, Source: fromTemplates, Open: true},
		{Name: "timezone", Type: provision.Text, Max: 16, Source: fromTemplates, Open: true},
		{Name: "dst_enable", Type: provision.Enum, Allowed: []string{"auto"}, Source: fromTemplates, Open: true},
		{Name: "ntp_server", Type: provision.Text, Max: 99, Source: fromTemplates, Open: true},
		{Name: "ntp_refresh_timer", Type: provision.Int, Min: 60, Max: 86400, Source: fromTemplates, Open: true},
		{Name: "tone_scheme", Type: provision.Text, Max: 3, Source: fromTemplates, Open: true},
		{Name: "country_region_id", Type: provision.Int, Max: 255, Source: fromTemplates, Open: true},
		{Name: "vlan_id", Type: provision.Int, Max: 4094, Source: fromTemplates, Open: true},
		{Name: "vlan_qos", Type: provision.Int, Max: 7, Source: fromTemplates, Open: true},
		{Name: "codec_tos", Type: provision.Int, Max: 255, Source: fromTemplates, Open: true},
		{Name: "signaling_tos", Type: provision.Int, Max: 255, Source: fromTemplates, Open: true},
		{Name: "rtp_port_start", Type: provision.Int, Min: 1024, Max: 65534, Source: fromTemplates, Open: true},
		{Name: "rtp_port_end", Type: provision.Int, Min: 1024, Max: 65534, Source: fromTemplates, Open: true},
		{Name: "log_level", Type: provision.Int, Max: 9, Source: fromTemplates, Open: true},
		{Name: "tls_server_authentication", Type: provision.Bool, Source: fromTemplates, Open: true, Operator: true},
		{Name: "syslog_server", Type: provision.Text, Max: 99, Source: fromTemplates, Open: true, Operator: true},
		{Name: "phonebook_location", Type: provision.URL, Source: fromTemplates, Open: true, Operator: true},
		{Name: "phonebook_filename", Type: provision.Text, Max: 99, Source: fromTemplates, Open: true},
	},
	{
		{Name: "srv_sip_server_alias.#", Type: provision.Text, Max: 32, Source: fromTemplates},
		{Name: "user_host.#", Type: provision.Text, Source: fromTemplates},
		{Name: "user_outbound.#", Type: provision.Text, Source: fromTemplates},
		{Name: "srv_sip_transport.#", Type: provision.Enum, Allowed: []string{"udp", "tcp", "tls"}, Source: fromTemplates},
		{Name: "user_expiry.#", Type: provision.Int, Min: 60, Max: 86400, Source: fromTemplates},
		{Name: "keepalive_interval.#", Type: provision.Bool, Source: fromTemplates},
		{Name: "srv_sip_ua_data_server_nat_adaption.#", Type: provision.Enum, Allowed: []string{"disabled", "enabled"}, Source: fromTemplates},
		{Name: "srv_sip_show_ext_name_in_hs.#", Type: provision.Bool, Source: fromTemplates},
		{Name: "codec_priority_list.#", Type: provision.Text, Max: 99, Source: fromTemplates, Open: true},
		{Name: "codec_size.#", Type: provision.Int, Min: 20, Max: 60, Source: fromTemplates, Open: true},
		{Name: "user_dtmf_info.#", Type: provision.Enum, Allowed: []string{"off", "sip_info", "sip_info_only"}, Source: fromTemplates, Open: true},
		{Name: "session_timer.#", Type: provision.Int, Min: 90, Max: 86400, Source: fromTemplates, Open: true},
	},
	{
		{Name: "user_active.#", Type: provision.Bool, Source: fromTemplates},
		{Name: "user_name.#", Type: provision.Text, Source: fromTemplates},
		{Name: "user_pname.#", Type: provision.Text, Source: fromTemplates},
		{Name: "user_pass.#", Type: provision.Secret, Source: fromTemplates},
		{Name: "user_realname.#", Type: provision.Text, Max: 64, Source: fromTemplates},
		{Name: "subscr_sip_line_name.#", Type: provision.Text, Max: 64, Source: fromTemplates},
		{Name: "subscr_sip_hs_idx.#", Type: provision.Int, Min: 1, Max: 1000, Source: fromTemplates},
		{Name: "subscr_sip_ua_data_server_id.#", Type: provision.Int, Min: 1, Max: 10, Source: fromTemplates},
		{Name: "subscr_dect_ac_code.#", Type: provision.Text, Max: 8, Source: fromTemplates},
		{Name: "user_mailbox.#", Type: provision.Text, Source: fromTemplates},
		{Name: "user_mailnumber.#", Type: provision.Text, Source: fromTemplates},
		{Name: "fwd_all_enabled.#", Type: provision.Bool, Source: fromTemplates},
		{Name: "fwd_all_target.#", Type: provision.Text, Source: fromTemplates},
		{Name: "fwd_busy_enabled.#", Type: provision.Bool, Source: fromTemplates},
		{Name: "fwd_busy_target.#", Type: provision.Text, Source: fromTemplates},
		{Name: "fwd_time_enabled.#", Type: provision.Bool, Source: fromTemplates},
		{Name: "fwd_time_target.#", Type: provision.Text, Source: fromTemplates},
		{Name: "call_waiting.#", Type: provision.Bool, Source: fromTemplates, Open: true},
	},
}
