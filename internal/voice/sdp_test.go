package voice

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
)

const head = "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\n"

var (
	phoneAt4 = Place{Host: netip.MustParseAddr("127.0.0.1"), Peer: netip.MustParseAddr("127.0.0.1")}
	phoneAt6 = Place{Host: netip.MustParseAddr("::1"), Peer: netip.MustParseAddr("::1")}
)

func newEngine(t *testing.T, c Config) *Engine {
	t.Helper()
	if c.Speaker == "" {
		c.Speaker = "off"
	}
	e, err := Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

func TestH02_OffersAreAnswered(t *testing.T) {
	e := newEngine(t, Config{})
	for name, c := range map[string]struct {
		offer string
		at    Place
		want  []string // in the answer
		never string
	}{
		"A-law first": {head + "c=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 9 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\n", phoneAt4,
			[]string{"c=IN IP4 127.0.0.1\r\n", " RTP/AVP 8 101\r\n", "a=rtpmap:8 PCMA/8000", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15", "a=sendrecv", "a=ptime:20"}, "PCMU"},
		"µ-law first": {head + "c=IN IP4 127.0.0.1\r\nt=3034423619 3042462419\r\nm=audio 4000 RTP/AVP 0 8\r\n", phoneAt4,
			[]string{" RTP/AVP 0\r\n", "a=rtpmap:0 PCMU/8000", "t=3034423619 3042462419\r\n"}, "telephone-event"},
		"events under another number, and at the wrong rate": {head + "c=IN IP4 127.0.0.1\nt=0 0\nm=audio 4000 RTP/AVP 8 96 97\na=rtpmap:96 telephone-event/16000\na=rtpmap:97 Telephone-Event/8000\n", phoneAt4,
			[]string{" RTP/AVP 8 97\r\n", "a=rtpmap:97 telephone-event/8000"}, "rtpmap:96"},
		"hold":                       {head + "c=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\na=sendonly\r\n", phoneAt4, []string{"a=recvonly"}, ""},
		"hold for the whole session": {head + "c=IN IP4 127.0.0.1\r\nt=0 0\r\na=inactive\r\nm=audio 4000 RTP/AVP 8\r\n", phoneAt4, []string{"a=inactive"}, ""},
		"listening only":             {head + "c=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\na=recvonly\r\n", phoneAt4, []string{"a=sendonly"}, ""},
		"hold of old":                {head + "c=IN IP4 0.0.0.0\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n", phoneAt4, []string{"a=inactive"}, ""},
		"audio twice, video, encrypted first": {head + "c=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\nm=audio 4002 RTP/AVP 8\r\nm=video 4004 RTP/AVP 96\r\nm=audio 4006 RTP/AVP 0\r\n", phoneAt4,
			[]string{"m=audio 0 RTP/SAVP 8\r\n", "m=video 0 RTP/AVP 96\r\n", "m=audio 0 RTP/AVP 0\r\n"}, "crypto"},
		"own address of the stream, rtcp-mux, ICE": {head + "t=0 0\r\nm=audio 4000/1 RTP/AVP 8\r\nc=IN IP4 127.0.0.1/127\r\na=rtcp-mux\r\na=candidate:1 1 UDP 1 192.0.2.7 4000 typ host\r\n", phoneAt4, []string{" RTP/AVP 8\r\n"}, "rtcp"},
		"a dynamic number for A-law":               {head + "c=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 98\r\na=rtpmap:98 PCMA/8000/1\r\n", phoneAt4, []string{" RTP/AVP 98\r\n", "a=rtpmap:98 PCMA/8000"}, ""},
		"a host name":                              {head + "c=IN IP4 phone.example\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n", phoneAt4, []string{" RTP/AVP 8\r\n"}, ""},
		"IPv6":                                     {head + "c=IN IP6 ::1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n", phoneAt6, []string{"c=IN IP6 ::1\r\n", "o=- "}, "IP4"},
		"IPv4 in IPv6's clothes":                   {head + "c=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n", Place{Host: netip.MustParseAddr("::ffff:127.0.0.1")}, []string{"c=IN IP4 127.0.0.1\r\n"}, "IP6"},
	} {
		s, answer, err := e.Answer([]byte(c.offer), c.at)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		s.Close()
		text := string(answer)
		for _, w := range c.want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: no %q in\n%s", name, w, text)
			}
		}
		if c.never != "" && strings.Contains(text, c.never) {
			t.Errorf("%s: %q in\n%s", name, c.never, text)
		}
		if o, err := parseOffer(answer); err != nil || len(o.streams) != strings.Count(c.offer, "m=") {
			t.Errorf("%s: the answer has %d streams, %v", name, len(o.streams), err)
		}
	}
	if n := e.Stats().Sessions; n != 0 {
		t.Errorf("%d sessions are left", n)
	}
}

func TestH02_WhatWeDoNotSpeakIsRefused(t *testing.T) {
	e := newEngine(t, Config{})
	audio := func(s string) string { return head + "c=IN IP4 192.0.2.7\r\nt=0 0\r\n" + s }
	for name, c := range map[string]struct {
		offer string
		want  error
	}{
		"no codec of ours":       {audio("m=audio 4000 RTP/AVP 9 18 101\r\na=rtpmap:101 telephone-event/8000\r\n"), ErrCodec},
		"wide A-law":             {audio("m=audio 4000 RTP/AVP 96\r\na=rtpmap:96 PCMA/16000\r\n"), ErrCodec},
		"stereo":                 {audio("m=audio 4000 RTP/AVP 96\r\na=rtpmap:96 PCMA/8000/2\r\n"), ErrCodec},
		"8 is something else":    {audio("m=audio 4000 RTP/AVP 8\r\na=rtpmap:8 G729/8000\r\n"), ErrCodec},
		"encrypted only":         {audio("m=audio 4000 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n"), ErrCodec},
		"browser":                {audio("m=audio 9 UDP/TLS/RTP/SAVPF 0 8\r\n"), ErrCodec},
		"fax":                    {audio("m=image 4000 udptl t38\r\n"), ErrCodec},
		"switched off":           {audio("m=audio 0 RTP/AVP 8\r\n"), ErrCodec},
		"the other family":       {head + "c=IN IP6 2001:db8::7\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n", ErrCodec},
		"a number that is RTCP":  {audio("m=audio 4000 RTP/AVP 72\r\na=rtpmap:72 PCMA/8000\r\n"), ErrCodec},
		"nothing":                {"", ErrOffer},
		"no stream":              {audio(""), ErrOffer},
		"no address":             {head + "t=0 0\r\nm=audio 4000 RTP/AVP 8\r\n", ErrOffer},
		"multicast":              {head + "c=IN IP4 224.2.1.1/127\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n", ErrOffer},
		"broadcast":              {head + "c=IN IP4 255.255.255.255\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n", ErrOffer},
		"family and address":     {head + "c=IN IP4 ::1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n", ErrOffer},
		"port":                   {audio("m=audio 70000 RTP/AVP 8\r\n"), ErrOffer},
		"no format":              {audio("m=audio 4000 RTP/AVP\r\n"), ErrOffer},
		"a control character":    {audio("m=audio 4000 RTP/AVP 8\x01\r\n"), ErrOffer},
		"not a description":      {"GET / HTTP/1.1\r\n\r\n", ErrOffer},
		"too many streams":       {audio(strings.Repeat("m=audio 0 RTP/AVP 8\r\n", 17)), ErrOffer},
		"too many formats":       {audio("m=audio 4000 RTP/AVP" + strings.Repeat(" 8", 65) + "\r\n"), ErrOffer},
		"longer than any offer":  {audio("m=audio 4000 RTP/AVP 8\r\n" + strings.Repeat("a=x\r\n", 5000)), ErrOffer},
		"carriage return inside": {audio("m=audio 4000 RTP/AVP 8\rm=audio 1 2 3\r\n"), ErrOffer},
	} {
		if s, answer, err := e.Answer([]byte(c.offer), Place{Host: netip.MustParseAddr("192.0.2.1")}); !errors.Is(err, c.want) || s != nil || answer != nil {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if n := e.Stats().Sessions; n != 0 {
		t.Errorf("%d sessions are left", n)
	}
}

func FuzzOffer(f *testing.F) {
	f.Add([]byte(head + "c=IN IP4 192.0.2.7\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendonly\r\nm=video 0 RTP/AVP 96\r\n"))
	f.Add([]byte("m=audio 1 RTP/AVP 8\nc=IN IP6 ::1\n"))
	f.Add([]byte(head + "c=IN IP4 0.0.0.0\r\na=inactive\r\nm=audio 4000/2 RTP/AVPF 98\r\na=rtpmap:98 pcmu/8000/1\r\n"))
	host := netip.MustParseAddr("192.0.2.1")
	f.Fuzz(func(t *testing.T, text []byte) {
		o, err := parseOffer(text)
		if err != nil {
			if !errors.Is(err, ErrOffer) {
				t.Fatal(err)
			}
			return
		}
		i, m, err := o.pick(false)
		if err != nil {
			return
		}
		answer := o.description(1, 1, host, 4000, i, m, newSecret())
		again, err := parseOffer(answer)
		if err != nil || len(again.streams) != len(o.streams) || again.timing != o.timing {
			t.Fatalf("%v in the answer\n%s", err, answer)
		}
		for n, s := range again.streams {
			if (s.port != 0) != (n == i) || s.kind != o.streams[n].kind || s.proto != o.streams[n].proto {
				t.Fatalf("stream %d in\n%s", n, answer)
			}
		}
		if j, n, err := again.pick(false); err != nil || j != i || n.codec != m.codec || n.pt != m.pt || n.events != m.events || n.direction != m.direction.mirror() {
			t.Fatalf("%v, %+v of %+v in\n%s", err, n, m, answer)
		}
	})
}
