package sip

import (
	"bufio"
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"
)

const waitFor = 5 * time.Second

// msg is a message as the tests' own simple reader sees it: nothing of the
// parser under test is used.
type msg struct {
	raw, first string
	status     int
	headers    map[string][]string
}

func readMsg(t testing.TB, raw string) msg {
	t.Helper()
	head, _, ok := strings.Cut(raw, "\r\n\r\n")
	if !ok {
		t.Fatalf("no end of headers in %q", raw)
	}
	lines := strings.Split(head, "\r\n")
	m := msg{raw: raw, first: lines[0], headers: map[string][]string{}}
	if strings.HasPrefix(m.first, "SIP/2.0 ") {
		m.status, _ = strconv.Atoi(m.first[8:11])
	}
	for _, l := range lines[1:] {
		name, v, _ := strings.Cut(l, ":")
		k := strings.ToLower(strings.TrimSpace(name))
		m.headers[k] = append(m.headers[k], strings.TrimSpace(v))
	}
	return m
}

func (m msg) get(name string) string {
	if v := m.headers[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// quoted is the value of name in a challenge or credentials.
func quoted(header, name string) string {
	_, rest, ok := strings.Cut(header, name+`="`)
	if !ok {
		return ""
	}
	v, _, _ := strings.Cut(rest, `"`)
	return v
}

// phone is a small desk phone for the tests.
type phone struct {
	t         testing.TB
	conn      net.Conn
	rd        *bufio.Reader // streams
	transport string
	user      string
	secret    string
	callID    string
	cseq      int
	branch    int
	contact   string // without brackets; "" = from the socket
	instance  string
	agent     string
	nonce     string
	nc        int
	strong    bool
	noQop     bool
}

func dialPhone(t testing.TB, s *Server, transport, user string) *phone {
	t.Helper()
	addr := s.Addrs()[transport][0]
	var c net.Conn
	var err error
	switch transport {
	case "tls":
		c, err = tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true})
	default:
		c, err = net.Dial(transport, addr)
	}
	if err != nil {
		t.Fatal(err)
	}
	p := &phone{t: t, conn: c, transport: transport, user: user, secret: "secret-" + user, callID: "call-" + user, agent: "Test Phone 1.0"}
	if transport != "udp" {
		p.rd = bufio.NewReader(c)
	}
	t.Cleanup(func() { c.Close() })
	return p
}

func (p *phone) send(raw string) {
	p.t.Helper()
	if _, err := io.WriteString(p.conn, raw); err != nil {
		p.t.Fatalf("sending: %v", err)
	}
}

// read is the next message or keep-alive bytes.
func (p *phone) readRaw(wait time.Duration) (string, error) {
	p.conn.SetReadDeadline(time.Now().Add(wait))
	if p.rd == nil {
		buf := make([]byte, 65535)
		n, err := p.conn.Read(buf)
		return string(buf[:n]), err
	}
	var b bytes.Buffer
	length := 0
	for {
		line, err := p.rd.ReadString('\n')
		b.WriteString(line)
		if err != nil {
			return b.String(), err
		}
		if v, ok := strings.CutPrefix(strings.ToLower(line), "content-length:"); ok {
			length, _ = strconv.Atoi(strings.TrimSpace(v))
		}
		if line == "\r\n" {
			body := make([]byte, length)
			_, err := io.ReadFull(p.rd, body)
			b.Write(body)
			return b.String(), err
		}
	}
}

func (p *phone) read() msg {
	p.t.Helper()
	for {
		raw, err := p.readRaw(waitFor)
		if err != nil {
			p.t.Fatalf("%s %s: waiting for a message: %v", p.transport, p.user, err)
		}
		if strings.Trim(raw, "\r\n") == "" {
			continue // keep-alive
		}
		return readMsg(p.t, raw)
	}
}

// barrier proves that nothing else is on the way: the server answers an OPTIONS
// after everything sent before it.
func (p *phone) options() msg {
	p.t.Helper()
	p.branch++
	p.send(fmt.Sprintf("OPTIONS sip:example.test SIP/2.0\r\n%sFrom: <sip:x@example.test>;tag=1\r\nTo: <sip:example.test>\r\nCall-ID: opt-%s-%d\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n", p.via(), p.user, p.branch))
	return p.read()
}

func (p *phone) via() string {
	return fmt.Sprintf("Via: SIP/2.0/%s %s;rport;branch=z9hG4bK-%s-%d\r\n", strings.ToUpper(p.transport), p.conn.LocalAddr(), p.user, p.branch)
}

func (p *phone) contactURI() string {
	if p.contact != "" {
		return p.contact
	}
	if p.transport == "udp" {
		return fmt.Sprintf("sip:%s@%s", p.user, p.conn.LocalAddr())
	}
	return fmt.Sprintf("sip:%s@%s;transport=%s", p.user, p.conn.LocalAddr(), p.transport)
}

func hashHex(strong bool, s string) string {
	if strong {
		return fmt.Sprintf("%x", sha256.Sum256([]byte(s)))
	}
	return fmt.Sprintf("%x", md5.Sum([]byte(s)))
}

// credentials answers with the phone's nonce, counting nc up.
func (p *phone) credentials(method, uri string) string {
	p.nc++
	algorithm := "MD5"
	if p.strong {
		algorithm = "SHA-256"
	}
	ha1 := hashHex(p.strong, p.user+":"+testRealm+":"+p.secret)
	ha2 := hashHex(p.strong, method+":"+uri)
	if p.noQop {
		return fmt.Sprintf("Authorization: Digest username=%q, realm=%q, nonce=%q, uri=%q, response=%q\r\n", p.user, testRealm, p.nonce, uri, hashHex(false, ha1+":"+p.nonce+":"+ha2))
	}
	nc := fmt.Sprintf("%08x", p.nc)
	response := hashHex(p.strong, strings.Join([]string{ha1, p.nonce, nc, "cn", "auth", ha2}, ":"))
	return fmt.Sprintf("Authorization: Digest username=%q, realm=%q, nonce=%q, uri=%q, response=%q, algorithm=%s, qop=auth, nc=%s, cnonce=\"cn\"\r\n",
		p.user, testRealm, p.nonce, uri, response, algorithm, nc)
}

// request builds the next REGISTER; extra replaces Contact and Expires when given.
func (p *phone) request(expires int, extra string) string {
	p.cseq++
	p.branch++
	return p.build(expires, extra)
}

func (p *phone) build(expires int, extra string) string {
	if extra == "" {
		inst := ""
		if p.instance != "" {
			inst = `;+sip.instance="` + p.instance + `"`
		}
		extra = fmt.Sprintf("Contact: <%s>%s\r\nExpires: %d\r\n", p.contactURI(), inst, expires)
	}
	auth := ""
	if p.nonce != "" {
		auth = p.credentials("REGISTER", "sip:"+testRealm)
	}
	return fmt.Sprintf("REGISTER sip:%s SIP/2.0\r\n%sMax-Forwards: 70\r\nFrom: \"Desk 12\" <sip:%s@%s>;tag=f1\r\nTo: \"Desk 12\" <sip:%s@%s>\r\nCall-ID: %s\r\nCSeq: %d REGISTER\r\nUser-Agent: %s\r\n%s%sContent-Length: 0\r\n\r\n",
		testRealm, p.via(), p.user, testRealm, p.user, testRealm, p.callID, p.cseq, p.agent, extra, auth)
}

// register goes through challenge and answer and returns the final response.
func (p *phone) register(expires int) msg { p.t.Helper(); return p.registerWith(expires, "") }

func (p *phone) registerWith(expires int, extra string) msg {
	p.t.Helper()
	for range 3 {
		p.send(p.request(expires, extra))
		m := p.read()
		if m.status != 401 || p.nonce != "" && !strings.Contains(m.raw, "stale=true") {
			return m
		}
		p.take(m)
	}
	p.t.Fatal("the registrar keeps challenging")
	return msg{}
}

// take reads the challenge the phone is set to understand.
func (p *phone) take(m msg) {
	p.t.Helper()
	want := "algorithm=MD5"
	if p.strong {
		want = "algorithm=SHA-256"
	}
	for _, h := range m.headers["www-authenticate"] {
		if strings.Contains(h, want) {
			p.nonce, p.nc = quoted(h, "nonce"), 0
			return
		}
	}
	p.t.Fatalf("no %s challenge in %s", want, m.raw)
}

func (p *phone) answer(req msg, code, extra string) {
	var b strings.Builder
	fmt.Fprintf(&b, "SIP/2.0 %s\r\n", code)
	for _, v := range req.headers["via"] {
		fmt.Fprintf(&b, "Via: %s\r\n", v)
	}
	fmt.Fprintf(&b, "From: %s\r\nTo: %s;tag=phone\r\nCall-ID: %s\r\nCSeq: %s\r\n%sContent-Length: 0\r\n\r\n", req.get("from"), req.get("to"), req.get("call-id"), req.get("cseq"), extra)
	p.send(b.String())
}
