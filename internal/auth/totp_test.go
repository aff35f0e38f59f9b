package auth

import (
	"bytes"
	"encoding/base32"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"tischlein/internal/telephony"
)

// The times and codes are those of RFC 6238 appendix B, cut to six digits.
func TestU09_OneTimeCodesOfRFC6238(t *testing.T) {
	secret := telephony.Secret(base32.StdEncoding.EncodeToString([]byte("12345678901234567890")))
	for at, code := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037"} {
		step, ok, err := VerifyTOTP(secret, code[:3]+" "+code[3:], time.Unix(at, 0))
		if err != nil || !ok || step != at/30 {
			t.Errorf("at %d: step %d, %v, %v", at, step, ok, err)
		}
	}
}

func TestU09_OneStepEarlyOrLateIsAccepted(t *testing.T) {
	secret, now := NewTOTP(), time.Date(2026, 11, 23, 9, 0, 10, 0, time.UTC)
	for steps, want := range map[time.Duration]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
		code, err := totp.GenerateCode(secret.Reveal(), now.Add(steps*30*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		step, ok, err := VerifyTOTP(secret, code, now)
		if err != nil || ok != want || ok && step != now.Unix()/30+int64(steps) {
			t.Errorf("%d steps away: step %d, %v, %v", steps, step, ok, err)
		}
	}
	for _, code := range []string{"", "12345", "1234567", "abcdef"} {
		if _, ok, _ := VerifyTOTP(secret, code, now); ok {
			t.Errorf("%q was accepted", code)
		}
	}
}

func TestU09_TheURLForTheAppHoldsWhatItNeeds(t *testing.T) {
	u, err := url.Parse(TOTPURL("ABC234", "Ökofon: Telefonie", "ada+1@example.com").Reveal())
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/Ökofon  Telefonie:ada+1@example.com" || q.Get("secret") != "ABC234" || q.Get("issuer") != "Ökofon: Telefonie" {
		t.Errorf("%s", u)
	}
	if strings.Contains(u.RawQuery, "+") {
		t.Errorf("apps read + as itself: %s", u.RawQuery)
	}
}

func TestU09_RecoveryCodesAreReadInAnyForm(t *testing.T) {
	k, err := NewKey(bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, c := range NewRecoveryCodes() {
		h := k.HashRecovery("u1", c.Reveal())
		if h != k.HashRecovery("u1", " "+strings.ToUpper(strings.ReplaceAll(c.Reveal(), "-", " "))) || h == k.HashRecovery("u2", c.Reveal()) {
			t.Errorf("%s: the hash depends on its spelling, or not on its user", c.Reveal())
		}
		seen[h] = true
	}
	if len(seen) != recoveryCodes {
		t.Errorf("%d different codes", len(seen))
	}
}
