package drivers

import "tischlein/internal/provision"

func init() {
	discover(provision.Discovery{
		Vendor: "grandstream", PnP: true, Service: "grandstream_gdms",
		DHCP: []provision.DHCP{{Option: 66, Note: "On older sets the scheme is a setting of its own (P212) and not part of the path."}},
		TLS: []provision.TLSProfile{
			currentTLS("GRP26xx, GXP 1.0.11 and later", publicRoots, "a factory certificate; in whose name is not known"),
			oldTLS("GXP20xx and before", publicRoots, ""),
		},
	})
}
