package sip

import "bytes"

// headerKind names the headers the registrar looks at.
type headerKind uint8

const (
	hOther headerKind = iota
	hVia
	hFrom
	hTo
	hCallID
	hCSeq
	hContact
	hExpires
	hContentLength
	hMaxForwards
	hAuthorization
	hUserAgent
	hRequire
	hWWWAuthenticate
	hProxyAuthenticate
	hCount
)

const (
	maxVias     = 8
	maxContacts = 8
	maxAuths    = 4
)

// message is one SIP message cut into slices of the buffer it was read into:
// it is valid only as long as that buffer, and parsing allocates nothing.
type message struct {
	raw    []byte // the whole message, body included, surplus octets not
	method []byte // of the request, or of the CSeq in a response
	ruri   []byte
	status int // of a response, 0 in a request

	via      [maxVias][]byte // header lines; each may hold several values
	vias     int
	contact  [maxContacts][]byte
	contacts int
	auth     [maxAuths][]byte
	auths    int
	single   [hCount][]byte // value of each header that may stand once
	present  [hCount]bool

	cseq  uint32
	topic via // the top Via

	// bad is the first fault found: a status and what to say. A message may be
	// bad and still answerable.
	badStatus int
	badReason string
}

func (m *message) fault(status int, reason string) {
	if m.badStatus == 0 {
		m.badStatus, m.badReason = status, reason
	}
}

// answerable reports whether a response would find its way: for a request that
// lacks other headers the 400 goes without them (RFC 4475 3.3.1).
func (m *message) answerable() bool { return m.vias > 0 && m.topic.ok }

// parse cuts b, which may be changed (folded lines are straightened in place).
// datagram: b is a whole UDP packet, so Content-Length may be missing and
// surplus octets are dropped (RFC 3261 18.3). It reports false when b is no SIP
// message that anything could be done with.
func (m *message) parse(b []byte, datagram bool) bool {
	*m = message{}
	end := bytes.Index(b, crlfcrlf)
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
	if v := m.single[hContentLength]; m.present[hContentLength] {
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
	m.raw = b[:end+4+length]
	m.check()
	return true
}

func (m *message) startLine(line []byte) bool {
	if len(line) > 12 && equalFold(line[:8], "SIP/2.0 ") {
		code, ok := number(line[8:11], 699)
		if !ok || code < 100 || line[11] != ' ' {
			return false
		}
		m.status = int(code)
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
	if len(version) < 5 || !equalFold(version[:4], "SIP/") {
		return false
	}
	m.method, m.ruri = line[:first], line[first+1:last]
	if !equalFold(version, "SIP/2.0") {
		m.fault(505, "Version Not Supported")
	}
	if bytes.ContainsAny(m.ruri, " \t<>\"") || len(m.ruri) == 0 {
		m.fault(400, "Bad Request-URI")
	}
	return true
}

func (m *message) headers(rest []byte) {
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

func (m *message) header(k headerKind, v []byte) {
	switch k {
	case hOther:
		return
	case hVia:
		if m.vias < maxVias {
			m.via[m.vias] = v
			m.vias++
		} else {
			m.fault(400, "Too Many Via Lines")
		}
		return
	case hContact:
		if m.contacts < maxContacts {
			m.contact[m.contacts] = v
			m.contacts++
		} else {
			m.fault(400, "Too Many Contacts")
		}
		return
	case hAuthorization:
		if m.auths < maxAuths {
			m.auth[m.auths] = v
			m.auths++
		}
		return
	case hRequire, hUserAgent, hWWWAuthenticate, hProxyAuthenticate:
		if !m.present[k] { // lists: the first value is enough to refuse or to show
			m.single[k], m.present[k] = v, true
		}
		return
	}
	if m.present[k] {
		m.fault(400, "Header May Stand Only Once") // RFC 4475 3.3.8, 3.3.9
		return
	}
	m.single[k], m.present[k] = v, true
}

// check does the tests every message must pass (RFC 3261 8.1.1, 8.2).
func (m *message) check() {
	if m.vias > 0 {
		m.topic = parseVia(m.via[0])
	}
	switch {
	case !m.topic.ok, bytes.Contains(m.topic.params, []byte(";;")):
		m.fault(400, "Bad Via")
	case !m.present[hFrom] || !m.present[hTo] || !m.present[hCallID] || !m.present[hCSeq]:
		m.fault(400, "Missing Header")
	}
	if v := m.single[hCallID]; m.present[hCallID] && (len(v) == 0 || len(v) > 255 || !printable(v)) {
		m.fault(400, "Bad Call-ID")
	}
	if m.present[hCSeq] {
		v := m.single[hCSeq]
		cut := max(bytes.IndexAny(v, " \t"), 0)
		method := trim(v[cut:])
		n, ok := number(bytes.TrimLeft(v[:cut], "0"), 1<<31-1)
		if ok = ok || cut > 0 && len(bytes.Trim(v[:cut], "0")) == 0; !ok { // CSeq 0 is one
			method = nil
		}
		switch {
		case !token(method):
			m.fault(400, "Bad CSeq")
		case m.status == 0 && !bytes.Equal(method, m.method):
			m.fault(400, "CSeq Method Differs")
		}
		m.cseq = uint32(n)
		if m.status != 0 {
			m.method = method
		}
	}
	if m.present[hMaxForwards] {
		if _, ok := number(m.single[hMaxForwards], 255); !ok {
			m.fault(400, "Bad Max-Forwards")
		}
	}
}
