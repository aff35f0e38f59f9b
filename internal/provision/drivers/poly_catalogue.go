package drivers

import "tischlein/internal/provision"

var polyCatalogue = provision.NewCatalogue("1", "0", "", polyParams()...)

// polyDirectories are where the phone would put its own files, empty = beside the
// others.
var polyDirectories = []string{"LOG_FILE_DIRECTORY", "OVERRIDES_DIRECTORY", "CONTACTS_DIRECTORY", "LICENSE_DIRECTORY", "CALL_LISTS_DIRECTORY", "USER_PROFILES_DIRECTORY"}

func polyParams() []provision.Param {
	type p = provision.Param
	transports := []string{"DNSnaptr", "UDPOnly", "TCPOnly", "TCPpreferred", "TLS"}
	params := []p{
		{Name: "APP_FILE_PATH", Type: provision.URL, Source: fromGuide},
		{Name: "CONFIG_FILES", Type: provision.Text, Source: fromGuide},
		{Name: "device.set", Type: provision.Bool, Source: fromGuide},

		{Name: "prov.polling.enabled", Type: provision.Bool, Source: fromGuide},
		{Name: "prov.polling.mode", Type: provision.Enum, Allowed: []string{"abs", "rel", "random"}, Source: fromGuide},
		{Name: "prov.polling.period", Type: provision.Int, Min: 3600, Max: 8640000, Source: fromGuide},
		{Name: "prov.quickSetup.enabled", Type: provision.Bool, Source: fromGuide},
		{Name: "prov.login.enabled", Type: provision.Bool, Source: fromGuide},
		{Name: "feature.hoteling.enabled", Type: provision.Bool, Source: fromGuide},
		{Name: "voIpProt.SIP.specialEvent.checkSync.alwaysReboot", Type: provision.Bool, Source: fromTemplates},
		{Name: "httpd.cfg.enabled", Type: provision.Bool, Source: fromTemplates},
		{Name: "apps.push.messageType", Type: provision.Int, Max: 5, Source: fromTemplates},
		{Name: "apps.restapi.enabled", Type: provision.Bool, Source: fromTemplates},
		{Name: "feature.lens.enabled", Type: provision.Bool, Source: fromTemplates},
		{Name: "feature.doNotDisturb.enable", Type: provision.Bool, Source: fromTemplates},
		{Name: "feature.callList.enabled", Type: provision.Bool, Source: fromTemplates},
		{Name: "feature.enhancedFeatureKeys.enabled", Type: provision.Bool, Source: fromGuide},
		{Name: "feature.EFKLineKey.enabled", Type: provision.Bool, Since: "5.5", Source: fromTemplates},
		{Name: "phoneLock.authorized.#.value", Type: provision.Text, Max: 32, Source: fromGuide},
		{Name: "sec.TLS.profileSelection.SIP", Type: provision.Enum, Allowed: []string{"PlatformProfile1", "PlatformProfile2"}, Source: fromTemplates},
		{Name: "sec.srtp.enable", Type: provision.Bool, Source: fromTemplates},
		{Name: "sec.srtp.offer", Type: provision.Bool, Source: fromTemplates},
		{Name: "sec.srtp.require", Type: provision.Bool, Source: fromTemplates},
		{Name: "nat.keepalive.interval", Type: provision.Int, Min: 10, Max: 29, Source: fromTemplates},

		{Name: "lcl.ml.lang", Type: provision.Enum, Allowed: []string{"German_Germany", "English_United_States", "Dutch_Netherlands"}, Source: fromTemplates, Open: true},
		{Name: "tcpIpApp.sntp.address", Type: provision.Text, Max: 64, Source: fromTemplates, Open: true},
		{Name: "tcpIpApp.sntp.gmtOffset", Type: provision.Int, Min: -43200, Max: 50400, Source: fromTemplates, Open: true},
		{Name: "tcpIpApp.sntp.daylightSavings.enable", Type: provision.Bool, Source: fromTemplates, Open: true},
		{Name: "tcpIpApp.sntp.daylightSavings.fixedDayEnable", Type: provision.Bool, Source: fromTemplates, Open: true},
		{Name: "call.callWaiting.enable", Type: provision.Bool, Source: fromTemplates, Open: true},
		{Name: "call.callWaiting.ring", Type: provision.Enum, Allowed: []string{"beep", "ring", "silent"}, Source: fromTemplates, Open: true},
		{Name: "qos.ip.callControl.dscp", Type: provision.Int, Max: 63, Source: fromTemplates, Open: true},
		{Name: "qos.ip.rtp.dscp", Type: provision.Int, Max: 63, Source: fromTemplates, Open: true},

		{Name: "reg.#.address", Type: provision.Text, Source: fromTemplates},
		{Name: "reg.#.auth.userId", Type: provision.Text, Source: fromTemplates},
		{Name: "reg.#.auth.password", Type: provision.Secret, Source: fromTemplates},
		{Name: "reg.#.displayName", Type: provision.Text, Max: 99, Source: fromTemplates},
		{Name: "reg.#.label", Type: provision.Text, Max: 99, Source: fromTemplates},
		{Name: "reg.#.server.1.address", Type: provision.Text, Source: fromTemplates},
		{Name: "reg.#.server.1.port", Type: provision.Int, Max: 65535, Source: fromTemplates},
		{Name: "reg.#.server.1.transport", Type: provision.Enum, Allowed: transports, Source: fromTemplates},
		{Name: "reg.#.server.1.expires", Type: provision.Int, Min: 10, Max: 2147483647, Source: fromTemplates},
		{Name: "reg.#.server.1.register", Type: provision.Bool, Source: fromTemplates},
		{Name: "reg.#.outboundProxy.address", Type: provision.Text, Source: fromTemplates},
		{Name: "reg.#.outboundProxy.port", Type: provision.Int, Max: 65535, Source: fromTemplates},
		{Name: "reg.#.outboundProxy.transport", Type: provision.Enum, Allowed: transports, Source: fromTemplates},
		{Name: "msg.mwi.#.subscribe", Type: provision.Text, Source: fromTemplates},

		{Name: "lineKey.reassignment.enabled", Type: provision.Bool, Since: "4.1", Source: fromTemplates},
		{Name: "lineKey.#.category", Type: provision.Enum, Allowed: []string{"Unassigned", "Line", "BLF", "EFK"}, Since: "4.1", Source: fromTemplates},
		{Name: "lineKey.#.index", Type: provision.Int, Max: 250, Since: "4.1", Source: fromTemplates},
		{Name: "call.directedCallPickupMethod", Type: provision.Enum, Allowed: []string{"legacy", "native"}, Source: fromTemplates},
		{Name: "call.directedCallPickupString", Type: provision.Text, Max: 16, Source: fromTemplates},
		{Name: "attendant.reg", Type: provision.Int, Min: 1, Max: 48, Source: fromTemplates},
		{Name: "attendant.resourceList.#.address", Type: provision.Text, Source: fromTemplates},
		{Name: "attendant.resourceList.#.label", Type: provision.Text, Max: 99, Source: fromTemplates},
		{Name: "attendant.resourceList.#.type", Type: provision.Enum, Allowed: []string{"normal", "automata"}, Source: fromTemplates},
		{Name: "efk.efklist.#.mname", Type: provision.Text, Max: 32, Source: fromGuide},
		{Name: "efk.efklist.#.status", Type: provision.Bool, Source: fromGuide},
		{Name: "efk.efklist.#.label", Type: provision.Text, Max: 99, Source: fromGuide},
		{Name: "efk.efklist.#.action.string", Type: provision.Text, Source: fromGuide},
		{Name: "softkey.#.enable", Type: provision.Bool, Source: fromGuide},
		{Name: "softkey.#.label", Type: provision.Text, Max: 32, Source: fromGuide},
		{Name: "softkey.#.action", Type: provision.Text, Source: fromGuide},
		{Name: "softkey.#.use.idle", Type: provision.Bool, Source: fromGuide},
		{Name: "softkey.#.precede", Type: provision.Bool, Source: fromGuide},
	}
	for _, dir := range polyDirectories {
		params = append(params, p{Name: dir, Type: provision.Text, Source: fromGuide})
	}
	for _, edge := range []string{"start", "stop"} {
		n := "tcpIpApp.sntp.daylightSavings." + edge + "."
		params = append(params,
			p{Name: n + "month", Type: provision.Int, Min: 1, Max: 12, Source: fromTemplates, Open: true},
			p{Name: n + "time", Type: provision.Int, Max: 23, Source: fromTemplates, Open: true},
			p{Name: n + "dayOfWeek", Type: provision.Int, Min: 1, Max: 7, Source: fromTemplates, Open: true},
			p{Name: n + "dayOfWeek.lastInMonth", Type: provision.Bool, Source: fromTemplates, Open: true})
	}
	for _, what := range []string{"fwd", "busy", "noanswer", "dnd"} {
		params = append(params, p{Name: "divert." + what + ".#.enabled", Type: provision.Bool, Source: fromTemplates})
	}
	for _, d := range []p{
		{Name: "device.prov.serverName", Type: provision.URL, Source: fromTemplates},
		{Name: "device.prov.serverType", Type: provision.Enum, Allowed: []string{"HTTP", "HTTPS"}, Source: fromTemplates},
		{Name: "device.prov.user", Type: provision.Text, Source: fromTemplates},
		{Name: "device.prov.password", Type: provision.Secret, Source: fromTemplates},
		{Name: "device.prov.tagSerialNo", Type: provision.Bool, Source: fromTemplates},
		{Name: "device.prov.ztpEnabled", Type: provision.Bool, Source: fromTemplates},
		{Name: "device.dhcp.bootSrvUseOpt", Type: provision.Enum, Allowed: []string{"Option66", "Custom", "Static", "CustomAndOption66"}, Source: fromTemplates},
		{Name: "device.auth.localAdminPassword", Type: provision.Secret, Source: fromTemplates},
		{Name: "device.auth.localUserPassword", Type: provision.Secret, Source: fromTemplates},
		{Name: "device.sec.TLS.customCaCert1", Type: provision.PEM, Source: fromTemplates},
		{Name: "device.sec.TLS.profile.caCertList1", Type: provision.Enum, Allowed: []string{"Builtin", "BuiltinAndPlatform1", "Platform1", "All"}, Source: fromTemplates},
		{Name: "device.sec.TLS.prov.strictCertCommonNameValidation", Type: provision.Bool, Source: fromTemplates},
	} {
		params = append(params, d, p{Name: d.Name + ".set", Type: provision.Bool, Source: d.Source})
	}
	return params
}
