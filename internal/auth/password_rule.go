package auth

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"tischlein/internal/telephony"
)

// How long a password must and may be, in characters.
const (
	leastPassword = 12
	mostPassword  = 256
	ownPassword   = 6 // characters that must remain without login and name
)

//go:embed common.txt
var commonText string

// common holds long passwords that everybody tries first, folded.
var common = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for line := range strings.Lines(commonText) {
		if word := strings.TrimSpace(line); word != "" && !strings.HasPrefix(word, "#") {
			m[word] = true
		}
	}
	return m
})

// CheckPassword refuses a password that is guessed easily: shorter than 12
// characters, one that everybody uses, one letter or a short piece repeated, a
// run up or down, or little more than the names. Which kinds of characters it
// has does not matter. The error is invalid and bears the field.
func CheckPassword(field string, password telephony.Secret, names ...string) error {
	p := password.Reveal()
	if !utf8.ValidString(p) || len(p) > 4*mostPassword {
		return longOrBroken(field, p)
	}
	p = normal(p)
	for _, r := range p {
		if unicode.IsControl(r) {
			return telephony.Invalidf(field, "password_characters", "the password contains a control character")
		}
	}
	switch n := utf8.RuneCountInString(p); {
	case n < leastPassword:
		return telephony.Invalidf(field, "password_short", "the password needs at least %d characters", leastPassword).With("least", leastPassword)
	case n > mostPassword:
		return tooLong(field)
	}
	folded := telephony.Fold(p)
	if common()[folded] || common()[strings.ReplaceAll(folded, " ", "")] || repeated(folded) || run(folded) {
		return telephony.Invalidf(field, "password_common", "many people use this password, so it is tried first; choose another")
	}
	if utf8.RuneCountInString(without(folded, names)) < ownPassword {
		return telephony.Invalidf(field, "password_is_name", "the password is little more than the name; choose another")
	}
	return nil
}

func longOrBroken(field, p string) error {
	if utf8.ValidString(p) {
		return tooLong(field)
	}
	return telephony.Invalidf(field, "password_characters", "the password is not valid UTF-8")
}

func tooLong(field string) error {
	return telephony.Invalidf(field, "password_long", "the password can have at most %d characters", mostPassword).With("most", mostPassword)
}

// repeated reports a piece of at most four characters said again and again.
func repeated(s string) bool {
	r := []rune(s)
	for n := 1; n <= 4; n++ {
		same := true
		for i := n; i < len(r); i++ {
			same = same && r[i] == r[i-n]
		}
		if same {
			return true
		}
	}
	return false
}

// run reports characters that count up or down, with 0 after 9 and a after z.
func run(s string) bool {
	r := []rune(s)
	up, down := true, true
	for i := 1; i < len(r); i++ {
		up = up && follows(r[i-1], r[i])
		down = down && follows(r[i], r[i-1])
	}
	return up || down
}

func follows(a, b rune) bool {
	return b == a+1 || a == '9' && b == '0' || a == 'z' && b == 'a'
}

// without takes the names, the part before the @ and their words out, the
// longest first.
func without(s string, names []string) string {
	var parts []string
	for _, n := range names {
		n = telephony.Fold(normal(n))
		local, _, _ := strings.Cut(n, "@")
		parts = append(parts, n, strings.ReplaceAll(n, " ", ""), local)
		parts = append(parts, strings.Fields(n)...)
	}
	slices.SortFunc(parts, func(a, b string) int { return len(b) - len(a) })
	for _, part := range parts {
		if utf8.RuneCountInString(part) >= 3 {
			s = strings.ReplaceAll(s, part, "")
		}
	}
	return s
}
