package phone

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"tischlein/internal/telephony"
)

const uploadMost = 4096

// shelf keeps what phones send, in a test.
type shelf struct {
	mu   sync.Mutex
	kept map[string]Upload
	odd  []string
	full bool
}

func (s *shelf) Take(_ context.Context, _ Device, u Upload) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.full {
		return false, &telephony.Error{Code: telephony.TooMany, Reason: "uploads_too_many"}
	}
	if s.kept == nil {
		s.kept = map[string]Upload{}
	}
	_, had := s.kept[u.Name]
	s.kept[u.Name] = u
	return !had, nil
}

func (s *shelf) Noted(_ context.Context, _ Device, _ netip.Addr, what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.odd = append(s.odd, worded(what))
}

// told waits for a line of the device's history and forgets all there are.
func (s *shelf) told(t *testing.T, part string) {
	t.Helper()
	until := time.Now().Add(10 * time.Second)
	for {
		s.mu.Lock()
		for _, o := range s.odd {
			if strings.Contains(o, part) {
				s.odd = nil
				s.mu.Unlock()
				return
			}
		}
		have := fmt.Sprint(s.odd)
		s.mu.Unlock()
		if time.Now().After(until) {
			t.Fatalf("the history has %s, want %q", have, part)
		}
		<-time.After(5 * time.Millisecond)
	}
}

// sender speaks to a real listener in octets of the test's own.
type sender struct {
	*testing.T
	*shelf
	st     *stage
	fake   *fake
	addr   string
	config *tls.Config
}

func newSender(t *testing.T) *sender {
	t.Helper()
	s := &sender{T: t, shelf: &shelf{}, fake: newFake("yealink", yealinkMAC)}
	// The clock runs on by more than what holds repetitions back.
	s.st = newStage(t, s.fake, func(c *Config) { c.Sending = Sending{Uploads: s.shelf, UploadMost: uploadMost}; c.Now = time.Now })
	secure, _, roots := serve(t, s.st)
	s.addr, s.config = secure, &tls.Config{RootCAs: roots, ServerName: "127.0.0.1"}
	return s
}

func (s *sender) dial() net.Conn {
	s.Helper()
	c, err := tls.Dial("tcp", s.addr, s.config)
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(60 * time.Second))
	return c
}

// say sends octets on a connection of their own and reads the answer, of which a
// refusal has no body (P13). Repetitions are not held back from the history.
func (s *sender) say(octets string) *http.Response {
	s.Helper()
	s.st.refusals.mu.Lock()
	clear(s.st.refusals.told)
	s.st.refusals.mu.Unlock()
	c := s.dial()
	go func() { _, _ = io.WriteString(c, octets) }() // who is refused is not read to the end
	return s.reads(c)
}

func (s *sender) reads(c net.Conn) *http.Response {
	s.Helper()
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		s.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.Fatal(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if r.StatusCode >= 400 && len(body) > 0 {
		s.Fatalf("status %d with a body: %q", r.StatusCode, body)
	}
	if word := secretIn(fmt.Sprint(r.Header)); word != "" {
		s.Fatalf("the headers tell a secret: %v", r.Header)
	}
	return r
}

func (s *sender) wants(status int, octets string) *http.Response {
	s.Helper()
	r := s.say(octets)
	if r.StatusCode != status {
		s.Fatalf("status %d, want %d, for %.200q", r.StatusCode, status, octets)
	}
	return r
}

const hostLine = "Host: prov.example.net\r\nUser-Agent: " + yealinkUA + "\r\n"

func asked(method, file, headers, body string) string {
	return method + " /d/" + ownToken + "/" + file + " HTTP/1.1\r\n" + hostLine + headers + "\r\n" + body
}

func sized(n int) string { return fmt.Sprintf("Content-Length: %d\r\n", n) }

func TestP13_UploadsAreTakenToTheDevicesPage(t *testing.T) {
	s := newSender(t)
	log := yealinkMAC + "-sys.log"
	s.wants(http.StatusCreated, asked("PUT", log, sized(5), "line1"))
	s.wants(http.StatusOK, asked("PUT", log, sized(5), "line2"))
	s.wants(http.StatusOK, asked("POST", yealinkMAC+"-local.cfg", "Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"))
	s.wants(http.StatusCreated, asked("PUT", "empty.log", sized(0), ""))
	s.wants(http.StatusCreated, asked("PUT", "full.log", sized(uploadMost), strings.Repeat("x", uploadMost)))
	form := "--b\r\nContent-Disposition: form-data; name=\"devicename\"\r\n\r\nSEP1\r\n--b\r\n" +
		"Content-Disposition: form-data; name=\"prt_file\"; filename=\"../../prt-1.tar.gz\"\r\n\r\nREPORT\r\n--b--\r\n"
	s.wants(http.StatusOK, asked("POST", "prt", "Content-Type: multipart/form-data; boundary=b\r\n"+sized(len(form)), form))
	for name, want := range map[string]string{log: "line2", yealinkMAC + "-local.cfg": "abcdefg", "empty.log": "", "prt-1.tar.gz": "REPORT"} {
		if u, ok := s.kept[name]; !ok || string(u.Body) != want || u.From.String() != "127.0.0.1" || u.UserAgent != yealinkUA {
			t.Errorf("%s: kept %+v", name, u)
		}
	}
	if len(s.kept) != 5 || len(s.odd) != 0 || len(s.fake.refused) != 0 {
		t.Errorf("kept %d; %v %v", len(s.kept), s.odd, s.fake.refused)
	}
}

// A phone that asks first is told to go on, or refused before it has sent a byte.
func TestP13_ExpectContinue(t *testing.T) {
	s := newSender(t)
	c := s.dial()
	fmt.Fprint(c, asked("PUT", "app.log", sized(4)+"Expect: 100-continue\r\n", ""))
	in := bufio.NewReader(c)
	line, err := in.ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "HTTP/1.1 100") {
		t.Fatalf("%q %v", line, err)
	}
	if _, err := in.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(c, "abcd")
	r, err := http.ReadResponse(in, nil)
	if err != nil || r.StatusCode != http.StatusCreated {
		t.Fatal(r, err)
	}
	r = s.wants(http.StatusRequestEntityTooLarge, asked("PUT", "app.log", sized(1<<40)+"Expect: 100-continue\r\n", ""))
	if !r.Close {
		t.Error("the connection is kept for a body that nobody reads")
	}
	s.told(t, "larger than uploads may be")
}

func TestP13_GiantAndBrokenBodiesAreRefused(t *testing.T) {
	s := newSender(t)
	s.wants(http.StatusRequestEntityTooLarge, asked("PUT", "a.log", sized(uploadMost+1), ""))
	s.told(t, "larger")
	// Nobody said how much it would be.
	chunk := fmt.Sprintf("%x\r\n%s\r\n", 1024, strings.Repeat("x", 1024))
	s.wants(http.StatusRequestEntityTooLarge, asked("PUT", "a.log", "Transfer-Encoding: chunked\r\n", strings.Repeat(chunk, 8)))
	s.told(t, "larger")
	s.wants(http.StatusBadRequest, asked("POST", "a.log", "Transfer-Encoding: chunked\r\n", "zz\r\nabc"))
	s.told(t, "broke off")
	s.wants(http.StatusBadRequest, asked("PUT", "a.log", "Content-Range: bytes 0-3/100\r\n"+sized(4), "abcd"))
	s.told(t, "a part of")
	s.wants(http.StatusBadRequest, asked("POST", "a.log", "Content-Type: multipart/form-data; boundary=b\r\n"+sized(4), "abcd"))
	s.told(t, "a form")
	// A body that breaks off is no file.
	c := s.dial()
	fmt.Fprint(c, asked("PUT", "a.log", sized(100), "abc"))
	if err := c.(*tls.Conn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if r := s.reads(c); r.StatusCode != http.StatusBadRequest {
		t.Errorf("half a body: %d", r.StatusCode)
	}
	s.full = true
	s.wants(http.StatusTooManyRequests, asked("PUT", "a.log", sized(1), "x"))
	if len(s.kept) != 0 {
		t.Errorf("kept %v", s.kept)
	}
}

// What the device may not do is refused and in its history; what a stranger tries
// is refused in the same way and reaches nobody.
func TestP13_WrongMethodsAndNamesAreRefused(t *testing.T) {
	s := newSender(t)
	for _, m := range []string{"DELETE", "PATCH", "OPTIONS", "PROPFIND", "CONNECT", "TRACE"} {
		r := s.wants(http.StatusMethodNotAllowed, asked(m, "a.log", "", ""))
		if r.Header.Get("Allow") != "GET, HEAD, PUT, POST" || !r.Close {
			t.Errorf("%s: %v", m, r.Header)
		}
		s.told(t, m)
	}
	for _, file := range []string{"", "a%20b.log", ".."[:1], strings.Repeat("x", 81)} {
		if r := s.say(asked("PUT", file, sized(1), "x")); r.StatusCode != http.StatusNotFound && r.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("%q: %d", file, r.StatusCode)
		}
	}
	// Another device's file under this credential (P04).
	s.wants(http.StatusNotFound, asked("PUT", otherMAC+"-sys.log", sized(1), "x"))
	if len(s.fake.refused) != 1 || !strings.Contains(s.fake.refused[0], "80:5e:c0:65:43:21") {
		t.Errorf("%v", s.fake.refused)
	}
	s.odd = nil
	for _, path := range []string{"/" + yealinkMAC + "-sys.log", "/p/a.log", "/f/" + firstToken + "/a.log", "/d/short/a.log", "/k/" + firstToken + "/a", "/d%2f" + ownToken + "/a.log", "/d/" + ownToken + "/..%2fa.log", "/d/" + ownToken + "/../a.log"} {
		if r := s.say("PUT " + path + " HTTP/1.1\r\n" + hostLine + sized(1) + "\r\nx"); r.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
	unknown := strings.Repeat("u", len(ownToken))
	s.wants(http.StatusNotFound, "PUT /d/"+unknown+"/a.log HTTP/1.1\r\n"+hostLine+sized(1)+"\r\nx")
	if len(s.kept) != 0 || len(s.odd) != 0 {
		t.Errorf("kept %v, told %v", s.kept, s.odd)
	}
}

func TestP13_UploadsThatAreOffAreForbidden(t *testing.T) {
	s := newSender(t)
	s.st.cfg.UploadMost = 0
	s.wants(http.StatusForbidden, asked("PUT", "a.log", sized(1), "x"))
	s.told(t, "no uploads are taken")
}

// A body that trickles in ends when its time is over, and holds nobody up.
func TestP13_SlowBody(t *testing.T) {
	s := newSender(t)
	s.st.patience = 300 * time.Millisecond
	c := s.dial()
	fmt.Fprint(c, asked("PUT", "a.log", sized(100), "abc"))
	if r := s.reads(c); r.StatusCode != http.StatusRequestTimeout || !r.Close {
		t.Errorf("%d", r.StatusCode)
	}
	s.told(t, "too long")
	s.wants(http.StatusCreated, asked("PUT", "a.log", sized(1), "x"))
}
