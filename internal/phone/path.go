package phone

import (
	"net/url"
	"strings"
)

const longestPath = 256

// cleanPath is the decoded path without its leading slash. ok is false for what
// no phone asks for and a file server stumbles over: empty, dotted or doubled
// segments, hidden slashes, control characters, overlong names.
func cleanPath(u *url.URL) (p string, ok bool) {
	p = u.Path
	if len(p) == 0 || p[0] != '/' || len(p) > longestPath || len(u.RawPath) > 3*longestPath {
		return "", false
	}
	// net/url sets RawPath when the path was not written in the usual way. A
	// slash, dot or percent sign that hides behind an escape is a trick.
	if u.RawPath != "" && hidesStructure(u.RawPath) {
		return "", false
	}
	for i := 0; i < len(p); i++ {
		switch c := p[i]; {
		case c < ' ' || c >= 0x7f || c == '\\' || c == '%':
			return "", false
		case c == '/' && i+1 < len(p):
			rest := p[i+1:]
			if rest[0] == '/' || rest == "." || rest == ".." || strings.HasPrefix(rest, "./") || strings.HasPrefix(rest, "../") {
				return "", false
			}
		}
	}
	return p[1:], true
}

func hidesStructure(raw string) bool {
	for i := 0; i+2 < len(raw); i++ {
		if raw[i] != '%' {
			continue
		}
		switch strings.ToLower(raw[i+1 : i+3]) {
		case "2f", "5c", "2e", "25", "00":
			return true
		}
	}
	return false
}

// The doors. A request below one of them that is not well-formed is nobody's: it
// must not fall through to stage 1.
const (
	doorOwn   = 'd'
	doorFirst = 'f'
	doorPages = 'k'
	doorSite  = 's'
	doorPIN   = 'n' // without a token: the PIN is asked for
	doorBare  = 'p'
	doorImage = 'w'
)

// splitDoor takes a clean path apart: "d/<token>/a/b.cfg" is doorOwn, the token
// and "a/b.cfg". token is "" when it could not be one of ours.
func splitDoor(p string) (door byte, token, rest string) {
	if len(p) < 2 || p[1] != '/' {
		if p == "d" || p == "f" || p == "k" || p == "s" || p == "w" {
			return p[0], "", ""
		}
		return doorBare, "", p
	}
	switch p[0] {
	case doorOwn, doorFirst, doorPages, doorSite:
		token, rest, _ = strings.Cut(p[2:], "/")
		if !tokenLike(token) {
			token = ""
		}
		return p[0], token, rest
	case doorImage:
		return doorImage, "", p[2:]
	case doorPIN:
		return doorPIN, "", p[2:]
	case doorBare:
		return doorBare, "", p[2:]
	}
	return doorBare, "", p
}

// The shortest token holds 128 bits in six-bit letters (P02).
const (
	shortestToken = 22
	longestToken  = 128
)

func tokenLike(t string) bool {
	if len(t) < shortestToken || len(t) > longestToken {
		return false
	}
	for i := 0; i < len(t); i++ {
		c := t[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-') {
			return false
		}
	}
	return true
}

// baseName is the last segment.
func baseName(p string) string { return p[strings.LastIndexByte(p, '/')+1:] }
