package telephony

import "strings"

// MAC is a device's Ethernet address: twelve lower-case hexadecimal digits
// without separators, or "" for a device that has none.
type MAC string

// ParseMAC reads a MAC in any notation people and phones use: bare, in pairs
// split by ":" or "-", or in Cisco's groups of four split by ".".
// Group, all-zero and broadcast addresses, and the numbers that phones ask for
// as file names (000000000000.cfg, y000000000028.cfg), are no device's MAC.
func ParseMAC(s string) (MAC, error) {
	bare, ok := bareHex(strings.TrimSpace(s))
	if !ok {
		return "", Invalidf("mac", "mac_malformed", "%q is not a MAC address: twelve hexadecimal digits are expected, such as 80:5e:c0:12:34:56", clip(s))
	}
	m := MAC(bare)
	if strings.HasPrefix(bare, "000000000") {
		return "", Invalidf("mac", "mac_reserved", "%s is not the address of a device", m)
	}
	if c := strings.IndexByte(hexDigits, bare[1]); c&1 == 1 {
		return "", Invalidf("mac", "mac_multicast", "%s is a group address, not the address of a device", m)
	}
	return m, nil
}

const hexDigits = "0123456789abcdef"

// bareHex strips one consistent separator and lower-cases; ok is false when
// what remains is not twelve hexadecimal digits in one of the known notations.
func bareHex(s string) (string, bool) {
	group := 0
	var sep byte
	switch {
	case len(s) == 12:
	case len(s) == 17 && (s[2] == ':' || s[2] == '-'):
		group, sep = 2, s[2]
	case len(s) == 14 && s[4] == '.':
		group, sep = 4, '.'
	default:
		return "", false
	}
	out := make([]byte, 0, 12)
	for i := 0; i < len(s); i++ {
		if group > 0 && i%(group+1) == group {
			if s[i] != sep {
				return "", false
			}
			continue
		}
		c := s[i]
		if c >= 'A' && c <= 'F' {
			c += 'a' - 'A'
		}
		if !strings.ContainsRune(hexDigits, rune(c)) {
			return "", false
		}
		out = append(out, c)
	}
	return string(out), len(out) == 12
}

// Colon is the MAC in pairs split by colons, as labels on phones print it.
func (m MAC) Colon() string {
	if len(m) != 12 {
		return string(m)
	}
	p := make([]string, 0, 6)
	for i := 0; i < 12; i += 2 {
		p = append(p, string(m[i:i+2]))
	}
	return strings.Join(p, ":")
}

// Upper is the MAC in upper case, as Snom and others spell it in file names.
func (m MAC) Upper() string { return strings.ToUpper(string(m)) }

// OUI is the maker's part: the first six digits.
func (m MAC) OUI() string {
	if len(m) < 6 {
		return ""
	}
	return string(m[:6])
}

// clip shortens foreign text that goes into an error message.
func clip(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}
