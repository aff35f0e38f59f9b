package wire

import "bytes"

// Challenge is a phone's WWW- or Proxy-Authenticate (RFC 7616 3.3).
type Challenge struct {
	Realm, Nonce, Opaque []byte
	SHA256, QOP          bool
}

// ParseChallenge cuts the value of the header; ok is false for what we could not
// answer.
func ParseChallenge(value []byte) (c Challenge, ok bool) {
	if len(value) < 7 || !EqualFold(value[:7], "digest ") {
		return c, false
	}
	for rest, more := value[7:], true; more; {
		var part []byte
		var closed bool
		part, rest, more, closed = cutDigest(rest)
		if !closed {
			return c, false
		}
		name, v, _ := bytes.Cut(part, []byte("="))
		v, plain := unquote(trim(v))
		if !plain {
			return c, false
		}
		switch name = trim(name); {
		case EqualFold(name, "realm"):
			c.Realm = v
		case EqualFold(name, "nonce"):
			c.Nonce = v
		case EqualFold(name, "opaque"):
			c.Opaque = v
		case EqualFold(name, "algorithm"):
			switch {
			case EqualFold(v, "md5"):
			case EqualFold(v, "sha-256"):
				c.SHA256 = true
			default:
				return c, false
			}
		case EqualFold(name, "qop"):
			auth := false
			for list := v; len(list) > 0; {
				var one []byte
				one, list, _ = bytes.Cut(list, []byte(","))
				auth = auth || EqualFold(trim(one), "auth")
			}
			if !auth { // auth-int alone: not ours
				return c, false
			}
			c.QOP = true
		}
	}
	return c, len(c.Realm) > 0 && len(c.Nonce) > 0
}
