package drivers

import (
	"strings"
	"sync"

	"tischlein/internal/provision"
)

// gigasetRow is one parameter with its words in the dialects, "" = it has none.
// In these {i} is the account from 0, {n} from 1, {h} the handset, and {_n}
// nothing for the first account.
type gigasetRow struct {
	provision.Param
	words [gigasetForms]string
}

// gigasetRows: parameters that several dialects have are named as on the desk
// phones.
var gigasetRows = []gigasetRow{
	gigasetSpecial("firmware.version", provision.Text), gigasetSpecial("firmware.url", provision.URL),

	gigasetAll(provision.Param{Name: "WebUI.AdminPassword", Type: provision.Secret}, "=", "WebUIAccounts.1.Password", "", "BS_CUSTOM.WebUIPassword"),
	gigasetAll(provision.Param{Name: "WebUI.UserPassword", Type: provision.Secret}, "=", "", "", ""),
	gigasetAll(provision.Param{Name: "System.Provision.ProvisioningServer", Type: provision.URL},
		"=", "Provisioning.global.ProvisioningServer", "S_CONFIGFILE_URL", "S_CONFIGFILE_URL"),
	gigasetAll(provision.Param{Name: "System.Provision.Period", Type: provision.Int, Min: 1, Max: 43200}, "=", "", "", ""),
	gigasetAll(provision.Param{Name: "NET.IP.IPv4.DHCP.Options.Disabled", Type: provision.Text, Max: 32}, "=", "", "", ""),
	gigasetAll(provision.Param{Name: "SIP.Checksync.Simple", Type: provision.Bool}, "=", "", "", ""),
	gigasetAll(provision.Param{Name: "SystemSettings.global.CheckSyncRebootEnabled", Type: provision.Bool, Since: "2.52"}, "", "=", "", ""),
	gigasetAll(provision.Param{Name: "SystemSettings.global.SipMulticastEnabled", Type: provision.Bool}, "", "=", "", ""),
	gigasetAll(provision.Param{Name: "FirmwareManagment.AutomaticCheckForUpdates", Type: provision.Bool}, "=", "", "", ""),
	gigasetAll(provision.Param{Name: "BS_IP_Data.ucB_AUTO_UPDATE_PROFILE", Type: provision.Bool}, "", "", "=", ""),
	gigasetAll(provision.Param{Name: "BS_IP_Data.ucB_DO_CHECK_FOR_PROFILE_UPDATES", Type: provision.Bool}, "", "", "", "="),
	gigasetAll(provision.Param{Name: "BS_IP_Data.ucB_AUTO_UPDATE_FW", Type: provision.Bool}, "", "", "", "="),

	gigasetAll(provision.Param{Name: "PhoneUI.Settings.Language", Type: provision.Enum, Allowed: []string{"de-de", "en-us", "nl-nl"}, Open: true}, "=", "", "", ""),
	gigasetAll(provision.Param{Name: "WebUI.Language", Type: provision.Enum, Allowed: []string{"de-de", "en-us", "nl-nl"}, Open: true}, "=", "", "", ""),
	gigasetAll(provision.Param{Name: "System.DateAndTime.TimeServer", Type: provision.Text, Max: 128, Open: true},
		"=", "DmGlobal.0.NtpServer", "BS_IP_Data1.aucS_TIME_NTP_SERVER", "BS_IP_Data.aucS_TIME_NTP_SERVER[%]"),
	gigasetAll(provision.Param{Name: "System.DateAndTime.TimeZone", Type: provision.Text, Max: 64, Open: true}, "=", "", "", ""),
	gigasetAll(provision.Param{Name: "System.DateAndTime.AutoAdjustClockForDST", Type: provision.Enum,
		Allowed: []string{"AutomatedDaylightSavingEnabled"}}, "=", "", "", ""),
	gigasetAll(provision.Param{Name: "System.DateAndTime.TimeFormat", Type: provision.Enum, Allowed: []string{"24h", "12h"}, Open: true}, "=", "", "", ""),
	gigasetAll(provision.Param{Name: "System.DateAndTime.DateOrder", Type: provision.Enum, Allowed: []string{"dd.mm.yyyy", "mm.dd.yyyy"}, Open: true}, "=", "", "", ""),
	gigasetAll(provision.Param{Name: "Telephony.ToneScheme", Type: provision.Text, Max: 16, Open: true}, "=", "", "", ""),
	gigasetAll(provision.Param{Name: "PhoneUI.Settings.Contrast", Type: provision.Int, Min: 1, Max: 10, Open: true}, "=", "", "", ""),
	gigasetAll(provision.Param{Name: "PhoneUI.Settings.Backlight", Type: provision.Int, Min: 1, Max: 10, Open: true}, "=", "", "", ""),
	gigasetAll(provision.Param{Name: "DmGlobal.0.TimeZone", Type: provision.Text, Max: 64, Open: true}, "", "=", "", ""),
	gigasetAll(provision.Param{Name: "DmGlobal.0.HSIdleDisplay", Type: provision.Int, Min: 0, Max: 1}, "", "=", "", ""),
	gigasetAll(provision.Param{Name: "DmGlobal.0.SuotaEnable", Type: provision.Bool, Open: true}, "", "=", "", ""),
	gigasetAll(provision.Param{Name: "Telephony.0.ToneScheme", Type: provision.Text, Max: 32, Open: true}, "", "=", "", ""),
	gigasetAll(provision.Param{Name: "Telephony.0.CT_ViaRKey", Type: provision.Bool, Open: true}, "", "=", "", ""),
	gigasetAll(provision.Param{Name: "Telephony.0.CT_ByOnHook", Type: provision.Bool, Open: true}, "", "=", "", ""),
	gigasetAll(provision.Param{Name: "BS_IP_Data.uiI_TIME_TIMEZONE", Type: provision.Int, Min: 0, Max: 67, Open: true}, "", "", "BS_IP_Data1.uiI_TIME_TIMEZONE", "="),
	gigasetAll(provision.Param{Name: "BS_IP_Data.ucB_TIME_USE_AUTOMATIC_DST", Type: provision.Bool, Open: true}, "", "", "BS_IP_Data1.ucB_TIME_USE_AUTOMATIC_DST", "="),
	gigasetAll(provision.Param{Name: "BS_IP_Data.ucI_HTTPLANGUAGE", Type: provision.Int, Min: 1, Max: 17, Open: true}, "", "", "BS_IP_Data1.ucI_HTTPLANGUAGE", "="),
	gigasetAll(provision.Param{Name: "BS_AE_SwConfig.ucCountryCodeTone", Type: provision.Int, Min: 0, Max: 13, Open: true}, "", "", "=", "="),
	gigasetAll(provision.Param{Name: "BS_LM_AppCfg.bit.bHasIdleTextInternalName", Type: provision.Bool}, "", "", "=", ""),
	gigasetAll(provision.Param{Name: "BS_VOIP_Data.NameOnIdleDisplay", Type: provision.Bool}, "", "", "", "="),
	gigasetAll(provision.Param{Name: "BS_VOIP_Data.astVoipAccounts[%].ucB_VOIP_CALLFORWARDING_STATUS", Type: provision.Bool}, "", "", "", "="),

	// The server: of each account, or of a provider for all.
	gigasetAll(provision.Param{Name: "SIP.TransportProtocol", Type: provision.Int, Min: 1, Max: 3}, "=", "SipProvider.0.TransportProtocol", "", ""),
	gigasetAll(provision.Param{Name: "SIP.Security.UseSIPS", Type: provision.Bool}, "=", "SipProvider.0.UseSIPS", "", ""),
	gigasetAll(provision.Param{Name: "SIP.Security.SRTP", Type: provision.Bool}, "=", "SipProvider.0.SRTP_Enabled", "", ""),
	gigasetAll(provision.Param{Name: "SIP.Security.AcceptNonSRTPCalls", Type: provision.Bool}, "=", "SipProvider.0.AcceptNonSRTPCalls", "", ""),
	gigasetAll(provision.Param{Name: "SIP.DefaultAccount", Type: provision.Int, Min: 0, Max: 3}, "=", "", "", ""),
	gigasetAll(provision.Param{Name: "SipProvider.0.Name", Type: provision.Text, Max: 32}, "", "=", "", "BS_VOIP_Data.astVoipProviders[0].aucSIP_PROVIDER_NAME[%]"),
	gigasetAll(provision.Param{Name: "SipProvider.0.Domain", Type: provision.Text, Max: 128}, "", "=", "", "BS_VOIP_Data.astVoipProviders[0].aucSIP_DOMAIN[%]"),
	gigasetAll(provision.Param{Name: "SipProvider.0.ProxyServerAddress", Type: provision.Text, Max: 128}, "", "=", "", "BS_VOIP_Data.astVoipProviders[0].aucSIP_SERVER[%]"),
	gigasetAll(provision.Param{Name: "SipProvider.0.ProxyServerPort", Type: provision.Int, Min: 1, Max: 65535}, "", "=", "", "BS_VOIP_Data.astVoipProviders[0].uiSIP_SERVER_PORT"),
	gigasetAll(provision.Param{Name: "SipProvider.0.RegServerAddress", Type: provision.Text, Max: 128}, "", "=", "", "BS_VOIP_Data.astVoipProviders[0].aucSIP_REGISTRAR[%]"),
	gigasetAll(provision.Param{Name: "SipProvider.0.RegServerPort", Type: provision.Int, Min: 1, Max: 65535}, "", "=", "", "BS_VOIP_Data.astVoipProviders[0].uiSIP_REGISTRAR_PORT"),
	gigasetAll(provision.Param{Name: "SipProvider.0.RegServerRefreshTimer", Type: provision.Int, Min: 30, Max: 86400},
		"", "=", "", "BS_VOIP_Data.astVoipProviders[0].uiRE_REGISTRATION_TIMER"),
	gigasetAll(provision.Param{Name: "SipProvider.0.OutboundProxyMode", Type: provision.Int, Min: 0, Max: 2}, "", "=", "", "BS_VOIP_Data.astVoipProviders[0].ucOUTBOUND_PROXY_MODE"),
	gigasetAll(provision.Param{Name: "SipProvider.0.MWISubscription", Type: provision.Bool}, "", "=", "", ""),
	gigasetAll(provision.Param{Name: "BS_VOIP_Data.astVoipProviders[0].uiNAT_REFRESH_TIME", Type: provision.Int, Min: 15, Max: 29}, "", "", "", "="),

	gigasetAccount("Active", provision.Param{Type: provision.Bool}, "=", "", "BS_IP_Data1.ucB_SIP_ACCOUNT_IS_ACTIVE_{n}", "ucB_SIP_ACCOUNT_IS_ACTIVE_1"),
	gigasetAccount("AccountName", provision.Param{Type: provision.Text, Max: 80}, "=", "", "BS_IP_Data1.aucS_SIP_ACCOUNT_NAME_{n}", ""),
	gigasetAccount("DisplayName", provision.Param{Type: provision.Text, Max: 64}, "=", "DisplayName", "BS_IP_Data1.aucS_SIP_DISPLAYNAME{_n}", "aucS_SIP_DISPLAYNAME[0]"),
	gigasetAccount("AuthName", provision.Param{Type: provision.Text, Max: 64}, "=", "AuthName", "BS_IP_Data3.aucS_SIP_LOGIN_ID{_n}", "aucS_SIP_LOGIN_ID[0]"),
	gigasetAccount("AuthPassword", provision.Param{Type: provision.Secret}, "=", "AuthPassword", "BS_IP_Data1.aucS_SIP_PASSWORD{_n}", "aucS_SIP_PASSWORD[0]"),
	gigasetAccount("Username", provision.Param{Type: provision.Text, Max: 64}, "=", "UserName", "BS_IP_Data1.aucS_SIP_USER_ID{_n}", "aucS_SIP_USER_ID[0]"),
	gigasetAccount("ProviderId", provision.Param{Type: provision.Int, Min: 0, Max: 9}, "", "ProviderId", "", ""),
	gigasetAccount("Domain", provision.Param{Type: provision.Text, Max: 128}, "=", "", "BS_IP_Data1.aucS_SIP_DOMAIN{_n}", ""),
	gigasetAccount("ProxyServer.Address", provision.Param{Type: provision.Text, Max: 128}, "=", "", "BS_IP_Data1.aucS_SIP_SERVER{_n}", ""),
	gigasetAccount("ProxyServer.Port", provision.Param{Type: provision.Int, Min: 1, Max: 65535}, "=", "", "BS_IP_Data1.uiI_SIP_SERVER_PORT{_n}", ""),
	gigasetAccount("RegistrationServer.Address", provision.Param{Type: provision.Text, Max: 128}, "=", "", "BS_IP_Data1.aucS_SIP_REGISTRAR{_n}", ""),
	gigasetAccount("RegistrationServer.Port", provision.Param{Type: provision.Int, Min: 1, Max: 65535}, "=", "", "BS_IP_Data1.uiI_SIP_REGISTRAR_PORT{_n}", ""),
	gigasetAccount("RefreshTimer", provision.Param{Type: provision.Int, Min: 30, Max: 65535}, "", "", "BS_IP_Data1.uiI_RE_REGISTRATION_TIMER{_n}", ""),
	gigasetAccount("VoiceMail.Active", provision.Param{Type: provision.Bool}, "=", "", "", ""),
	gigasetAccount("SendMask", provision.Param{Type: provision.Int, Min: 1, Max: 32}, "", "", "BS_Accounts.astAccounts[{i}].uiSendMask", ""),
	gigasetAccount("ReceiveMask", provision.Param{Type: provision.Int, Min: 1, Max: 32}, "", "", "BS_Accounts.astAccounts[{i}].uiReceiveMask", ""),
	gigasetAccount("HandsetName", provision.Param{Type: provision.Text, Max: 32}, "", "", "BS_AE_Subscriber.stMtDat[{i}].aucTlnName", ""),

	// Handsets, counted from 1.
	gigasetSpecial("oper.DeleteNotProvisionedHS", provision.Bool), gigasetSpecial("hs.#.RegStatus", provision.Text),
	gigasetAll(provision.Param{Name: "hs.#.DECT_AC", Type: provision.Text, Max: 4}, "", "hs.{h}.DECT_AC", "", ""),

	gigasetAll(provision.Param{Name: "PhoneUI.Keys.FunctionKeys.#.Type", Type: provision.Int, Min: -1, Max: 17}, "PhoneUI.Keys.FunctionKeys.{i}.Type", "", "", ""),
	gigasetAll(provision.Param{Name: "PhoneUI.Keys.FunctionKeys.#.Connection", Type: provision.Int, Min: 0, Max: 3}, "PhoneUI.Keys.FunctionKeys.{i}.Connection", "", "", ""),
	gigasetAll(provision.Param{Name: "PhoneUI.Keys.FunctionKeys.#.PhoneNumber", Type: provision.Text, Max: 64}, "PhoneUI.Keys.FunctionKeys.{i}.PhoneNumber", "", "", ""),
	gigasetAll(provision.Param{Name: "PhoneUI.Keys.FunctionKeys.#.DisplayName", Type: provision.Text, Max: 64}, "PhoneUI.Keys.FunctionKeys.{i}.DisplayName", "", "", ""),
}

// gigasetAll: "=" is the parameter's own name.
func gigasetAll(p provision.Param, desk, base, n510, n720 string) gigasetRow {
	r := gigasetRow{p, [gigasetForms]string{desk, base, n510, n720}}
	r.Source = fromTemplates
	for n, w := range r.words {
		if w == "=" {
			r.words[n] = p.Name
		}
	}
	return r
}

func gigasetAccount(name string, p provision.Param, desk, base, n510, n720 string) gigasetRow {
	p.Name = "SIP.Account.#." + name
	r := gigasetAll(p, "", "", n510, "")
	r.Source = fromGuide
	if desk != "" {
		r.words[gigasetDesk] = "SIP.Account.{i}." + name
	}
	if base != "" {
		r.words[gigasetBase] = "SipAccount.{h}." + base
	}
	if n720 != "" {
		r.words[gigasetN720] = "BS_VOIP_Data.astVoipAccounts[{i}]." + n720
	}
	return r
}

// gigasetSpecial is what the format has elements of its own for.
func gigasetSpecial(name string, t provision.Type) gigasetRow {
	return gigasetAll(provision.Param{Name: name, Type: t}, "", "", "", "")
}

var gigasetCatalogue = func() *provision.Catalogue {
	params := make([]provision.Param, 0, len(gigasetRows))
	for _, r := range gigasetRows {
		params = append(params, r.Param)
	}
	return provision.NewCatalogue("1", "0", "", params...)
}()

var gigasetByPattern = sync.OnceValue(func() map[string]*gigasetRow {
	rows := make(map[string]*gigasetRow, len(gigasetRows))
	for i := range gigasetRows {
		rows[gigasetRows[i].Name] = &gigasetRows[i]
	}
	return rows
})

// gigasetPattern is the row that a name belongs to: its numbers are "#", but for
// those that the name always has.
func gigasetPattern(name string) string {
	if _, known := gigasetByPattern()[name]; known {
		return name
	}
	parts := strings.Split(name, ".")
	for i, p := range parts {
		if p != "" && strings.Trim(p, "0123456789") == "" {
			parts[i] = "#"
		}
	}
	return strings.Join(parts, ".")
}
