package voice

import (
	"bytes"
	"testing"
)

func TestPacketsAreTakenApart(t *testing.T) {
	plain := make([]byte, packetBytes)
	putHeader(plain, true, 8, 0x1234, 0xfffffff0, 0xcafe)
	k, ok := parsePacket(plain)
	if !ok || !k.marker || k.pt != 8 || k.seq != 0x1234 || k.timestamp != 0xfffffff0 || k.ssrc != 0xcafe || len(k.payload) != frameBytes {
		t.Fatalf("%+v %v", k, ok)
	}
	for name, c := range map[string]struct {
		b       []byte
		payload string
		ok      bool
	}{
		"two contributing sources": {cat(0x82, 0, 8, "ab"), "ab", true},
		"sources cut off":          {cat(0x8f, 0, 8, "ab"), "", false},
		"extension":                {cat(0x90, 0, 0, "\xbe\xde\x00\x01xxxxab"), "ab", true},
		"extension cut off":        {cat(0x90, 0, 0, "\xbe\xde\x00\x02xxxxab"), "", false},
		"extension without length": {cat(0x90, 0, 0, "\xbe\xde"), "", false},
		"padding":                  {cat(0xa0, 0, 0, "ab\x00\x02"), "ab", true},
		"padding of nothing":       {cat(0xa0, 0, 0, "ab\x00"), "", false},
		"padding too long":         {cat(0xa0, 0, 0, "ab\x04"), "", false},
		"all padding":              {cat(0xa0, 0, 0, "\x00\x00\x03"), "", true},
		"no payload":               {cat(0x80, 0, 0, ""), "", true},
		"version 1":                {cat(0x40, 0, 0, "ab"), "", false},
		"RTCP":                     {cat(0x80, 200, 0, "ab"), "", false},
		"STUN":                     {cat(0x00, 1, 0, "ab"), "", false},
		"short":                    {[]byte{0x80, 8, 0}, "", false},
	} {
		k, ok := parsePacket(c.b)
		if ok != c.ok || string(k.payload) != c.payload {
			t.Errorf("%s: %q %v", name, k.payload, ok)
		}
	}
}

// cat is a packet with first bytes as given and then extra zeroed bytes before the rest.
func cat(first, second byte, extra int, rest string) []byte {
	b := make([]byte, rtpHeader+extra)
	b[0], b[1] = first, second
	return append(b, rest...)
}

func FuzzPacket(f *testing.F) {
	f.Add(cat(0x82, 8, 8, "ab"))
	f.Add(cat(0x90, 101, 0, "\xbe\xde\x00\x01xxxx\x05\x8a\x03\x20"))
	f.Add(cat(0xa0, 0, 0, "ab\x00\x02"))
	f.Fuzz(func(t *testing.T, b []byte) {
		before := bytes.Clone(b)
		k, ok := parsePacket(b)
		if !ok && k.payload != nil || len(k.payload) > len(b) || !bytes.Equal(b, before) {
			t.Fatalf("%+v %v", k, ok)
		}
		var e eventReader
		if d, ok := e.read(k); ok && bytes.IndexByte([]byte(keys), d) < 0 {
			t.Fatalf("digit %q", d)
		}
		if _, ok := newSealer(longTag, secret{}).open(bytes.Clone(b)); ok {
			t.Fatal("opened without its key") // the key is known, but a fuzzer cannot sign
		}
		var r toneReader
		r.read(nil, PCMA, k.payload)
	})
}
