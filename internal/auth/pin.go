package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"

	"golang.org/x/crypto/argon2"
)

// The PIN hash of D20: a short PIN gains little from slowness, much from the
// pepper that is not in the database.
const (
	pinSalt   = 16
	pinTime   = 1
	pinMemory = 2 * 1024 // KiB
	pinLength = 32
)

// HashPIN is salt and argon2id over HMAC-SHA-256 of the PIN with the pepper.
func (k *Key) HashPIN(pin string) []byte {
	salt := make([]byte, pinSalt, pinSalt+pinLength)
	rand.Read(salt)
	return append(salt, k.pinSum(pin, salt)...)
}

// VerifyPIN reports whether hash is of pin. A nil hash costs the same time and
// is never right, so that an unknown number is not told by its speed.
func (k *Key) VerifyPIN(pin string, hash []byte) bool {
	known := len(hash) == pinSalt+pinLength
	if !known {
		hash = make([]byte, pinSalt+pinLength)
	}
	sum := k.pinSum(pin, hash[:pinSalt])
	return subtle.ConstantTimeCompare(sum, hash[pinSalt:]) == 1 && known
}

func (k *Key) pinSum(pin string, salt []byte) []byte {
	m := hmac.New(sha256.New, k.pepper)
	m.Write([]byte(pin))
	return argon2.IDKey(m.Sum(nil), salt, pinTime, pinMemory, 1, pinLength)
}
