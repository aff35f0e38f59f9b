package wire

import (
	"bytes"
	"errors"
)

var errTooLarge = errors.New("message larger than allowed")
var errNoFrame = errors.New("message without an end that can be found")

// Frame finds the first message in b, which begins where the last one ended.
// n is its length, 0 while it is not complete; skip is how many keep-alive octets
// precede it, and pong whether they ask for an answer (RFC 5626 3.5.1, RFC 3261
// 7.5 and 18.3).
func Frame(b []byte, maxHeader, maxBody int) (skip, n int, pong bool, err error) {
	for skip < len(b) && (b[skip] == '\r' || b[skip] == '\n') {
		skip++
	}
	pong = skip >= 4 && bytes.HasPrefix(b, BlankLine)
	b = b[skip:]
	end := bytes.Index(b, BlankLine)
	if end < 0 {
		if len(b) > maxHeader {
			return skip, 0, pong, errTooLarge
		}
		return skip, 0, pong, nil
	}
	if end+4 > maxHeader {
		return skip, 0, pong, errTooLarge
	}
	body, ok := contentLength(b[:end+2])
	if !ok {
		return skip, 0, pong, errNoFrame
	}
	if body > maxBody {
		return skip, 0, pong, errTooLarge
	}
	if len(b) < end+4+body {
		return skip, 0, pong, nil
	}
	return skip, end + 4 + body, pong, nil
}

// contentLength reads the header that finds the end of a message on a stream.
// Without one the body is empty: it must be there (RFC 3261 18.3), but old phones
// leave it out of requests that have none. Two that differ are not guessed at.
func contentLength(head []byte) (n int, ok bool) {
	found := false
	_, rest := cutLine(head)
	for len(rest) > 0 {
		var line []byte
		line, rest = cutLine(rest)
		colon := bytes.IndexByte(line, ':')
		if colon <= 0 || kindOf(trim(line[:colon])) != HeaderContentLength {
			continue
		}
		v, good := number(trim(line[colon+1:]), 1<<30)
		if !good || found && n != int(v) || len(rest) > 0 && (rest[0] == ' ' || rest[0] == '\t') {
			return 0, false
		}
		n, found = int(v), true
	}
	return n, true
}
