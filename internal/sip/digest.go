package sip

import (
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
)

// digestAuth is a Digest Authorization header cut into its values (RFC 7616 3.4).
type digestAuth struct {
	username, realm, nonce, uri, response []byte
	cnonce, qop, nc                       []byte
	sha256                                bool
	count                                 uint32 // nc, 0 without qop
}

// parseDigest cuts value, the part after the header's name. ok is false when it
// is another scheme; bad when it is a Digest that makes no sense.
func parseDigest(value []byte) (a digestAuth, ok, bad bool) {
	if len(value) < 7 || !equalFold(value[:6], "digest") || value[6] != ' ' && value[6] != '\t' {
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
		case equalFold(name, "username"):
			dst = &a.username
		case equalFold(name, "realm"):
			dst = &a.realm
		case equalFold(name, "nonce"):
			dst = &a.nonce
		case equalFold(name, "uri"):
			dst = &a.uri
		case equalFold(name, "response"):
			dst = &a.response
		case equalFold(name, "cnonce"):
			dst = &a.cnonce
		case equalFold(name, "qop"):
			dst = &a.qop
		case equalFold(name, "nc"):
			dst = &a.nc
		case equalFold(name, "algorithm"):
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

func (a *digestAuth) sound(algorithm []byte) bool {
	switch {
	case len(algorithm) == 0 || equalFold(algorithm, "md5"):
	case equalFold(algorithm, "sha-256"):
		a.sha256 = true
	default:
		return false
	}
	if len(a.username) == 0 || len(a.username) > maxUser || len(a.nonce) == 0 || len(a.uri) == 0 {
		return false
	}
	if want := md5.Size * 2; len(a.response) != want && !(a.sha256 && len(a.response) == 2*want) || a.sha256 && len(a.response) == want {
		return false
	}
	if len(a.qop) == 0 {
		// RFC 2069 answers still come from old phones. They are accepted with MD5
		// only, and each nonce then serves once (nonces.use).
		return !a.sha256 && len(a.nc) == 0
	}
	if !equalFold(a.qop, "auth") || len(a.cnonce) == 0 || len(a.nc) != 8 {
		return false
	}
	for _, c := range a.nc {
		d, ok := unhex(c)
		if !ok {
			return false
		}
		a.count = a.count<<4 | uint32(d)
	}
	return a.count > 0
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

// expected appends the response that the owner of h would give (RFC 7616 3.4.1).
// scratch is reused for the hashing and returned with the result at its start.
func (a *digestAuth) expected(scratch []byte, h *HA1, method []byte) []byte {
	b := append(scratch[:0], method...)
	b = append(b, ':')
	b = append(b, a.uri...)
	var ha2 [2 * sha256.Size]byte
	a2 := a.sum(ha2[:0], b)
	b = b[:0]
	if a.sha256 {
		b = hex.AppendEncode(b, h.SHA256[:])
	} else {
		b = hex.AppendEncode(b, h.MD5[:])
	}
	b = append(b, ':')
	b = append(b, a.nonce...)
	if len(a.qop) > 0 {
		for _, part := range [...][]byte{a.nc, a.cnonce, a.qop} {
			b = append(b, ':')
			b = append(b, part...)
		}
	}
	b = append(b, ':')
	b = append(b, a2...)
	var out [2 * sha256.Size]byte
	sum := a.sum(out[:0], b)
	return append(b[:0], sum...)
}

func (a *digestAuth) sum(dst, b []byte) []byte {
	if a.sha256 {
		h := sha256.Sum256(b)
		return hex.AppendEncode(dst, h[:])
	}
	h := md5.Sum(b)
	return hex.AppendEncode(dst, h[:])
}

// verify reports which of the secrets made the response, -1 for none. It takes
// the same time whether one matches or not.
func (a *digestAuth) verify(w *worker, secrets []HA1, method []byte) int {
	match := -1
	for i := range secrets {
		w.scratch = a.expected(w.scratch, &secrets[i], method)
		got := a.response
		for j, c := range got { // the response is LHEX, but some phones shout
			got[j] = lower(c)
		}
		if subtle.ConstantTimeCompare(w.scratch, got) == 1 && match < 0 {
			match = i
		}
	}
	return match
}

// NewHA1 derives what the registrar keeps of a secret (C01).
func NewHA1(user, realm, secret string) HA1 {
	a1 := []byte(user + ":" + realm + ":" + secret)
	return HA1{MD5: md5.Sum(a1), SHA256: sha256.Sum256(a1)}
}
