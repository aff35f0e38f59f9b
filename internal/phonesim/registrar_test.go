package phonesim

import (
	"bufio"
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// miniRegistrar is written against the RFCs, not against the phone: it has its
// own message handling (regular expressions) and its own digest.
type miniRegistrar struct {
	t       *testing.T
	network string // "udp", "tcp", "tls"
	addr    string
	alg     string // "MD5" or "SHA-256"
	expires int    // granted
	udp     *net.UDPConn
	lis     net.Listener

	mu        sync.Mutex
	passwords map[string]string
	nonces    map[string]uint64 // last nc
	stale     bool              // declare the next nonce stale
	script    []string          // raw status lines + headers for the next REGISTERs
	drop      int               // packets to lose
	bindings  map[string]binding
	log       []request
	conns     map[net.Conn]bool
	answers   map[string]chan string // by Call-ID of our own requests
	sent      map[string][]byte      // answers by Via: a repeated request gets the same
	changed   chan struct{}
	relays    map[string]func([]byte) // nil: calls are not carried; else who asked, by our branch
	wg        sync.WaitGroup
}

type binding struct {
	contact, display, callID, instance, source string
	cseq, times                                int
	reply                                      func([]byte)
}

// request is a REGISTER as it came, whether accepted or not.
type request struct {
	user, callID, contact, raw string
	cseq, expires, status      int
}

var patterns sync.Map

func pattern(p string) *regexp.Regexp {
	if re, ok := patterns.Load(p); ok {
		return re.(*regexp.Regexp)
	}
	re := regexp.MustCompile(p)
	patterns.Store(p, re)
	return re
}

func hdr(msg, name string) string {
	m := pattern(`(?im)^` + regexp.QuoteMeta(name) + `\s*:\s*(.*?)\s*$`).FindStringSubmatch(msg)
	if m == nil {
		return ""
	}
	return m[1]
}

func auth(value, name string) string {
	m := pattern(`(?i)[\s,]` + name + `="?([^",]*)"?`).FindStringSubmatch(value)
	if m == nil {
		return ""
	}
	return m[1]
}

func hashHex(alg, s string) string {
	if alg == "SHA-256" {
		h := sha256.Sum256([]byte(s))
		return hex.EncodeToString(h[:])
	}
	h := md5.Sum([]byte(s))
	return hex.EncodeToString(h[:])
}

func newRegistrar(t *testing.T, network, alg string, conf *tls.Config) *miniRegistrar {
	t.Helper()
	r := &miniRegistrar{t: t, network: network, alg: alg, expires: 3600, passwords: map[string]string{},
		nonces: map[string]uint64{}, bindings: map[string]binding{}, conns: map[net.Conn]bool{},
		answers: map[string]chan string{}, sent: map[string][]byte{}, changed: make(chan struct{})}
	if network == "udp" {
		c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			t.Fatal(err)
		}
		c.SetReadBuffer(8 << 20)
		r.udp, r.addr = c, c.LocalAddr().String()
		r.wg.Go(r.readUDP)
	} else {
		l, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		if network == "tls" {
			l = tls.NewListener(l, conf)
		}
		r.lis, r.addr = l, l.Addr().String()
		r.wg.Go(r.accept)
	}
	t.Cleanup(func() {
		if r.udp != nil {
			r.udp.Close()
		} else {
			r.lis.Close()
			r.dropConns()
		}
		r.wg.Wait()
	})
	return r
}

func (r *miniRegistrar) port() string { _, p, _ := net.SplitHostPort(r.addr); return p }

func (r *miniRegistrar) readUDP() {
	buf := make([]byte, 65535)
	for {
		n, src, err := r.udp.ReadFromUDP(buf)
		if err != nil {
			return
		}
		r.handle(string(buf[:n]), src.String(), func(b []byte) { _, _ = r.udp.WriteToUDP(b, src) })
	}
}

func (r *miniRegistrar) accept() {
	for {
		c, err := r.lis.Accept()
		if err != nil {
			return
		}
		r.mu.Lock()
		r.conns[c] = true
		r.mu.Unlock()
		r.wg.Go(func() { r.readConn(c) })
	}
}

func (r *miniRegistrar) readConn(c net.Conn) {
	defer c.Close()
	br := bufio.NewReader(c)
	var msg bytes.Buffer
	for {
		line, err := br.ReadString('\n')
		if err != nil {
			return
		}
		if msg.Len() == 0 && strings.TrimSpace(line) == "" {
			continue
		}
		msg.WriteString(line)
		if line != "\r\n" {
			continue
		}
		n, _ := strconv.Atoi(hdr(msg.String(), "Content-Length"))
		for range n {
			b, _ := br.ReadByte()
			msg.WriteByte(b)
		}
		r.handle(msg.String(), c.RemoteAddr().String(), func(b []byte) { _, _ = c.Write(b) })
		msg.Reset()
	}
}

// dropConns lets every connection fall, as a restart would.
func (r *miniRegistrar) dropConns() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.conns {
		c.Close()
		delete(r.conns, c)
	}
}

func (r *miniRegistrar) handle(msg, source string, reply func([]byte)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.drop > 0 {
		r.drop--
		return
	}
	if r.relays != nil && !strings.HasPrefix(msg, "REGISTER ") {
		r.relay(msg, reply)
		return
	}
	if strings.HasPrefix(msg, "SIP/2.0") {
		if ch := r.answers[hdr(msg, "Call-ID")]; ch != nil {
			ch <- msg
		}
		return
	}
	if !strings.HasPrefix(msg, "REGISTER ") {
		return
	}
	if b, again := r.sent[hdr(msg, "Via")]; again {
		reply(b)
		return
	}
	user := pattern(`sip:([^@>]*)@`).FindStringSubmatch(hdr(msg, "To"))[1]
	q := request{user: user, callID: hdr(msg, "Call-ID"), contact: hdr(msg, "Contact"), raw: msg}
	q.cseq, _ = strconv.Atoi(strings.Fields(hdr(msg, "CSeq"))[0])
	q.expires, _ = strconv.Atoi(hdr(msg, "Expires"))
	status, extra := r.judge(msg, q, user)
	q.status, _ = strconv.Atoi(status[:3])
	if q.status == 200 {
		b := r.bindings[user]
		display := pattern(`^"?([^"<]*)"?\s*<`).FindStringSubmatch(hdr(msg, "From"))
		b.contact, b.callID, b.cseq, b.reply, b.source = q.contact, q.callID, q.cseq, reply, source
		b.times++
		b.display = ""
		if display != nil {
			b.display = strings.TrimSpace(display[1])
		}
		b.instance = auth(strings.ReplaceAll(q.contact, ";", " "), `\+sip\.instance`)
		if q.expires == 0 {
			delete(r.bindings, user)
		} else {
			r.bindings[user] = b
			extra = fmt.Sprintf("Contact: %s;expires=%d\r\nContact: <sip:x@192.0.2.9>;expires=7\r\n", q.contact, r.expires)
		}
	}
	r.log = append(r.log, q)
	close(r.changed)
	r.changed = make(chan struct{})
	host, port, _ := net.SplitHostPort(source)
	via := strings.Replace(hdr(msg, "Via"), ";rport", ";rport="+port+";received="+host, 1)
	answer := fmt.Appendf(nil, "SIP/2.0 %s\r\nVia: %s\r\nf: %s\r\nTo: %s;tag=r\r\nCall-ID: %s\r\nCSeq: %s\r\n%sContent-Length: 0\r\n\r\n",
		status, via, hdr(msg, "From"), hdr(msg, "To"), q.callID, hdr(msg, "CSeq"), extra)
	r.sent[hdr(msg, "Via")] = answer
	reply(answer)
}

// judge challenges and checks, counting nc.
func (r *miniRegistrar) judge(msg string, q request, user string) (status, extra string) {
	if len(r.script) > 0 {
		status, extra, _ = strings.Cut(r.script[0], "\r\n")
		r.script = r.script[1:]
		return status, extra
	}
	challenge := func(stale bool) (string, string) {
		nonce := randomHex(8)
		r.nonces[nonce] = 0
		s := ""
		if stale {
			s = ", stale=true"
		}
		alg := "algorithm=" + r.alg + ", "
		return "401 Unauthorized", fmt.Sprintf("WWW-Authenticate: Digest realm=\"r, x\", %snonce=%q, qop=\"auth,auth-int\", opaque=\"o=1\"%s\r\n", alg, nonce, s)
	}
	a := hdr(msg, "Authorization")
	nonce := auth(a, "nonce")
	last, known := r.nonces[nonce]
	if a == "" || !known {
		return challenge(a != "")
	}
	if r.stale {
		r.stale = false
		delete(r.nonces, nonce)
		return challenge(true)
	}
	nc, err := strconv.ParseUint(auth(a, "nc"), 16, 32)
	if err != nil || nc != last+1 || auth(a, "opaque") != "o=1" {
		r.t.Errorf("nc %q after %d, opaque %q: %s", auth(a, "nc"), last, auth(a, "opaque"), a)
	}
	r.nonces[nonce] = nc
	uri := strings.Fields(msg)[1]
	ha1 := hashHex(r.alg, auth(a, "username")+":r, x:"+r.passwords[user])
	want := hashHex(r.alg, strings.Join([]string{ha1, nonce, auth(a, "nc"), auth(a, "cnonce"), "auth", hashHex(r.alg, "REGISTER:"+uri)}, ":"))
	if want != auth(a, "response") || auth(a, "uri") != uri {
		return challenge(false)
	}
	return "200 OK", ""
}

// send puts a request on a user's flow and gives the phone's answer.
func (r *miniRegistrar) send(method, user, headers string) string {
	r.t.Helper()
	r.mu.Lock()
	b, ok := r.bindings[user]
	id := randomHex(6)
	ch := make(chan string, 4)
	r.answers[id] = ch
	r.mu.Unlock()
	if !ok {
		r.t.Fatalf("no binding of %s", user)
	}
	uri := pattern(`<(.*?)>`).FindStringSubmatch(b.contact)[1]
	raw := fmt.Appendf(nil, "%s %s SIP/2.0\r\nVia: SIP/2.0/%s %s;branch=z9hG4bK%s;rport\r\nFrom: <sip:r@x>;tag=1\r\n"+
		"To: <sip:%s@x>\r\nCall-ID: %s\r\nCSeq: 7 %s\r\n%sContent-Length: 0\r\n\r\n",
		method, uri, strings.ToUpper(r.network), r.addr, id, user, id, method, headers)
	b.reply(raw)
	select {
	case m := <-ch:
		return m
	case <-time.After(10 * time.Second):
		r.t.Fatalf("%s to %s: no answer", method, user)
		return ""
	}
}

func (r *miniRegistrar) checkSync(user, event string) {
	r.t.Helper()
	if m := r.send("NOTIFY", user, "Event: "+event+"\r\nSubscription-State: terminated\r\n"); !strings.HasPrefix(m, "SIP/2.0 200 ") {
		r.t.Fatalf("NOTIFY answered %q", m)
	}
}

func (r *miniRegistrar) binding(user string) (binding, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	b, ok := r.bindings[user]
	return b, ok
}

// await blocks until ok holds for what was registered.
func (r *miniRegistrar) await(ok func(map[string]binding, []request) bool) {
	r.t.Helper()
	limit := time.After(20 * time.Second)
	for {
		r.mu.Lock()
		done, ch := ok(r.bindings, r.log), r.changed
		r.mu.Unlock()
		if done {
			return
		}
		select {
		case <-ch:
		case <-limit:
			r.t.Fatalf("registrar: state never came; log %v", r.log)
		}
	}
}

func (r *miniRegistrar) set(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f()
}
