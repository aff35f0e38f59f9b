package call

import (
	"strings"
	"testing"
)

// sdp is a description of whoever is at that address, with these lines.
func sdp(addr string, lines ...string) string {
	return "v=0\r\no=- 1 1 IN IP4 " + addr + "\r\ns=-\r\nc=IN IP4 " + addr + "\r\nt=0 0\r\n" + strings.Join(lines, "\r\n") + "\r\n"
}

func TestC12_TwoOffersBecomeTwoAnswers(t *testing.T) {
	for _, c := range []struct {
		what         string
		one, two     []string
		toOne, toTwo []string
		fails        bool
	}{
		{
			what:  "one order for both, each under its own payload types",
			one:   []string{"m=audio 4000 RTP/AVP 8 0 96 101", "a=rtpmap:96 opus/48000/2", "a=fmtp:96 useinbandfec=1", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15", "a=ptime:20"},
			two:   []string{"m=audio 5000 RTP/AVP 9 0 107 8 97", "a=rtpmap:107 Opus/48000/2", "a=rtpmap:97 telephone-event/8000", "a=fmtp:97 0-11"},
			toOne: []string{"m=audio 5000 RTP/AVP 8 0 107 97", "a=rtpmap:107 Opus/48000/2", "a=rtpmap:97 telephone-event/8000", "a=fmtp:97 0-11", "a=sendrecv"},
			toTwo: []string{"m=audio 4000 RTP/AVP 8 0 96 101", "a=rtpmap:96 opus/48000/2", "a=fmtp:96 useinbandfec=1", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15", "a=ptime:20", "a=sendrecv"},
		},
		{
			what:  "video that only one has is refused, and each stream finds its like",
			one:   []string{"m=audio 4000 RTP/AVP 8", "m=video 4002 RTP/AVP 99", "a=rtpmap:99 H264/90000"},
			two:   []string{"m=audio 5000 RTP/SAVP 8", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:k", "m=audio 5002 RTP/AVP 8"},
			toOne: []string{"m=audio 5002 RTP/AVP 8", "a=sendrecv", "m=video 0 RTP/AVP 99"},
			toTwo: []string{"m=audio 0 RTP/SAVP 8", "m=audio 4000 RTP/AVP 8", "a=sendrecv"},
		},
		{
			what:  "keys of the suite that both have, under the offer's tag",
			one:   []string{"m=audio 4000 RTP/SAVP 8", "a=crypto:1 AES_256 inline:one1", "a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:one2|2^31"},
			two:   []string{"m=audio 5000 RTP/SAVP 8", "a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:two7", "a=mid:x"},
			toOne: []string{"m=audio 5000 RTP/SAVP 8", "a=sendrecv", "a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:two7"},
			toTwo: []string{"m=audio 4000 RTP/SAVP 8", "a=sendrecv", "a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:one2|2^31"},
		},
		{
			what:  "one begins the handshake",
			one:   []string{"m=audio 4000 UDP/TLS/RTP/SAVP 8", "a=fingerprint:sha-256 AA", "a=setup:actpass", "a=rtcp-mux"},
			two:   []string{"m=audio 5000 UDP/TLS/RTP/SAVP 8", "a=fingerprint:sha-256 BB", "a=setup:actpass"},
			toOne: []string{"m=audio 5000 UDP/TLS/RTP/SAVP 8", "a=fingerprint:sha-256 BB", "a=sendrecv", "a=setup:active"},
			toTwo: []string{"m=audio 4000 UDP/TLS/RTP/SAVP 8", "a=fingerprint:sha-256 AA", "a=sendrecv", "a=setup:passive"},
		},
		{
			what:  "who only sends is only heard",
			one:   []string{"a=sendonly", "m=audio 4000 RTP/AVP 8"},
			two:   []string{"m=audio 5000 RTP/AVP 8"},
			toOne: []string{"m=audio 5000 RTP/AVP 8", "a=recvonly"},
			toTwo: []string{"m=audio 4000 RTP/AVP 8", "a=sendonly"},
		},
		{what: "no codec", one: []string{"m=audio 4000 RTP/AVP 8"}, two: []string{"m=audio 5000 RTP/AVP 0"}, fails: true},
		{what: "digits are no talk", one: []string{"m=audio 4000 RTP/AVP 101 13", "a=rtpmap:101 telephone-event/8000"}, two: []string{"m=audio 5000 RTP/AVP 101 13", "a=rtpmap:101 telephone-event/8000"}, fails: true},
		{what: "one demands keys", one: []string{"m=audio 4000 RTP/AVP 8"}, two: []string{"m=audio 5000 RTP/SAVP 8", "a=crypto:1 A inline:k"}, fails: true},
		{what: "no suite", one: []string{"m=audio 4000 RTP/SAVP 8", "a=crypto:1 B inline:k"}, two: []string{"m=audio 5000 RTP/SAVP 8", "a=crypto:1 A inline:k"}, fails: true},
		{what: "both begin", one: []string{"m=audio 4000 UDP/TLS/RTP/SAVP 8", "a=setup:active"}, two: []string{"m=audio 5000 UDP/TLS/RTP/SAVP 8", "a=setup:active"}, fails: true},
		{what: "a stream that is off", one: []string{"m=audio 0 RTP/AVP 8"}, two: []string{"m=audio 5000 RTP/AVP 8"}, fails: true},
		{what: "no media", one: nil, two: []string{"m=audio 5000 RTP/AVP 8"}, fails: true},
	} {
		toOne, toTwo, ok := cross([]byte(sdp("192.0.2.1", c.one...)), []byte(sdp("192.0.2.2", c.two...)))
		if ok == c.fails {
			t.Errorf("%s: %v", c.what, ok)
		}
		if c.fails {
			continue
		}
		if want := sdp("192.0.2.2", c.toOne...); string(toOne) != want {
			t.Errorf("%s: the first is told\n%swant\n%s", c.what, toOne, want)
		}
		if want := sdp("192.0.2.1", c.toTwo...); string(toTwo) != want {
			t.Errorf("%s: the second is told\n%swant\n%s", c.what, toTwo, want)
		}
	}
}

// FuzzC12_Crossing joins what phones may make up: as many streams as were offered,
// none of them with a format that was not.
func FuzzC12_Crossing(f *testing.F) {
	f.Add(offer, offer)
	f.Add("m=\nm=audio 1 RTP/AVP 8\na=crypto:\na=rtpmap:8", "m=audio 1 RTP/AVP 8 8\na=rtpmap:8 \na=setup:")
	f.Add("a=sendonly\nm=audio 4 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 opus/48000/2\na=setup:actpass", "m=x")
	f.Fuzz(func(t *testing.T, one, two string) {
		toOne, toTwo, ok := cross([]byte(one), []byte(two))
		if !ok {
			return
		}
		for _, pair := range [][2]*session{{readSession([]byte(one)), readSession(toOne)}, {readSession([]byte(two)), readSession(toTwo)}} {
			if len(pair[0].media) != len(pair[1].media) {
				t.Fatalf("%q and %q: %q, %q", one, two, toOne, toTwo)
			}
			for i := range pair[0].media {
				if o, a := pair[0].media[i], pair[1].media[i]; o.kind != a.kind || o.proto != a.proto {
					t.Fatalf("%+v is answered %+v", o, a)
				}
			}
		}
	})
}
