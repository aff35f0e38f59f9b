package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"tischlein/internal/telephony"
)

// One-time codes as every authenticator app makes them (RFC 6238): SHA-1, six
// digits, 30 seconds; one step early or late is accepted.
const (
	totpSecret = 20 // bytes (RFC 4226 section 4)
	totpPeriod = 30
	totpSkew   = 1

	recoveryCodes  = 10
	recoveryLength = 12 // characters, 60 bits
)

// NewTOTP makes a secret in the base32 that apps take.
func NewTOTP() telephony.Secret {
	var b [totpSecret]byte
	rand.Read(b[:])
	return telephony.Secret(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:]))
}

// TOTPURL is what a QR code for an authenticator app holds.
func TOTPURL(secret telephony.Secret, issuer, login string) telephony.Secret {
	q := url.Values{"secret": {secret.Reveal()}, "issuer": {issuer}}
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + strings.ReplaceAll(issuer, ":", " ") + ":" + login,
		RawQuery: strings.ReplaceAll(q.Encode(), "+", "%20")} // apps do not read + as a space
	return telephony.Secret(u.String())
}

// VerifyTOTP finds the step of a code, the count of 30 seconds since 1970, or
// ok is false. The caller refuses a step that is not later than the last one
// used (RFC 6238 section 5.2).
func VerifyTOTP(secret telephony.Secret, code string, now time.Time) (step int64, ok bool, err error) {
	code = digits(code)
	present := now.Unix() / totpPeriod
	for s := present - totpSkew; s <= present+totpSkew; s++ {
		want, err := hotp.GenerateCodeCustom(secret.Reveal(), uint64(s), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, false, fmt.Errorf("making a one-time code: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = s, true
		}
	}
	return step, ok, nil
}

// digits drops the blanks that people type between groups.
func digits(s string) string { return strings.Join(strings.Fields(s), "") }

// NewRecoveryCodes makes the ten codes for who has lost their device, as people
// read them: three groups of four.
func NewRecoveryCodes() []telephony.Secret {
	list := make([]telephony.Secret, recoveryCodes)
	for i := range list {
		c := NewPassword(recoveryLength).Reveal()
		list[i] = telephony.Secret(c[:4] + "-" + c[4:8] + "-" + c[8:])
	}
	return list
}

// HashRecovery is how a recovery code of a user is kept. A code is random but
// short, so the hash takes a key that is not in the database.
func (k *Key) HashRecovery(userID, code string) string {
	m := hmac.New(sha256.New, k.recovery)
	m.Write([]byte(userID + "\x00" + strings.ToLower(strings.ReplaceAll(digits(code), "-", ""))))
	return hex.EncodeToString(m.Sum(nil))
}
