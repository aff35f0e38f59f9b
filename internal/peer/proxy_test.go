package peer

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// version2 makes a header as balancers write it.
func version2(command, family byte, body ...byte) string {
	return "\r\n\r\n\x00\r\nQUIT\n" + string([]byte{0x20 | command, family, byte(len(body) >> 8), byte(len(body))}) + string(body)
}

var headers = map[string]struct{ text, from string }{
	"v1 IPv4":    {"PROXY TCP4 203.0.113.7 198.51.100.1 40000 443\r\n", "203.0.113.7:40000"},
	"v1 IPv6":    {"PROXY TCP6 2001:db8::7 2001:db8::1 40000 443\r\n", "[2001:db8::7]:40000"},
	"v1 unknown": {"PROXY UNKNOWN ffff::1 whatever\r\n", "peer"},
	"v2 IPv4":    {version2(1, 0x11, 203, 0, 113, 7, 198, 51, 100, 1, 0x9c, 0x40, 1, 0xbb), "203.0.113.7:40000"},
	"v2 TLV":     {version2(1, 0x11, 203, 0, 113, 7, 198, 51, 100, 1, 0x9c, 0x40, 1, 0xbb, 3, 0, 1, 9), "203.0.113.7:40000"},
	"v2 local":   {version2(0, 0), "peer"},
	"v1 wrong":   {"PROXY TCP4 203.0.113.700 198.51.100.1 40000 443\r\n", ""},
	"v1 family":  {"PROXY TCP6 203.0.113.7 198.51.100.1 40000 443\r\n", ""},
	"v1 endless": {"PROXY TCP4 " + strings.Repeat("1", 4096), ""},
	"v2 short":   {version2(1, 0x11, 203, 0, 113, 7), ""},
	"v2 UDP":     {version2(1, 0x12, 203, 0, 113, 7, 198, 51, 100, 1, 0x9c, 0x40, 1, 0xbb), ""},
	"none":       {"GET / HTTP/1.1\r\n\r\n", ""},
}

func listened(t *testing.T, from string) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l = Listen(l, Proxies{netip.MustParsePrefix(from)})
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func TestP11_PROXYProtocol(t *testing.T) {
	for name, x := range headers {
		for _, trusted := range []bool{true, false} {
			l := listened(t, map[bool]string{true: "127.0.0.0/8", false: "192.0.2.0/24"}[trusted])
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(c, x.text+"hello"); err != nil {
				t.Fatal(err)
			}
			_ = c.(*net.TCPConn).CloseWrite()
			s, err := l.Accept()
			if err != nil {
				t.Fatal(err)
			}
			_ = s.SetDeadline(time.Now().Add(20 * time.Second))
			got, _ := io.ReadAll(s)
			from := s.RemoteAddr().String()
			want, wantFrom := "hello", x.from
			switch {
			case !trusted:
				want, wantFrom = x.text+"hello", c.LocalAddr().String()
			case x.from == "":
				want, wantFrom = "", c.LocalAddr().String()
			case x.from == "peer":
				wantFrom = c.LocalAddr().String()
			}
			if string(got) != want || from != wantFrom {
				t.Errorf("%s, trusted %v: %q from %s, want %q from %s", name, trusted, got, from, want, wantFrom)
			}
			_ = s.Close()
			_ = c.Close()
		}
	}
}

// A balancer that says nothing must not keep others waiting.
func TestP11_SilentBalancerStopsNobody(t *testing.T) {
	l := listened(t, "127.0.0.0/8")
	silent, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := l.Accept(); err != nil {
		t.Fatal(err)
	}
	s, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := io.WriteString(c, headers["v1 IPv4"].text); err != nil {
		t.Fatal(err)
	}
	if from := s.RemoteAddr().String(); from != "203.0.113.7:40000" {
		t.Errorf("from %s", from)
	}
}

func FuzzPROXY(f *testing.F) {
	for _, x := range headers {
		f.Add([]byte(x.text))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		r := bufio.NewReaderSize(bytes.NewReader(in), headerMost)
		if a, err := readHeader(r); err == nil && a.IsValid() && (a.Addr().Is4In6() || a.Addr().Zone() != "") {
			t.Errorf("%q: %s", in, a)
		}
	})
}
