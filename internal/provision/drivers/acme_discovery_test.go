package drivers

import "tischlein/internal/provision"

// How Acme's phones find us: a new vendor has such a file beside its driver.
func init() {
	discover(provision.Discovery{
		Vendor: "acme", PnP: true,
		DHCP: []provision.DHCP{{Classes: []string{"acme"}, Option: 66}},
		TLS:  []provision.TLSProfile{currentTLS("2.x", publicRoots, "")},
	})
}
