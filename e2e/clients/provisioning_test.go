package clients_test

import (
	"crypto/tls"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// provisioning is a server whose one file a test can change.
type provisioning struct {
	url string

	mu      sync.Mutex
	body    string
	status  int
	fetches []http.Header
}

func startProvisioning(t *testing.T, certificate *tls.Certificate) *provisioning {
	t.Helper()
	p := &provisioning{status: http.StatusOK}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.fetches = append(p.fetches, request.Header.Clone())
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(p.status)
		_, _ = io.WriteString(w, p.body)
	}))
	if certificate == nil {
		server.Start()
	} else {
		server.TLS = &tls.Config{Certificates: []tls.Certificate{*certificate}}
		server.StartTLS()
	}
	t.Cleanup(server.Close)
	// By name: Linphone's TLS does not know IP addresses in certificates.
	p.url = strings.Replace(server.URL, "127.0.0.1", "localhost", 1) + "/token/linphone.xml"
	return p
}

func (p *provisioning) serve(status int, body string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status, p.body = status, body
}

func (p *provisioning) seen() []http.Header {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]http.Header(nil), p.fetches...)
}

// section is one section of Linphone's remote provisioning.
func section(name string, pairs ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<section name=%q>", name)
	for i := 0; i < len(pairs); i += 2 {
		fmt.Fprintf(&b, `<entry name=%q overwrite="true">%s</entry>`, pairs[i], html.EscapeString(pairs[i+1]))
	}
	return b.String() + "</section>"
}

func file(sections ...string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><config xmlns="http://www.linphone.org/xsds/lpconfig.xsd">` +
		strings.Join(sections, "") + "</config>"
}

// deskFile gives the account of a channel, with the name that the phone shall show.
func deskFile(name, user, password, server, transport string) string {
	return file(
		section("sip", "default_proxy", "0"),
		section("auth_info_0", "username", user, "userid", user, "passwd", password, "ha1", "", "realm", realm, "domain", realm, "algorithm", "MD5"),
		section("proxy_0", "reg_proxy", fmt.Sprintf("<sip:%s;transport=%s>", server, transport),
			"reg_route", fmt.Sprintf("<sip:%s;transport=%s;lr>", server, transport),
			"reg_identity", fmt.Sprintf("%q <sip:%s@%s>", name, user, realm), "reg_expires", "600", "reg_sendregister", "1", "publish", "0"),
	)
}

// byName replaces the address by a name, which Linphone needs to believe a certificate.
func byName(address string) string { return strings.Replace(address, "127.0.0.1", "localhost", 1) }
