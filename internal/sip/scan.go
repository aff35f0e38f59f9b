package sip

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

var (
	crlf     = []byte("\r\n")
	crlfcrlf = []byte("\r\n\r\n")
)

// cutLine cuts b after its first CRLF; the line comes without it.
func cutLine(b []byte) (line, rest []byte) {
	if i := bytes.Index(b, crlf); i >= 0 {
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

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// equalFold compares ASCII without case and without allocating.
func equalFold[T []byte | string](b []byte, s T) bool {
	if len(b) != len(s) {
		return false
	}
	for i := range b {
		if lower(b[i]) != lower(s[i]) {
			return false
		}
	}
	return true
}

// containsFold looks for word, which must be in lower case.
func containsFold(b []byte, word string) bool {
	for i := 0; i+len(word) <= len(b); i++ {
		if lower(b[i]) == word[0] && equalFold(b[i:i+len(word)], word) {
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

// quotable reports whether b can stand between quotes as it is.
func quotable(b []byte) bool {
	for _, c := range b {
		if c < ' ' || c == '"' || c == '\\' || c == 0x7f {
			return false
		}
	}
	return true
}

// printable reports whether b is ASCII without blanks and control characters,
// as URIs and Call-IDs are. Nothing else may reach the database from a phone.
func printable(b []byte) bool {
	for _, c := range b {
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return true
}

// text is what a phone says for people to read, without control characters,
// broken UTF-8 or escapes; b itself where there is nothing to mend.
func text(b []byte, limit int) []byte {
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
	return v, quotable(v)
}

func kindOf(name []byte) headerKind {
	switch len(name) {
	case 1:
		switch lower(name[0]) {
		case 'v':
			return hVia
		case 'f':
			return hFrom
		case 't':
			return hTo
		case 'i':
			return hCallID
		case 'm':
			return hContact
		case 'l':
			return hContentLength
		}
	case 2:
		if equalFold(name, "to") {
			return hTo
		}
	case 3:
		if equalFold(name, "via") {
			return hVia
		}
	case 4:
		if equalFold(name, "from") {
			return hFrom
		}
		if equalFold(name, "cseq") {
			return hCSeq
		}
	case 7:
		switch {
		case equalFold(name, "call-id"):
			return hCallID
		case equalFold(name, "contact"):
			return hContact
		case equalFold(name, "expires"):
			return hExpires
		case equalFold(name, "require"):
			return hRequire
		}
	case 10:
		if equalFold(name, "user-agent") {
			return hUserAgent
		}
	case 12:
		if equalFold(name, "max-forwards") {
			return hMaxForwards
		}
	case 13:
		if equalFold(name, "authorization") {
			return hAuthorization
		}
	case 14:
		if equalFold(name, "content-length") {
			return hContentLength
		}
	case 16:
		if equalFold(name, "www-authenticate") {
			return hWWWAuthenticate
		}
	case 18:
		if equalFold(name, "proxy-authenticate") {
			return hProxyAuthenticate
		}
	}
	return hOther
}
