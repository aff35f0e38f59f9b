package drivers

import (
	"strconv"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// config is the device's own file. Every account and line key of the model is
// written, used or not: a phone keeps whatever a file does not mention.
func (yealink) config(d telephony.Desired) (provision.File, error) {
	if err := provision.Complete(d); err != nil {
		return provision.File{}, err
	}
	model, _ := yealinkInfo.Model(d.Model)
	s := yealinkCatalogue.Sheet(400)
	yealinkSystem(s, d)
	for n, l := range linesOf(d, model) {
		if l.Used() {
			yealinkAccount(s, d, l, n, model)
		} else {
			yealinkNoAccount(s, n)
		}
		yealinkGuests(s, n)
		if model.Ports > 1 {
			yealinkHandset(s, l, d, n)
		}
	}
	yealinkKeys(s, d, model)
	s.Override(d.Overrides)
	return yealinkFile(string(d.MAC)+".cfg", s)
}

// yealinkSystem is everything that is not about one line.
func yealinkSystem(s *provision.Sheet, d telephony.Desired) {
	s.Set("static.auto_provision.server.url", d.BaseURL.Reveal())
	if d.HTTPPassword != "" {
		s.Set("static.auto_provision.server.username", d.HTTPUser)
		s.Set("static.auto_provision.server.password", d.HTTPPassword)
	}
	s.Set("static.auto_provision.power_on", true)
	s.Set("static.auto_provision.repeat.enable", true)
	s.Set("static.auto_provision.repeat.minutes", min(max(d.RefetchSeconds/60, 1), 43200))
	s.Set("static.auto_provision.user_agent_mac.enable", true)
	// Nobody else may capture the phone: not a responder on the LAN, not a DHCP
	// option, not a redirect entry or a TR-069 server of its former owner.
	s.Set("static.auto_provision.pnp_enable", false)
	s.Set("static.auto_provision.dhcp_option.enable", false)
	s.Set("static.zero_touch.enable", false)
	s.Set("static.managementserver.enable", false)
	// Nothing there means that the phone keeps what it runs.
	s.Set("static.firmware.url", d.Firmware.URL)
	s.Set("sip.notify_reboot_enable", 0)
	yealinkTrustAnchor(s, d.SIP.RootCA, d.BaseURL.Reveal(), d.SIP.Host)

	if pw := d.AdminPassword.Reveal(); pw != "" {
		// The user level gets the same password: nobody at the desk has it, so
		// neither accounts nor forwards can be edited over the web (S03).
		for _, level := range []string{"admin", "user", "var"} {
			s.Set("static.security.user_password", telephony.Secret(level+":"+pw))
		}
	}
	s.Set("static.security.var_enable", false)
	s.Set("static.wui.http_enable", false)
	s.Set("features.action_uri.enable", false)
	s.Set("push_xml.sip_notify", false)
	// The phone's own hot desking would wipe our account and ask for another.
	s.Set("phone_setting.logon_wizard", false)
	for _, field := range []string{"register_name", "username", "password", "sip_server", "outbound"} {
		s.Set("hotdesking.startup_"+field+"_enable", false)
		s.Set("hotdesking.dsskey_"+field+"_enable", false)
	}

	language := yealinkLanguage(d)
	s.Set("lang.gui", language)
	s.Set("lang.wui", language)
	if z, ok := yealinkZones[d.TimeZone]; ok {
		s.Set("local_time.time_zone", z.offset)
		s.Set("local_time.time_zone_name", z.name)
		s.Set("local_time.summer_time", 2)
	}
	// A locked keypad must not lock out an emergency call (D22).
	s.Set("phone_setting.emergency.number", strings.Join(d.Emergency, ","))

	// Traces of the last person (P07). The phone applies a file only when it has
	// changed, so this does not undo what the present person sets.
	s.Set("features.dnd.enable", false)
	for _, f := range []string{"always", "busy", "no_answer"} {
		s.Set("forward."+f+".enable", false)
		s.Clear("forward." + f + ".target")
	}
	s.Set("features.save_call_history", d.LoggedIn())
	// Only phones without colour show this text; the others ignore it.
	s.Set("phone_setting.lcd_logo.mode", 2)
	s.Set("phone_setting.lcd_logo.text", yealinkLogo(d))
}

// yealinkLogo is what phones without colour show in the middle.
func yealinkLogo(d telephony.Desired) string { return provision.FaceAt(d, 1).Short }

// yealinkHandsetName has 24 characters, so that a login code is shown bare, and
// a desk by its number.
func yealinkHandsetName(d telephony.Desired, l telephony.Line) string {
	f := provision.FaceOf(d, l)
	if l.State == telephony.LineFree && l.Desk != "" {
		return f.WithCode(f.Short, 24)
	}
	return f.WithCode(f.Label, 24)
}

// yealinkAccount writes one used account. The AOR is the channel's random user;
// who sits there stands in label and display name only.
func yealinkAccount(s *provision.Sheet, d telephony.Desired, l telephony.Line, n int, m provision.Model) {
	p := "account." + strconv.Itoa(n) + "."
	face := provision.FaceOf(d, l)
	s.Set(p+"enable", true)
	s.Set(p+"label", face.LabelOn(m))
	s.Set(p+"display_name", face.Display)
	s.Set(p+"user_name", l.SIPUser)
	s.Set(p+"auth_name", l.SIPUser)
	s.Set(p+"password", l.Secret)
	s.Set(p+"sip_server.1.address", d.SIP.Realm)
	s.Set(p+"sip_server.1.port", d.SIP.Port)
	s.Set(p+"sip_server.1.transport_type", yealinkTransport(d.SIP.Transport))
	s.Set(p+"sip_server.1.expires", max(d.SIP.Expires, 60))
	s.Set(p+"sip_server.1.retry_counts", 3)
	// The domain of the AOR is the server's address on these phones, so the host
	// that is really meant is the outbound proxy.
	s.Set(p+"outbound_proxy_enable", true)
	s.Set(p+"outbound_proxy.1.address", d.SIP.Host)
	s.Set(p+"outbound_proxy.1.port", d.SIP.Port)
	s.Set(p+"nat.udp_update_enable", 1)
	s.Set(p+"nat.udp_update_time", keepAlive(d.SIP.KeepAlive))
	s.Set(p+"nat.rport", 1)
	srtp := 0
	if d.SIP.Transport == "tls" {
		srtp = 1 // optional: without TLS its key would travel in the clear
	}
	s.Set(p+"srtp_encryption", srtp)
	s.Set(p+"subscribe_mwi", false)
	s.Set(p+"dnd.enable", false)
	for _, f := range []string{"always_fwd", "busy_fwd", "timeout_fwd"} {
		s.Set(p+f+".enable", false)
		s.Clear(p + f + ".target")
	}
}

func yealinkNoAccount(s *provision.Sheet, n int) {
	p := "account." + strconv.Itoa(n) + "."
	s.Set(p+"enable", false)
	s.Clear(p+"label", p+"display_name", p+"user_name", p+"auth_name", p+"password", p+"sip_server.1.address")
}

// yealinkGuests: BroadSoft's ways to sit down would put another account in the
// place of ours (S03).
func yealinkGuests(s *provision.Sheet, n int) {
	p := "account." + strconv.Itoa(n) + "."
	s.Set(p+"hoteling.enable", false)
	s.Set(p+"flexible_seating.enable", false)
}

// yealinkHandset gives handset n of a DECT base the account of its port.
func yealinkHandset(s *provision.Sheet, l telephony.Line, d telephony.Desired, n int) {
	p := "handset." + strconv.Itoa(n) + "."
	s.Set(p+"name", yealinkHandsetName(d, l))
	s.Set(p+"incoming_lines", n)
}

func yealinkTransport(t string) int {
	switch t {
	case "tcp":
		return 1
	case "tls":
		return 2
	}
	return 0
}

func yealinkLanguage(d telephony.Desired) string {
	switch d.Spoken() {
	case "en":
		return "English"
	case "nl":
		return "Dutch"
	}
	return "German"
}
