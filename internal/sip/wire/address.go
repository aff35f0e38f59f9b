package wire

import "bytes"

// Via is the top Via value: what an answer needs of it (RFC 3261 18.2, 3581).
type Via struct {
	ok        bool
	Value     []byte // this value alone, up to the first comma
	rest      []byte // the values after it on the same line, comma first
	sentBy    []byte // host[:port]
	host      []byte // without brackets
	params    []byte // from the first ';'
	Branch    []byte
	rport     bool
	transport []byte
}

func parseVia(line []byte) (v Via) {
	value, rest, more, ok := cutValue(line, ',')
	if !ok {
		return v
	}
	v.Value = value
	if more {
		v.rest = line[len(line)-len(rest)-1:]
	}
	b := value
	for part := range 3 { // SIP / 2.0 / transport, blanks allowed around the slashes
		b = trim(b)
		end := 0
		for end < len(b) && tokenChar[b[end]] {
			end++
		}
		word := b[:end]
		b = b[end:]
		switch part {
		case 0:
			if !EqualFold(word, "SIP") {
				return v
			}
		case 1:
			if len(word) == 0 { // another version than 2.0 still wants its 505
				return v
			}
		case 2:
			if len(word) == 0 || len(b) == 0 || b[0] != ' ' && b[0] != '\t' {
				return v
			}
			v.transport = word
			continue
		}
		if b = trim(b); len(b) == 0 || b[0] != '/' {
			return v
		}
		b = b[1:]
	}
	semi := bytes.IndexByte(b, ';')
	if semi < 0 {
		semi = len(b)
	}
	v.sentBy, v.params = trim(b[:semi]), b[semi:]
	host, _, ok := splitHostPort(v.sentBy)
	if !ok {
		return v
	}
	v.host = host
	for p := v.params; len(p) > 0; {
		var name, val []byte
		name, val, p = cutParam(p)
		switch {
		case EqualFold(name, "branch"):
			v.Branch = val
		case EqualFold(name, "rport"):
			v.rport = true
		}
	}
	v.ok = true
	return v
}

// splitHostPort cuts host[:port]; blanks around the colon are allowed, as
// RFC 3261 25.1 does in a Via. The port is 0 when absent.
func splitHostPort(b []byte) (host []byte, port int, ok bool) {
	var rest []byte
	if len(b) > 0 && b[0] == '[' {
		end := bytes.IndexByte(b, ']')
		if end < 2 {
			return nil, 0, false
		}
		host, rest = b[1:end], trim(b[end+1:])
		for _, c := range host {
			if !(tokenChar[c] || c == ':') {
				return nil, 0, false
			}
		}
	} else {
		colon := bytes.IndexByte(b, ':')
		if colon < 0 {
			colon = len(b)
		}
		host, rest = trim(b[:colon]), b[colon:]
		if !token(host) {
			return nil, 0, false
		}
	}
	if len(rest) == 0 {
		return host, 0, true
	}
	n, good := number(trim(rest[1:]), 65535)
	return host, int(n), good && rest[0] == ':'
}

// URI is a SIP or SIPS URI in parts (RFC 3261 19.1). Other schemes fill only scheme.
type URI struct {
	Raw    []byte
	Scheme []byte
	User   []byte // still escaped
	Host   []byte
	Port   int
	params []byte // from the first ';'
	header []byte // from the '?'
}

// SIP reports whether the scheme is sip or sips.
func (u *URI) SIP() bool { return EqualFold(u.Scheme, "sip") || EqualFold(u.Scheme, "sips") }

// ParseURI cuts b; ok is false when it is no URI that could be used.
func ParseURI(b []byte) (u URI, ok bool) {
	u.Raw = b
	colon := bytes.IndexByte(b, ':')
	if colon <= 0 || !token(b[:colon]) {
		return u, false
	}
	for _, c := range b {
		if c <= ' ' || c == '<' || c == '>' || c == '"' || c >= 0x7f {
			return u, false
		}
	}
	u.Scheme, b = b[:colon], b[colon+1:]
	if !u.SIP() {
		return u, len(b) > 0
	}
	if at := bytes.IndexByte(b, '@'); at >= 0 {
		user, _, _ := bytes.Cut(b[:at], []byte(":")) // a password in the URI is ignored
		if len(user) == 0 {
			return u, false
		}
		u.User, b = user, b[at+1:]
	}
	end := bytes.IndexAny(b, ";?")
	if end < 0 {
		end = len(b)
	}
	hostport, tail := b[:end], b[end:]
	if u.Host, u.Port, ok = splitHostPort(hostport); !ok {
		return u, false
	}
	if q := bytes.IndexByte(tail, '?'); q >= 0 {
		u.params, u.header = tail[:q], tail[q:]
	} else {
		u.params = tail
	}
	return u, true
}

// Equal compares with a stored Contact as far as it matters for a removal: user,
// host and port (RFC 3261 19.1.4 without the parameters).
func (u *URI) Equal(stored string) bool {
	v, ok := ParseURI([]byte(stored))
	return ok && bytes.Equal(u.User, v.User) && EqualFold(u.Host, v.Host) && u.Port == v.Port
}

// NameAddr is the value of From, To or Contact.
type NameAddr struct {
	Display []byte // without quotes, escapes kept
	URI     URI
	Params  []byte // header parameters, from the first ';'
	angle   bool
}

// ParseNameAddr cuts "display" <uri>;params or uri;params (RFC 3261 25.1).
func ParseNameAddr(b []byte) (n NameAddr, ok bool) {
	b = trim(b)
	rest := b
	if len(b) > 0 && b[0] == '"' {
		i := 1
		for i < len(b) && b[i] != '"' {
			if b[i] == '\\' {
				i++
			}
			i++
		}
		if i >= len(b) {
			return n, false
		}
		n.Display, rest = b[1:i], trim(b[i+1:])
		if len(rest) == 0 || rest[0] != '<' {
			return n, false
		}
	}
	if lt := bytes.IndexByte(rest, '<'); lt >= 0 {
		gt := bytes.IndexByte(rest, '>')
		if gt < lt {
			return n, false
		}
		if lt > 0 { // unquoted display name; RFC 4475 3.1.2.15 lets us be kind about its characters
			n.Display = trim(rest[:lt])
			if bytes.IndexByte(n.Display, '"') >= 0 {
				return n, false
			}
		}
		n.angle = true
		n.Params = trim(rest[gt+1:])
		rest = rest[lt+1 : gt]
	} else {
		// Without brackets ';' begins header parameters, and '?' or ',' would be
		// ambiguous: RFC 3261 20.10 forbids them there.
		semi := bytes.IndexByte(rest, ';')
		if semi >= 0 {
			rest, n.Params = trim(rest[:semi]), rest[semi:]
		}
		if bytes.IndexByte(rest, '?') >= 0 {
			return n, false
		}
	}
	if len(n.Params) > 0 && n.Params[0] != ';' {
		return n, false
	}
	n.URI, ok = ParseURI(rest)
	return n, ok
}

// Param is the value of one header or URI parameter.
func Param(params []byte, want string) (value []byte, ok bool) {
	for len(params) > 0 {
		var name, v []byte
		name, v, params = cutParam(params)
		if EqualFold(name, want) {
			return v, true
		}
	}
	return nil, false
}

// Unescape undoes %XX in a user part; it allocates only when there is one.
func Unescape(b []byte) ([]byte, bool) {
	if bytes.IndexByte(b, '%') < 0 {
		return b, true
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] != '%' {
			out = append(out, b[i])
			continue
		}
		if i+2 >= len(b) {
			return nil, false
		}
		hi, ok1 := unhex(b[i+1])
		lo, ok2 := unhex(b[i+2])
		if !ok1 || !ok2 {
			return nil, false
		}
		out = append(out, hi<<4|lo)
		i += 2
	}
	return out, true
}

func unhex(c byte) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}
