package phonesim

import (
	"net"
	"strconv"
	"strings"
)

// sipURI is as much of a SIP URI as a phone needs.
type sipURI struct {
	scheme, user, host string
	port               int // 0: none given
	transport          string
}

// parseURI reads "sip:user@host:port;transport=tcp", with or without angle
// brackets or scheme.
func parseURI(s string) (sipURI, bool) {
	s = strings.Trim(strings.TrimSpace(s), "<>")
	u := sipURI{scheme: "sip"}
	for _, scheme := range []string{"sips", "sip"} {
		if len(s) > len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) && s[len(scheme)] == ':' {
			u.scheme, s = scheme, s[len(scheme)+1:]
			break
		}
	}
	s, _, _ = strings.Cut(s, "?")
	if at := strings.LastIndexByte(s, '@'); at >= 0 {
		u.user, s = s[:at], s[at+1:]
		u.user, _, _ = strings.Cut(u.user, ":") // a password in a URI is ignored
	}
	hostport, params, _ := strings.Cut(s, ";")
	u.transport = strings.ToLower(param(";"+params, "transport"))
	if u.scheme == "sips" {
		u.transport = "tls"
	}
	if h, p, err := net.SplitHostPort(hostport); err == nil {
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 || n > 65535 {
			return u, false
		}
		u.host, u.port = h, n
	} else {
		u.host = strings.Trim(hostport, "[]")
	}
	return u, u.host != "" && !strings.ContainsAny(u.host, " \r\n\t\"<>")
}

// nameAddr splits `"Name" <sip:u@h>;params` into display name and URI text.
func nameAddr(s string) (display, uri string) {
	s = strings.TrimSpace(s)
	open := angleOutsideQuotes(s)
	if open < 0 {
		uri, _, _ = strings.Cut(s, ";")
		return "", strings.TrimSpace(uri)
	}
	display = unquote(strings.TrimSpace(s[:open]))
	uri, _, _ = strings.Cut(s[open+1:], ">")
	return display, uri
}

func angleOutsideQuotes(s string) int {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case quoted && s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == '<' && !quoted:
			return i
		}
	}
	return -1
}

// param gives the value of a ;name=value parameter outside angle brackets.
func param(s, name string) string {
	for i, p := range splitQuoted(s, ';') {
		if i == 0 {
			continue
		}
		k, v, _ := strings.Cut(p, "=")
		if strings.EqualFold(strings.TrimSpace(k), name) {
			return unquote(strings.TrimSpace(v))
		}
	}
	return ""
}

// quotedName writes a display name as a quoted-string, free of line breaks.
func quotedName(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
	return `"` + quoteEscape(s) + `"`
}
