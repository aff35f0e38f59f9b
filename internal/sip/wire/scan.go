package wire

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// The ends of a line and of the headers; nobody changes them.
var (
	CRLF      = []byte("\r\n")
	BlankLine = []byte("\r\n\r\n")
)

// cutLine cuts b after its first CRLF; the line comes without it.
func cutLine(b []byte) (line, rest []byte) {
	if i := bytes.Index(b, CRLF); i >= 0 {
		return b[:i], b[i+2:]
	}
	return b, nil
}

func trim(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}

// Lower is the lower case of an ASCII letter, and any other octet itself.
func Lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// EqualFold compares ASCII without case and without allocating.
func EqualFold[T []byte | string](b []byte, s T) bool {
	if len(b) != len(s) {
		return false
	}
	for i := range b {
		if Lower(b[i]) != Lower(s[i]) {
			return false
		}
	}
	return true
}

// ContainsFold looks for word, which must be in lower case.
func ContainsFold(b []byte, word string) bool {
	for i := 0; i+len(word) <= len(b); i++ {
		if Lower(b[i]) == word[0] && EqualFold(b[i:i+len(word)], word) {
			return true
		}
	}
	return false
}

// number reads decimal digits only, up to limit.
func number(b []byte, limit uint64) (uint64, bool) {
	if len(b) == 0 || len(b) > 19 {
		return 0, false
	}
	var n uint64
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
	}
	return n, n <= limit
}

// tokenChar marks the characters of a token (RFC 3261 25.1).
var tokenChar = func() (t [256]bool) {
	for c := '0'; c <= '9'; c++ {
		t[c] = true
	}
	for c := 'a'; c <= 'z'; c++ {
		t[c], t[c-32] = true, true
	}
	for _, c := range "-.!%*_+`'~" {
		t[c] = true
	}
	return t
}()

func token(b []byte) bool {
	for _, c := range b {
		if !tokenChar[c] {
			return false
		}
	}
	return len(b) > 0
}

// Quotable reports whether b can stand between quotes as it is.
func Quotable(b []byte) bool {
	for _, c := range b {
		if c < ' ' || c == '"' || c == '\\' || c == 0x7f {
			return false
		}
	}
	return true
}

// Printable reports whether b is ASCII without blanks and control characters,
// as URIs and Call-IDs are. Nothing else may reach the database from a phone.
func Printable(b []byte) bool {
	for _, c := range b {
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return true
}

// Text is what a phone says for people to read, without control characters,
// broken UTF-8 or escapes; b itself where there is nothing to mend.
func Text(b []byte, limit int) []byte {
	b = b[:min(len(b), limit)]
	plain := true
	for _, c := range b {
		plain = plain && c >= ' ' && c < 0x7f && c != '\\'
	}
	if plain {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == '\\' && i+1 < len(b) {
			i++
			r, n = utf8.DecodeRune(b[i:])
		}
		if unicode.IsPrint(r) && (r != utf8.RuneError || n > 1) {
			out = append(out, b[i:i+n]...)
		}
		i += n
	}
	return out
}

// cutValue cuts the first of several comma-separated values, minding quotes and
// angle brackets. ok is false when one of them is left open.
func cutValue(b []byte, sep byte) (value, rest []byte, more, ok bool) {
	quoted, angle := false, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '<':
			angle = true
		case c == '>':
			angle = false
		case c == sep && !angle:
			return trim(b[:i]), b[i+1:], true, true
		}
	}
	return trim(b), nil, false, !quoted && !angle
}

// cutParam cuts one ";name=value" off params, which begins with its ';' or is
// empty. A quoted value keeps its quotes.
func cutParam(params []byte) (name, value, rest []byte) {
	params = bytes.TrimLeft(params, "; \t")
	p, rest, more, _ := cutValue(params, ';')
	if more {
		rest = params[len(params)-len(rest)-1:]
	}
	name, value, _ = bytes.Cut(p, []byte("="))
	return trim(name), trim(value), rest
}

// unquote takes the quotes off a quoted string that holds no escapes.
func unquote(v []byte) ([]byte, bool) {
	if len(v) >= 2 && v[0] == '"' && v[len(v)-1] == '"' {
		v = v[1 : len(v)-1]
	}
	return v, Quotable(v)
}

func kindOf(name []byte) Header {
	switch len(name) {
	case 1:
		switch Lower(name[0]) {
		case 'v':
			return HeaderVia
		case 'f':
			return HeaderFrom
		case 't':
			return HeaderTo
		case 'i':
			return HeaderCallID
		case 'm':
			return HeaderContact
		case 'l':
			return HeaderContentLength
		}
	case 2:
		if EqualFold(name, "to") {
			return HeaderTo
		}
	case 3:
		if EqualFold(name, "via") {
			return HeaderVia
		}
	case 4:
		if EqualFold(name, "from") {
			return HeaderFrom
		}
		if EqualFold(name, "cseq") {
			return HeaderCSeq
		}
	case 7:
		switch {
		case EqualFold(name, "call-id"):
			return HeaderCallID
		case EqualFold(name, "contact"):
			return HeaderContact
		case EqualFold(name, "expires"):
			return HeaderExpires
		case EqualFold(name, "require"):
			return HeaderRequire
		}
	case 10:
		if EqualFold(name, "user-agent") {
			return HeaderUserAgent
		}
	case 12:
		if EqualFold(name, "max-forwards") {
			return HeaderMaxForwards
		}
	case 13:
		if EqualFold(name, "authorization") {
			return HeaderAuthorization
		}
	case 14:
		if EqualFold(name, "content-length") {
			return HeaderContentLength
		}
	case 16:
		if EqualFold(name, "www-authenticate") {
			return HeaderWWWAuthenticate
		}
	case 18:
		if EqualFold(name, "proxy-authenticate") {
			return HeaderProxyAuthenticate
		}
	case 19:
		if EqualFold(name, "proxy-authorization") {
			return HeaderProxyAuthorization
		}
	}
	return HeaderOther
}
