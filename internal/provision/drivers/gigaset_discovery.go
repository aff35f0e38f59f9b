package drivers

import "tischlein/internal/provision"

func init() {
	discover(provision.Discovery{
		Vendor: "gigaset", PnP: true, Service: "gigaset_redirect",
		DHCP: []provision.DHCP{{Classes: []string{"Gigaset", "N510", "N720", "C590", "C470"}, Option: 114}},
		TLS: []provision.TLSProfile{
			{Firmware: "Nx10, Nx70 from 2.61", Min: currentTLS("", "", "").Min, Max: currentTLS("", "", "").Max, Keys: []string{provision.KeyRSA, provision.KeyECDSA},
				Roots: publicRoots, Client: "made by the device, ECDSA, below the new Gigaset Technologies CA", Sure: true},
			currentTLS("Nx10, Nx70 before 2.61", publicRoots, "RSA, below Gigaset's old CA"),
			oldTLS("N510, N720", publicRoots, ""),
		},
	})
}
