package config

import (
	"fmt"
	"net/netip"
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
