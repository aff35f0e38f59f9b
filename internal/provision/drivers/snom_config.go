package drivers

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// config is the device's own file: all identities and keys of the model, used or
// not, since a phone keeps whatever a file does not mention.
func (snom) config(d telephony.Desired) (provision.File, error) {
	if err := provision.Complete(d); err != nil {
		return provision.File{}, err
	}
	model, _ := snomInfo.Model(d.Model)
	s := snomCatalogue.Sheet(400)
	if d.SIP.RootCA != "" {
		der, err := provision.DERBase64(d.SIP.RootCA)
		if err != nil {
			return provision.File{}, err
		}
		s.Set("certificate", der)
	}
	snomSystem(s, d)
	for n, l := range linesOf(d, model) {
		if l.Used() {
			snomIdentity(s, d, l, strconv.Itoa(n), model)
		} else {
			snomNoIdentity(s, strconv.Itoa(n))
		}
	}
	snomKeys(s, d, model)
	s.Override(d.Overrides)
	return snomFile(snomName(d.MAC), s)
}

// snomSystem is everything that is not about one line.
func snomSystem(s *provision.Sheet, d telephony.Desired) {
	s.Set("setting_server", d.BaseURL.Reveal()+snomName(d.MAC))
	if d.HTTPPassword != "" {
		s.Set("http_client_user", d.HTTPUser)
		s.Set("http_client_pass", d.HTTPPassword)
	}
	s.Set("prov_polling_enabled", true)
	s.Set("prov_polling_mode", "rel")
	s.Set("prov_polling_period", min(max(d.RefetchSeconds, 60), 2592000))
	// Nobody on the LAN may capture the phone: no PnP, and none of the DHCP
	// options that name a provisioning server (43, 66, 67).
	s.Set("pnp_config", false)
	s.Set("dhcp_options_on_ip_aquire", "1 3 4 6 12 15 42 51 132 133")
	// The redirect service is asked first by default, and would send a phone that
	// has long had its own directory back to its first-access URL.
	s.Set("provisioning_order", "pnp:stop dhcp:stop")
	if d.Firmware.URL != "" {
		s.Set("update_policy", "auto_update")
		s.Set("firmware_status", d.BaseURL.Reveal()+snomImageName)
	} else {
		s.Set("update_policy", "never_update_firm")
		s.Clear("firmware_status")
	}
	s.Set("tls_server_authentication", true)
	// Our NOTIFY comes from the registrar without credentials for the phone.
	s.Set("challenge_checksync", false)
	s.Set("challenge_reboot", false)
	s.Set("xml_notify", false)

	if pw := d.AdminPassword; pw != "" {
		s.Set("http_user", "admin")
		s.Set("http_pass", pw)
		if strings.HasPrefix(strings.ToUpper(d.Model), "D8") {
			s.Set("webserver_admin_name", "admin")
			s.Set("webserver_admin_password", pw)
			s.Set("webserver_user_name", "user")
			s.Set("webserver_user_password", pw)
		}
		s.Set("admin_mode_password", pw)
		s.Set("admin_mode_password_confirm", pw)
	}
	s.Set("admin_mode", false)
	// The phone's own logging on and off would go past the server (S03).
	s.Set("logon_wizard", false)
	s.Clear("auto_logoff_time")

	language := snomLanguage(d)
	s.Set("language", language)
	s.Set("web_language", language)
	if zone, ok := snomZones[d.TimeZone]; ok {
		s.Set("timezone", zone)
	}
	s.Set("time_24_format", true)
	// A locked keypad must not lock out an emergency call (D22).
	s.Set("keyboard_lock_emergency", strings.Join(d.Emergency, " "))
}

// snomIdentity writes one used identity. The AOR is the channel's random user;
// who sits there stands in real name and idle text only.
func snomIdentity(s *provision.Sheet, d telephony.Desired, l telephony.Line, n string, m provision.Model) {
	face := provision.FaceOf(d, l)
	s.Set("user_active."+n, true)
	s.Set("user_realname."+n, face.Display)
	s.Set("user_idle_text."+n, face.LabelOn(m))
	s.Clear("user_idle_number." + n)
	s.Set("user_name."+n, l.SIPUser)
	s.Set("user_pname."+n, l.SIPUser)
	s.Set("user_pass."+n, l.Secret)
	s.Clear("user_hash." + n) // an old HA1 would win over the password
	s.Set("user_host."+n, d.SIP.Realm)
	s.Set("user_outbound."+n, fmt.Sprintf("sip:%s;transport=%s",
		net.JoinHostPort(d.SIP.Host, strconv.Itoa(d.SIP.Port)), d.SIP.Transport))
	s.Set("user_expiry."+n, min(max(d.SIP.Expires, 60), 86400))
	s.Set("keepalive_interval."+n, keepAlive(d.SIP.KeepAlive))
	secure := d.SIP.Transport == "tls"
	savp := "off"
	if secure {
		savp = "optional"
	}
	s.Set("user_srtp."+n, secure) // its key would travel in the clear without TLS
	s.Set("user_savp."+n, savp)
	s.Clear("user_mailbox." + n)
	snomTraces(s, n)
}

func snomNoIdentity(s *provision.Sheet, n string) {
	s.Set("user_active."+n, false)
	for _, name := range []string{"user_realname", "user_idle_text", "user_name", "user_pname", "user_pass", "user_hash", "user_host"} {
		s.Clear(name + "." + n)
	}
}

// snomTraces clears what the last person switched on (P07). It also does so at
// every later fetch: the phone does not skip a file that it has had before.
func snomTraces(s *provision.Sheet, n string) {
	s.Set("dnd_mode."+n, false)
	for _, f := range []string{"fwd_all", "fwd_busy", "fwd_time"} {
		s.Set(f+"_enabled."+n, false)
		s.Clear(f + "_target." + n)
	}
}

func snomLanguage(d telephony.Desired) string {
	switch d.Spoken() {
	case "en":
		return "English"
	case "nl":
		return "Nederlands"
	}
	return "Deutsch"
}
