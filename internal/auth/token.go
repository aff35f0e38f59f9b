package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"strings"

	"tischlein/internal/telephony"
)

var tokenText = base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding)

// NewToken makes a random token of 160 bits: letters and digits that survive
// file names, URLs and being read aloud. prefix tells people what it is for.
func NewToken(prefix string) telephony.Secret {
	var b [20]byte
	rand.Read(b[:])
	return telephony.Secret(prefix + tokenText.EncodeToString(b[:]))
}

// NewPassword makes a random password of n characters that phones can hold and
// people can type.
func NewPassword(n int) telephony.Secret {
	b := make([]byte, n)
	rand.Read(b)
	return telephony.Secret(tokenText.EncodeToString(b)[:n])
}

// HashToken is how a token is kept and looked up: random tokens need no salt.
func HashToken(t string) string {
	h := sha256.Sum256([]byte(strings.TrimSpace(t)))
	return hex.EncodeToString(h[:])
}
