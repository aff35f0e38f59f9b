package provision

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes foreign text safe for one line of any format: no control
// characters, line breaks or characters that XML forbids, no marks that turn the
// writing direction of what follows, no spaces at the ends or in rows.
func Clean(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case r == utf8.RuneError, directional(r), unassigned(r):
			continue
		case unicode.IsSpace(r), unicode.IsControl(r):
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// plain is the common case: printable ASCII without double or outer spaces.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' || s[i] == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' ') {
			return false
		}
	}
	return true
}

// directional: embeddings, overrides, isolates and marks. They reorder the text
// around a name, so that a phone would show something other than what it is.
func directional(r rune) bool {
	return r == 0x061c || r == 0x200e || r == 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff
}

// unassigned: noncharacters, which XML 1.0 forbids in part.
func unassigned(r rune) bool { return r >= 0xfdd0 && r <= 0xfdef || r&0xfffe == 0xfffe }

// Clip cuts text to at most n runes; the last one is then an ellipsis.
func Clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	r := []rune(s)
	return strings.TrimRight(string(r[:n-1]), " ") + "…"
}

// displayName is text that can stand in a SIP display name whatever a phone does
// about quoting it (RFC 3261 section 25.1).
var displayName = strings.NewReplacer(`"`, "'", `\`, "/", "<", "(", ">", ")")
