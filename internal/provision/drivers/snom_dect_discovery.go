package drivers

import "tischlein/internal/provision"

func init() {
	discover(provision.Discovery{
		Vendor: "snom-dect", PnP: true, Service: "snom_sraps",
		DHCP: []provision.DHCP{{Classes: []string{"snomM"}, Option: 66, Note: "The bases ask the maker's redirection service first, then SIP-PnP, then DHCP."}},
		TLS: []provision.TLSProfile{
			currentTLS("5 and 7", "nobody is checked, unless tls_server_authentication says so", ""),
			oldTLS("before 5", "nobody is checked, unless tls_server_authentication says so", ""),
		},
	})
}
