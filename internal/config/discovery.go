package config

import (
	"fmt"
	"net/netip"
	"strings"
)

// PnP are the LANs where SIP-PnP is answered; none: it is off. A network must be
// small enough to be a LAN: whoever is in it is told where our phones begin.
func (c Config) PnP() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range c.PnPNetworks {
		p, err := netip.ParsePrefix(s)
		if err != nil || !p.Addr().Is4() || p.Bits() < 8 {
			return nil, fmt.Errorf("%q is not an IPv4 network such as 192.168.1.0/24", s)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// HasLegacy reports whether there is a door for phones with old TLS.
func (c Config) HasLegacy() bool { return orOff(c.LegacyListen) != Off }

func (c Config) validateLegacy(bad func(field, why string, args ...any)) {
	if !c.HasLegacy() {
		return
	}
	if why := wrongAddress(c.LegacyListen, true); why != "" {
		bad("legacy_listen", "%s", why)
	}
	if c.LegacyHost == "" || c.LegacyHost == c.PublicHost || strings.ContainsAny(c.LegacyHost, ":/@ ") {
		bad("legacy_host", "%q is not a name of its own, other than public_host", c.LegacyHost)
	}
	if c.LegacyCert == "" || c.LegacyKey == "" {
		bad("legacy_cert", "legacy_cert and legacy_key are both needed")
	}
}
