package drivers

import (
	"cmp"
	"path"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// config is the device's own file, with every account and key that there may be: a
// phone keeps whatever a file does not mention.
func (alcatel) config(d telephony.Desired) (provision.File, error) {
	if err := provision.Complete(d); err != nil {
		return provision.File{}, err
	}
	model, _ := alcatelInfo.Model(d.Model)
	s := alcatelCatalogue.Sheet(400)
	alcatelSystem(s, d)
	for n := 1; n <= alcatelAccounts; n++ {
		if l := lineAt(d, n); l.Used() {
			alcatelUsed(s, d, l, model)
		} else {
			alcatelUnused(s, n)
		}
	}
	alcatelKeys(s, d, model)
	s.Override(d.Overrides)
	return alcatelFile(alcatelName(d.MAC), s)
}

// alcatelSystem is everything that is not about one line.
func alcatelSystem(s *provision.Sheet, d telephony.Desired) {
	alcatelServer(s, d.BaseURL.Reveal())
	if d.HTTPPassword != "" {
		s.Set("DeviceProvisionServerUsername", d.HTTPUser)
		s.Set("DeviceProvisionServerPassword", d.HTTPPassword)
	}
	// Nobody else may capture the phone, and what is changed at it does not stay.
	s.Set("DeviceProvisionPnpEnable", false)
	s.Set("DeviceProvisionDhcpEnable", false)
	s.Set("DeviceProvisionUserConfigProtectEnable", false)
	s.Set("DeviceProvisionUserConfigSyncEnable", false)
	if pw := d.AdminPassword; pw != "" {
		// All levels get the same password: nobody at the desk has it (S03).
		for _, level := range []struct{ at, name string }{{"Admin", "admin"}, {"Var", "var"}, {"User", "user"}} {
			s.Set("DeviceSecurity"+level.at+"Name", level.name)
			s.Set("DeviceSecurity"+level.at+"Pwd", pw)
		}
	}
	s.Set("DeviceSecuritySshEnable", false)
	s.Set("DeviceNetworkHttpEnable", false)
	s.Set("DeviceNetworkHttpsEnable", true)
	s.Set("SIPIpCallEnable", false)
	s.Clear("DeviceBackupUrl")
	s.Set("DeviceCallLogBackupEnable", false)
	s.Set("DeviceContactBackupEnable", false)
	s.Set("DigitMapEnable", false) // else the factory's, which may not let a code through
	s.Set("FeatureDndEnable", false)
	for _, name := range alcatelForwards {
		s.Set(name+"Enable", false)
		s.Clear(name+"Number", name+"OnCode", name+"OffCode")
	}
	s.Set("SettingLanguage", alcatelLanguage(d))
	if c, ok := clocks[d.TimeZone]; ok {
		s.Set("SettingTimeZone", alcatelOffsets[c.hours])
		s.Set("SettingTimeZoneLocation", d.TimeZone)
		s.Set("SettingDstEnable", map[bool]string{true: "2", false: "0"}[c.summer]) // 2: as is usual there
	}
	s.Set("DeviceAutoUpgradeEnable", d.Firmware.URL != "")
	if fw := d.Firmware; fw.URL != "" {
		s.Set("DeviceFirmwareUpgradeUrl", strings.TrimSuffix(fw.URL, "/"+path.Base(fw.URL))) // it asks for the maker's name there
	} else {
		s.Clear("DeviceFirmwareUpgradeUrl")
	}
}

// alcatelUsed writes one used account. The AOR is the channel's random user; who
// sits there stands in the names only. Its domain is the server's address, so the
// host that is really meant is the outbound proxy.
func alcatelUsed(s *provision.Sheet, d telephony.Desired, l telephony.Line, m provision.Model) {
	at, face := alcatelAccount(l.Port), provision.FaceOf(d, l)
	s.Set(at+"Enable", true)
	s.Set(at+"RegName", l.SIPUser)
	s.Set(at+"UserName", l.SIPUser)
	s.Set(at+"Password", l.Secret)
	s.Set(at+"Label", face.LabelOn(m))
	s.Set(at+"DisplayName", face.Display)
	s.Set(at+"Server1Address", d.SIP.Realm)
	s.Set(at+"Server1Port", d.SIP.Port)
	s.Set(at+"Server1Transport", d.SIP.Transport)
	s.Set(at+"Server1Expire", max(d.SIP.Expires, 1))
	s.Set(at+"OutboundProxy1Address", d.SIP.Host)
	s.Set(at+"OutboundProxy1Port", d.SIP.Port)
	s.Set(at+"RportEnable", true)
	s.Set(at+"DigitMapEnable", false)
	s.Set(at+"SrtpWorkingMode", "0") // which number means "if the other can", no source says
	s.Set(at+"DtmfMode", "2")        // RFC 4733
	alcatelFixed(s, at)
}

func alcatelUnused(s *provision.Sheet, n int) {
	at := alcatelAccount(n)
	s.Set(at+"Enable", false)
	for _, name := range []string{"RegName", "UserName", "Password", "Label", "DisplayName", "Server1Address", "OutboundProxy1Address"} {
		s.Clear(at + name)
	}
	alcatelFixed(s, at)
}

// alcatelFixed is what holds for an account whether it is used or not.
func alcatelFixed(s *provision.Sheet, at string) {
	s.Clear(at+"Server2Address", at+"VmNumber", at+"MwiUri")
	s.Set(at+"AutoAnswerEnable", false)
}

// alcatelKeys writes every key of the model, nothing on those that are not in use.
// The first is the account's.
func alcatelKeys(s *provision.Sheet, d telephony.Desired, m provision.Model) {
	none := func(at string) { s.Clear(at+"Type", at+"Account", at+"Label", at+"Value", at+"Extension") }
	none(alcatelKey(1))
	keys, _ := provision.LayKeys(alcatelInfo, d)
	for n := range m.Keys {
		at := alcatelKey(n + 2)
		if n >= len(keys) {
			none(at)
			continue
		}
		k, kind := keys[n], alcatelDial
		if k.Kind == provision.KeyWatch {
			kind = alcatelWatch
		}
		s.Set(at+"Type", kind)
		s.Set(at+"Account", k.Port)
		s.Set(at+"Label", k.Label)
		s.Set(at+"Value", k.Value)
		s.Set(at+"Extension", k.Value)
	}
}

func alcatelLanguage(d telephony.Desired) string {
	return cmp.Or(alcatelLanguages[d.Spoken()], alcatelLanguages["de"])
}
