package drivers

import (
	"strconv"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// config is the device's own file, which the master file names. What no file sets
// goes back to the factory's value, but for the parameters of the device.
func (poly) config(d telephony.Desired) (provision.File, error) {
	if err := provision.Complete(d); err != nil {
		return provision.File{}, err
	}
	model, _ := polyInfo.Model(d.Model)
	s := polyCatalogue.Sheet(300)
	s.Set("device.set", true)
	polyServer(s, d.BaseURL.Reveal())
	if err := polyTrustAnchor(s, d.SIP.RootCA, d.BaseURL.Reveal()); err != nil {
		return provision.File{}, err
	}
	polySystem(s, d)
	for n, l := range linesOf(d, model) {
		if l.Used() {
			polyRegistration(s, d, l, model)
		} else {
			p := "reg." + strconv.Itoa(n) + "."
			s.Clear(p+"address", p+"auth.userId", p+"auth.password", p+"displayName", p+"label")
		}
	}
	polyKeys(s, d, model)
	s.Override(d.Overrides)
	return polyFile(polyName(d.MAC), s)
}

// polySystem is everything that is not about one line.
func polySystem(s *provision.Sheet, d telephony.Desired) {
	if d.HTTPPassword != "" {
		polyDevice(s, "device.prov.user", d.HTTPUser)
		polyDevice(s, "device.prov.password", d.HTTPPassword)
	}
	polyDevice(s, "device.prov.tagSerialNo", true) // the MAC in the User-Agent
	s.Set("prov.polling.enabled", true)
	s.Set("prov.polling.mode", "rel")
	s.Set("prov.polling.period", min(max(d.RefetchSeconds, 3600), 8640000))
	s.Set("voIpProt.SIP.specialEvent.checkSync.alwaysReboot", false)
	// Nobody else may capture the phone: no redirect entry of its former owner, no
	// cloud, and nobody at its web page or its own login.
	polyDevice(s, "device.prov.ztpEnabled", false)
	s.Set("feature.lens.enabled", false)
	s.Set("prov.quickSetup.enabled", false)
	s.Set("prov.login.enabled", false)
	s.Set("feature.hoteling.enabled", false)
	s.Set("httpd.cfg.enabled", false)
	s.Set("apps.push.messageType", 0)
	s.Set("apps.restapi.enabled", false)
	if pw := d.AdminPassword; pw != "" {
		// The user level gets the same password: nobody at the desk has it (S03).
		polyDevice(s, "device.auth.localAdminPassword", pw)
		polyDevice(s, "device.auth.localUserPassword", pw)
	}
	s.Set("lcl.ml.lang", polyLanguage(d))
	polyTime(s, d.TimeZone)
	// A locked phone must not lock out an emergency call (D22).
	for n := range 5 {
		number := ""
		if n < len(d.Emergency) {
			number = d.Emergency[n]
		}
		s.Set("phoneLock.authorized."+strconv.Itoa(n+1)+".value", number)
	}
	s.Set("nat.keepalive.interval", keepAlive(d.SIP.KeepAlive))
	secure := d.SIP.Transport == "tls"
	s.Set("sec.TLS.profileSelection.SIP", "PlatformProfile1")
	s.Set("sec.srtp.enable", secure) // without TLS its key would travel in the clear
	s.Set("sec.srtp.offer", secure)
	s.Set("sec.srtp.require", false)

	// Traces (P07): while nobody is here, nothing is recorded. Where people log in and
	// out nothing is quiet at all: a change of that restarts the phone.
	s.Set("feature.callList.enabled", d.LoggedIn())
	s.Set("feature.doNotDisturb.enable", !d.Hotdesking)
}

// polyTime writes a zone with Europe's summer time.
func polyTime(s *provision.Sheet, zone string) {
	c, ok := clocks[zone]
	if !ok {
		return
	}
	s.Set("tcpIpApp.sntp.gmtOffset", 3600*c.hours)
	summer := "tcpIpApp.sntp.daylightSavings."
	s.Set(summer+"enable", c.summer)
	if !c.summer {
		return
	}
	s.Set(summer+"fixedDayEnable", false)
	for _, edge := range []struct {
		name        string
		month, hour int
	}{{"start.", 3, c.begins()}, {"stop.", 10, c.ends()}} {
		s.Set(summer+edge.name+"month", edge.month)
		s.Set(summer+edge.name+"time", edge.hour)
		s.Set(summer+edge.name+"dayOfWeek", 1) // Sunday
		s.Set(summer+edge.name+"dayOfWeek.lastInMonth", true)
	}
}

// polyRegistration writes one used line. The AOR is the channel's random user; who
// sits there stands in label and display name only.
func polyRegistration(s *provision.Sheet, d telephony.Desired, l telephony.Line, m provision.Model) {
	n := strconv.Itoa(l.Port)
	p := "reg." + n + "."
	face := provision.FaceOf(d, l)
	s.Set(p+"address", l.SIPUser)
	s.Set(p+"auth.userId", l.SIPUser)
	s.Set(p+"auth.password", l.Secret)
	s.Set(p+"displayName", face.Display)
	s.Set(p+"label", face.LabelOn(m))
	// The domain of the AOR is the server's address on these phones, so the host
	// that is really meant is the outbound proxy.
	transport := polyTransport(d.SIP.Transport)
	s.Set(p+"server.1.address", d.SIP.Realm)
	s.Set(p+"server.1.port", d.SIP.Port)
	s.Set(p+"server.1.transport", transport)
	s.Set(p+"server.1.expires", max(d.SIP.Expires, 60))
	s.Set(p+"server.1.register", true)
	s.Set(p+"outboundProxy.address", d.SIP.Host)
	s.Set(p+"outboundProxy.port", d.SIP.Port)
	s.Set(p+"outboundProxy.transport", transport)
	s.Clear("msg.mwi." + n + ".subscribe")
	for _, what := range []string{"fwd", "busy", "noanswer", "dnd"} {
		s.Set("divert."+what+"."+n+".enabled", false)
	}
}

func polyTransport(t string) string {
	switch t {
	case "tcp":
		return "TCPOnly"
	case "tls":
		return "TLS"
	}
	return "UDPOnly"
}

func polyLanguage(d telephony.Desired) string {
	switch d.Spoken() {
	case "en":
		return "English_United_States"
	case "nl":
		return "Dutch_Netherlands"
	}
	return "German_Germany"
}
