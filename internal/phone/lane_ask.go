package phone

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"net/http"
)

// laneAsk is a request that the lane understands.
type laneAsk struct {
	whole              []byte
	token, rest, agent []byte
	authorization      []byte
	close              bool
}

// proof is all of the request that its credentials are judged by.
func (q *laneAsk) proof() *http.Request {
	target, _, _ := bytes.Cut(q.whole[len("GET "):], []byte(" "))
	return &http.Request{Method: http.MethodGet, RequestURI: string(target), Header: http.Header{"Authorization": {string(q.authorization)}}}
}

// request is the request as the handlers know it.
func (q *laneAsk) request(c *tls.Conn) (*http.Request, error) {
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(q.whole)))
	if err != nil {
		return nil, err
	}
	state := c.ConnectionState()
	r.TLS, r.RemoteAddr = &state, c.RemoteAddr().String()
	return r, nil
}

// parse takes a GET of a device's own file with the headers that carry nothing to
// heed. Everything is judged by what is allowed: false is no fault of the phone's.
func (q *laneAsk) parse(in []byte) bool {
	q.whole = in
	end := bytes.Index(in, []byte("\r\n\r\n"))
	if end < 0 || end+4 != len(in) {
		return false
	}
	line, rest, _ := bytes.Cut(in[:end+2], []byte("\r\n"))
	target, ok := bytes.CutPrefix(line, laneBegin)
	if !ok {
		return false
	}
	if target, ok = bytes.CutSuffix(target, []byte(" HTTP/1.1")); !ok || len(target) > longestPath-3 {
		return false
	}
	for i, c := range target {
		if !unreserved[c] || c == '/' && i+1 < len(target) && (target[i+1] == '/' || target[i+1] == '.') {
			return false
		}
	}
	if q.token, q.rest, ok = bytes.Cut(target, []byte("/")); !ok || len(q.token) < shortestToken || len(q.token) > longestToken || bytes.IndexByte(q.token, '.') >= 0 {
		return false
	}
	host := false
	for len(rest) > 0 {
		line, rest, _ = bytes.Cut(rest, []byte("\r\n"))
		name, value, ok := bytes.Cut(line, []byte(":"))
		if !ok || !visible(value) {
			return false
		}
		value = bytes.TrimSpace(value)
		switch strictly(name) {
		case "host":
			if host || !hostLike(value) {
				return false
			}
			host = true
		case "user-agent":
			if q.agent != nil {
				return false
			}
			q.agent = value
		case "authorization":
			if q.authorization != nil {
				return false
			}
			q.authorization = value
		case "connection":
			q.close = bytes.EqualFold(value, []byte("close"))
			if !q.close && !bytes.EqualFold(value, []byte("keep-alive")) {
				return false
			}
		case "accept", "accept-encoding", "accept-language", "accept-charset", "cache-control", "pragma":
		default:
			return false
		}
	}
	return host
}

// strictly is a header's name in lower case, "" if none of those taken here.
func strictly(name []byte) string {
	for _, known := range [...]string{"host", "user-agent", "accept", "connection", "authorization", "accept-encoding", "accept-language", "accept-charset", "cache-control", "pragma"} {
		if len(known) == len(name) && bytes.EqualFold(name, []byte(known)) {
			return known
		}
	}
	return ""
}

func visible(value []byte) bool {
	for _, c := range value {
		if c < ' ' || c >= 0x7f {
			return false
		}
	}
	return true
}

func hostLike(value []byte) bool {
	for _, c := range value {
		if !unreserved[c] && c != ':' && c != '[' && c != ']' || c == '/' {
			return false
		}
	}
	return len(value) > 0
}

// unreserved are the letters of RFC 3986 section 2.3 without "~", and "/".
var unreserved = func() (set [256]bool) {
	for c := range set {
		set[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' || c == '/'
	}
	return set
}()
