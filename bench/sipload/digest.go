package main

import (
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math/rand/v2"
)

// challenge is what a WWW-Authenticate header asks for (RFC 7616 3.3). The slices point into the
// received message.
type challenge struct {
	realm, nonce, opaque, algorithm []byte
	qop, stale                      bool
}

var errNoChallenge = errors.New("no usable challenge")

// pickChallenge takes the first challenge with an algorithm we speak, as RFC 8760 2.4 tells clients;
// wanted narrows it to one algorithm.
func pickChallenge(values [][]byte, wanted string) (challenge, error) {
	for _, v := range values {
		c, err := parseChallenge(v)
		if err != nil {
			return challenge{}, err
		}
		known := len(c.algorithm) == 0 || equalFold(c.algorithm, "MD5") || equalFold(c.algorithm, "SHA-256")
		name := "MD5"
		if len(c.algorithm) > 0 {
			name = string(c.algorithm)
		}
		if known && (wanted == "" || equalFold([]byte(name), wanted)) {
			return c, nil
		}
	}
	return challenge{}, errNoChallenge
}

func parseChallenge(v []byte) (challenge, error) {
	var c challenge
	rest, ok := cutPrefixFold(v, "digest ")
	if !ok {
		return c, errNoChallenge
	}
	for len(rest) > 0 {
		eq := bytes.IndexByte(rest, '=')
		if eq < 0 {
			break
		}
		name := bytes.Trim(rest[:eq], " ,")
		value := rest[eq+1:]
		end := 0
		if len(value) > 0 && value[0] == '"' {
			value = value[1:]
			end = bytes.IndexByte(value, '"')
		} else if end = bytes.IndexByte(value, ','); end < 0 {
			end = len(value)
		}
		if end < 0 {
			return c, errNoChallenge
		}
		rest = value[min(end+1, len(value)):]
		value = value[:end]
		switch {
		case equalFold(name, "realm"):
			c.realm = value
		case equalFold(name, "nonce"):
			c.nonce = value
		case equalFold(name, "opaque"):
			c.opaque = value
		case equalFold(name, "algorithm"):
			c.algorithm = value
		case equalFold(name, "stale"):
			c.stale = equalFold(value, "true")
		case equalFold(name, "qop"):
			for option := range bytes.SplitSeq(value, []byte(",")) {
				c.qop = c.qop || equalFold(bytes.TrimSpace(option), "auth")
			}
		}
	}
	if len(c.nonce) == 0 || len(c.realm) == 0 {
		return c, errNoChallenge
	}
	return c, nil
}

// appendAuthorization appends the header line of that name that answers c for a request to uri. Every
// nonce is used once, hence nc=00000001.
func appendAuthorization(dst []byte, header, method string, c challenge, user, password, uri string) []byte {
	hash := md5Hex
	if equalFold(c.algorithm, "SHA-256") {
		hash = sha256Hex
	}
	var space [512]byte
	var ha1, ha2, response [64]byte
	text := append(append(append(append(append(space[:0], user...), ':'), c.realm...), ':'), password...)
	h1 := hash(&ha1, text)
	text = append(append(append(space[:0], method...), ':'), uri...)
	h2 := hash(&ha2, text)
	var cnonce [16]byte
	for i, r := 0, rand.Uint64(); i < len(cnonce); i, r = i+1, r>>4 {
		cnonce[i] = "0123456789abcdef"[r&15]
	}
	text = append(append(append(append(space[:0], h1...), ':'), c.nonce...), ':')
	if c.qop {
		text = append(append(append(text, "00000001:"...), cnonce[:]...), ":auth:"...)
	}
	text = append(text, h2...)

	dst = append(append(append(append(dst, header...), `: Digest username="`...), user...), `", realm="`...)
	dst = append(append(append(dst, c.realm...), `", nonce="`...), c.nonce...)
	dst = append(append(append(dst, `", uri="`...), uri...), `", response="`...)
	dst = append(append(dst, hash(&response, text)...), '"')
	if len(c.algorithm) > 0 {
		dst = append(append(dst, ", algorithm="...), c.algorithm...)
	}
	if len(c.opaque) > 0 {
		dst = append(append(append(dst, `, opaque="`...), c.opaque...), '"')
	}
	if c.qop {
		dst = append(append(append(dst, `, qop=auth, nc=00000001, cnonce="`...), cnonce[:]...), '"')
	}
	return append(dst, "\r\n"...)
}

func md5Hex(out *[64]byte, text []byte) []byte {
	sum := md5.Sum(text)
	return out[:hex.Encode(out[:], sum[:])]
}

func sha256Hex(out *[64]byte, text []byte) []byte {
	sum := sha256.Sum256(text)
	return out[:hex.Encode(out[:], sum[:])]
}
