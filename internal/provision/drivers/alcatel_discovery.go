package drivers

import "tischlein/internal/provision"

func init() {
	discover(provision.Discovery{
		Vendor: "alcatel", PnP: true,
		DHCP: []provision.DHCP{
			{Classes: []string{"aledevice", "ictouch", "alcatel.ictouch"}, Option: 43, Sub: 66},
			{Classes: []string{"alcatel.sip"}, Option: 43, Sub: 67, Note: "8008 to 8078s in SIP mode: they find us, and have no driver."},
		},
		TLS: []provision.TLSProfile{currentTLS("Myriad", "public CAs built in; no way to hand over another is known", "below ALE's CA")},
	})
}
