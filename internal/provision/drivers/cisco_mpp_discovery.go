package drivers

import "tischlein/internal/provision"

func init() {
	const client = "manufacture-installed, the MAC in its subject"
	discover(provision.Discovery{
		Vendor: "cisco-mpp",
		DHCP:   []provision.DHCP{{Classes: []string{"CP-", "DP-"}, Option: 66, Note: "Order at the phone: 66, 160, 159, 150."}},
		TLS: []provision.TLSProfile{
			currentTLS("11.3 and later", publicRoots+" (Custom_CA_Rule)", client),
			{Firmware: "before 11.3", Old: true, Min: oldTLS("", "", "").Min, Max: currentTLS("", "", "").Max, Keys: []string{provision.KeyRSA},
				Roots: "Cisco's alone, until Custom_CA_Rule has named another", Client: client, Sure: true},
		},
	})
}
