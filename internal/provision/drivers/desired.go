package drivers

import (
	"iter"
	"net/netip"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// lineAt is the line of that port, empty if there is none.
func lineAt(d telephony.Desired, port int) telephony.Line {
	for _, l := range d.Lines {
		if l.Port == port {
			return l
		}
	}
	return telephony.Line{}
}

// linesOf are the lines of a device by port: all that the model has, and those
// beyond it that are used. One that is not used may be zero.
func linesOf(d telephony.Desired, m provision.Model) iter.Seq2[int, telephony.Line] {
	last := m.Lines
	for _, l := range d.Lines {
		last = max(last, l.Port)
	}
	lines := make([]telephony.Line, last+1)
	for _, l := range d.Lines {
		lines[max(l.Port, 0)] = l
	}
	return func(yield func(int, telephony.Line) bool) {
		for port := 1; port <= last && yield(port, lines[port]); port++ {
		}
	}
}

// keepAlive keeps NAT bindings open: always below 30 seconds (C04).
func keepAlive(wanted int) int {
	if wanted < 15 || wanted > 29 {
		return 25
	}
	return wanted
}

// isAddress: a host or URL that is an IP address. Phones compare names only, so
// a certificate for an address would always fail their check of the name.
func isAddress(host string) bool {
	if _, rest, ok := strings.Cut(host, "://"); ok {
		host, _, _ = strings.Cut(rest, "/")
		if ap, err := netip.ParseAddrPort(host); err == nil {
			return ap.IsValid()
		}
	}
	_, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil
}
