package phonesim

import (
	"fmt"
	"strings"
)

// MAC is a hardware address as twelve lower-case hex digits, "0015651234ab".
type MAC string

// ParseMAC reads twelve hex digits, bare or separated by ':', '-' or '.'.
func ParseMAC(s string) (MAC, error) {
	bare := strings.NewReplacer(":", "", "-", "", ".", "").Replace(strings.TrimSpace(s))
	if len(bare) != 12 || strings.Trim(bare, "0123456789abcdefABCDEF") != "" {
		return "", fmt.Errorf("reading MAC %q: want 12 hex digits", s)
	}
	return MAC(strings.ToLower(bare)), nil
}

// MACAt gives the n-th address of a vendor prefix (six hex digits), for making fleets.
func MACAt(oui string, n int) MAC {
	return MAC(fmt.Sprintf("%s%06x", strings.ToLower(oui), n&0xffffff))
}

// Upper is the form Snom prints, "0004136ABCDE".
func (m MAC) Upper() string { return strings.ToUpper(string(m)) }

// Colons is the form Yealink prints in its User-Agent, "00:15:65:12:34:ab".
func (m MAC) Colons() string {
	var b strings.Builder
	for i := 0; i+2 <= len(m); i += 2 {
		if i > 0 {
			b.WriteByte(':')
		}
		b.WriteString(string(m[i : i+2]))
	}
	return b.String()
}
