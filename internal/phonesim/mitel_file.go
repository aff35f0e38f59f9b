package phonesim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// mitelLine is one setting of a file.
type mitelLine struct {
	key, value string
	locked     bool // "!": not to be changed at the phone
	reset      bool // "^": what was changed at the phone is forgotten
}

// parseMitel reads key: value text. What follows a "#" is a comment, unless the
// value stands in quotes.
func parseMitel(b []byte) ([]mitelLine, error) {
	var lines []mitelLine
	for n, text := range strings.Split(strings.TrimPrefix(string(b), "\ufeff"), "\n") {
		text = strings.TrimSpace(text)
		if text == "" || text[0] == '#' {
			continue
		}
		var l mitelLine
		for ; strings.HasPrefix(text, "!") || strings.HasPrefix(text, "^"); text = text[1:] {
			l.locked, l.reset = l.locked || text[0] == '!', l.reset || text[0] == '^'
		}
		key, value, ok := strings.Cut(text, ":")
		l.key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if !ok || l.key == "" || l.key != strings.ToLower(l.key) {
			return nil, fmt.Errorf("line %d: %q is not key: value", n+1, text)
		}
		if quoted, open := strings.CutPrefix(value, `"`); open {
			value, _, ok = strings.Cut(quoted, `"`)
			if !ok {
				return nil, fmt.Errorf("line %d: a quote without end", n+1)
			}
			l.value = value
		} else {
			value, _, _ = strings.Cut(value, "#")
			l.value = strings.TrimSpace(value)
		}
		lines = append(lines, l)
	}
	return lines, nil
}

func sortedKeys(s settings) []string { return slices.Sorted(maps.Keys(s)) }
