package drivers

import (
	"fmt"
	"net"
	"strconv"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// config is the base's own file: all accounts of the model, used or not, since a
// base keeps whatever a file does not mention. Which handset sits where (its IPEI)
// is the base's to know: written, it would throw registered handsets out.
func (snomDect) config(d telephony.Desired) (provision.File, error) {
	if err := provision.Complete(d); err != nil {
		return provision.File{}, err
	}
	model, _ := snomDectInfo.Model(d.Model)
	s := snomDectCatalogue.Sheet(40 + 20*model.Lines)
	snomDectSystem(s, d)
	for n, l := range linesOf(d, model) {
		if l.Used() {
			snomDectAccount(s, d, l, strconv.Itoa(n))
		} else {
			s.Set("user_active."+strconv.Itoa(n), false)
			for _, name := range []string{"user_name", "user_pname", "user_pass", "user_realname", "subscr_sip_line_name"} {
				s.Clear(name + "." + strconv.Itoa(n))
			}
		}
	}
	s.Override(d.Overrides)
	return snomDectFile(snomDectName(d.MAC), s)
}

// snomDectSystem is everything that is not about one place.
func snomDectSystem(s *provision.Sheet, d telephony.Desired) {
	s.Set("setting_server", d.BaseURL.Reveal()+snomDectName(d.MAC))
	// Nobody on the LAN may capture the base, and a push cuts off nobody's call.
	s.Set("pnp_config", false)
	s.Set("dhcp_option_pnp", false)
	s.Set("sip_check_sync_always_reboot", false)
	s.Set("auto_dect_register", true) // whoever types a place's code at a handset has that place
	if pw := d.AdminPassword; pw != "" {
		for _, level := range [][2]string{{"http", "admin"}, {"http_basic", "user"}, {"http_engineer", "engineer"}} {
			s.Set(level[0]+"_user", level[1])
			s.Set(level[0]+"_pass", pw)
		}
	}
	language := snomDectLanguages[0]
	switch d.Spoken() {
	case "en":
		language = snomDectLanguages[1]
	case "nl":
		language = snomDectLanguages[2]
	}
	s.Set("language", language)
	s.Set("web_language", language)
	if zone, ok := snomDectZones[d.TimeZone]; ok {
		s.Set("timezone_by_country_region", false)
		s.Set("timezone", zone)
		s.Set("dst_enable", "auto")
	}
	s.Set("sip_outbound_proxy_mode", "always")
	s.Set("srv_sip_server_alias.1", "Tischlein")
	s.Set("user_host.1", d.SIP.Realm)
	s.Set("user_outbound.1", net.JoinHostPort(d.SIP.Host, strconv.Itoa(d.SIP.Port)))
	s.Set("srv_sip_transport.1", d.SIP.Transport)
	s.Set("user_expiry.1", min(max(d.SIP.Expires, 60), 86400))
	s.Set("keepalive_interval.1", true)
	s.Set("srv_sip_ua_data_server_nat_adaption.1", "enabled")
	s.Set("srv_sip_show_ext_name_in_hs.1", true)
}

// snomDectAccount writes one used place. The AOR is the channel's random user; who
// sits there stands in names only, and those are all that a handset shows.
func snomDectAccount(s *provision.Sheet, d telephony.Desired, l telephony.Line, n string) {
	label := snomDectLabel(provision.FaceOf(d, l))
	s.Set("user_active."+n, true)
	s.Set("user_name."+n, l.SIPUser)
	s.Set("user_pname."+n, l.SIPUser)
	s.Set("user_pass."+n, l.Secret)
	s.Set("user_realname."+n, label)
	s.Set("subscr_sip_line_name."+n, label)
	s.Set("subscr_sip_hs_idx."+n, l.Port)
	s.Set("subscr_sip_ua_data_server_id."+n, 1)
	s.Set("subscr_dect_ac_code."+n, fmt.Sprintf("%04d", l.Port))
	s.Clear("user_mailbox."+n, "user_mailnumber."+n)
	for _, f := range []string{"fwd_all", "fwd_busy", "fwd_time"} {
		s.Set(f+"_enabled."+n, false)
		s.Clear(f + "_target." + n)
	}
}

func snomDectLabel(f provision.Face) string { return f.WithCode(f.Short, 64) }

// Screen is a handset that shows the names of the places in use.
func (snomDect) Screen(d telephony.Desired, model string) provision.Screen {
	s := provision.IdleScreen(snomDectInfo, d, model, func(provision.Model) provision.Body {
		return provision.Body{Shape: provision.ShapeDECT, Display: provision.Display{Width: 240, Height: 320, Tenths: 24, Colour: true}}
	})
	for n, l := range s.Lines {
		s.Lines[n].Label = snomDectCatalogue.Shown("user_realname.1", snomDectLabel(provision.FaceAt(d, l.Port)))
		s.Text = append(s.Text, s.Lines[n].Label)
	}
	return s
}
