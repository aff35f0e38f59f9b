package drivers

import "tischlein/internal/provision"

func init() {
	discover(provision.Discovery{
		Vendor: "cisco-spa",
		DHCP:   []provision.DHCP{{Classes: []string{"LINKSYS", "Cisco SPA", "CISCO ATA"}, Option: 66}},
		TLS: []provision.TLSProfile{
			oldTLS("SPA 7.x, ATA 1.x", "Cisco's and Sipura's alone", "manufacture-installed: OU the model, L the MAC, S the serial number"),
		},
	})
}
