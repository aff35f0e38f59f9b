package auth

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"tischlein/internal/telephony"
)

func testPasswords(t *testing.T, seed byte) *Passwords {
	t.Helper()
	k, err := NewKey(bytes.Repeat([]byte{seed}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return NewPasswords(k)
}

func TestU09_PasswordHashNeedsPasswordSaltAndPepper(t *testing.T) {
	ctx, p := context.Background(), testPasswords(t, 1)
	hash, err := p.Hash(ctx, "zwölf Boxkämpfer")
	if err != nil || len(hash) != passwordHash {
		t.Fatalf("%d bytes, %v", len(hash), err)
	}
	again, err := p.Hash(ctx, "zwölf Boxkämpfer")
	if err != nil || bytes.Equal(hash, again) {
		t.Fatalf("two hashes of one password are equal, or %v", err)
	}
	broken := append([]byte{passwordForm + 1}, hash[1:]...)
	for _, c := range []struct {
		name     string
		with     *Passwords
		password telephony.Secret
		hash     []byte
		right    bool
	}{
		{"the same", p, "zwölf Boxkämpfer", hash, true},
		{"as another keyboard sends it", p, "zwo\u0308lf Boxka\u0308mpfer", hash, true},
		{"another case", p, "Zwölf Boxkämpfer", hash, false},
		{"nobody's hash", p, "zwölf Boxkämpfer", nil, false},
		{"an unknown form", p, "zwölf Boxkämpfer", broken, false},
		{"another key file", testPasswords(t, 2), "zwölf Boxkämpfer", hash, false},
	} {
		right, err := c.with.Verify(ctx, c.password, c.hash)
		if err != nil || right != c.right {
			t.Errorf("%s: %v, %v", c.name, right, err)
		}
	}
}

func TestX03_NobodyWaitsForAPasswordForEver(t *testing.T) {
	p := testPasswords(t, 1)
	for range cap(p.slots) {
		p.slots <- struct{}{}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := p.Verify(ctx, "x", nil); telephony.CodeOf(err) != telephony.Unavailable {
		t.Errorf("with all places taken: %v", err)
	}
	for range cap(p.waiting) {
		p.waiting <- struct{}{}
	}
	if _, err := p.Hash(context.Background(), "x"); telephony.CodeOf(err) != telephony.Unavailable {
		t.Errorf("with a full queue: %v", err)
	}
}

func TestU09_PasswordRules(t *testing.T) {
	for _, c := range []struct{ password, reason string }{
		{"vier Pferde am Fluss", ""},
		{"kurzundgut1!", ""},
		{"äöüäüöxyzäöü", ""},
		{strings.Repeat("wort", 2) + "anderes" + strings.Repeat("lang ", 20), ""},
		{"elf Zeichen", "password_short"},
		{"elf Zeiche\u0301n", "password_short"}, // composed, it is eleven
		{strings.Repeat("Satz mit Sinn ", 20), "password_long"},
		{strings.Repeat("Satz mit Sinn ", 200), "password_long"},
		{"ein\nZeilenende", "password_characters"},
		{"kaputt\xff\xfekaputt", "password_characters"},
		{"Passwort1234", "password_common"},
		{"correct horse battery staple", "password_common"},
		{"CorrectHorseBatteryStaple", "password_common"},
		{"Sonnen schein 123", "password_common"},
		{"aaaaaaaaaaaa", "password_common"},
		{"abcabcabcabcab", "password_common"},
		{"234567890123", "password_common"},
		{"lkjihgfedcba", "password_common"},
		{"ada.wirt@example.com", "password_is_name"},
		{"ada.wirt ada.wirt!", "password_is_name"},
		{"AdaWirtAdaWirt99", "password_is_name"},
	} {
		err := CheckPassword("password", telephony.Secret(c.password), "Ada Wirt", "ada.wirt@example.com")
		if telephony.ReasonOf(err) != c.reason || (c.reason == "") != (err == nil) {
			t.Errorf("%.40q: %v, want %q", c.password, err, c.reason)
		}
		if err != nil && strings.Contains(err.Error(), c.password) {
			t.Errorf("the refusal of %q repeats it (X01)", c.password)
		}
	}
}

// Every entry must be reached: long enough to come so far, and folded.
func TestU09_TheListOfCommonPasswordsIsOfUse(t *testing.T) {
	if len(common()) < 150 {
		t.Fatalf("%d common passwords", len(common()))
	}
	for p := range common() {
		if len([]rune(p)) < leastPassword || p != telephony.Fold(p) {
			t.Errorf("%q is never compared", p)
		}
	}
}
