package call

import (
	"strings"

	"tischlein/internal/sip"
	"tischlein/internal/sip/wire"
	"tischlein/internal/telephony"
)

// untagged is a From or To without its parameters.
func untagged(v string) string {
	n, _ := wire.ParseNameAddr([]byte(v))
	if len(n.Display) > 0 {
		return `"` + string(n.Display) + `" <` + string(n.URI.Raw) + ">"
	}
	return "<" + string(n.URI.Raw) + ">"
}

func tagged(address, tag string) string {
	if tag == "" {
		return address
	}
	return address + ";tag=" + tag
}

// plainUser are the characters a user part may have unescaped (RFC 3261 25.1);
// of those the ones with a meaning in numbers are left out.
const plainUser = "-_.!~*'()&=+$,/"

// userPart escapes a number for a URI: "#" must not stand there bare.
func userPart(number string) string {
	var b strings.Builder
	for _, c := range []byte(number) {
		if c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || strings.IndexByte(plainUser, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		const hex = "0123456789ABCDEF"
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	return b.String()
}

// quoted is a display name for a header, without what would end the quotes or
// the line.
func quoted(name string) string {
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(name, "") {
		switch {
		case r < ' ' || r == 0x7f:
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			fallthrough
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// nameAddr is a party at our host as the others see it.
func nameAddr(p telephony.Party, host string) string {
	addr := "<sip:" + hostOnly(host) + ">"
	if p.Number != "" {
		addr = "<sip:" + userPart(p.Number) + "@" + hostOnly(host) + ">"
	}
	if p.Name == "" {
		return addr
	}
	return `"` + quoted(p.Name) + `" ` + addr
}

// hostOnly leaves out the port where it is the usual one: phones write the
// address into their call logs.
func hostOnly(hostport string) string {
	return strings.TrimSuffix(strings.TrimSuffix(hostport, ":5060"), ":5061")
}

// anonymous is somebody who may not be named (RFC 3323 4.1.1.3).
const anonymous = `"Anonymous" <sip:anonymous@anonymous.invalid>`

// contact is where the other side sends its next request: to us, under the
// number of the party behind us, so that a phone's call log can redial (C07).
func contact(p telephony.Party, host string, f sip.Flow) string {
	user := ""
	if p.Number != "" {
		user = userPart(p.Number) + "@"
	}
	if t := f.Transport(); t != "udp" {
		return "<sip:" + user + host + ";transport=" + t + ">"
	}
	return "<sip:" + user + host + ">"
}

// listed cuts a header of several name-addrs at its commas.
func listed(v string) (list []string) {
	quoted, angle, start := false, false, 0
	for i := 0; i < len(v); i++ {
		switch c := v[i]; {
		case quoted && c == '\\':
			i++
		case c == '"' && !angle:
			quoted = !quoted
		case quoted:
		case c == '<' || c == '>':
			angle = c == '<'
		case c == ',' && !angle:
			list = append(list, strings.TrimSpace(v[start:i]))
			start = i + 1
		}
	}
	return append(list, strings.TrimSpace(v[start:]))
}

// contactURI is the URI of a Contact header, "" when it is none we could use.
func contactURI(v string) string {
	n, ok := wire.ParseNameAddr([]byte(listed(v)[0]))
	if !ok || !n.URI.SIP() {
		return ""
	}
	addr, _, _ := strings.Cut(string(n.URI.Raw), "?")
	return addr
}

// dialled is what somebody dialled: the user part of a SIP URI without
// parameters, or a telephone URI's number.
func dialled(requestURI string) string {
	u, ok := wire.ParseURI([]byte(requestURI))
	if !ok {
		return ""
	}
	number := string(u.User)
	if !u.SIP() {
		_, number, _ = strings.Cut(requestURI, ":")
	}
	number, _, _ = strings.Cut(number, ";")
	plain, ok := wire.Unescape([]byte(number))
	if !ok {
		return ""
	}
	if !u.SIP() {
		return strings.NewReplacer("-", "", ".", "", "(", "", ")", "").Replace(string(plain))
	}
	return string(plain)
}

// heard is the party that a trunk's From or P-Asserted-Identity names.
func heard(v string) telephony.Party {
	n, ok := wire.ParseNameAddr([]byte(v))
	if !ok {
		return telephony.Party{}
	}
	return telephony.Party{Number: dialled(string(n.URI.Raw)), Name: string(wire.Text(n.Display, 128))}
}
