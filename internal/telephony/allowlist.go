package telephony

import (
	"bytes"
	"net/netip"
	"strings"
)

// MaxRange is the most addresses one IPv4 entry may hold (D16).
const MaxRange = 256

// Entry is one line of a customer's IP allowlist: a single address, an IPv4
// range of at most MaxRange addresses, or one IPv6 prefix (D16).
type Entry struct {
	First, Last netip.Addr
}

// ParseEntry reads "203.0.113.7", "203.0.113.10-203.0.113.20", "203.0.113.0/24",
// "2001:db8::7" or "2001:db8:1::/48". Errors name field.
func ParseEntry(field, s string) (Entry, error) {
	s = strings.TrimSpace(s)
	if first, last, ok := strings.Cut(s, "-"); ok {
		return parseRange(field, strings.TrimSpace(first), strings.TrimSpace(last))
	}
	if strings.Contains(s, "/") {
		return parsePrefix(field, s)
	}
	a, err := parseAddr(field, s)
	return Entry{a, a}, err
}

func parseAddr(field, s string) (netip.Addr, error) {
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" {
		return netip.Addr{}, Invalidf(field, "address_malformed", "%q is not an IP address", clip(s))
	}
	a = a.Unmap()
	if a.IsUnspecified() || a.IsMulticast() {
		return netip.Addr{}, Invalidf(field, "address_unusable", "%s is not the address of a device", a)
	}
	return a, nil
}

func parseRange(field, first, last string) (Entry, error) {
	f, err := parseAddr(field, first)
	if err != nil {
		return Entry{}, err
	}
	l, err := parseAddr(field, last)
	if err != nil {
		return Entry{}, err
	}
	switch {
	case f.Is4() != l.Is4():
		return Entry{}, Invalidf(field, "range_mixed", "%s and %s are not of the same family", f, l)
	case f.Is6():
		return Entry{}, Invalidf(field, "range_ipv6", "IPv6 addresses are listed one by one or as a prefix such as 2001:db8:1::/48, not as a range")
	case l.Less(f):
		return Entry{}, Invalidf(field, "range_reversed", "the range begins at %s, after its end %s", f, l)
	}
	if n := int(ip4(l)-ip4(f)) + 1; n > MaxRange {
		return Entry{}, Invalidf(field, "range_too_large", "the range holds %d addresses; at most %d are allowed", n, MaxRange)
	}
	return Entry{f, l}, nil
}

func parsePrefix(field, s string) (Entry, error) {
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return Entry{}, Invalidf(field, "prefix_malformed", "%q is not an address prefix", clip(s))
	}
	if p.Addr().Is4In6() {
		return Entry{}, Invalidf(field, "prefix_malformed", "%q mixes IPv4 and IPv6", clip(s))
	}
	if p.Masked() != p {
		return Entry{}, Invalidf(field, "prefix_host_bits", "%s has bits set beyond its length; %s is meant?", p, p.Masked())
	}
	if p.Addr().IsUnspecified() || p.Addr().IsMulticast() {
		return Entry{}, Invalidf(field, "address_unusable", "%s holds no address of a device", p)
	}
	if p.Addr().Is4() && p.Bits() < 24 {
		return Entry{}, Invalidf(field, "range_too_large", "%s holds more than %d addresses", p, MaxRange)
	}
	if p.Bits() < 16 {
		return Entry{}, Invalidf(field, "prefix_too_short", "%s would allow a large part of the internet; a prefix of at least 16 bits is expected", p)
	}
	last := p.Addr().AsSlice()
	for i := p.Bits(); i < len(last)*8; i++ {
		last[i/8] |= 0x80 >> (i % 8)
	}
	l, _ := netip.AddrFromSlice(last)
	return Entry{p.Addr(), l}, nil
}

func ip4(a netip.Addr) uint32 {
	b := a.As4()
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}

// String is the entry's one canonical text; ParseEntry reads it back.
func (e Entry) String() string {
	switch {
	case e.First == e.Last:
		return e.First.String()
	case e.First.Is6():
		return netip.PrefixFrom(e.First, commonBits(e.First, e.Last)).String()
	}
	return e.First.String() + "-" + e.Last.String()
}

func commonBits(a, b netip.Addr) int {
	x, y := a.AsSlice(), b.AsSlice()
	for i := range x {
		for bit := 0; bit < 8; bit++ {
			if (x[i]^y[i])&(0x80>>bit) != 0 {
				return i*8 + bit
			}
		}
	}
	return len(x) * 8
}

// Contains reports whether a is in the entry.
func (e Entry) Contains(a netip.Addr) bool {
	a = a.Unmap()
	if a.Is4() != e.First.Is4() {
		return false
	}
	x := a.AsSlice()
	return bytes.Compare(e.First.AsSlice(), x) <= 0 && bytes.Compare(x, e.Last.AsSlice()) <= 0
}

// Allowlist is a customer's list of addresses with its switch.
type Allowlist struct {
	On      bool // IP listing is on (S08)
	Entries []Entry
}

// Allows reports whether the list admits a; everything is, while it is off.
func (l Allowlist) Allows(a netip.Addr) bool {
	if !l.On {
		return true
	}
	for _, e := range l.Entries {
		if e.Contains(a) {
			return true
		}
	}
	return false
}

// Check judges the addresses a device was last seen at and names the first that
// is refused. A device not seen yet passes: its first contact decides (D26).
func (l Allowlist) Check(seen []netip.Addr) (refused netip.Addr, ok bool) {
	for _, a := range seen {
		if !l.Allows(a) {
			return a, false
		}
	}
	return netip.Addr{}, true
}
