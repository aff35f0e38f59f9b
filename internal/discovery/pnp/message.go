package pnp

import (
	"bytes"
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"tischlein/internal/telephony"
)

// longest is more than any phone asks in; a SUBSCRIBE has no body to speak of.
const longest = 4096

type header struct{ name, value string } // name in lower case, long form

// message is a request (method set) or an answer (status set).
type message struct {
	method, uri string
	status      int
	headers     []header
}

var compact = map[string]string{"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "o": "event", "l": "content-length"}

// parse reads one datagram. Names may be compact and in any case, lines folded or
// ended by LF alone: phones of twenty years are out there.
func parse(b []byte) (m message, ok bool) {
	if len(b) > longest {
		return m, false
	}
	head, _, _ := bytes.Cut(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")), []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !m.start(lines[0]) {
		return m, false
	}
	for _, l := range lines[1:] {
		if strings.ContainsFunc(l, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
			return m, false
		}
		if l != "" && (l[0] == ' ' || l[0] == '\t') && len(m.headers) > 0 {
			last := &m.headers[len(m.headers)-1]
			last.value = strings.TrimSpace(last.value + " " + strings.TrimSpace(l))
			continue
		}
		name, value, found := strings.Cut(l, ":")
		if !found {
			continue
		}
		name = strings.ToLower(strings.TrimSpace(name))
		if long := compact[name]; long != "" {
			name = long
		}
		m.headers = append(m.headers, header{name, strings.TrimSpace(value)})
	}
	for _, need := range []string{"via", "from", "to", "call-id", "cseq"} {
		if m.get(need) == "" {
			return m, false
		}
	}
	return m, true
}

func (m *message) start(line string) bool {
	f := strings.Fields(line)
	if len(f) >= 2 && f[0] == "SIP/2.0" {
		n, err := strconv.Atoi(f[1])
		m.status = n
		return err == nil && n >= 100 && n <= 699
	}
	if len(f) != 3 || f[2] != "SIP/2.0" || strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r >= 0x7f }) {
		return false
	}
	m.method, m.uri = f[0], f[1]
	return true
}

func (m *message) get(name string) string {
	for _, h := range m.headers {
		if h.name == name {
			return h.value
		}
	}
	return ""
}

// asks reports whether this is a phone's question for its profile.
func (m *message) asks() bool {
	event, _, _ := strings.Cut(m.get("event"), ";")
	return m.method == "SUBSCRIBE" && strings.EqualFold(strings.TrimSpace(event), "ua-profile")
}

// macForm is how makers write themselves before the @: MAC%3a…, MAC:…, MAC=…, MAC….
var macForm = regexp.MustCompile(`(?i)^sips?:MAC(?:%3a|[:=])?([0-9a-f]{2}(?:(?:%3a|[:-])?[0-9a-f]{2}){5})@`)

// mac is the device that asks, "" when it does not say so in a way that we know.
func (m *message) mac() telephony.MAC {
	for _, from := range []string{m.uri, m.get("from"), m.get("to")} {
		found := macForm.FindStringSubmatch(uriOf(from))
		if found == nil {
			continue
		}
		digits := regexp.MustCompile(`(?i)%3a|[:-]`).ReplaceAllString(found[1], "")
		if mac, err := telephony.ParseMAC(digits); err == nil {
			return mac
		}
	}
	return ""
}

// uriOf takes the URI out of a name-addr.
func uriOf(s string) string {
	if _, in, ok := strings.Cut(s, "<"); ok {
		s, _, _ = strings.Cut(in, ">")
	}
	return strings.TrimSpace(s)
}

// tag is the tag of a From or To, "" without one.
func tag(s string) string {
	if _, after, ok := strings.Cut(s, ">"); ok {
		s = after
	}
	for p := range strings.SplitSeq(s, ";") {
		if k, v, ok := strings.Cut(p, "="); ok && strings.EqualFold(strings.TrimSpace(k), "tag") {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// via is what an answer needs of the topmost Via: the port to answer to, 0 for the
// request's own (RFC 3581), and the line with where it came from.
func via(line string, from netip.AddrPort) (port uint16, stamped string) {
	first, others, more := strings.Cut(line, ",")
	port, sentBy := 5060, ""
	var kept []string
	for i, p := range strings.Split(first, ";") {
		p = strings.TrimSpace(p)
		key, _, _ := strings.Cut(p, "=")
		switch {
		case i == 0:
			if f := strings.Fields(p); len(f) > 1 {
				sentBy = f[len(f)-1]
			}
		case strings.EqualFold(key, "rport"):
			port, p = 0, fmt.Sprintf("rport=%d", from.Port())
		case strings.EqualFold(key, "received"):
			continue
		}
		kept = append(kept, p)
	}
	if port != 0 {
		if _, text, ok := strings.Cut(sentBy, ":"); ok {
			if n, err := strconv.ParseUint(text, 10, 16); err == nil && n > 0 {
				port = uint16(n)
			}
		}
	}
	stamped = strings.Join(append(kept, "received="+from.Addr().String()), ";")
	if more {
		stamped += "," + others
	}
	return port, stamped
}

// contact is the URI that a NOTIFY goes to by name, and its port, 0 when it names
// another host than the one that asked: nobody is sent packets for somebody else.
func (m *message) contact(from netip.AddrPort) (uri string, port uint16) {
	plain := fmt.Sprintf("sip:%s", from)
	uri = uriOf(m.get("contact"))
	if !strings.HasPrefix(strings.ToLower(uri), "sip:") || strings.ContainsAny(uri, " \t<>\"") || len(uri) > 256 {
		return plain, 0
	}
	hostport := uri[len("sip:"):]
	if _, after, ok := strings.Cut(hostport, "@"); ok {
		hostport = after
	}
	hostport, _, _ = strings.Cut(hostport, ";")
	if ap, err := netip.ParseAddrPort(hostport); err == nil && ap.Addr() == from.Addr() && ap.Port() > 0 {
		return uri, ap.Port()
	}
	if a, err := netip.ParseAddr(hostport); err == nil && a == from.Addr() {
		return uri, 5060
	}
	return plain, 0
}
