package phone

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Reading: whatever is odd about a request, the answer is the file or a refusal
// without a body, and the device's history has what nobody knows.
func TestP13_OddReads(t *testing.T) {
	s := newSender(t)
	config := yealinkMAC + ".cfg"
	whole := s.wants(http.StatusOK, asked("GET", config, "", ""))
	size := whole.ContentLength
	for _, span := range []string{"bytes=0-10", "bytes=10-5", "bytes=-", "bytes=99999999-", "bytes=0-0,5-6,7-8", "lines=1-2", "bytes=" + strings.Repeat("0-1,", 500) + "2-3", "x"} {
		// A configuration is taken whole or not at all (RFC 9110 section 14.2 lets us).
		r := s.wants(http.StatusOK, asked("GET", config, "Range: "+span+"\r\n", ""))
		if r.ContentLength != size || r.Header.Get("Content-Range") != "" {
			t.Errorf("Range %.30s: %d of %d bytes", span, r.ContentLength, size)
		}
	}
	s.wants(http.StatusNotFound, asked("GET", "wallpaper.jpg", "", ""))
	s.told(t, "a file that there is not")
	s.odd = nil
	s.wants(http.StatusNotFound, asked("GET", "y000000000028.cfg", "", "")) // the usual order of a phone
	if len(s.odd) != 0 {
		t.Errorf("a file that phones do without is told of: %v", s.odd)
	}
	s.wants(http.StatusNotFound, asked("GET", otherMAC+".cfg", "", ""))
	if len(s.fake.refused) != 1 {
		t.Errorf("another device's file: %v", s.fake.refused)
	}
	for _, path := range []string{"/d/" + ownToken + "/..%2f..%2fetc%2fpasswd", "/d/" + ownToken + "/../../etc/passwd", "/d/" + ownToken + "//" + config, "/d/" + ownToken + "/%2e%2e/" + config,
		"/d/" + ownToken + "/a%00.cfg", "/d/" + ownToken + `/a\b.cfg`, "/d/" + ownToken + "/" + strings.Repeat("a", 300) + ".cfg"} {
		s.wants(http.StatusNotFound, "GET "+path+" HTTP/1.1\r\n"+hostLine+"\r\n")
	}
}

// HTTP/1.0 is answered and the connection closed; a head without an end, a method
// in lower case, two lengths and a folded header get no file.
func TestP13_OldAndBrokenHTTP(t *testing.T) {
	s := newSender(t)
	old := s.wants(http.StatusOK, "GET /d/"+ownToken+"/"+yealinkMAC+".cfg HTTP/1.0\r\nUser-Agent: "+yealinkUA+"\r\n\r\n")
	if !old.Close {
		t.Error("the connection of an HTTP/1.0 phone stays open")
	}
	s.wants(http.StatusCreated, "PUT /d/"+ownToken+"/a.log HTTP/1.0\r\n"+sized(1)+"\r\nx")
	s.wants(http.StatusMethodNotAllowed, asked("get", yealinkMAC+".cfg", "", ""))
	for _, octets := range []string{
		asked("PUT", "a.log", sized(1)+sized(2), "xx"), asked("PUT", "a.log", "Content-Length: -1\r\n", ""),
		"GET /d/" + ownToken + "/" + yealinkMAC + ".cfg HTTP/1.1\r\n\r\n", "GET  HTTP/1.1\r\n\r\n", "\x16\x03\x01 hello\r\n\r\n",
		"GET / HTTP/9.9\r\nHost: x\r\n\r\n", "GET /" + strings.Repeat("a", 40<<10) + " HTTP/1.1\r\nHost: x\r\n\r\n",
	} {
		c := s.dial()
		go func() { _, _ = io.WriteString(c, octets) }() // it may be hung up on before its end
		r, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			continue // hung up on: no answer is no page either
		}
		body, _ := io.ReadAll(r.Body)
		if r.StatusCode < 400 || strings.Contains(string(body), "<") || secretIn(string(body)) != "" {
			t.Errorf("%.60q: %d %q", octets, r.StatusCode, body)
		}
	}
}

// Who opens a connection and says nothing, or half a greeting, or no name, neither
// gets nor costs anything; the next phone is served.
func TestP13_HalfOpenTLSAndNoServerName(t *testing.T) {
	s := newSender(t)
	var silent []net.Conn
	for i := range 50 {
		c, err := net.Dial("tcp", s.addr)
		if err != nil {
			t.Fatal(err)
		}
		silent = append(silent, c)
		switch i % 3 {
		case 1:
			fmt.Fprint(c, "\x16\x03\x01\x02\x00\x01") // a handshake that goes no further
		case 2:
			fmt.Fprint(c, "GET / HTTP/1.0\r\n\r\n") // no TLS at all
		}
	}
	for _, c := range silent {
		defer c.Close()
	}
	s.config.ServerName, s.config.InsecureSkipVerify = "", true // sends no server name
	s.config.VerifyConnection = func(state tls.ConnectionState) error {
		if state.ServerName != "" {
			t.Errorf("the client said %q", state.ServerName)
		}
		return nil
	}
	s.wants(http.StatusOK, asked("GET", yealinkMAC+".cfg", "", ""))
	_ = silent[2].SetReadDeadline(time.Now().Add(20 * time.Second))
	got, _ := io.ReadAll(silent[2])
	if strings.Contains(string(got), "<") || secretIn(string(got)) != "" {
		t.Errorf("plain HTTP on the TLS port got %q", got)
	}
}
