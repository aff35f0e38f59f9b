// Package peer says where an HTTP request comes from and how often that source
// may guess: one rule for every listener, because a proxy that one of them
// believes and another does not would be a hole.
// It must know no edge and decide nothing about the address.
package peer

import (
	"net/http"
	"net/netip"
	"strings"
)

// Proxies are the networks whose word about their clients counts. Without any,
// nobody's does.
type Proxies []netip.Prefix

// Source is the address a request came from. X-Forwarded-For counts only when
// the peer is a trusted proxy, and then its rightmost address that is not one
// (D16): what stands left of it is the client's own claim. It is invalid when the
// peer has no address.
func (p Proxies) Source(r *http.Request) netip.Addr {
	from := parse(r.RemoteAddr)
	if !p.Has(from) {
		return from
	}
	hops := strings.Split(strings.Join(r.Header["X-Forwarded-For"], ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		a := parse(strings.TrimSpace(hops[i]))
		if !a.IsValid() {
			break
		}
		from = a
		if !p.Has(a) {
			break
		}
	}
	return from
}

// Has reports whether an address is one of the proxies.
func (p Proxies) Has(a netip.Addr) bool {
	for _, n := range p {
		if n.Contains(a) {
			return true
		}
	}
	return false
}

// parse reads an address with or without port, in one form for one host.
func parse(text string) netip.Addr {
	ap, err := netip.ParseAddrPort(text)
	a := ap.Addr()
	if err != nil {
		a, _ = netip.ParseAddr(strings.Trim(text, "[]"))
	}
	return a.Unmap().WithZone("")
}
