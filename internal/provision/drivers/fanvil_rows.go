package drivers

import "tischlein/internal/provision"

// The modules of the texts.
const (
	fanvilGlobal = "GLOBAL CONFIG MODULE"
	fanvilSIP    = "SIP CONFIG MODULE"
	fanvilCall   = "CALL FEATURE MODULE"
	fanvilTele   = "TELE CONFIG MODULE"
	fanvilPhone  = "PHONE FEATURE MODULE"
	fanvilScreen = "PHONE CONFIG MODULE"
	fanvilMMI    = "MMI CONFIG MODULE"
	fanvilTR069  = "TR069 CONFIG MODULE"
	fanvilSpot   = "SIP Hotspot MODULE"
	fanvilUpdate = "AUTOUPDATE CONFIG MODULE"
	fanvilQoS    = "QOS CONFIG MODULE"

	fanvilLineList = "SIP Line List"
	fanvilClock    = "DateTime Config"
)

func fanvilBool(name string) fanvilRow { return fanvilParam(name, provision.Bool, 0, 0) }
func fanvilStr(name string, most int) fanvilRow {
	return fanvilParam(name, provision.Text, 0, most)
}
func fanvilInt(name string, least, most int) fanvilRow {
	return fanvilParam(name, provision.Int, least, most)
}
func fanvilSecret(name string) fanvilRow { return fanvilParam(name, provision.Secret, 0, 0) }
func fanvilURL(name string) fanvilRow    { return fanvilParam(name, provision.URL, 0, 0) }

func fanvilParam(name string, t provision.Type, least, most int) fanvilRow {
	return fanvilRow{Param: provision.Param{Name: name, Type: t, Min: least, Max: most, Source: fromTemplates}}
}

// is says where the newer text has the parameter, was where the older has it.
func (r fanvilRow) is(module, list, key string) fanvilRow {
	r.now = fanvilWord{module, list, key}
	return r
}

func (r fanvilRow) was(module, list, key string) fanvilRow {
	r.old = fanvilWord{module, list, key}
	return r
}

// stays: module, list and key are the same in both.
func (r fanvilRow) stays(module, list, key string) fanvilRow {
	return r.is(module, list, key).was(module, list, key)
}

// open: an operator may override it (P08).
func (r fanvilRow) open() fanvilRow {
	r.Open = true
	return r
}

func (r fanvilRow) from(source string) fanvilRow {
	r.Source = source
	return r
}

func (r fanvilRow) oneOf(values ...string) fanvilRow {
	r.Type, r.Allowed = provision.Enum, values
	return r
}

// account is a parameter of one line, named alike everywhere.
func (r fanvilRow) account(key string) fanvilRow {
	return r.stays(fanvilSIP, fanvilLineList, "SIP# "+key).from(fromGuide)
}

var fanvilRows = []fanvilRow{
	fanvilBool("sip.NotifyReboot").stays(fanvilSIP, "", "Notify Reboot").from(fromGuide),
	fanvilStr("sip.line.#.PhoneNumber", 64).account("Phone Number"),
	fanvilStr("sip.line.#.DisplayName", 64).account("Display Name"),
	fanvilStr("sip.line.#.SipName", 64).account("Sip Name"),
	fanvilStr("sip.line.#.RegisterAddr", 128).account("Register Addr"),
	fanvilInt("sip.line.#.RegisterPort", 0, 65535).account("Register Port"),
	fanvilStr("sip.line.#.RegisterUser", 64).account("Register User"),
	fanvilSecret("sip.line.#.RegisterPswd").account("Register Pswd"),
	fanvilInt("sip.line.#.RegisterTTL", 30, 86400).account("Register TTL"),
	fanvilBool("sip.line.#.EnableReg").account("Enable Reg"),
	fanvilStr("sip.line.#.ProxyAddr", 128).account("Proxy Addr"),
	fanvilInt("sip.line.#.ProxyPort", 0, 65535).account("Proxy Port"),
	fanvilStr("sip.line.#.ProxyUser", 64).account("Proxy User"),
	fanvilSecret("sip.line.#.ProxyPswd").account("Proxy Pswd"),
	fanvilInt("sip.line.#.Transport", 0, 3).account("Transport"),
	fanvilInt("sip.line.#.MediaCrypto", 0, 2).account("Media Crypto"),
	fanvilInt("sip.line.#.NATUDPUpdate", 0, 2).account("NAT UDPUpdate"),
	fanvilInt("sip.line.#.UDPUpdateTTL", 15, 60).account("UDPUpdate TTL"),
	fanvilBool("sip.line.#.EnableRport").account("Enable Rport"),
	fanvilBool("sip.line.#.Subscribe").account("Subscribe"),
	fanvilStr("sip.line.#.MWINum", 32).account("MWI Num"),
	fanvilBool("sip.line.#.EnableDND").account("Enable DND"),
	fanvilBool("sip.line.#.AlwaysFWD").account("Always FWD"),
	fanvilBool("sip.line.#.BusyFWD").account("Busy FWD"),
	fanvilBool("sip.line.#.NoAnswerFWD").account("No Answer FWD"),
	fanvilStr("sip.line.#.AlwaysFWDNum", 64).account("Always FWD Num"),
	fanvilStr("sip.line.#.BusyFWDNum", 64).account("Busy FWD Num"),
	fanvilStr("sip.line.#.NoAnswerFWDNum", 64).account("NoAnswer FWD Num"),
	fanvilInt("sip.line.#.DTMFMode", 0, 3).account("DTMF Mode").open(),
	fanvilInt("sip.line.#.CallerIdType", 0, 5).account("Caller Id Type").open(),
	fanvilBool("sip.line.#.MissedCallLog").account("MissedCallLog").open(),
	fanvilStr("sip.line.#.VoiceCodecMap", 128).account("VoiceCodecMap").open(),

	fanvilBool("call.port.#.CallWaiting").is(fanvilCall, "Port Config", "P# CallWaiting").was(fanvilTele, "Port Config", "P# CallWaiting").open(),
	fanvilBool("call.port.#.CWaitingTone").is(fanvilCall, "Port Config", "P# CWaiting Tone").was(fanvilTele, "Port Config", "P# CWaiting Tone").open(),
	fanvilInt("call.port.#.DNDMode", 0, 2).is(fanvilCall, "Port Config", "P# DND Mode").was(fanvilTele, "Port Config", "P# DND Mode"),

	fanvilSecret("phone.MenuPassword").is(fanvilPhone, "", "Menu Password").was(fanvilScreen, "", "Menu Password").from(fromGuide),
	fanvilSecret("phone.KeyLockPassword").is(fanvilPhone, "", "KeyLock Password").was(fanvilScreen, "", "KeyLock Password").from(fromGuide),
	fanvilStr("phone.EmergencyCall", 99).is(fanvilPhone, "", "Emergency Call").was(fanvilScreen, "", "Emergency Call"),
	fanvilStr("phone.PushXMLIP", 64).is(fanvilPhone, "", "Push XML IP").was(fanvilGlobal, "", "Push XML IP"),
	fanvilBool("phone.SIPNotifyXML").is(fanvilPhone, "", "SIP Notify XML").was(fanvilScreen, "", "SIP Notify XML"),
	fanvilBool("phone.EnableCallHistory").is(fanvilPhone, "", "Enable Call History").was(fanvilGlobal, "", "Enable Call History"),
	fanvilStr("phone.display.LCDTitle", 48).is(fanvilPhone, "Display Input", "LCD Title").was(fanvilScreen, "", "LCD Title"),
	// Current phones have words for languages, those before them numbers.
	fanvilStr("phone.display.DefaultLanguage", 0).oneOf("de", "en", "nl", "16", "0", "3").
		is(fanvilPhone, "Display Input", "Default Language").was(fanvilGlobal, "", "Language").open(),
	fanvilInt("phone.display.LCDLuminanceLevel", 1, 16).is(fanvilPhone, "Display Input", "LCD Luminance Level").open(),
	fanvilInt("phone.display.BacklightOffTime", 0, 3600).is(fanvilPhone, "Display Input", "Backlight Off Time").
		was(fanvilScreen, "", "Backlight Off Time").open(),
	fanvilInt("phone.timeDisplay.TimeDisplayStyle", 0, 1).is(fanvilPhone, "DateTime Display", "Time Display Style").
		was(fanvilScreen, "", "Time Display Style").open(),
	fanvilInt("phone.timeDisplay.DateDisplayStyle", 0, 13).is(fanvilPhone, "DateTime Display", "Date Display Style").
		was(fanvilScreen, "", "Date Display Style").open(),
	fanvilStr("phone.date.SNTPServer", 128).is(fanvilPhone, fanvilClock, "SNTP Server").was(fanvilGlobal, "", "SNTP Server").open(),
	fanvilInt("phone.date.TimeZone", -48, 56).is(fanvilPhone, fanvilClock, "Time Zone").was(fanvilGlobal, "", "Time Zone").open(),
	fanvilStr("phone.date.TimeZoneName", 32).is(fanvilPhone, fanvilClock, "Time Zone Name").was(fanvilGlobal, "", "Time Zone Name").open(),
	fanvilInt("phone.date.DSTType", 0, 2).is(fanvilPhone, fanvilClock, "DST Type").was(fanvilGlobal, "", "Enable DST").open(),
	fanvilInt("phone.date.DSTMinOffset", 0, 60).is(fanvilPhone, fanvilClock, "DST Min Offset").was(fanvilGlobal, "", "DST Min Offset").open(),
	fanvilInt("phone.date.DSTStartMon", 1, 12).is(fanvilPhone, fanvilClock, "DST Start Mon").was(fanvilGlobal, "", "DST Start Mon").open(),
	fanvilInt("phone.date.DSTStartWeek", 1, 5).is(fanvilPhone, fanvilClock, "DST Start Week").was(fanvilGlobal, "", "DST Start Week").open(),
	fanvilInt("phone.date.DSTStartWday", 0, 6).is(fanvilPhone, fanvilClock, "DST Start Wday").was(fanvilGlobal, "", "DST Start Wday").open(),
	fanvilInt("phone.date.DSTStartHour", 0, 23).is(fanvilPhone, fanvilClock, "DST Start Hour").was(fanvilGlobal, "", "DST Start Hour").open(),
	fanvilInt("phone.date.DSTEndMon", 1, 12).is(fanvilPhone, fanvilClock, "DST End Mon").was(fanvilGlobal, "", "DST End Mon").open(),
	fanvilInt("phone.date.DSTEndWeek", 1, 5).is(fanvilPhone, fanvilClock, "DST End Week").was(fanvilGlobal, "", "DST End Week").open(),
	fanvilInt("phone.date.DSTEndWday", 0, 6).is(fanvilPhone, fanvilClock, "DST End Wday").was(fanvilGlobal, "", "DST End Wday").open(),
	fanvilInt("phone.date.DSTEndHour", 0, 23).is(fanvilPhone, fanvilClock, "DST End Hour").was(fanvilGlobal, "", "DST End Hour").open(),

	fanvilBool("cti.EnabledActiveUri").is("CTI CONFIG MODULE", "", "Enabled Active Uri"),

	fanvilInt("dsskey.internal.#.Fkey.#.Type", 0, 30).is("DSSKEY CONFIG MODULE", "Dsskey Config#", "Fkey# Type").was(fanvilScreen, "Function Key", "Fkey# Type"),
	fanvilStr("dsskey.internal.#.Fkey.#.Value", fanvilLongestKey).is("DSSKEY CONFIG MODULE", "Dsskey Config#", "Fkey# Value").was(fanvilScreen, "Function Key", "Fkey# Value"),
	fanvilStr("dsskey.internal.#.Fkey.#.Title", 48).is("DSSKEY CONFIG MODULE", "Dsskey Config#", "Fkey# Title").was(fanvilScreen, "Function Key", "Fkey# Title"),
	fanvilInt("dsskey.dssSide.#.Fkey.#.Type", 0, 30),
	fanvilStr("dsskey.dssSide.#.Fkey.#.Value", fanvilLongestKey),
	fanvilStr("dsskey.dssSide.#.Fkey.#.Title", 48),

	fanvilBool("web.EnableTelnet").is(fanvilMMI, "", "Enable Telnet"),
	fanvilStr("web.account.#.Name", 32).stays(fanvilMMI, "MMI Account", "Account# Name").from(fromGuide),
	fanvilSecret("web.account.#.Password").stays(fanvilMMI, "MMI Account", "Account# Password").from(fromGuide),
	fanvilInt("web.account.#.Level", 0, 10).stays(fanvilMMI, "MMI Account", "Account# Level").from(fromGuide),

	fanvilBool("tr069.EnableTR069").stays(fanvilTR069, "", "Enable TR069"),
	fanvilBool("hotspot.EnableHotspot").stays(fanvilSpot, "", "Enable Hotspot"),

	fanvilBool("mt.AutoServerDigest").is("MAINTENANCE CONFIG MODULE", "", "Auto Server Digest").was(fanvilUpdate, "", "Auto Server Digest").from(fromGuide),
	fanvilStr("ap.DefaultUsername", 64).is(fanvilUpdate, "", "Default Username").was(fanvilUpdate, "", "Download Username").from(fromGuide),
	fanvilSecret("ap.DefaultPassword").is(fanvilUpdate, "", "Default Password").was(fanvilUpdate, "", "Download Password").from(fromGuide),
	fanvilBool("ap.DownloadCommonConf").stays(fanvilUpdate, "", "Download CommonConf"),
	fanvilBool("ap.SaveProvisionInfo").stays(fanvilUpdate, "", "Save Provision Info"),
	fanvilURL("ap.FlashServerIP").is(fanvilUpdate, "", "Flash Server IP").was(fanvilUpdate, "", "Download Server IP").from(fromGuide),
	fanvilSecret("ap.FlashFileName").is(fanvilUpdate, "", "Flash File Name").was(fanvilUpdate, "", "Config File Name").from(fromGuide),
	fanvilInt("ap.FlashProtocol", 1, 5).is(fanvilUpdate, "", "Flash Protocol").was(fanvilUpdate, "", "Download Protocol").from(fromGuide),
	fanvilInt("ap.FlashMode", 0, 2).is(fanvilUpdate, "", "Flash Mode").was(fanvilUpdate, "", "Download Mode").from(fromGuide),
	fanvilInt("ap.FlashInterval", 1, 720).is(fanvilUpdate, "", "Flash Interval").was(fanvilUpdate, "", "Download Interval").from(fromGuide),
	fanvilURL("ap.AutoImageUrl").stays(fanvilUpdate, "", "Auto Image Url"),
	fanvilBool("ap.pnp.PNPEnable").is(fanvilUpdate, "Sip Pnp List", "PNP Enable").was(fanvilUpdate, "", "PNP Enable").from(fromGuide),
	fanvilInt("ap.opt.DHCPOption", 0, 254).is(fanvilUpdate, "Net Option", "DHCP Option").was(fanvilUpdate, "", "DHCP Option").from(fromGuide),

	fanvilBool("fwCheck.EnableAutoUpgrade").is("FIRMWARE CHECK MODULE", "", "Enable Auto Upgrade"),
	fanvilURL("fwCheck.UpgradeServer1").is("FIRMWARE CHECK MODULE", "", "Upgrade Server 1"),
	fanvilInt("fwCheck.AutoUpgradeInterval", 1, 720).is("FIRMWARE CHECK MODULE", "", "Auto Upgrade Interval"),

	fanvilBool("qos.EnableVLAN").stays(fanvilQoS, "", "Enable VLAN").open(),
	fanvilInt("qos.VLANID", 0, 4094).stays(fanvilQoS, "", "VLAN ID").open(),

	fanvilBool("dot1x.sslMode.PermissionCTF").is("DOT1X CONFIG MODULE", "SSL Mode", "Permission CTF").was(fanvilUpdate, "", "Trust Certification").from(fromGuide),
	fanvilBool("dot1x.sslMode.CommonName").is("DOT1X CONFIG MODULE", "SSL Mode", "Common Name").from(fromGuide),
}
