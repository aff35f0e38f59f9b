package wire

import "bytes"

// Header names the headers the registrar looks at.
type Header uint8

// The headers; HeaderOther are all that it does not look at.
const (
	HeaderOther Header = iota
	HeaderVia
	HeaderFrom
	HeaderTo
	HeaderCallID
	HeaderCSeq
	HeaderContact
	HeaderExpires
	HeaderContentLength
	HeaderMaxForwards
	HeaderAuthorization
	HeaderUserAgent
	HeaderRequire
	HeaderWWWAuthenticate
	HeaderProxyAuthenticate
	HeaderProxyAuthorization
	headerCount
)

const (
	maxVias     = 8
	maxContacts = 8
	maxAuths    = 4
)

// Message is one SIP message cut into slices of the buffer it was read into:
// it is valid only as long as that buffer, and parsing allocates nothing.
type Message struct {
	Raw        []byte // the whole message, body included, surplus octets not
	Method     []byte // of the request, or of the CSeq in a response
	RequestURI []byte
	Status     int // of a response, 0 in a request

	via      [maxVias][]byte // header lines; each may hold several values
	vias     int
	Contact  [maxContacts][]byte
	Contacts int
	Auth     [maxAuths][]byte
	Auths    int
	Proxy    [maxAuths][]byte // Proxy-Authorization, as Auth
	Proxies  int
	Single   [headerCount][]byte // value of each header that may stand once
	Present  [headerCount]bool

	CSeq   uint32
	TopVia Via

	// The first fault found: a status, 0 for none, and what to say. A message may
	// be bad and still answerable.
	BadStatus int
	BadReason string
}

func (m *Message) fault(status int, reason string) {
	if m.BadStatus == 0 {
		m.BadStatus, m.BadReason = status, reason
	}
}

// Answerable reports whether a response would find its way: for a request that
// lacks other headers the 400 goes without them (RFC 4475 3.3.1).
func (m *Message) Answerable() bool { return m.vias > 0 && m.TopVia.ok }

// Parse cuts b, which may be changed (folded lines are straightened in place).
// datagram: b is a whole UDP packet, so Content-Length may be missing and
// surplus octets are dropped (RFC 3261 18.3). It reports false when b is no SIP
// message that anything could be done with.
func (m *Message) Parse(b []byte, datagram bool) bool {
	*m = Message{}
	end := bytes.Index(b, BlankLine)
	if end < 0 {
		return false
	}
	head, body := b[:end+2], b[end+4:]
	line, rest := cutLine(head)
	if !m.startLine(line) {
		return false
	}
	m.headers(rest)
	length := len(body)
	if v := m.Single[HeaderContentLength]; m.Present[HeaderContentLength] {
		n, ok := number(v, 1<<30)
		switch {
		case !ok:
			m.fault(400, "Bad Content-Length")
		case n > uint64(len(body)):
			m.fault(400, "Body Shorter than Content-Length")
		default:
			length = int(n)
		}
	} else if !datagram {
		length = 0
	}
	m.Raw = b[:end+4+length]
	m.check()
	return true
}

func (m *Message) startLine(line []byte) bool {
	if len(line) > 12 && EqualFold(line[:8], "SIP/2.0 ") {
		code, ok := number(line[8:11], 699)
		if !ok || code < 100 || line[11] != ' ' {
			return false
		}
		m.Status = int(code)
		return true
	}
	first, last := bytes.IndexByte(line, ' '), bytes.LastIndexByte(line, ' ')
	if first <= 0 || !token(line[:first]) {
		return false
	}
	if last <= first {
		return false
	}
	version := line[last+1:]
	if len(version) == 0 { // trailing blanks (RFC 4475 3.1.2.10): still a SIP request, but a wrong one
		m.fault(400, "Bad Request Line")
		line = bytes.TrimRight(line, " \t")
		if last = bytes.LastIndexByte(line, ' '); last <= first {
			return false
		}
		version = line[last+1:]
	}
	if len(version) < 5 || !EqualFold(version[:4], "SIP/") {
		return false
	}
	m.Method, m.RequestURI = line[:first], line[first+1:last]
	if !EqualFold(version, "SIP/2.0") {
		m.fault(505, "Version Not Supported")
	}
	if bytes.ContainsAny(m.RequestURI, " \t<>\"") || len(m.RequestURI) == 0 {
		m.fault(400, "Bad Request-URI")
	}
	return true
}

func (m *Message) headers(rest []byte) {
	for len(rest) > 0 {
		var line []byte
		line, rest = cutLine(rest)
		for len(rest) > 0 && (rest[0] == ' ' || rest[0] == '\t') { // folded (RFC 3261 7.3.1)
			start := len(line)
			more, r := cutLine(rest)
			line = line[:start+2+len(more)]
			line[start], line[start+1] = ' ', ' '
			rest = r
		}
		if bytes.IndexByte(line, '\n') >= 0 || bytes.IndexByte(line, '\r') >= 0 {
			m.fault(400, "Bare CR or LF") // a line end to someone else: not to be echoed either
			for i, c := range line {
				if c == '\r' || c == '\n' {
					line[i] = ' '
				}
			}
		}
		colon := bytes.IndexByte(line, ':')
		if colon <= 0 {
			m.fault(400, "Bad Header Line")
			continue
		}
		name := bytes.TrimRight(line[:colon], " \t")
		if !token(name) {
			m.fault(400, "Bad Header Name")
			continue
		}
		m.header(kindOf(name), trim(line[colon+1:]))
	}
}

func (m *Message) header(k Header, v []byte) {
	switch k {
	case HeaderOther:
		return
	case HeaderVia:
		if m.vias < maxVias {
			m.via[m.vias] = v
			m.vias++
		} else {
			m.fault(400, "Too Many Via Lines")
		}
		return
	case HeaderContact:
		if m.Contacts < maxContacts {
			m.Contact[m.Contacts] = v
			m.Contacts++
		} else {
			m.fault(400, "Too Many Contacts")
		}
		return
	case HeaderAuthorization:
		if m.Auths < maxAuths {
			m.Auth[m.Auths] = v
			m.Auths++
		}
		return
	case HeaderProxyAuthorization:
		if m.Proxies < maxAuths {
			m.Proxy[m.Proxies] = v
			m.Proxies++
		}
		return
	case HeaderRequire, HeaderUserAgent, HeaderWWWAuthenticate, HeaderProxyAuthenticate:
		if !m.Present[k] { // lists: the first value is enough to refuse or to show
			m.Single[k], m.Present[k] = v, true
		}
		return
	}
	if m.Present[k] {
		m.fault(400, "Header May Stand Only Once") // RFC 4475 3.3.8, 3.3.9
		return
	}
	m.Single[k], m.Present[k] = v, true
}

// check does the tests every message must pass (RFC 3261 8.1.1, 8.2).
func (m *Message) check() {
	if m.vias > 0 {
		m.TopVia = parseVia(m.via[0])
	}
	switch {
	case !m.TopVia.ok, bytes.Contains(m.TopVia.params, []byte(";;")):
		m.fault(400, "Bad Via")
	case !m.Present[HeaderFrom] || !m.Present[HeaderTo] || !m.Present[HeaderCallID] || !m.Present[HeaderCSeq]:
		m.fault(400, "Missing Header")
	}
	if v := m.Single[HeaderCallID]; m.Present[HeaderCallID] && (len(v) == 0 || len(v) > 255 || !Printable(v)) {
		m.fault(400, "Bad Call-ID")
	}
	if m.Present[HeaderCSeq] {
		v := m.Single[HeaderCSeq]
		cut := max(bytes.IndexAny(v, " \t"), 0)
		method := trim(v[cut:])
		n, ok := number(bytes.TrimLeft(v[:cut], "0"), 1<<31-1)
		if ok = ok || cut > 0 && len(bytes.Trim(v[:cut], "0")) == 0; !ok { // CSeq 0 is one
			method = nil
		}
		switch {
		case !token(method):
			m.fault(400, "Bad CSeq")
		case m.Status == 0 && !bytes.Equal(method, m.Method):
			m.fault(400, "CSeq Method Differs")
		}
		m.CSeq = uint32(n)
		if m.Status != 0 {
			m.Method = method
		}
	}
	if m.Present[HeaderMaxForwards] {
		if _, ok := number(m.Single[HeaderMaxForwards], 255); !ok {
			m.fault(400, "Bad Max-Forwards")
		}
	}
}
