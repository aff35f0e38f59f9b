package drivers

import (
	"crypto/tls"

	"tischlein/internal/provision"
)

// discoveries is filled by each vendor's own file, as registered is.
var discoveries = map[string]provision.Discovery{}

func discover(d provision.Discovery) { discoveries[d.Vendor] = d }

// Discovery is how a vendor's phones find us; ok is false where nothing is known.
func Discovery(vendor string) (d provision.Discovery, ok bool) {
	d, ok = discoveries[vendor]
	return d, ok
}

// What most makers' phones do. Their documents are silent on details, so these are
// practice and not proof.
func currentTLS(firmware, roots, client string) provision.TLSProfile {
	return provision.TLSProfile{Firmware: firmware, Min: tls.VersionTLS12, Max: tls.VersionTLS12, Keys: []string{provision.KeyRSA, provision.KeyECDSA}, Roots: roots, Client: client}
}

func oldTLS(firmware, roots, client string) provision.TLSProfile {
	return provision.TLSProfile{Firmware: firmware, Old: true, Min: tls.VersionTLS10, Max: tls.VersionTLS11, Keys: []string{provision.KeyRSA}, NoSNI: true, Roots: roots, Client: client}
}

const (
	publicRoots = "public CAs built in; others after they were handed over"
	ownRoots    = "the maker's own CA alone, until another is handed over"
)
