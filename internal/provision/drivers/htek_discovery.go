package drivers

import "tischlein/internal/provision"

func init() {
	discover(provision.Discovery{
		Vendor: "htek", PnP: true,
		DHCP: []provision.DHCP{{Option: 66}},
		TLS:  []provision.TLSProfile{currentTLS("2.x", "public CAs built in; no way to hand over another is known", "")},
	})
}
