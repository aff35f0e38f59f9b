package auth

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"runtime"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"tischlein/internal/telephony"
)

// The password hash: argon2id over HMAC-SHA-256 with a pepper that is not in the
// database. About 30 ms and 19 MiB each, so that few at once are enough to fill a
// core; passwordForm says by which figures a stored hash was made.
const (
	passwordForm   = 1
	passwordSalt   = 16
	passwordTime   = 2
	passwordMemory = 19 * 1024 // KiB
	passwordLength = 32
	passwordHash   = 1 + passwordSalt + passwordLength

	passwordsWaiting = 64 // who comes when so many wait is sent away
)

// Passwords hashes and checks passwords, a few at once: signing in must leave the
// processor to registrations and the memory to everybody.
type Passwords struct {
	key     *Key
	waiting chan struct{}
	slots   chan struct{}
}

// NewPasswords makes a Passwords that uses at most half of the processors.
func NewPasswords(k *Key) *Passwords {
	n := min(max(1, runtime.GOMAXPROCS(0)/2), 8)
	return &Passwords{key: k, waiting: make(chan struct{}, passwordsWaiting), slots: make(chan struct{}, n)}
}

// Hash is the stored form of a password: 49 bytes. It fails with unavailable
// when too many wait or ctx ends first.
func (p *Passwords) Hash(ctx context.Context, password telephony.Secret) ([]byte, error) {
	hash := make([]byte, 1+passwordSalt, passwordHash)
	hash[0] = passwordForm
	rand.Read(hash[1:])
	sum, err := p.sum(ctx, password, hash[1:])
	return append(hash, sum...), err
}

// Verify reports whether hash is of password. A hash that is none, such as that
// of an unknown user, costs the same time and is never right.
func (p *Passwords) Verify(ctx context.Context, password telephony.Secret, hash []byte) (bool, error) {
	known := len(hash) == passwordHash && hash[0] == passwordForm
	if !known {
		hash = make([]byte, passwordHash)
	}
	sum, err := p.sum(ctx, password, hash[1:1+passwordSalt])
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(sum, hash[1+passwordSalt:]) == 1 && known, nil
}

func (p *Passwords) sum(ctx context.Context, password telephony.Secret, salt []byte) ([]byte, error) {
	select {
	case p.waiting <- struct{}{}:
		defer func() { <-p.waiting }()
	default:
		return nil, busy(nil)
	}
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return nil, busy(ctx.Err())
	}
	m := hmac.New(sha256.New, p.key.password)
	m.Write([]byte(normal(password.Reveal())))
	return argon2.IDKey(m.Sum(nil), salt, passwordTime, passwordMemory, 1, passwordLength), nil
}

func busy(cause error) error {
	return &telephony.Error{Code: telephony.Unavailable, Reason: "busy", Message: "too many people sign in at once; try again in a moment", Err: cause}
}

// normal makes the same password of what different keyboards send for the same
// letters. Longer than any password can be is cut: it is wrong anyway.
func normal(s string) string {
	return norm.NFKC.String(s[:min(len(s), 4*mostPassword)])
}
