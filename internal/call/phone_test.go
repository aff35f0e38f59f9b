package call

import (
	"bufio"
	"crypto/md5"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const waitFor = 10 * time.Second

// msg is a message as the tests' own simple reader sees it.
type msg struct {
	raw, first, method, body string
	status                   int
	headers                  map[string][]string
}

func parseMsg(raw string) msg {
	head, body, _ := strings.Cut(raw, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	m := msg{raw: raw, first: lines[0], body: body, headers: map[string][]string{}}
	for _, l := range lines[1:] {
		name, v, _ := strings.Cut(l, ":")
		m.headers[strings.ToLower(name)] = append(m.headers[strings.ToLower(name)], strings.TrimSpace(v))
	}
	_, m.method, _ = strings.Cut(m.get("cseq"), " ")
	if strings.HasPrefix(m.first, "SIP/2.0 ") {
		m.status, _ = strconv.Atoi(m.first[8:11])
	}
	return m
}

func (m msg) get(name string) string {
	if v := m.headers[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

func (m msg) tag(name string) string {
	_, tag, _ := strings.Cut(m.get(name), ";tag=")
	return tag
}

// target is the URI of the Contact.
func (m msg) target() string {
	return strings.TrimSuffix(strings.TrimPrefix(m.get("contact"), "<"), ">")
}

func (m msg) uri() string { return strings.Fields(m.first)[1] }

// phone is a small desk phone, or a trunk, for the tests.
type phone struct {
	t         testing.TB
	s         *site
	conn      net.Conn
	rd        *bufio.Reader
	transport string
	user      string
	secret    string
	branch    int
	nonce     string
	nc        int
	reg       int
	regID     string
	body      string // of its INVITEs

	mu     sync.Mutex
	inbox  []msg
	seen   map[string]bool // UDP repeats
	repeat bool            // keep repeats
	more   chan struct{}
	done   chan struct{}
}

func (s *site) phone(transport, user string) *phone {
	s.t.Helper()
	p := &phone{
		t: s.t, s: s, transport: transport, user: user, secret: "secret", seen: map[string]bool{},
		more: make(chan struct{}, 1), done: make(chan struct{}), regID: "reg-" + user, body: offer,
	}
	p.connect()
	s.t.Cleanup(func() { p.conn.Close(); <-p.done })
	return p
}

// registered is a phone that has registered.
func (s *site) registered(transport, user string) *phone {
	s.t.Helper()
	p := s.phone(transport, user)
	p.register()
	return p
}

func (p *phone) connect() {
	p.t.Helper()
	c, err := net.Dial(p.transport, p.s.sip.Addrs()[p.transport][0])
	if err != nil {
		p.t.Fatal(err)
	}
	p.conn = c
	if p.transport == "tcp" {
		p.rd = bufio.NewReader(c)
	}
	go p.listen(c, p.rd)
}

func (p *phone) listen(c net.Conn, rd *bufio.Reader) {
	defer close(p.done)
	for {
		raw, err := readRaw(c, rd)
		if err != nil {
			return
		}
		if strings.Trim(raw, "\r\n") == "" {
			continue
		}
		p.mu.Lock()
		if p.repeat || !p.seen[raw] || p.rd != nil {
			p.seen[raw] = true
			p.inbox = append(p.inbox, parseMsg(raw))
		}
		p.mu.Unlock()
		select {
		case p.more <- struct{}{}:
		default:
		}
	}
}

func readRaw(c net.Conn, rd *bufio.Reader) (string, error) {
	if rd == nil {
		buf := make([]byte, 65535)
		n, err := c.Read(buf)
		return string(buf[:n]), err
	}
	var b strings.Builder
	length := 0
	for {
		line, err := rd.ReadString('\n')
		b.WriteString(line)
		if err != nil {
			return "", err
		}
		if v, ok := strings.CutPrefix(strings.ToLower(line), "content-length:"); ok {
			length, _ = strconv.Atoi(strings.TrimSpace(v))
		}
		if line == "\r\n" {
			body := make([]byte, length)
			_, err := io.ReadFull(rd, body)
			b.Write(body)
			return b.String(), err
		}
	}
}

// take is the first message that fits; the others wait.
func (p *phone) take(what string, fits func(msg) bool) msg {
	p.t.Helper()
	end := time.NewTimer(waitFor)
	defer end.Stop()
	for {
		p.mu.Lock()
		for i, m := range p.inbox {
			if fits(m) {
				p.inbox = append(p.inbox[:i:i], p.inbox[i+1:]...)
				p.mu.Unlock()
				return m
			}
		}
		p.mu.Unlock()
		select {
		case <-p.more:
		case <-end.C:
			p.mu.Lock()
			defer p.mu.Unlock()
			var have []string
			for _, m := range p.inbox {
				have = append(have, m.first)
			}
			p.t.Fatalf("%s: no %s; got %q", p.user, what, have)
		}
	}
}

// asked is the next request of that method.
func (p *phone) asked(method string) msg {
	p.t.Helper()
	return p.take(method, func(m msg) bool { return m.status == 0 && strings.HasPrefix(m.first, method+" ") })
}

// told is the next response to that method which is no 100.
func (p *phone) told(method string, status int) msg {
	p.t.Helper()
	m := p.take("answer to "+method, func(m msg) bool { return m.status > 100 && m.method == method })
	if m.status != status {
		p.t.Fatalf("%s: %s was answered %q, want %d\n%s", p.user, method, m.first, status, m.raw)
	}
	return m
}

// quiet fails when something has come that fits. OPTIONS has come back meanwhile,
// so whatever was sent before is here.
func (p *phone) quiet(what string, fits func(msg) bool) {
	p.t.Helper()
	p.branch++
	p.send(fmt.Sprintf("OPTIONS sip:x@h SIP/2.0\r\n%sFrom: <sip:x@h>;tag=1\r\nTo: <sip:x@h>\r\nCall-ID: o%d\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n", p.via(), p.branch))
	p.told("OPTIONS", 200)
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.inbox {
		if fits(m) {
			p.t.Fatalf("%s: %s:\n%s", p.user, what, m.raw)
		}
	}
}

func (p *phone) send(raw string) {
	p.t.Helper()
	if _, err := io.WriteString(p.conn, raw); err != nil {
		p.t.Fatalf("%s: sending: %v", p.user, err)
	}
}

func (p *phone) via() string {
	return fmt.Sprintf("Via: SIP/2.0/%s %s;rport;branch=z9hG4bK-%s-%d\r\n", strings.ToUpper(p.transport), p.conn.LocalAddr(), p.user, p.branch)
}

func (p *phone) contact() string {
	c := fmt.Sprintf("sip:%s@%s", p.user, p.conn.LocalAddr())
	if p.transport == "tcp" {
		c += ";transport=tcp"
	}
	return c
}

func quotedIn(header, name string) string {
	_, rest, _ := strings.Cut(header, name+`="`)
	v, _, _ := strings.Cut(rest, `"`)
	return v
}

func md5Hex(s string) string { return fmt.Sprintf("%x", md5.Sum([]byte(s))) }

func (p *phone) credentials(name, method, uri string) string {
	p.nc++
	nc := fmt.Sprintf("%08x", p.nc)
	response := md5Hex(strings.Join([]string{md5Hex(p.user + ":" + testRealm + ":" + p.secret), p.nonce, nc, "cn", "auth", md5Hex(method + ":" + uri)}, ":"))
	return fmt.Sprintf("%s: Digest username=%q, realm=%q, nonce=%q, uri=%q, response=%q, algorithm=MD5, qop=auth, nc=%s, cnonce=\"cn\"\r\n",
		name, p.user, testRealm, p.nonce, uri, response, nc)
}

func (p *phone) register() {
	p.t.Helper()
	for {
		p.reg++
		p.branch++
		auth := ""
		if p.nonce != "" {
			auth = p.credentials("Authorization", "REGISTER", "sip:"+testRealm)
		}
		p.send(fmt.Sprintf("REGISTER sip:%s SIP/2.0\r\n%sFrom: <sip:%s@%s>;tag=r\r\nTo: <sip:%s@%s>\r\nCall-ID: %s\r\nCSeq: %d REGISTER\r\nContact: <%s>;+sip.instance=\"<urn:%s>\"\r\nExpires: 3600\r\n%sContent-Length: 0\r\n\r\n",
			testRealm, p.via(), p.user, testRealm, p.user, testRealm, p.regID, p.reg, p.contact(), p.user, auth))
		m := p.take("answer to REGISTER", func(m msg) bool { return m.status > 0 && m.method == "REGISTER" })
		if m.status == 200 {
			return
		}
		if m.status != 401 {
			p.t.Fatal(m.raw)
		}
		p.nonce, p.nc = quotedIn(m.get("www-authenticate"), "nonce"), 0
	}
}

var past, never = time.Unix(1, 0), time.Time{}
