package drivers

import (
	"strconv"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// config is the device's own file in the dialect of its model.
func (gigaset) config(d telephony.Desired) (provision.File, error) {
	if err := provision.Complete(d); err != nil {
		return provision.File{}, err
	}
	model, _ := gigasetInfo.Model(d.Model)
	form := gigasetDialect(model.Name)
	if (form == gigasetN510 || form == gigasetN720) && d.SIP.Transport != "udp" {
		return provision.File{}, telephony.Invalidf("sip", "transport_unsupported", "the %s registers over UDP only", model.Name)
	}
	s := gigasetCatalogue.Sheet(400)
	if d.Firmware.URL != "" && (form == gigasetDesk || form == gigasetBase) {
		s.Set("firmware.version", d.Firmware.Version)
		s.Set("firmware.url", d.Firmware.URL)
	}
	if form == gigasetBase {
		s.Set("oper.DeleteNotProvisionedHS", true) // what is not used is not there
	}
	gigasetSystem(s, d, form)
	gigasetServer(s, d, form)
	for n, l := range linesOf(d, model) {
		if l.Used() {
			gigasetAccountOf(s, d, l, model, form)
		} else if form != gigasetBase {
			gigasetNoAccount(s, n)
		}
	}
	if form == gigasetDesk {
		gigasetKeys(s, d, model)
	}
	s.Override(d.Overrides)
	return gigasetFile(d.MAC, form, s)
}

// gigasetSystem is what concerns the device as a whole.
func gigasetSystem(s *provision.Sheet, d telephony.Desired, form gigasetForm) {
	s.Set("System.Provision.ProvisioningServer", d.BaseURL.Reveal()+gigasetName(d.MAC, form))
	if pw := d.AdminPassword; pw != "" && form != gigasetN510 {
		s.Set("WebUI.AdminPassword", pw)
		if form == gigasetDesk {
			s.Set("WebUI.UserPassword", pw)
		}
	}
	lang := d.Spoken()
	c := clocks[d.TimeZone]
	zoned := c.summer // no dialect has a word for UTC
	switch form {
	case gigasetDesk:
		s.Set("System.Provision.Period", min(max(d.RefetchSeconds/60, 1), 43200))
		// Nobody on the LAN may capture the phone, and no push reboots it.
		s.Set("NET.IP.IPv4.DHCP.Options.Disabled", "66,114")
		s.Set("SIP.Checksync.Simple", false)
		s.Set("FirmwareManagment.AutomaticCheckForUpdates", d.Firmware.URL != "")
		s.Set("PhoneUI.Settings.Language", gigasetLanguage(lang))
		s.Set("WebUI.Language", gigasetLanguage(d.Language))
		if word := gigasetHours[c.hours].desk; zoned && word != "" {
			s.Set("System.DateAndTime.TimeZone", word)
			s.Set("System.DateAndTime.AutoAdjustClockForDST", "AutomatedDaylightSavingEnabled")
		}
		s.Set("System.DateAndTime.TimeFormat", "24h")
	case gigasetBase:
		s.Set("SystemSettings.global.CheckSyncRebootEnabled", true)
		s.Set("SystemSettings.global.SipMulticastEnabled", false)
		s.Set("DmGlobal.0.HSIdleDisplay", 1) // the display name
		if zoned {
			s.Set("DmGlobal.0.TimeZone", d.TimeZone)
		}
	default:
		if form == gigasetN510 {
			s.Set("BS_IP_Data.ucB_AUTO_UPDATE_PROFILE", true)
			s.Set("BS_LM_AppCfg.bit.bHasIdleTextInternalName", true)
		} else {
			s.Set("BS_IP_Data.ucB_DO_CHECK_FOR_PROFILE_UPDATES", true)
			s.Set("BS_IP_Data.ucB_AUTO_UPDATE_FW", false)
			s.Set("BS_VOIP_Data.NameOnIdleDisplay", true)
			s.Set("BS_VOIP_Data.astVoipAccounts[%].ucB_VOIP_CALLFORWARDING_STATUS", false)
		}
		s.Set("BS_IP_Data.ucI_HTTPLANGUAGE", gigasetLanguageCode(lang))
		if zoned {
			s.Set("BS_IP_Data.uiI_TIME_TIMEZONE", gigasetHours[c.hours].code)
			s.Set("BS_IP_Data.ucB_TIME_USE_AUTOMATIC_DST", true)
		}
	}
}

// gigasetServer is the server where it is set for all accounts at once.
func gigasetServer(s *provision.Sheet, d telephony.Desired, form gigasetForm) {
	secure := d.SIP.Transport == "tls"
	switch form {
	case gigasetDesk:
		protocol := 1
		if d.SIP.Transport != "udp" {
			protocol = 2
		}
		s.Set("SIP.TransportProtocol", protocol)
		s.Set("SIP.Security.UseSIPS", secure)
		s.Set("SIP.Security.SRTP", secure) // its key would travel in the clear without TLS
		s.Set("SIP.Security.AcceptNonSRTPCalls", true)
		s.Set("SIP.DefaultAccount", 0)
		return
	case gigasetN510:
		return
	case gigasetBase:
		s.Set("SIP.TransportProtocol", map[string]int{"udp": 1, "tcp": 2, "tls": 3}[d.SIP.Transport])
		s.Set("SIP.Security.UseSIPS", false)
		s.Set("SIP.Security.SRTP", secure)
		s.Set("SIP.Security.AcceptNonSRTPCalls", true)
		s.Set("SipProvider.0.MWISubscription", false)
	default:
		s.Set("BS_VOIP_Data.astVoipProviders[0].uiNAT_REFRESH_TIME", keepAlive(d.SIP.KeepAlive))
	}
	s.Set("SipProvider.0.Name", "Tischlein")
	s.Set("SipProvider.0.Domain", d.SIP.Realm)
	s.Set("SipProvider.0.ProxyServerAddress", d.SIP.Host)
	s.Set("SipProvider.0.ProxyServerPort", d.SIP.Port)
	s.Set("SipProvider.0.RegServerAddress", d.SIP.Host)
	s.Set("SipProvider.0.RegServerPort", d.SIP.Port)
	s.Set("SipProvider.0.RegServerRefreshTimer", min(max(d.SIP.Expires, 60), 65535))
	s.Set("SipProvider.0.OutboundProxyMode", 2) // never
}

// gigasetAccountOf writes one used account, and the handset that has it. The AOR
// is the channel's random user; who sits there stands in names only.
func gigasetAccountOf(s *provision.Sheet, d telephony.Desired, l telephony.Line, m provision.Model, form gigasetForm) {
	face := provision.FaceOf(d, l)
	label := gigasetLabel(face, m)
	p := "SIP.Account." + strconv.Itoa(l.Port-1) + "."
	display := face.Display
	if m.Ports > 1 {
		display = label // all that a handset shows
	}
	if form == gigasetBase {
		h := "hs." + strconv.Itoa(l.Port) + "."
		s.Set(h+"RegStatus", "ToReg")
		s.Set(h+"DECT_AC", gigasetCode(l.Port))
		s.Set(p+"ProviderId", 0)
	} else {
		s.Set(p+"Active", true)
	}
	s.Set(p+"AuthName", l.SIPUser)
	s.Set(p+"AuthPassword", l.Secret)
	s.Set(p+"Username", l.SIPUser)
	s.Set(p+"DisplayName", display)
	if form == gigasetDesk || form == gigasetN510 {
		s.Set(p+"AccountName", label)
		s.Set(p+"Domain", d.SIP.Realm)
		s.Set(p+"ProxyServer.Address", d.SIP.Host)
		s.Set(p+"ProxyServer.Port", d.SIP.Port)
		s.Set(p+"RegistrationServer.Address", d.SIP.Host)
		s.Set(p+"RegistrationServer.Port", d.SIP.Port)
	}
	switch form {
	case gigasetDesk:
		s.Set(p+"VoiceMail.Active", false)
	case gigasetN510:
		s.Set(p+"RefreshTimer", min(max(d.SIP.Expires, 60), 65535))
		s.Set(p+"SendMask", 1<<(l.Port-1)) // handset n calls and rings with account n
		s.Set(p+"ReceiveMask", 1<<(l.Port-1))
		s.Set(p+"HandsetName", label)
	}
}

func gigasetNoAccount(s *provision.Sheet, port int) {
	p := "SIP.Account." + strconv.Itoa(port-1) + "."
	s.Set(p+"Active", false)
	s.Clear(p+"AuthName", p+"AuthPassword", p+"Username", p+"DisplayName", p+"AccountName")
}

// gigasetCode is typed at a handset to register it as that of a port.
func gigasetCode(port int) string { return strconv.Itoa(10000 + port)[1:] }

// gigasetLabel is what the idle display says. A handset's is short, and has no key.
func gigasetLabel(f provision.Face, m provision.Model) string {
	if m.Ports > 1 {
		return f.WithCode(f.Short, 32)
	}
	return f.LabelOn(m)
}

func gigasetLanguage(lang string) string {
	switch lang {
	case "en":
		return "en-us"
	case "nl":
		return "nl-nl"
	}
	return "de-de"
}

func gigasetLanguageCode(lang string) int {
	switch lang {
	case "en":
		return 1
	case "nl":
		return 10
	}
	return 2
}

// gigasetKeys writes every key of a desk phone.
func gigasetKeys(s *provision.Sheet, d telephony.Desired, m provision.Model) {
	keys, _ := provision.LayKeys(gigasetInfo, d)
	for n := range m.Keys {
		p := "PhoneUI.Keys.FunctionKeys." + strconv.Itoa(n) + "."
		var k provision.PlacedKey
		kind := -1 // nothing
		if n < len(keys) {
			switch k = keys[n]; k.Kind {
			case provision.KeyLine:
				kind = 0
			case provision.KeyWatch:
				kind = 4
			default:
				kind = 3
			}
		}
		s.Set(p+"Type", kind)
		s.Set(p+"Connection", min(max(k.Port-1, 0), 3))
		s.Set(p+"PhoneNumber", k.Value)
		s.Set(p+"DisplayName", k.Label)
	}
}
