package phone

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tischlein/internal/telephony"
)

// dialer opens TLS connections to a real server.
func dialer(t *testing.T, st *stage) func() *tls.Conn {
	t.Helper()
	secure, _, roots := serve(t, st)
	return func() *tls.Conn {
		c, err := tls.Dial("tcp", secure, &tls.Config{RootCAs: roots})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		_ = c.SetDeadline(time.Now().Add(20 * time.Second))
		return c
	}
}

// said is an answer without what changes from one to the next.
func said(t *testing.T, r *bufio.Reader, method string) string {
	t.Helper()
	res, err := http.ReadResponse(r, &http.Request{Method: method})
	if err != nil {
		return "closed"
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	res.Header.Del("Date")
	for i, v := range res.Header["Www-Authenticate"] {
		res.Header["Www-Authenticate"][i] = aNonce.ReplaceAllString(v, "nonce")
	}
	var b strings.Builder
	_ = res.Header.Write(&b)
	return res.Status + " close=" + boolean(res.Close) + "\n" + b.String() + string(body)
}

func boolean(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

var aNonce = regexp.MustCompile(`nonce="[^"]*"`)

const plainAsk = "GET /d/" + ownToken + "/" + yealinkMAC + ".cfg HTTP/1.1\r\nHost: phones.example.net\r\n"

// What goes the short way is answered as on the long way, byte for byte but for
// the date; what is in any way unusual takes the long way, and nothing of it is
// lost on the way there.
func TestP02_TheShortWayAnswersLikeTheLongOne(t *testing.T) {
	const agent = "User-Agent: " + yealinkUA + "\r\n"
	for name, ask := range map[string]string{
		"plain":              plainAsk + agent + "\r\n",
		"close":              plainAsk + agent + "Connection: close\r\n\r\n",
		"keep-alive":         plainAsk + agent + "connection:Keep-Alive\r\nAccept: */*\r\nAccept-Language: de\r\n\r\n",
		"no agent":           plainAsk + "\r\n",
		"another's MAC":      strings.Replace(plainAsk, yealinkMAC, "805ec0999999", 1) + agent + "\r\n",
		"no such file":       strings.Replace(plainAsk, yealinkMAC+".cfg", "x.rom", 1) + agent + "\r\n",
		"no such token":      strings.Replace(plainAsk, ownToken, strings.Repeat("x", 32), 1) + agent + "\r\n",
		"short token":        strings.Replace(plainAsk, ownToken, "abc", 1) + agent + "\r\n",
		"query":              strings.Replace(plainAsk, ".cfg", ".cfg?mac=805ec0999999", 1) + agent + "\r\n",
		"escapes":            strings.Replace(plainAsk, ".cfg", "%2ecfg", 1) + agent + "\r\n",
		"dots":               strings.Replace(plainAsk, yealinkMAC, "../"+yealinkMAC, 1) + agent + "\r\n",
		"double slash":       strings.Replace(plainAsk, "/"+yealinkMAC, "//"+yealinkMAC, 1) + agent + "\r\n",
		"HTTP/1.0":           strings.Replace(plainAsk, "HTTP/1.1", "HTTP/1.0", 1) + agent + "\r\n",
		"no host":            "GET /d/" + ownToken + "/" + yealinkMAC + ".cfg HTTP/1.1\r\n" + agent + "\r\n",
		"two hosts":          plainAsk + "Host: other\r\n\r\n",
		"folded line":        plainAsk + "Accept: a\r\n b\r\n\r\n",
		"blank before colon": plainAsk + "Accept : a\r\n\r\n",
		"asked: no password": plainAsk + agent + "\r\n",
		"asked: right":       plainAsk + agent + "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(httpUser+":"+httpPassword)) + "\r\n\r\n",
		"asked: wrong":       plainAsk + agent + "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(httpUser+":x")) + "\r\n\r\n",
		"asked: two answers": plainAsk + "Authorization: Basic eDp4\r\nAuthorization: Basic eDp4\r\n\r\n",
		"HEAD":               strings.Replace(plainAsk, "GET", "HEAD", 1) + agent + "\r\n",
		"a known tag":        plainAsk + agent + "If-None-Match: \"x\"\r\n\r\n",
		"range":              plainAsk + agent + "Range: bytes=0-3\r\n\r\n",
		"a body":             plainAsk + agent + "Content-Length: 4\r\n\r\nabcd",
		"an upload":          "PUT /d/" + ownToken + "/x.log HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nlog",
		"stage one":          "GET /" + yealinkMAC + ".cfg HTTP/1.1\r\nHost: h\r\n" + agent + "\r\n",
		"nonsense":           "\x16\x03\x01 hello\r\n\r\n",
		"long":               plainAsk + agent + "Accept: " + strings.Repeat("x", laneRequest) + "\r\n\r\n",
		"too long":           plainAsk + agent + "Accept: " + strings.Repeat("x", 64<<10) + "\r\n\r\n",
	} {
		method, _, _ := strings.Cut(ask, " ")
		device := func() *fake {
			f := newFake("yealink", yealinkMAC)
			if strings.HasPrefix(name, "asked: ") {
				f.device.HTTP = telephony.HTTPLogin{Demanded: true, User: httpUser, Password: httpPassword}
			}
			return f
		}
		short := dialer(t, newStage(t, device()))()
		if _, err := io.WriteString(short, ask); err != nil {
			t.Fatal(err)
		}
		st := newStage(t, device())
		h := st.httpServer(st.Handler())
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go func() { _ = h.Serve(l) }()
		long, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(long, ask); err != nil {
			t.Fatal(err)
		}
		got, want := said(t, bufio.NewReader(short), method), said(t, bufio.NewReader(long), method)
		if got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, want)
		}
		long.Close()
		_ = h.Close() // nothing is under way
	}
}

// One connection may change its way, but never its order.
func TestP02_PipelinedAndSplitRequestsAreAllAnswered(t *testing.T) {
	dial := dialer(t, newStage(t, newFake("yealink", yealinkMAC)))
	c := dial()
	for _, part := range []string{plainAsk[:9], plainAsk[9:60], plainAsk[60:], "\r\n"} {
		if _, err := io.WriteString(c, part); err != nil {
			t.Fatal(err)
		}
	}
	r := bufio.NewReader(c)
	first := said(t, r, "GET")
	if !strings.HasPrefix(first, "200 ") {
		t.Fatal(first)
	}
	odd := strings.Replace(plainAsk, yealinkMAC+".cfg", "nothing", 1)
	if _, err := io.WriteString(c, plainAsk+"\r\n"+odd+"\r\n"+plainAsk+"\r\n"); err != nil {
		t.Fatal(err)
	}
	var got []string
	for range 3 {
		got = append(got, said(t, r, "GET")[:3])
	}
	if want := []string{"200", "404", "200"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// Whatever is taken the short way is to net/http the same request.
func FuzzLane(f *testing.F) {
	f.Add([]byte(plainAsk + "User-Agent: x\r\nConnection: close\r\n\r\n"))
	f.Add([]byte(plainAsk + "Accept: a\r\n\r\n\r\n"))
	f.Add([]byte("GET /d/" + ownToken + "/./x HTTP/1.1\r\nHost: [::1]:8\r\n\r\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		var q laneAsk
		if !q.parse(in) {
			return
		}
		r := bufio.NewReader(bytes.NewReader(in))
		same, err := http.ReadRequest(r)
		if err != nil {
			t.Fatalf("%q: %v", in, err)
		}
		p, ok := cleanPath(same.URL)
		door, token, rest := splitDoor(p)
		if !ok || door != doorOwn || token != string(q.token) || rest != string(q.rest) || same.URL.RawQuery != "" ||
			same.UserAgent() != string(q.agent) || same.Close != q.close || same.Method != http.MethodGet || same.ContentLength != 0 || r.Buffered() != 0 {
			t.Errorf("%q: %+v", in, same)
		}
		if _, err := io.Copy(io.Discard, same.Body); err != nil {
			t.Error(err)
		}
	})
}
