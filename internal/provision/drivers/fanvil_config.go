package drivers

import (
	"fmt"
	"strconv"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// config is the device's own file: all accounts and keys of the model, used or
// not, since a phone keeps whatever a file does not mention.
func (fanvil) config(d telephony.Desired) (provision.File, error) {
	if err := provision.Complete(d); err != nil {
		return provision.File{}, err
	}
	model, _ := fanvilInfo.Model(d.Model)
	s := fanvilCatalogue.Sheet(600)
	s.Set("sip.NotifyReboot", false)
	for n, l := range linesOf(d, model) {
		if l.Used() {
			fanvilAccount(s, d, l, n)
		} else {
			fanvilNoAccount(s, n)
		}
	}
	fanvilSystem(s, d, model)
	fanvilKeys(s, d, model)
	fanvilProvisioning(s, d)
	s.Override(d.Overrides)
	return fanvilFile(string(d.MAC)+".cfg", s, fanvilGeneration(d.Model))
}

// fanvilAccount writes one used account. The AOR is the channel's random user;
// who sits there stands in the display name and on the key only.
func fanvilAccount(s *provision.Sheet, d telephony.Desired, l telephony.Line, n int) {
	p := "sip.line." + strconv.Itoa(n) + "."
	s.Set(p+"PhoneNumber", l.SIPUser)
	s.Set(p+"DisplayName", provision.FaceOf(d, l).Display)
	s.Clear(p + "SipName")
	s.Set(p+"RegisterAddr", d.SIP.Realm)
	s.Set(p+"RegisterPort", d.SIP.Port)
	s.Set(p+"RegisterUser", l.SIPUser)
	s.Set(p+"RegisterPswd", l.Secret)
	s.Set(p+"RegisterTTL", min(max(d.SIP.Expires, 60), 86400))
	s.Set(p+"EnableReg", true)
	// The address to register at is also the domain of the AOR, so the host that
	// is really meant is the outbound proxy.
	s.Set(p+"ProxyAddr", d.SIP.Host)
	s.Set(p+"ProxyPort", d.SIP.Port)
	s.Set(p+"ProxyUser", l.SIPUser)
	s.Set(p+"ProxyPswd", l.Secret)
	transport, crypto := 0, 0
	switch d.SIP.Transport {
	case "tcp":
		transport = 1
	case "tls":
		transport, crypto = 3, 1 // optional: without TLS its key would travel in the clear
	}
	s.Set(p+"Transport", transport)
	s.Set(p+"MediaCrypto", crypto)
	s.Set(p+"NATUDPUpdate", 2)
	s.Set(p+"UDPUpdateTTL", keepAlive(d.SIP.KeepAlive))
	s.Set(p+"EnableRport", true)
	s.Set(p+"Subscribe", false)
	s.Clear(p + "MWINum")
	// Traces of the last person (P07). The phone applies a file only when it has
	// changed, so this does not undo what the present person sets.
	s.Set(p+"EnableDND", false)
	for _, f := range []string{"AlwaysFWD", "BusyFWD", "NoAnswerFWD"} {
		s.Set(p+f, false)
		s.Clear(p + f + "Num")
	}
}

func fanvilNoAccount(s *provision.Sheet, n int) {
	p := "sip.line." + strconv.Itoa(n) + "."
	s.Set(p+"EnableReg", false)
	s.Clear(p+"PhoneNumber", p+"DisplayName", p+"SipName", p+"RegisterAddr", p+"RegisterUser", p+"RegisterPswd",
		p+"ProxyAddr", p+"ProxyUser", p+"ProxyPswd")
}

// fanvilSystem is what concerns the phone as a whole.
func fanvilSystem(s *provision.Sheet, d telephony.Desired, m provision.Model) {
	s.Set("call.port.1.DNDMode", 0)
	if pw := d.AdminPassword; pw != "" {
		s.Set("phone.MenuPassword", pw)
		s.Set("phone.KeyLockPassword", pw)
	}
	// A locked keypad must not lock out an emergency call (D22).
	s.Set("phone.EmergencyCall", strings.Join(d.Emergency, ","))
	s.Clear("phone.PushXMLIP")
	s.Set("phone.SIPNotifyXML", false)
	s.Set("phone.EnableCallHistory", d.LoggedIn())
	s.Set("phone.display.LCDTitle", fanvilTitle(d, m))
	s.Set("phone.display.DefaultLanguage", fanvilLanguage(d.Spoken(), fanvilGeneration(m.Name)))
	if c, ok := clocks[d.TimeZone]; ok {
		name, summer := "UTC", 2
		if c.hours > 0 {
			name = fmt.Sprintf("UTC+%d", c.hours)
		}
		if !c.summer {
			summer = 0
		}
		s.Set("phone.date.TimeZone", 4*c.hours)
		s.Set("phone.date.TimeZoneName", name)
		s.Set("phone.date.DSTType", summer)
		s.Set("phone.date.DSTMinOffset", 60)
		for _, turn := range []struct {
			name        string
			month, hour int
		}{{"Start", 3, c.begins()}, {"End", 10, c.ends()}} { // last Sunday
			s.Set("phone.date.DST"+turn.name+"Mon", turn.month)
			s.Set("phone.date.DST"+turn.name+"Week", 5)
			s.Set("phone.date.DST"+turn.name+"Wday", 0)
			s.Set("phone.date.DST"+turn.name+"Hour", turn.hour)
		}
	}
	// Nobody at the desk has the passwords, so neither accounts nor forwards can be
	// edited over the web (S03).
	s.Set("cti.EnabledActiveUri", false)
	s.Set("web.EnableTelnet", false)
	if pw := d.AdminPassword; pw != "" {
		for n, account := range []struct {
			name  string
			level int
		}{{"admin", 10}, {"guest", 5}} {
			p := "web.account." + strconv.Itoa(n+1) + "."
			s.Set(p+"Name", account.name)
			s.Set(p+"Password", pw)
			s.Set(p+"Level", account.level)
		}
	}
	s.Set("tr069.EnableTR069", false)
	s.Set("hotspot.EnableHotspot", false)
}

// fanvilTitle stands in the top row; on a phone without keys it also says what to
// dial.
func fanvilTitle(d telephony.Desired, m provision.Model) string {
	face := provision.FaceAt(d, 1)
	if m.Keys > 0 {
		return face.Short
	}
	return face.WithHint(face.Label, 48)
}

func fanvilLanguage(lang string, form fanvilForm) string {
	if form == fanvilTree {
		switch lang {
		case "en", "nl":
			return lang
		}
		return "de"
	}
	switch lang {
	case "en":
		return "0"
	case "nl":
		return "3"
	}
	return "16"
}

// fanvilProvisioning is where the phone fetches what, and nothing else.
func fanvilProvisioning(s *provision.Sheet, d telephony.Desired) {
	if d.HTTPPassword != "" {
		s.Set("ap.DefaultUsername", d.HTTPUser)
		s.Set("ap.DefaultPassword", d.HTTPPassword)
	} else {
		s.Clear("ap.DefaultUsername", "ap.DefaultPassword")
	}
	s.Set("ap.DownloadCommonConf", false)
	s.Set("ap.SaveProvisionInfo", false)
	fanvilServer(s, d.BaseURL.Reveal(), d.RefetchSeconds/3600)
	// Nobody on the LAN may capture the phone.
	s.Set("ap.pnp.PNPEnable", false)
	s.Set("ap.opt.DHCPOption", 0)
	if fanvilGeneration(d.Model) != fanvilTree {
		s.Set("ap.AutoImageUrl", d.Firmware.URL)
	} else {
		upgrade := d.Firmware.URL != ""
		s.Set("fwCheck.EnableAutoUpgrade", upgrade)
		if upgrade {
			s.Set("fwCheck.UpgradeServer1", strings.TrimSuffix(d.BaseURL.Reveal(), "/"))
			s.Set("fwCheck.AutoUpgradeInterval", 24)
		} else {
			s.Clear("fwCheck.UpgradeServer1")
		}
	}
	fanvilVerify(s, d.SIP.RootCA, d.BaseURL.Reveal())
}
