package drivers

import "tischlein/internal/provision"

// yealinkChoices are parameters that no file of ours sets: operators want them one
// way or the other (P08). None names a server that the phone fetches from or
// registers at, and none is a way round a link (S03).
func yealinkChoices() []provision.Param {
	type p = provision.Param
	params := []p{
		// The network.
		{Name: "static.network.vlan.internet_port_enable", Type: provision.Bool, Since: "80"},
		{Name: "static.network.vlan.internet_port_vid", Type: provision.Int, Min: 1, Max: 4094, Since: "80"},
		{Name: "static.network.vlan.internet_port_priority", Type: provision.Int, Max: 7, Since: "80"},
		{Name: "static.network.vlan.pc_port_enable", Type: provision.Bool, Since: "80"},
		{Name: "static.network.vlan.pc_port_vid", Type: provision.Int, Min: 1, Max: 4094, Since: "80"},
		{Name: "static.network.vlan.pc_port_priority", Type: provision.Int, Max: 7, Since: "80"},
		{Name: "static.network.vlan.dhcp_enable", Type: provision.Bool, Since: "80"},
		{Name: "static.network.vlan.dhcp_option", Type: provision.Int, Min: 1, Max: 255, Since: "80"},
		{Name: "static.network.lldp.enable", Type: provision.Bool, Since: "80"},
		{Name: "static.network.lldp.packet_interval", Type: provision.Int, Min: 1, Max: 3600, Since: "80"},
		{Name: "static.network.cdp.enable", Type: provision.Bool, Since: "80"},
		{Name: "static.network.pc_port.enable", Type: provision.Bool, Since: "80"},
		{Name: "static.network.qos.audiotos", Type: provision.Int, Max: 63, Since: "80"},
		{Name: "static.network.qos.signaltos", Type: provision.Int, Max: 63, Since: "80"},
		{Name: "static.network.port.min_rtpport", Type: provision.Int, Min: 1024, Max: 65535, Since: "80"},
		{Name: "static.network.port.max_rtpport", Type: provision.Int, Min: 1024, Max: 65535, Since: "80"},
		// The clock.
		{Name: "local_time.ntp_server1", Type: provision.Text, Max: 99},
		{Name: "local_time.ntp_server2", Type: provision.Text, Max: 99},
		{Name: "local_time.time_format", Type: provision.Int, Max: 1},
		{Name: "local_time.date_format", Type: provision.Int, Max: 9},
		{Name: "local_time.dhcp_time", Type: provision.Bool},
		// Sound.
		{Name: "voice.ring_vol", Type: provision.Int, Max: 15},
		{Name: "voice.handset.spk_vol", Type: provision.Int, Min: 1, Max: 15},
		{Name: "voice.headset.spk_vol", Type: provision.Int, Min: 1, Max: 15},
		{Name: "voice.handfree.spk_vol", Type: provision.Int, Min: 1, Max: 15},
		{Name: "voice.tone.country", Type: provision.Text, Max: 32},
		{Name: "voice.vad", Type: provision.Bool},
		{Name: "voice.cng", Type: provision.Bool},
		{Name: "voice.echo_cancellation", Type: provision.Bool},
		{Name: "voice.jib.adaptive", Type: provision.Bool},
		{Name: "phone_setting.ring_type", Type: provision.Text, Max: 64},
		{Name: "features.key_tone", Type: provision.Bool},
		{Name: "features.headset_prior", Type: provision.Bool},
		// The display.
		{Name: "phone_setting.backlight_time", Type: provision.Int, Max: 43200},
		{Name: "phone_setting.active_backlight_level", Type: provision.Int, Min: 1, Max: 10},
		{Name: "phone_setting.inactive_backlight_level", Type: provision.Int, Max: 1},
		{Name: "phone_setting.contrast", Type: provision.Int, Min: 1, Max: 10},
		{Name: "phone_setting.backgrounds", Type: provision.Text, Max: 99},
		{Name: "screensaver.wait_time", Type: provision.Int, Min: 15, Max: 43200},
		{Name: "features.power_saving.enable", Type: provision.Bool},
		{Name: "features.missed_call_popup.enable", Type: provision.Bool},
		{Name: "phone_setting.page_tip", Type: provision.Bool},
		{Name: "features.config_dsskey_length", Type: provision.Int, Max: 2},
		// Calls.
		{Name: "call_waiting.enable", Type: provision.Bool},
		{Name: "call_waiting.tone", Type: provision.Bool},
		{Name: "phone_setting.inter_digit_time", Type: provision.Int, Min: 1, Max: 14},
		{Name: "features.key_as_send", Type: provision.Int, Max: 2},
		{Name: "features.intercom.allow", Type: provision.Bool},
		{Name: "features.intercom.mute", Type: provision.Bool},
		{Name: "features.dtmf.hide", Type: provision.Bool},
		{Name: "features.pickup.direct_pickup_enable", Type: provision.Bool},
		{Name: "features.pickup.direct_pickup_code", Type: provision.Text, Max: 32},
		{Name: "features.fwd.allow", Type: provision.Bool},
		{Name: "features.dnd.allow", Type: provision.Bool},
		{Name: "features.direct_ip_call_enable", Type: provision.Bool},
		{Name: "transfer.dsskey_deal_type", Type: provision.Int, Max: 2},
		{Name: "auto_redial.enable", Type: provision.Bool},
		{Name: "account.#.dtmf.type", Type: provision.Int, Max: 3},
		{Name: "account.#.auto_answer", Type: provision.Bool},
		{Name: "account.#.session_timer.enable", Type: provision.Bool},
		// A phone may write the URLs that it asks into its log.
		{Name: "static.syslog.enable", Type: provision.Bool, Since: "80"},
		{Name: "static.syslog.server", Type: provision.Text, Max: 99, Since: "80", Operator: true},
		{Name: "static.syslog.level", Type: provision.Int, Max: 6, Since: "80"},
		// A base tells its handsets that there is a newer firmware.
		{Name: "over_the_air.handset_tip", Type: provision.Bool},
	}
	for _, codec := range []string{"pcmu", "pcma", "g722", "g729", "opus"} {
		params = append(params,
			p{Name: "account.#.codec." + codec + ".enable", Type: provision.Bool},
			p{Name: "account.#.codec." + codec + ".priority", Type: provision.Int, Max: 12})
	}
	for n := range params {
		params[n].Source, params[n].Open = fromTemplates, true
	}
	return params
}
