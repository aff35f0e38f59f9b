package phone

import (
	"net/http"
	"net/netip"
	"strings"
)

// source is the address a request came from. X-Forwarded-For counts only when
// the peer is a trusted proxy, and then its rightmost address that is not one
// (D16). It is invalid when the peer has no address.
func (s *Server) source(r *http.Request) netip.Addr {
	peer := parseSource(r.RemoteAddr)
	if len(s.cfg.TrustedProxies) == 0 || !s.trusted(peer) {
		return peer
	}
	hops := strings.Split(strings.Join(r.Header["X-Forwarded-For"], ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		a := parseSource(strings.TrimSpace(hops[i]))
		if !a.IsValid() {
			break
		}
		peer = a
		if !s.trusted(a) {
			break
		}
	}
	return peer
}

func (s *Server) trusted(a netip.Addr) bool {
	for _, p := range s.cfg.TrustedProxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

func parseSource(text string) netip.Addr {
	ap, err := netip.ParseAddrPort(text)
	a := ap.Addr()
	if err != nil {
		a, _ = netip.ParseAddr(strings.Trim(text, "[]"))
	}
	return a.Unmap().WithZone("")
}
