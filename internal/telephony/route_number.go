package telephony

import (
	"net/netip"
	"strconv"
	"strings"
)

// Number is a number of the outside world that leads to a customer (C10). No
// other customer of the installation has it.
type Number struct {
	ID          string
	CustomerID  string
	E164        string // "+" and 7 to 15 digits
	ExtensionID string // whom it rings; "" = nobody yet
	Note        string
	Version     int64
}

// E164 checks a number in its international form, "+" and 7 to 15 digits (ITU-T
// E.164); what people write between digits is taken out. "" is allowed where it
// means "none".
func E164(field, s string, optional bool) (string, error) {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -.()/", r) {
			return -1
		}
		return r
	}, s)
	if s == "" && optional {
		return "", nil
	}
	digits, plus := strings.CutPrefix(s, "+")
	if !plus || !digitsOnly(digits) || len(digits) < 7 || len(digits) > 15 || digits[0] == '0' {
		return "", Invalidf(field, "e164_malformed", "%q is not a number in international form, such as +49 30 901820", clip(s))
	}
	return s, nil
}

// AreaCode checks a national area code as it is dialled from abroad, without a
// leading 0; "" is none.
func AreaCode(field, s string) (string, error) {
	s = strings.TrimPrefix(strings.TrimSpace(s), "0")
	if s != "" && (!digitsOnly(s) || len(s) > 6) {
		return "", Invalidf(field, "area_code_malformed", "%q is not an area code, such as 30 for Berlin", clip(s))
	}
	return s, nil
}

// TrunkHost checks where a trunk's calls are sent: a name or an address, with a
// port or without. An IPv6 address with a port stands in brackets.
func TrunkHost(field, s string) (string, error) {
	s = strings.TrimSpace(s)
	usable := func(a netip.Addr) bool { return !a.IsUnspecified() && !a.IsMulticast() && a.Zone() == "" }
	if at, err := netip.ParseAddrPort(s); err == nil {
		if usable(at.Addr()) && at.Port() != 0 {
			return s, nil
		}
	} else if a, err := netip.ParseAddr(s); err == nil {
		if usable(a) {
			return s, nil
		}
	} else if host, port, with := strings.Cut(s, ":"); hostName(host) {
		if n, err := strconv.ParseUint(port, 10, 16); !with || err == nil && n > 0 {
			return s, nil
		}
	}
	return "", Invalidf(field, "host_malformed", "%q is not a host such as sip.example.net or 192.0.2.1:5060", clip(s))
}

// hostName reports whether s can be a name in the DNS that is no number.
func hostName(s string) bool {
	if len(s) > 253 || strings.Trim(s, "0123456789.") == "" {
		return false
	}
	for _, label := range strings.Split(strings.TrimSuffix(s, "."), ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := 0; i < len(label); i++ {
			if c := label[i] | 0x20; (c < 'a' || c > 'z') && (label[i] < '0' || label[i] > '9') && label[i] != '-' && label[i] != '_' {
				return false
			}
		}
	}
	return true
}

// TrunkSources checks where a trunk's requests come from. A request from there
// needs no digest, so that whole parts of the Internet are refused. A single
// address is its own prefix.
func TrunkSources(field string, list []netip.Prefix) ([]netip.Prefix, error) {
	if len(list) > 100 {
		return nil, Invalidf(field, "sources_many", "a trunk has at most 100 sources")
	}
	out := make([]netip.Prefix, 0, len(list))
	for _, p := range list {
		least := 24
		if p.Addr().Is6() && !p.Addr().Is4In6() {
			least = 48
		}
		switch {
		case !p.IsValid() || p.Addr().Is4In6() || p.Addr().IsMulticast() || p.Addr().IsUnspecified():
			return nil, Invalidf(field, "source_malformed", "%q is not an address or prefix that a trunk can have", p)
		case p != p.Masked():
			return nil, Invalidf(field, "prefix_host_bits", "%s has bits behind its prefix; %s is meant", p, p.Masked())
		case p.Bits() < least:
			return nil, Invalidf(field, "prefix_too_short", "%s is too large: /%d is the least", p, least)
		}
		out = append(out, p)
	}
	return out, nil
}

// ParseSource reads an address or a prefix.
func ParseSource(field, s string) (netip.Prefix, error) {
	s = strings.TrimSpace(s)
	if a, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return p, Invalidf(field, "source_malformed", "%q is not an address such as 192.0.2.1 or a prefix such as 192.0.2.0/24", clip(s))
	}
	return p, nil
}

// CheckTrunk checks a trunk that somebody wrote; it gives back what is meant.
func CheckTrunk(t Trunk) (Trunk, error) {
	var err error
	if t.Name, err = Name("name", t.Name); err != nil {
		return t, err
	}
	if t.Host, err = TrunkHost("host", t.Host); err != nil {
		return t, err
	}
	if t.Sources, err = TrunkSources("sources", t.Sources); err != nil {
		return t, err
	}
	if t.User, err = text("user", strings.TrimSpace(t.User), 128); err != nil {
		return t, err
	}
	if strings.ContainsAny(t.User, "\" \t:@<>;") {
		return t, Invalidf("user", "sip_user_malformed", "the user name holds a character that SIP does not take there")
	}
	if _, err := text("secret", t.Secret.Reveal(), 256); err != nil {
		return t, Invalidf("secret", "secret_malformed", "the secret is too long or holds a control character")
	}
	switch {
	case t.User == "" && t.Secret != "":
		return t, Invalidf("user", "sip_user_missing", "a secret needs the user name it belongs to")
	case t.Switch && t.CustomerID == "":
		return t, Invalidf("switch", "switch_needs_customer", "a switch is a customer's, not the installation's")
	case t.Emergency != EmergencyPlain && t.Emergency != EmergencyGeolocation && t.Emergency != EmergencyELIN:
		return t, Invalidf("emergency", "emergency_unknown", "%q is none of geolocation, elin and nothing", clip(string(t.Emergency)))
	}
	return t, nil
}
