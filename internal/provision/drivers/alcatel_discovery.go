package drivers

import "tischlein/internal/provision"

func init() {
	discover(provision.Discovery{
		Vendor: "alcatel", PnP: true,
		DHCP: []provision.DHCP{
			{Classes: []string{"aledevice", "ictouch", "alcatel.ictouch"}, Option: 43, Sub: 66},
			{Classes: []string{"alcatel.sip"}, Option: 43, Sub: 67, Note: "8008 and 8028s in SIP mode."},
		},
		TLS: []provision.TLSProfile{currentTLS("Myriad, Halo", "public CAs built in; no way to hand over another is known", "below ALE's CA")},
	})
}
