package drivers

import "tischlein/internal/provision"

func init() {
	const client = "a Mitel factory certificate; in whose name is not known"
	discover(provision.Discovery{
		Vendor: "mitel",
		DHCP:   []provision.DHCP{{Classes: []string{"AastraIPPhone", "MitelIPPhone"}, Option: 43, Sub: 2, Note: "Before the maker's redirect service (RCS) is asked."}},
		TLS: []provision.TLSProfile{
			currentTLS("6800 and 6900 from 5.x", publicRoots, client),
			oldTLS("67xx", publicRoots, ""),
		},
	})
}
