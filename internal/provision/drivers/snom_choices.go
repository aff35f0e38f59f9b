package drivers

import "tischlein/internal/provision"

// snomChoices are settings that no file of ours writes: operators want them one way
// or the other (P08).
func snomChoices() []provision.Param {
	type p = provision.Param
	params := []p{
		{Name: "vlan_id", Type: provision.Int, Min: 1, Max: 4094},
		{Name: "vlan_qos", Type: provision.Int, Max: 7},
		{Name: "vlan_pc_id", Type: provision.Int, Min: 1, Max: 4094},
		{Name: "vlan_port_tagging", Type: provision.Bool},
		{Name: "eth_pc", Type: provision.Enum, Allowed: []string{"auto", "off"}},
		{Name: "codec_tos", Type: provision.Int, Max: 255},
		{Name: "signaling_tos", Type: provision.Int, Max: 255},
		{Name: "rtp_port_start", Type: provision.Int, Min: 1024, Max: 65534},
		{Name: "rtp_port_end", Type: provision.Int, Min: 1024, Max: 65534},
		{Name: "ntp_server", Type: provision.Text, Max: 99},
		{Name: "ntp_refresh_timer", Type: provision.Int, Min: 60, Max: 86400},
		{Name: "date_us_format", Type: provision.Bool},
		{Name: "tone_scheme", Type: provision.Text, Max: 3},
		{Name: "vol_ringer", Type: provision.Int, Max: 15},
		{Name: "vol_handset", Type: provision.Int, Max: 15},
		{Name: "vol_headset", Type: provision.Int, Max: 15},
		{Name: "vol_speaker", Type: provision.Int, Max: 15},
		{Name: "user_ringer.#", Type: provision.Text, Max: 32},
		{Name: "ringer_headset_device", Type: provision.Enum, Allowed: []string{"speaker", "headset"}},
		{Name: "backlight", Type: provision.Int, Min: 3, Max: 15},
		{Name: "backlight_idle", Type: provision.Int, Max: 15},
		{Name: "dim_timer", Type: provision.Int, Max: 86400},
		{Name: "contrast", Type: provision.Int, Max: 31},
		{Name: "screen_saver_timeout", Type: provision.Int, Max: 86400},
		{Name: "label_text_alignment", Type: provision.Enum, Allowed: []string{"left", "center", "right"}},
		{Name: "display_method", Type: provision.Enum, Allowed: []string{"display_name_number", "display_name", "number"}},
		{Name: "call_waiting", Type: provision.Enum, Allowed: []string{"on", "visual", "ringer", "off"}},
		{Name: "cw_dialtone", Type: provision.Bool},
		{Name: "overlap_dialing", Type: provision.Bool},
		{Name: "auto_redial", Type: provision.Bool},
		{Name: "holding_reminder", Type: provision.Bool},
		{Name: "disable_speaker", Type: provision.Bool},
		{Name: "no_dnd", Type: provision.Bool},
		{Name: "transfer_on_hangup", Type: provision.Bool},
		{Name: "transfer_dialing_on_transfer", Type: provision.Enum, Allowed: []string{"attended", "blind"}},
		{Name: "ringing_time", Type: provision.Int, Min: 5, Max: 3600},
		{Name: "session_timer", Type: provision.Int, Min: 90, Max: 86400},
		{Name: "codec_priority_list.#", Type: provision.Text, Max: 200},
		{Name: "user_dtmf_info.#", Type: provision.Enum, Allowed: []string{"off", "on", "sip_info_only"}},
		{Name: "log_level", Type: provision.Int, Max: 9},
		{Name: "syslog_server", Type: provision.Text, Max: 99, Operator: true},
	}
	for n := range params {
		params[n].Source, params[n].Open = fromTemplates, true
	}
	return params
}
