package drivers

import "tischlein/internal/provision"

func init() {
	discover(provision.Discovery{
		Vendor: "fanvil", PnP: true,
		DHCP: []provision.DHCP{{Option: 66}},
		TLS: []provision.TLSProfile{
			currentTLS("2.x", publicRoots, "a factory certificate on newer sets; whose CA is not known"),
			oldTLS("1.x", publicRoots, ""),
		},
	})
}
