package provision

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"

	"tischlein/internal/telephony"
)

// Digits are nine digits that stand for a secret on phones which take nothing else
// as a password and would fall back to the maker's own. "" for none. They are the
// same wherever they are asked for, and a secret like the one they stand for.
func Digits(s telephony.Secret) telephony.Secret {
	if s == "" {
		return ""
	}
	sum := sha256.Sum256([]byte("digits " + s.Reveal()))
	return telephony.Secret(strconv.FormatUint(100_000_000+binary.BigEndian.Uint64(sum[:8])%900_000_000, 10))
}
