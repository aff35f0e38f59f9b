package sip

import (
	"crypto/md5"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"

	"tischlein/internal/sip/wire"
)

// expected appends the response to a that the owner of h would give (RFC 7616
// 3.4.1). scratch is reused for the hashing and returned with the result at its start.
func expected(scratch []byte, a *wire.Authorization, h *HA1, method []byte) []byte {
	b := append(scratch[:0], method...)
	b = append(b, ':')
	b = append(b, a.URI...)
	var ha2 [2 * sha256.Size]byte
	a2 := digestSum(ha2[:0], b, a.SHA256)
	b = b[:0]
	if a.SHA256 {
		b = hex.AppendEncode(b, h.SHA256[:])
	} else {
		b = hex.AppendEncode(b, h.MD5[:])
	}
	b = append(b, ':')
	b = append(b, a.Nonce...)
	if len(a.QOP) > 0 {
		for _, part := range [...][]byte{a.NC, a.CNonce, a.QOP} {
			b = append(b, ':')
			b = append(b, part...)
		}
	}
	b = append(b, ':')
	b = append(b, a2...)
	var out [2 * sha256.Size]byte
	sum := digestSum(out[:0], b, a.SHA256)
	return append(b[:0], sum...)
}

func digestSum(dst, b []byte, strong bool) []byte {
	if strong {
		h := sha256.Sum256(b)
		return hex.AppendEncode(dst, h[:])
	}
	h := md5.Sum(b)
	return hex.AppendEncode(dst, h[:])
}

// verify reports which of the secrets made the response in a, -1 for none. It
// takes the same time whether one matches or not.
func (w *worker) verify(a *wire.Authorization, secrets []HA1, method []byte) int {
	match := -1
	for i := range secrets {
		w.scratch = expected(w.scratch, a, &secrets[i], method)
		got := a.Response
		for j, c := range got { // the response is LHEX, but some phones shout
			got[j] = wire.Lower(c)
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

// Respond is the credentials that answer a peer's challenge with the secret
// behind h (RFC 7616 3.4): the value of an Authorization or Proxy-Authorization.
func Respond(c *wire.Challenge, user string, h *HA1, method, uri string) string {
	d := wire.Authorization{
		Username: []byte(user), Realm: c.Realm, Nonce: c.Nonce, URI: []byte(uri), SHA256: c.SHA256,
	}
	algorithm := "MD5"
	if d.SHA256 {
		algorithm = "SHA-256"
	}
	if c.QOP {
		d.QOP, d.NC, d.CNonce = []byte("auth"), []byte("00000001"), []byte(randomHex(8))
	}
	response := expected(nil, &d, h, []byte(method))
	v := `Digest username="` + user + `", realm="` + string(c.Realm) + `", nonce="` + string(c.Nonce) +
		`", uri="` + uri + `", response="` + string(response) + `", algorithm=` + algorithm
	if c.QOP {
		v += `, qop=auth, nc=00000001, cnonce="` + string(d.CNonce) + `"`
	}
	if len(c.Opaque) > 0 {
		v += `, opaque="` + string(c.Opaque) + `"`
	}
	return v
}
