package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"

	"tischlein/internal/telephony"
)

// Mask is what stands for a secret in texts that are kept or compared: the same
// for the same secret, another for another. Six keyed digits tell two secrets
// apart and say nothing about either without the key.
func (k *Key) Mask(s telephony.Secret) string {
	h := hmac.New(sha256.New, k.pepper)
	h.Write([]byte("mask\x00" + s.Reveal()))
	return "***" + hex.EncodeToString(h.Sum(nil)[:3])
}
