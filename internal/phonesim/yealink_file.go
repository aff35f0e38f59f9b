package phonesim

import (
	"errors"
	"fmt"
	"strings"
)

// yealinkFile is one parsed cfg or boot file.
type yealinkFile struct {
	pairs     []yealinkPair // in file order; later ones win
	includes  []string      // include:config, boot files only
	overwrite bool          // overwrite_mode = 1
}

type yealinkPair struct{ key, value string }

var errYealinkHeader = errors.New(`first line is not "#!version:1.0.0.1"`)

// parseYealink reads key = value text. Without the exact first line the phone
// ignores the whole file, so that is an error here.
func parseYealink(b []byte) (yealinkFile, error) {
	var f yealinkFile
	text := strings.TrimPrefix(string(b), "\ufeff")
	first, rest, _ := strings.Cut(text, "\n")
	if strings.TrimRight(first, "\r \t") != "#!version:1.0.0.1" {
		return f, errYealinkHeader
	}
	for n, line := range strings.Split(rest, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line[0] == '[' {
			continue
		}
		if arg, ok := cutFold(line, "include:config"); ok {
			arg = strings.Trim(strings.TrimSpace(arg), `"<>`)
			if arg == "" {
				return f, fmt.Errorf("line %d: include:config without a file", n+2)
			}
			f.includes = append(f.includes, arg)
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if !ok || key == "" {
			return f, fmt.Errorf("line %d: %q is not key = value", n+2, line)
		}
		if key == "overwrite_mode" {
			f.overwrite = value == "1"
			continue
		}
		f.pairs = append(f.pairs, yealinkPair{key, value})
	}
	return f, nil
}

func cutFold(s, prefix string) (string, bool) {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):], true
	}
	return s, false
}

// applyYealink merges files in order. With overwrite_mode what the new files do
// not name falls back to factory, but for static.* which lives outside of it.
func applyYealink(s settings, files []yealinkFile, keep func(string) bool) {
	named := map[string]bool{}
	overwrite := false
	for _, f := range files {
		overwrite = overwrite || f.overwrite
		for _, p := range f.pairs {
			named[p.key] = true
			switch {
			case p.value == "%NULL%" || (p.value == "" && f.overwrite):
				delete(s, p.key)
			case p.value == "%EMPTY%":
				s.set(p.key, "")
			case keep(p.key):
				s.set(p.key, p.value)
			}
		}
	}
	if !overwrite {
		return
	}
	for k := range s {
		if !named[k] && !strings.HasPrefix(k, "static.") {
			delete(s, k)
		}
	}
}
