package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"tischlein/internal/telephony"
)

// Key seals secrets at rest. It lives in a file outside the database, so that a
// copy of the database alone gives nothing away (P14).
type Key struct {
	aead     cipher.AEAD
	pepper   []byte // of PINs
	password []byte
	recovery []byte
	pages    []byte // of the tokens in keys' URLs
	check    []byte
}

// LoadKey reads the key file, or makes it when it does not exist: 64 hexadecimal
// digits, readable by its owner only.
func LoadKey(path string) (*Key, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		var raw [32]byte
		rand.Read(raw[:])
		b = []byte(hex.EncodeToString(raw[:]) + "\n")
		err = os.WriteFile(path, b, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the key file: %w", err)
	}
	raw, err := hex.DecodeString(strings.TrimSpace(string(b)))
	if err != nil || len(raw) != 32 {
		return nil, fmt.Errorf("the key file %s does not hold 64 hexadecimal digits", path)
	}
	return NewKey(raw)
}

// NewKey derives a Key from 32 random bytes.
func NewKey(raw []byte) (*Key, error) {
	part := func(purpose string) []byte {
		k, err := hkdf.Key(sha256.New, raw, nil, "tischlein "+purpose, 32)
		if err != nil {
			panic(err) // only for lengths that this never asks for
		}
		return k
	}
	block, err := aes.NewCipher(part("seal"))
	if err != nil {
		return nil, fmt.Errorf("making the cipher: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("making the cipher: %w", err)
	}
	return &Key{aead: aead, pepper: part("pin"), password: part("password"), recovery: part("recovery"), pages: part("pages"), check: part("check")}, nil
}

// Check identifies the key without giving it away: stored in the database, it
// tells at start whether the key file belongs to it.
func (k *Key) Check() []byte { return k.check }

// Seal encrypts a secret for one purpose ("secret", the id of its row); it can
// be opened for that purpose only, so rows cannot be swapped.
func (k *Key) Seal(s telephony.Secret, purpose string) []byte {
	nonce := make([]byte, k.aead.NonceSize(), k.aead.NonceSize()+len(s)+k.aead.Overhead())
	rand.Read(nonce)
	return k.aead.Seal(nonce, nonce, []byte(s), []byte(purpose))
}

// Open decrypts what Seal made for the same purpose.
func (k *Key) Open(sealed []byte, purpose string) (telephony.Secret, error) {
	n := k.aead.NonceSize()
	if len(sealed) < n {
		return "", errors.New("opening a secret: too short")
	}
	b, err := k.aead.Open(nil, sealed[:n], sealed[n:], []byte(purpose))
	if err != nil {
		return "", fmt.Errorf("opening a secret: %w", err)
	}
	return telephony.Secret(b), nil
}
