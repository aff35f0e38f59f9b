package drivers

import (
	"strconv"

	"tischlein/internal/provision"
)

// What a key does.
const (
	alcatelDial  = "1"
	alcatelWatch = "59"
)

// alcatelForwards are the three kinds of forwards.
var alcatelForwards = []string{"FeatureImmFwd", "FeatureBusyFwd", "FeatureNoReplyFwd"}

var alcatelCatalogue = provision.NewCatalogue("true", "false", "", alcatelParams()...)

func alcatelParams() []provision.Param {
	type p = provision.Param
	digits := func(most int) []string {
		var list []string
		for n := range most + 1 {
			list = append(list, strconv.Itoa(n))
		}
		return list
	}
	params := []p{
		{Name: "DeviceProvisionServerUrl", Type: provision.URL},
		{Name: "DeviceProvisionServerUsername", Type: provision.Text, Max: 64},
		{Name: "DeviceProvisionServerPassword", Type: provision.Secret},
		{Name: "DeviceProvisionFileFirst", Type: provision.Text, Max: 64},
		{Name: "DeviceProvisionFileSecond", Type: provision.Text, Max: 64},
		{Name: "DeviceProvisionFileThird", Type: provision.Text, Max: 64},
		{Name: "DeviceProvisionPollingByIntervalEnable", Type: provision.Bool},
		{Name: "DeviceProvisionPnpEnable", Type: provision.Bool},
		{Name: "DeviceProvisionDhcpEnable", Type: provision.Bool},
		{Name: "DeviceProvisionUserConfigProtectEnable", Type: provision.Bool},
		{Name: "DeviceProvisionUserConfigSyncEnable", Type: provision.Bool},
		{Name: "DeviceSecurityAdminName", Type: provision.Text, Max: 32}, {Name: "DeviceSecurityAdminPwd", Type: provision.Secret},
		{Name: "DeviceSecurityUserName", Type: provision.Text, Max: 32}, {Name: "DeviceSecurityUserPwd", Type: provision.Secret},
		{Name: "DeviceSecurityVarName", Type: provision.Text, Max: 32}, {Name: "DeviceSecurityVarPwd", Type: provision.Secret},
		{Name: "DeviceSecuritySshEnable", Type: provision.Bool},
		{Name: "DeviceNetworkHttpEnable", Type: provision.Bool},
		{Name: "DeviceNetworkHttpsEnable", Type: provision.Bool},
		{Name: "SIPIpCallEnable", Type: provision.Bool},
		{Name: "DeviceBackupUrl", Type: provision.URL},
		{Name: "DeviceCallLogBackupEnable", Type: provision.Bool},
		{Name: "DeviceContactBackupEnable", Type: provision.Bool},
		{Name: "DeviceFirmwareUpgradeUrl", Type: provision.URL},
		{Name: "DeviceAutoUpgradeEnable", Type: provision.Bool},
		{Name: "DigitMapEnable", Type: provision.Bool},
		{Name: "FeatureDndEnable", Type: provision.Bool},

		{Name: "SettingLanguage", Type: provision.Enum, Allowed: digits(22), Open: true},
		{Name: "SettingWuiLanguage", Type: provision.Enum, Allowed: digits(22), Open: true},
		{Name: "SettingTimeZone", Type: provision.Enum, Allowed: alcatelOffsets, Open: true},
		{Name: "SettingTimeZoneLocation", Type: provision.Text, Max: 64, Open: true},
		{Name: "SettingDstEnable", Type: provision.Enum, Allowed: digits(2), Open: true},
		{Name: "SettingSntpServer", Type: provision.Text, Max: 64, Open: true},
		{Name: "SettingDtmfFeedbackEnable", Type: provision.Bool, Open: true},
		{Name: "FeatureCallWaitingEnable", Type: provision.Bool, Open: true},
		{Name: "FeatureCallWaitingToneEnable", Type: provision.Bool, Open: true},
		{Name: "FeatureKeepMuteEnable", Type: provision.Bool, Open: true},
		{Name: "FeatureAutoRedialEnable", Type: provision.Bool, Open: true},
		{Name: "FeatureCallCompletionEnable", Type: provision.Bool, Open: true},
		{Name: "FeaturePlayHoldToneEnable", Type: provision.Bool, Open: true},
		{Name: "AudioHearingAidEnable", Type: provision.Bool, Open: true},
		{Name: "SIPRfc2543HoldEnable", Type: provision.Bool, Open: true},
		{Name: "DeviceNetworkLldpVlanEnable", Type: provision.Bool, Open: true},
		{Name: "DeviceNetworkLanVlanEnable", Type: provision.Bool, Open: true},
		{Name: "DeviceNetworkLanVlanNumber", Type: provision.Int, Max: 4094, Open: true},
		{Name: "DeviceNetworkPcVlanEnable", Type: provision.Bool, Open: true},
		{Name: "DeviceNetworkPcVlanNumber", Type: provision.Int, Max: 4094, Open: true},
		{Name: "DeviceLogLevel", Type: provision.Int, Max: 9, Open: true},
	}
	for _, name := range alcatelForwards {
		params = append(params,
			p{Name: name + "Enable", Type: provision.Bool}, p{Name: name + "Number", Type: provision.Text, Max: 64},
			p{Name: name + "OnCode", Type: provision.Text, Max: 32}, p{Name: name + "OffCode", Type: provision.Text, Max: 32})
	}
	for n := 1; n <= alcatelAccounts; n++ {
		at := alcatelAccount(n)
		for _, name := range []string{"Enable", "AutoAnswerEnable", "DigitMapEnable", "RportEnable"} {
			params = append(params, p{Name: at + name, Type: provision.Bool})
		}
		for _, name := range []string{"RegName", "UserName", "Label", "DisplayName", "Server1Address", "Server2Address", "OutboundProxy1Address", "VmNumber", "MwiUri"} {
			params = append(params, p{Name: at + name, Type: provision.Text, Max: 128})
		}
		params = append(params,
			p{Name: at + "Password", Type: provision.Secret},
			p{Name: at + "Server1Port", Type: provision.Int, Min: 1, Max: 65535},
			p{Name: at + "OutboundProxy1Port", Type: provision.Int, Min: 1, Max: 65535},
			p{Name: at + "Server1Transport", Type: provision.Enum, Allowed: []string{"udp", "tcp", "tls"}},
			p{Name: at + "Server1Expire", Type: provision.Int, Min: 1, Max: 65535},
			p{Name: at + "SrtpWorkingMode", Type: provision.Enum, Allowed: digits(2), Open: true},
			p{Name: at + "DtmfMode", Type: provision.Enum, Allowed: []string{"0", "1", "2", "4"}, Open: true},
			p{Name: at + "AudioCodec", Type: provision.Text, Max: 64, Open: true},
			p{Name: at + "KeepAliveInterval", Type: provision.Int, Min: 10, Max: 29, Open: true})
	}
	for n := 1; n <= 28; n++ {
		at := alcatelKey(n)
		params = append(params,
			p{Name: at + "Type", Type: provision.Enum, Allowed: []string{alcatelDial, alcatelWatch}},
			p{Name: at + "Account", Type: provision.Int, Min: 1, Max: alcatelAccounts},
			p{Name: at + "Label", Type: provision.Text, Max: 64},
			p{Name: at + "Value", Type: provision.Text, Max: 128},
			p{Name: at + "Extension", Type: provision.Text, Max: 128})
	}
	for n := range params {
		params[n].Source = fromTemplates
	}
	return params
}

func alcatelAccount(n int) string { return "Account" + strconv.Itoa(n) }
func alcatelKey(n int) string     { return "ProgramKey" + strconv.Itoa(n) }
