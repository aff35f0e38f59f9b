package sip

import "bytes"

// digestChallenge is a phone's WWW- or Proxy-Authenticate (RFC 7616 3.3).
type digestChallenge struct {
	realm, nonce, opaque []byte
	sha256, qop          bool
}

func parseChallenge(value []byte) (c digestChallenge, ok bool) {
	if len(value) < 7 || !equalFold(value[:7], "digest ") {
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
		case equalFold(name, "realm"):
			c.realm = v
		case equalFold(name, "nonce"):
			c.nonce = v
		case equalFold(name, "opaque"):
			c.opaque = v
		case equalFold(name, "algorithm"):
			switch {
			case equalFold(v, "md5"):
			case equalFold(v, "sha-256"):
				c.sha256 = true
			default:
				return c, false
			}
		case equalFold(name, "qop"):
			auth := false
			for list := v; len(list) > 0; {
				var one []byte
				one, list, _ = bytes.Cut(list, []byte(","))
				auth = auth || equalFold(trim(one), "auth")
			}
			if !auth { // auth-int alone: not ours
				return c, false
			}
			c.qop = true
		}
	}
	return c, len(c.realm) > 0 && len(c.nonce) > 0
}
