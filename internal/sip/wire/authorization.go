package wire

import (
	"bytes"
	"crypto/md5"
)

// MaxUser is the longest SIP user name, in octets.
const MaxUser = 128

// Authorization is a Digest Authorization header cut into its values (RFC 7616 3.4).
type Authorization struct {
	Username, Realm, Nonce, URI, Response []byte
	CNonce, QOP, NC                       []byte
	SHA256                                bool
	Count                                 uint32 // nc, 0 without qop
}

// ParseAuthorization cuts value, the part after the header's name. ok is false
// when it is another scheme; bad when it is a Digest that makes no sense.
func ParseAuthorization(value []byte) (a Authorization, ok, bad bool) {
	if len(value) < 7 || !EqualFold(value[:6], "digest") || value[6] != ' ' && value[6] != '\t' {
		return a, false, false
	}
	var algorithm []byte
	for rest, more := value[7:], true; more; {
		var part []byte
		var closed bool
		part, rest, more, closed = cutDigest(rest)
		if !closed {
			return a, true, true
		}
		if len(part) == 0 {
			continue
		}
		name, v, has := bytes.Cut(part, []byte("="))
		v, plain := unquote(trim(v))
		if !has || !plain {
			return a, true, true
		}
		var dst *[]byte
		switch name = trim(name); {
		case EqualFold(name, "username"):
			dst = &a.Username
		case EqualFold(name, "realm"):
			dst = &a.Realm
		case EqualFold(name, "nonce"):
			dst = &a.Nonce
		case EqualFold(name, "uri"):
			dst = &a.URI
		case EqualFold(name, "response"):
			dst = &a.Response
		case EqualFold(name, "cnonce"):
			dst = &a.CNonce
		case EqualFold(name, "qop"):
			dst = &a.QOP
		case EqualFold(name, "nc"):
			dst = &a.NC
		case EqualFold(name, "algorithm"):
			dst = &algorithm
		default:
			continue
		}
		if *dst != nil { // a second value could mean something else to another reader
			return a, true, true
		}
		*dst = v
	}
	return a, true, !a.sound(algorithm)
}

func (a *Authorization) sound(algorithm []byte) bool {
	switch {
	case len(algorithm) == 0 || EqualFold(algorithm, "md5"):
	case EqualFold(algorithm, "sha-256"):
		a.SHA256 = true
	default:
		return false
	}
	if len(a.Username) == 0 || len(a.Username) > MaxUser || len(a.Nonce) == 0 || len(a.URI) == 0 {
		return false
	}
	if want := md5.Size * 2; len(a.Response) != want && !(a.SHA256 && len(a.Response) == 2*want) || a.SHA256 && len(a.Response) == want {
		return false
	}
	if len(a.QOP) == 0 {
		// RFC 2069 answers still come from old phones. They are accepted with MD5
		// only, and each nonce then serves once (nonces.use).
		return !a.SHA256 && len(a.NC) == 0
	}
	if !EqualFold(a.QOP, "auth") || len(a.CNonce) == 0 || len(a.NC) != 8 {
		return false
	}
	for _, c := range a.NC {
		d, ok := unhex(c)
		if !ok {
			return false
		}
		a.Count = a.Count<<4 | uint32(d)
	}
	return a.Count > 0
}

// cutDigest is cutValue for auth-params, where '<' has no meaning.
func cutDigest(b []byte) (value, rest []byte, more, ok bool) {
	quoted := false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == ',' && !quoted:
			return trim(b[:i]), b[i+1:], true, true
		}
	}
	return trim(b), nil, false, !quoted
}
