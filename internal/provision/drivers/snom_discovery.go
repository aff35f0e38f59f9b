package drivers

import "tischlein/internal/provision"

func init() {
	const client = "the phone's own by one of the Snom Phone 1 CAs, its common name the MAC; not the 3xx"
	discover(provision.Discovery{
		Vendor: "snom", PnP: true, Service: "snom_sraps",
		DHCP: []provision.DHCP{{Classes: []string{"snom"}, Option: 66, Note: "The phones ask the maker's redirection service first, then SIP-PnP, then DHCP."}},
		TLS: []provision.TLSProfile{
			currentTLS("8.9 and 10", publicRoots, client),
			oldTLS("before 8.7", publicRoots, client),
		},
	})
}
