package phonesim

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"maps"
	"strings"
	"testing"
	"time"
)

// fuzzApply proves what must hold for any file a phone accepted: applying it twice
// is applying it once, and whatever it says, the phone can be looked at.
func fuzzApply(t *testing.T, fw firmware, body any) {
	s := settings{}
	fw.apply(s, []document{{body: body}}, all)
	once := maps.Clone(s)
	fw.apply(s, []document{{body: body}}, all)
	if !maps.Equal(once, s) {
		t.Fatalf("applying twice differs: %v, %v", once, s)
	}
	a := fw.account(s)
	if a.active && (a.user == "" || a.host == "" || a.transport == "") {
		t.Fatalf("half an account: %+v", a)
	}
	fw.idle(s, a)
	fw.pollAfter(s, time.Unix(0, 0))
}

func FuzzYealinkFile(f *testing.F) {
	f.Add([]byte("#!version:1.0.0.1\naccount.1.enable = 1\naccount.1.user_name = u\naccount.1.sip_server.1.address = h\nx = %NULL%\n"))
	f.Add([]byte("#!version:1.0.0.1\ninclude:config \"a.cfg\"\noverwrite_mode = 1\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := parseYealink(b)
		if err != nil {
			return
		}
		for _, p := range file.pairs {
			if p.key == "" || strings.ContainsAny(p.key+p.value, "\n") {
				t.Fatalf("%q", p)
			}
		}
		fuzzApply(t, yealink{}, file)
	})
}

func FuzzSnomFile(f *testing.F) {
	f.Add([]byte(`<settings><phone-settings e="2"><user_name idx="1" perm="R">u</user_name><user_host idx="1">h:5060</user_host></phone-settings><functionKeys><fkey idx="0" label="x">line</fkey></functionKeys></settings>`))
	f.Add([]byte(`<setting-files><file url="http://h/{mac}.xml"/></setting-files>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if file, err := parseSnom(b); err == nil {
			fuzzApply(t, snom{}, file)
		}
	})
}

func FuzzLinphoneFile(f *testing.F) {
	f.Add([]byte(`<config><section name="proxy_0" overwrite="true"><entry name="reg_proxy">&lt;sip:h;transport=tls&gt;</entry><entry name="reg_identity">"N" &lt;sip:u@h&gt;</entry></section></config>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		entries, err := parseLinphone(b)
		if err != nil {
			return
		}
		for _, e := range entries {
			if e.name == "transient_provisioning" || e.name == "config-uri" {
				return // deletes by design
			}
		}
		fuzzApply(t, linphone{}, entries)
	})
}

func FuzzSIPMessage(f *testing.F) {
	f.Add([]byte("NOTIFY sip:u@h SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9;rport\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:u@b>\r\nCall-ID: c\r\nCSeq: 4 NOTIFY\r\nEvent: check-sync;reboot=true\r\nContent-Length: 2\r\n\r\nab"))
	f.Add([]byte("SIP/2.0 401 no\r\nv: SIP/2.0/TCP a\r\nf: a\r\nt: b\r\ni: c\r\nCSeq: 1 REGISTER\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := parseMessage(b)
		if err != nil {
			if !errors.Is(err, errMalformed) {
				t.Fatal(err)
			}
			return
		}
		// Whatever we understood, our answer to it must be well-formed.
		r, err := parseMessage(m.reply(200, "OK", "t", "127.0.0.1:5060"))
		if err != nil {
			t.Fatalf("own answer: %v", err)
		}
		if m.get("call-id") != r.get("call-id") || m.get("cseq") != r.get("cseq") {
			t.Fatalf("%+v answered by %+v", m, r)
		}
		for _, h := range m.headers {
			parseURI(h.value)
			nameAddr(h.value)
			if c, ok := parseChallenge(h.value); ok {
				if c, ok := choose([]challenge{c}, false, secrets{}); ok {
					d := digester{}
					d.take(c)
					d.answer("REGISTER", "sip:h", secrets{user: "u", password: "p"})
				}
			}
		}
		m.branch()
		m.cseq()
		retryAfter(m)
	})
}

func FuzzSIPStream(f *testing.F) {
	f.Add([]byte("\r\n\r\nSIP/2.0 200 OK\r\nl: 3\r\n\r\nabcSIP/2.0 200 OK\r\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := bufio.NewReaderSize(bytes.NewReader(b), 16)
		total := 0
		for {
			frame, err := readFrame(r, func() {})
			if err != nil {
				if !errors.Is(err, errMalformed) && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Fatal(err)
				}
				return
			}
			if total += len(frame); total > len(b) || len(frame) == 0 {
				t.Fatalf("frames of %d bytes from %d", total, len(b))
			}
		}
	})
}
