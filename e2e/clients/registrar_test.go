package clients_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	realm           = "test.example"
	challengeMD5    = `WWW-Authenticate: Digest realm="test.example", nonce="n0nce", algorithm=MD5, qop="auth"`
	challengeSHA256 = `WWW-Authenticate: Digest realm="test.example", nonce="n0nce", algorithm=SHA-256, qop="auth"`
)

// registration is one REGISTER with a valid digest, as the registrar saw it.
type registration struct {
	user, transport, source, contact, to, userAgent string
	removed                                         bool // Expires: 0
	flow                                            func(string) error
}

// registrar is a tiny SIP registrar for these tests, so that a client is proved without the product.
type registrar struct {
	t          *testing.T
	passwords  map[string]string
	challenges []string // WWW-Authenticate header lines

	udp, tcp, tls string // addresses

	registrations chan registration
	answers       chan message // to our NOTIFYs

	mu          sync.Mutex // guards passwords and connections
	connections []net.Conn
}

func startRegistrar(t *testing.T, certificate tls.Certificate, passwords map[string]string, challenges ...string) *registrar {
	t.Helper()
	r := &registrar{t: t, passwords: passwords, registrations: make(chan registration, 64), answers: make(chan message, 64)}
	r.challenges = challenges
	if len(challenges) == 0 {
		r.challenges = []string{challengeMD5}
	}
	packets, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	secure, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}})
	if err != nil {
		t.Fatal(err)
	}
	r.udp, r.tcp, r.tls = packets.LocalAddr().String(), plain.Addr().String(), secure.Addr().String()
	var group sync.WaitGroup
	group.Go(func() { r.servePackets(packets) })
	group.Go(func() { r.serveStreams(plain, "tcp", &group) })
	group.Go(func() { r.serveStreams(secure, "tls", &group) })
	t.Cleanup(func() { // after the clients, which were started later, have taken their leave
		for _, c := range []io.Closer{packets, plain, secure} {
			_ = c.Close()
		}
		r.mu.Lock()
		for _, c := range r.connections {
			_ = c.Close()
		}
		r.mu.Unlock()
		group.Wait()
	})
	return r
}

func (r *registrar) address(transport string) string {
	return map[string]string{"udp": r.udp, "tcp": r.tcp, "tls": r.tls}[transport]
}

func (r *registrar) servePackets(socket net.PacketConn) {
	buffer := make([]byte, 65535)
	for {
		n, source, err := socket.ReadFrom(buffer)
		if err != nil {
			return
		}
		m, err := readMessage(bufio.NewReader(bytes.NewReader(buffer[:n])))
		if err != nil {
			continue // a keep-alive
		}
		r.receive(m, "udp", source.String(), func(text string) error {
			_, err := socket.WriteTo([]byte(text), source)
			return err
		})
	}
}

func (r *registrar) serveStreams(listener net.Listener, transport string, group *sync.WaitGroup) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		r.mu.Lock()
		r.connections = append(r.connections, connection)
		r.mu.Unlock()
		group.Go(func() {
			defer func() { _ = connection.Close() }()
			in := bufio.NewReader(connection)
			for {
				m, err := readMessage(in)
				if err != nil {
					return
				}
				r.receive(m, transport, connection.RemoteAddr().String(), func(text string) error {
					_, err := connection.Write([]byte(text))
					return err
				})
			}
		})
	}
}

var contactURI = regexp.MustCompile(`<([^>]+)>`)

func (r *registrar) receive(m message, transport, source string, send func(string) error) {
	if !m.isRequest() {
		r.answers <- m
		return
	}
	if m.method() != "REGISTER" {
		_ = send(m.answer("200 OK", source))
		return
	}
	c := m.credentials()
	if len(c) == 0 {
		_ = send(m.answer("401 Unauthorized", source, r.challenges...))
		return
	}
	r.mu.Lock()
	password, known := r.passwords[c["username"]]
	r.mu.Unlock()
	if !known || !proves(c, "REGISTER", password) {
		_ = send(m.answer("403 Forbidden", source))
		return
	}
	contact := m.header.Get("Contact")
	removed := strings.HasPrefix(m.header.Get("Expires"), "0") || strings.Contains(contact, "expires=0")
	_ = send(m.answer("200 OK", source, "Contact: "+contact, "Expires: 3600"))
	r.registrations <- registration{c["username"], transport, source, contact, m.header.Get("To"), m.header.Get("User-Agent"), removed, send}
}

func (r *registrar) setPassword(user, password string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.passwords[user] = password
}

// next returns the next registration of the user; others are passed over.
func (r *registrar) next(user string) registration {
	r.t.Helper()
	deadline := time.After(limit)
	for {
		select {
		case reg := <-r.registrations:
			if reg.user == user && !reg.removed {
				return reg
			}
		case <-deadline:
			r.t.Fatalf("%s has not registered", user)
		}
	}
}

// notify sends an unsolicited check-sync down the flow of the registration and returns the status of the answer.
func (r *registrar) notify(reg registration, event string) int {
	r.t.Helper()
	uri := contactURI.FindStringSubmatch(reg.contact)[1]
	host, via := r.address(reg.transport), strings.ToUpper(reg.transport)
	err := reg.flow(fmt.Sprintf("NOTIFY %s SIP/2.0\r\nVia: SIP/2.0/%s %s;rport;branch=z9hG4bK%d\r\nMax-Forwards: 70\r\n"+
		"From: <sip:%s@%s>;tag=sync\r\nTo: <sip:%s@%s>\r\nCall-ID: %d@test\r\nCSeq: 1 NOTIFY\r\nContact: <sip:%s>\r\n"+
		"Event: %s\r\nSubscription-State: terminated\r\nContent-Length: 0\r\n\r\n",
		uri, via, host, time.Now().UnixNano(), reg.user, realm, reg.user, realm, time.Now().UnixNano(), host, event))
	if err != nil {
		r.t.Fatalf("sending NOTIFY to %s: %v", reg.source, err)
	}
	select {
	case m := <-r.answers:
		return m.status()
	case <-time.After(limit):
		r.t.Fatalf("%s has not answered the NOTIFY", reg.user)
		return 0
	}
}

// limit ends a test that has failed; nothing is expected to take so long.
const limit = 30 * time.Second

// eventually polls; the deadline only ends a test that has failed.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(limit); !condition(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("still not: %s", what)
		}
	}
}
