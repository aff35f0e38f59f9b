package phonesim

import (
	"bufio"
	"errors"
	"maps"
	"reflect"
	"strings"
	"testing"
)

func all(string) bool { return true }

func values(s settings) map[string]string {
	m := map[string]string{}
	for k, e := range s {
		m[k] = e.value
	}
	return m
}

func TestParseYealink(t *testing.T) {
	f, err := parseYealink([]byte("\ufeff#!version:1.0.0.1\r\n# c\r\n[ x ]\r\n a.b = 1 = 2 \r\nc=\r\ninclude:config <http://h/x.cfg>\r\ninclude:config \"y.cfg\"\r\noverwrite_mode = 1\r\n"))
	want := yealinkFile{pairs: []yealinkPair{{"a.b", "1 = 2"}, {"c", ""}}, includes: []string{"http://h/x.cfg", "y.cfg"}, overwrite: true}
	if err != nil || !reflect.DeepEqual(f, want) {
		t.Fatalf("%+v, %v", f, err)
	}
	for _, bad := range []string{"", "#!version:1.0.0.2\na=1", "\n#!version:1.0.0.1\n", "#!version:1.0.0.1\nno equals\n",
		"#!version:1.0.0.1\n= 1\n", "#!version:1.0.0.1\ninclude:config \"\"\n", "<html>404</html>"} {
		if f, err := parseYealink([]byte(bad)); err == nil {
			t.Errorf("%q: %+v", bad, f)
		}
	}
}

func TestYealinkOverwriteMode(t *testing.T) {
	start := map[string]string{"a": "1", "b": "1", "c": "1", "d": "1", "static.e": "1"}
	for _, c := range []struct {
		file string
		want map[string]string
	}{
		{"a = 2\nb = %NULL%\nc =\n", map[string]string{"a": "2", "c": "", "d": "1", "static.e": "1"}},
		{"overwrite_mode = 1\na = 2\nb = %NULL%\nc =\n", map[string]string{"a": "2", "static.e": "1"}},
		{"overwrite_mode = 1\nc = %EMPTY%\n", map[string]string{"c": "", "static.e": "1"}},
		{"a = 2\na = 3\n", map[string]string{"a": "3", "b": "1", "c": "1", "d": "1", "static.e": "1"}},
	} {
		f, err := parseYealink([]byte("#!version:1.0.0.1\n" + c.file))
		if err != nil {
			t.Fatal(err)
		}
		s := settings{}
		for k, v := range start {
			s.set(k, v)
		}
		(yealink{}).apply(s, []document{{body: f}}, all)
		if got := values(s); !maps.Equal(got, c.want) {
			t.Errorf("%q: %v", c.file, got)
		}
	}
}

func TestParseSnom(t *testing.T) {
	f, err := parseSnom([]byte(`<?xml version="1.0" encoding="ISO-8859-1"?><settings><!-- c --><phone-settings e="2">
<user_name idx="1" perm="R">a&amp;b</user_name><language> Deutsch </language></phone-settings>
<tbook><item context="x"><name>N</name></item></tbook><functionKeys><fkey idx="3" label="L" perm="">speed 1</fkey></functionKeys></settings>`))
	if err != nil {
		t.Fatal(err)
	}
	s := settings{"old": {value: "x"}, "setting_server": {value: "u"}}
	applySnom(s, f, all)
	want := map[string]string{"user_name:1": "a&b", "language": "Deutsch", "fkey:3": "speed 1", "fkey:3:label": "L", "setting_server": "u"}
	if got := values(s); !maps.Equal(got, want) {
		t.Fatal(got)
	}
	for _, bad := range []string{"", "text", "<html/>", "<settings>", "<settings><phone-settings></settings>", "<settings>\x00</settings>"} {
		if f, err := parseSnom([]byte(bad)); err == nil {
			t.Errorf("%q: %+v", bad, f)
		}
	}
}

func TestParseLinphone(t *testing.T) {
	e, err := parseLinphone([]byte(`<config xmlns="http://www.linphone.org/xsds/lpconfig.xsd"><section name="s" overwrite="true">
<entry name="a">&lt;sip:x&gt;</entry><entry name="b" overwrite="false">2</entry></section><section name="t"><entry name="c"/></section></config>`))
	want := []linphoneEntry{{"s", "a", "<sip:x>", true}, {"s", "b", "2", false}, {"t", "c", "", false}}
	if err != nil || !reflect.DeepEqual(e, want) {
		t.Fatalf("%+v %v", e, err)
	}
	for _, bad := range []string{"", "<html/>", `<config><section/></config>`, `<config><section name="s"><entry/></section></config>`, "<config>"} {
		if e, err := parseLinphone([]byte(bad)); err == nil {
			t.Errorf("%q: %+v", bad, e)
		}
	}
}

func TestLinphoneAccount(t *testing.T) {
	s := settings{}
	for k, v := range map[string]string{"proxy_0/reg_proxy": "<sip:edge.example:5061;transport=tls>",
		"proxy_0/reg_identity": `"Ada, L" <sip:u@example.org>`, "auth_info_1/username": "u", "auth_info_1/userid": "id",
		"auth_info_1/ha1": "h", "auth_info_1/realm": "r", "auth_info_0/username": "other", "proxy_0/reg_expires": "60"} {
		s.set(k, v)
	}
	want := account{active: true, domain: "example.org", user: "u", display: "Ada, L", host: "edge.example", port: 5061,
		transport: "tls", expires: 60, secrets: secrets{user: "id", ha1: "h", realm: "r"}}
	if got := (linphone{}).account(s); got != want {
		t.Fatalf("%+v", got)
	}
	s.set("sip/default_proxy", "-1")
	if got := (linphone{}).account(s); got.active {
		t.Fatalf("%+v", got)
	}
}

func TestParseMessage(t *testing.T) {
	m, err := parseMessage([]byte("NOTIFY sip:u@h SIP/2.0\r\nv: SIP/2.0/UDP a;branch=z9,\r\n SIP/2.0/UDP b\r\nF : <sip:a@b>;tag=1\r\nt: \"x;tag=no\" <sip:u@b>\r\ni: c\r\nCSeq: 4 NOTIFY\r\nl: 2\r\n\r\nabcd"))
	if err != nil || m.branch() != "z9" || string(m.body) != "ab" || param(m.get("to"), "tag") != "" || m.get("from") == "" {
		t.Fatalf("%+v %v", m, err)
	}
	ok := "Via: x\r\nFrom: a\r\nTo: b\r\nCall-ID: c\r\nCSeq: 1 X\r\n"
	for _, bad := range []string{"", "\r\n\r\n", "SIP/2.0 99 x\r\n" + ok + "\r\n", "SIP/2.0 2000 x\r\n" + ok + "\r\n", "X sip:a SIP/1.0\r\n" + ok + "\r\n",
		"X sip:a SIP/2.0\r\n" + ok, "X sip:a SIP/2.0\r\n" + ok + "Content-Length: 9\r\n\r\nab", "X sip:a SIP/2.0\r\n" + ok + "Content-Length: -1\r\n\r\n",
		"X sip:a SIP/2.0\r\n" + ok + "no colon\r\n\r\n", "X sip:a SIP/2.0\r\nVia: x\r\n\r\n", "X  SIP/2.0\r\n" + ok + "\r\n"} {
		if m, err := parseMessage([]byte(bad)); err == nil {
			t.Errorf("%q: %+v", bad, m)
		}
	}
}

func TestReadFrameCutsAStream(t *testing.T) {
	one := "SIP/2.0 200 OK\r\nl: 3\r\n\r\nabc"
	two := "OPTIONS sip:a SIP/2.0\r\nVia: x\r\n\r\n"
	r := bufio.NewReaderSize(strings.NewReader("\r\n"+one+"\r\n\r\n"+two), 16)
	pongs := 0
	for _, want := range []string{one, two} {
		got, err := readFrame(r, func() { pongs++ })
		if err != nil || string(got) != want {
			t.Fatalf("%q %v", got, err)
		}
	}
	if pongs != 1 {
		t.Fatalf("%d pongs; a lone CRLF is none, a double one is", pongs)
	}
}

func TestReadFrameRefusesEndlessHeaders(t *testing.T) {
	for _, in := range []string{strings.Repeat("x", 2*maxSIPMessage), "A: b\r\nContent-Length: 99999999\r\n\r\n"} {
		if _, err := readFrame(bufio.NewReaderSize(strings.NewReader(in), 16), func() {}); !errors.Is(err, errMalformed) {
			t.Errorf("%.20q: %v", in, err)
		}
	}
}

func TestParseChallenge(t *testing.T) {
	c, ok := parseChallenge(`Digest realm="a, \"b\"", qop="auth-int, auth" ,nonce="n=1", stale=TRUE, algorithm=SHA-256,opaque=""`)
	want := challenge{scheme: "digest", realm: `a, "b"`, nonce: "n=1", algorithm: "SHA-256", qopAuth: true, stale: true}
	if !ok || c != want {
		t.Fatalf("%+v", c)
	}
	md5c, shac := challenge{scheme: "digest", nonce: "1", realm: "r"}, challenge{scheme: "digest", nonce: "2", realm: "r", algorithm: "sha-256"}
	odd := challenge{scheme: "digest", nonce: "3", algorithm: "SHA-512-256"}
	for _, c := range []struct {
		offered []challenge
		md5Only bool
		s       secrets
		want    string
	}{
		{[]challenge{odd, shac, md5c}, false, secrets{}, "2"}, // RFC 8760: the topmost one understood
		{[]challenge{md5c, shac}, false, secrets{}, "1"},
		{[]challenge{shac, md5c}, true, secrets{}, "1"},
		{[]challenge{shac, md5c}, false, secrets{ha1: "x"}, "1"}, // a stored hash is bound to its algorithm
		{[]challenge{shac}, false, secrets{realm: "other"}, ""},
	} {
		if got, _ := choose(c.offered, c.md5Only, c.s); got.nonce != c.want {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}

func TestParseMAC(t *testing.T) {
	for _, s := range []string{"00:15:65:12:34:AB", "00-15-65-12-34-ab", "0015.6512.34ab", "0015651234AB"} {
		if m, err := ParseMAC(s); err != nil || m != yMAC || m.Colons() != "00:15:65:12:34:ab" || m.Upper() != "0015651234AB" {
			t.Errorf("%s: %s %v", s, m, err)
		}
	}
	for _, s := range []string{"", "0015651234a", "0015651234ax", "0015651234abc"} {
		if m, err := ParseMAC(s); err == nil {
			t.Errorf("%s: %s", s, m)
		}
	}
}
