package phonesim

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

var errMalformed = errors.New("malformed SIP message")

const maxSIPMessage = 64 << 10

type sipHeader struct{ name, value string } // name in lower case, long form

// message is a parsed request (method set) or response (status set).
type message struct {
	method, uri string
	status      int
	reason      string
	headers     []sipHeader
	body        []byte
}

var compactNames = map[string]string{
	"i": "call-id", "m": "contact", "e": "content-encoding", "l": "content-length",
	"c": "content-type", "f": "from", "s": "subject", "k": "supported", "t": "to",
	"v": "via", "o": "event", "u": "allow-events", "r": "refer-to", "x": "session-expires",
}

// parseMessage reads one whole message (RFC 3261 7), folded lines and compact
// names included. A Content-Length larger than what is there is an error.
func parseMessage(b []byte) (*message, error) {
	if len(b) > maxSIPMessage {
		return nil, fmt.Errorf("%w: %d bytes", errMalformed, len(b))
	}
	head, body, ok := bytes.Cut(b, []byte("\r\n\r\n"))
	if !ok {
		return nil, fmt.Errorf("%w: no end of headers", errMalformed)
	}
	lines := strings.Split(string(head), "\r\n")
	m := &message{}
	if err := m.startLine(lines[0]); err != nil {
		return nil, err
	}
	for _, l := range lines[1:] {
		if l != "" && (l[0] == ' ' || l[0] == '\t') && len(m.headers) > 0 { // folded, 7.3.1
			h := &m.headers[len(m.headers)-1]
			h.value = strings.TrimSpace(h.value + " " + strings.TrimSpace(l))
			continue
		}
		name, value, ok := strings.Cut(l, ":")
		name = strings.ToLower(strings.TrimRight(name, " \t"))
		if !ok || name == "" || strings.ContainsAny(name, " \t") {
			return nil, fmt.Errorf("%w: header line %q", errMalformed, l)
		}
		if long, ok := compactNames[name]; ok {
			name = long
		}
		m.headers = append(m.headers, sipHeader{name, strings.TrimSpace(value)})
	}
	if cl := m.get("content-length"); cl != "" {
		n, err := strconv.Atoi(cl)
		if err != nil || n < 0 || n > len(body) {
			return nil, fmt.Errorf("%w: Content-Length %q", errMalformed, cl)
		}
		body = body[:n]
	}
	m.body = bytes.Clone(body)
	for _, need := range []string{"via", "from", "to", "call-id", "cseq"} {
		if m.get(need) == "" {
			return nil, fmt.Errorf("%w: no %s", errMalformed, need)
		}
	}
	return m, nil
}

func (m *message) startLine(l string) error {
	a, rest, ok := strings.Cut(l, " ")
	if !ok || a == "" {
		return fmt.Errorf("%w: start line %q", errMalformed, l)
	}
	if a == "SIP/2.0" {
		code, reason, _ := strings.Cut(rest, " ")
		n, err := strconv.Atoi(code)
		if err != nil || len(code) != 3 || n < 100 || n > 699 {
			return fmt.Errorf("%w: status %q", errMalformed, code)
		}
		m.status, m.reason = n, reason
		return nil
	}
	uri, version, ok := strings.Cut(rest, " ")
	if !ok || version != "SIP/2.0" || uri == "" {
		return fmt.Errorf("%w: start line %q", errMalformed, l)
	}
	m.method, m.uri = a, uri
	return nil
}

// get gives the first value of a header (lower-case long name), or "".
func (m *message) get(name string) string {
	for _, h := range m.headers {
		if h.name == name {
			return h.value
		}
	}
	return ""
}

func (m *message) all(name string) []string {
	var out []string
	for _, h := range m.headers {
		if h.name == name {
			out = append(out, h.value)
		}
	}
	return out
}

// cseq gives number and method.
func (m *message) cseq() (uint32, string) {
	n, method, _ := strings.Cut(m.get("cseq"), " ")
	v, err := strconv.ParseUint(n, 10, 32)
	if err != nil {
		return 0, ""
	}
	return uint32(v), strings.TrimSpace(method)
}

// branch is the topmost Via's.
func (m *message) branch() string {
	return param(splitQuoted(m.get("via"), ',')[0], "branch")
}

// reply builds an answer to a request (8.2.6): Via, From, To with a tag, Call-ID
// and CSeq copied, everything else given by the caller.
func (m *message) reply(status int, reason, toTag, source string, extra ...sipHeader) []byte {
	return m.replyWith(nil, status, reason, toTag, source, extra...)
}

// replyWith is reply with a body, which is a session description.
func (m *message) replyWith(sdp []byte, status int, reason, toTag, source string, extra ...sipHeader) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "SIP/2.0 %d %s\r\n", status, reason)
	for i, v := range m.all("via") {
		if i == 0 {
			v = stampVia(v, source)
		}
		b.WriteString("Via: " + v + "\r\n")
	}
	for _, rr := range m.all("record-route") {
		b.WriteString("Record-Route: " + rr + "\r\n")
	}
	to := m.get("to")
	if param(to, "tag") == "" {
		to += ";tag=" + toTag
	}
	fmt.Fprintf(&b, "From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %s\r\n",
		m.get("from"), to, m.get("call-id"), m.get("cseq"))
	for _, h := range extra {
		b.WriteString(h.name + ": " + h.value + "\r\n")
	}
	if sdp != nil {
		b.WriteString("Content-Type: application/sdp\r\n")
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(sdp), sdp)
	return []byte(b.String())
}

// stampVia fills rport and received as RFC 3581 4 asks of a server.
func stampVia(via, source string) string {
	first, more, many := strings.Cut(via, ",")
	host, port, ok := strings.Cut(source, ":")
	if !ok || !strings.Contains(first, ";rport") || strings.Contains(first, ";rport=") {
		return via
	}
	first = strings.Replace(first, ";rport", ";rport="+port, 1)
	if !strings.Contains(first, ";received=") {
		first += ";received=" + host
	}
	if many {
		return first + "," + more
	}
	return first
}
