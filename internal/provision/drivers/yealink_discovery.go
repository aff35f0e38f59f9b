package drivers

import "tischlein/internal/provision"

func init() {
	const client = "the phone's own by Yealink's CA, with its MAC; phones upgraded from very old firmware bring one that all share"
	discover(provision.Discovery{
		Vendor: "yealink", PnP: true, Service: "yealink_rps",
		DHCP: []provision.DHCP{{Classes: []string{"yealink"}, Option: 66}},
		TLS: []provision.TLSProfile{
			currentTLS("x.84 and later", publicRoots, client),
			oldTLS("before x.80", publicRoots, client),
		},
	})
}
