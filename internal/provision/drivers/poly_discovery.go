package drivers

import "tischlein/internal/provision"

func init() {
	const client = "the phone's own below Polycom Root CA, its common name the MAC"
	discover(provision.Discovery{
		Vendor: "poly", Service: "poly_lens",
		DHCP: []provision.DHCP{{Option: 160, Note: "Factory setting: 160, then 66."}},
		TLS: []provision.TLSProfile{
			currentTLS("UC Software 5 and later", publicRoots, client),
			oldTLS("SoundPoint IP, UC Software 3", publicRoots, client),
		},
	})
}
