package voice

import (
	"mime"
	"strconv"
	"strings"
)

// ParseInfo reads the digit of a SIP INFO request: application/dtmf-relay, whose
// body has lines `Signal=5` and `Duration=160`, or application/dtmf, whose body
// is the digit or its event number. ok is false for everything else; the request
// is then to be answered with 415.
func ParseInfo(contentType string, body []byte) (digit byte, ok bool) {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil || len(body) > 256 {
		return 0, false
	}
	switch text := string(body); kind {
	case "application/dtmf-relay":
		for line := range strings.Lines(text) {
			name, value, found := strings.Cut(line, "=")
			if found && strings.EqualFold(strings.TrimSpace(name), "signal") {
				return key(strings.TrimSpace(value))
			}
		}
	case "application/dtmf":
		return key(strings.TrimSpace(text))
	}
	return 0, false
}

// key is a digit written as itself or, from 10 on, as its event number.
func key(s string) (byte, bool) {
	s = strings.ToUpper(s)
	if len(s) == 1 && strings.Contains(keys, s) {
		return s[0], true
	}
	if n, err := strconv.Atoi(s); err == nil && n >= 10 && n < len(keys) && len(s) == 2 {
		return keys[n], true
	}
	return 0, false
}
