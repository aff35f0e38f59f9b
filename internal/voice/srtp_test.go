package voice

import (
	"bytes"
	"encoding/hex"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// master is the key of RFC 3711 B.3, which libsrtp tests its packets with too.
func master(t testing.TB) (s secret) {
	t.Helper()
	copy(s[:], unhex(t, "e1f97a0d3e018be0d64fa32c06de4139"+"0ec675ad498afeebb6960b3aabe6"))
	return s
}

func TestPacketsAreSealedAsOthersSealThem(t *testing.T) {
	x := newSealer(longTag, master(t))
	if want := unhex(t, "30cbbc08863d8c85d49db34a9ae1"); !bytes.Equal(x.salt[:], want) { // RFC 3711 B.3
		t.Errorf("session salt %x", x.salt)
	}
	clear := unhex(t, "800f1234decafbadcafebabe"+"abababababababababababababababab")
	sealed := x.seal(bytes.Clone(clear))
	if want := unhex(t, "800f1234decafbadcafebabe"+"4e55dc4ce79978d88ca4d215949d2402"+"b78d6acc99ea179b8dbb"); !bytes.Equal(sealed, want) {
		t.Errorf("%x", sealed)
	}
	got, ok := newSealer(longTag, master(t)).open(bytes.Clone(sealed))
	if !ok || !bytes.Equal(got, clear) {
		t.Errorf("%x %v", got, ok)
	}
	short := newSealer(4, master(t)).seal(bytes.Clone(clear))
	if !bytes.Equal(short, sealed[:len(sealed)-6]) {
		t.Errorf("%x", short)
	}
}

func TestForgedAndRepeatedPacketsAreNotOpened(t *testing.T) {
	out, in := newSealer(longTag, master(t)), newSealer(longTag, master(t))
	sealed := make([][]byte, 70_000) // the sequence number runs over
	for i := range sealed {
		b := make([]byte, packetBytes, packetBytes+longTag)
		putHeader(b, false, 8, uint16(65000+i), uint32(i*160), 7)
		b[rtpHeader] = byte(i)
		sealed[i] = out.seal(b)
	}
	open := func(i int) bool {
		b, ok := in.open(bytes.Clone(sealed[i]))
		return ok && b[rtpHeader] == byte(i) && len(b) == packetBytes
	}
	for i := range sealed {
		if i%100 == 50 { // overtaken by the next
			continue
		}
		if !open(i) {
			t.Fatalf("packet %d is not opened", i)
		}
		if i%100 == 51 && !open(i-1) {
			t.Fatalf("packet %d is not opened when it is late", i-1)
		}
		if i%1000 == 999 && (open(i) || open(i-1) || open(i-63) || open(i-200)) {
			t.Fatalf("packet %d or one before it is opened twice", i)
		}
	}
	fresh := newSealer(longTag, master(t))
	for i := range sealed[0] {
		b := bytes.Clone(sealed[0])
		if b[i] ^= 1; i >= packetBytes+longTag {
			continue
		}
		if _, ok := fresh.open(b); ok {
			t.Errorf("changed at %d and opened", i)
		}
	}
	for n := range sealed[0] {
		if _, ok := fresh.open(bytes.Clone(sealed[0][:n])); ok {
			t.Errorf("cut to %d bytes and opened", n)
		}
	}
}

func TestKeysOfADescription(t *testing.T) {
	good := crypto{1, longTag, master(t)}.line(master(t))
	for line, ok := range map[string]bool{
		good:                                        true,
		good + "|2^20":                              true,
		good + "|2^20 WSH=64":                       true,
		good + "|2^20|1:4":                          false, // a key identifier in each packet
		good + "|1:4":                               false,
		good + ";inline:" + good:                    false,
		good + " UNENCRYPTED_SRTP":                  false,
		good + " FEC_ORDER=FEC_RTP":                 false,
		strings.Replace(good, "_80", "_32", 1):      true,
		strings.Replace(good, "AES_CM", "F8", 1):    false,
		strings.Replace(good, "inline:", "uri:", 1): false,
		strings.Replace(good, "1 ", "x ", 1):        false,
		good[:len(good)-4]:                          false,
		"1 AES_CM_128_HMAC_SHA1_80":                 false,
		"":                                          false,
	} {
		if c, got := parseCrypto(line); got != ok || ok && (c.key != master(t) || c.tag != 1) {
			t.Errorf("%q: %v %+v", line, got, c)
		}
	}
}

// A phone that wants its speech encrypted is heard and spoken to encrypted only.
func TestH02_EncryptedDialogue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, err := Start(Config{Speaker: "off"})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = e.Close() }()
		phone, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = phone.Close() }()
		raw, err := phone.SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		theirs := newSecret()
		line := crypto{3, longTag, theirs}.line(theirs)
		offer := strings.Join([]string{"v=0", "c=IN IP4 127.0.0.1", "t=0 0", "m=audio " + port16(portOf(phone)) + " RTP/SAVP 8 101",
			"a=crypto:2 AEAD_AES_256_GCM inline:x", "a=crypto:" + line, "a=rtpmap:101 telephone-event/8000", "m=audio 4000 RTP/AVP 8", ""}, "\r\n")
		s, answer, err := e.Answer([]byte(offer), phoneAt4)
		if err != nil {
			t.Fatal(err)
		}
		o, err := parseOffer(answer)
		if err != nil || o.streams[0].proto != "RTP/SAVP" || len(o.streams[0].cryptos) != 1 || o.streams[1].port != 0 {
			t.Fatalf("%v in\n%s", err, answer)
		}
		ours := o.streams[0].cryptos[0]
		if ours.tag != 3 || ours.key == theirs {
			t.Errorf("answered with %+v", ours)
		}
		again, err := s.Again([]byte(offer)) // a session timer: nothing may begin anew
		if err != nil || !strings.Contains(string(again), ours.line(ours.key)) {
			t.Errorf("%v in\n%s", err, again)
		}
		ask := string(s.Offer()) // and to who asks for our offer, neither
		if !strings.Contains(ask, " RTP/SAVP 8 0 101\r\n") || !strings.Contains(ask, ours.line(ours.key)) || s.Answered([]byte(offer)) != nil {
			t.Errorf("%s", ask)
		}
		out, in, io := newSealer(longTag, theirs), newSealer(longTag, ours.key), newPort()
		to := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(o.streams[0].port))
		press := func(seq uint16, event byte, x *sealer) {
			b := make([]byte, rtpHeader, packetBytes)
			putHeader(b, true, 101, seq, uint32(seq)*1000, 9)
			b = append(b, event, 0x8a, 3, 0x20)
			if x != nil {
				b = x.seal(b)
			}
			before := e.Stats().Received
			if _, err := phone.WriteToUDPAddrPort(b, to); err != nil {
				t.Fatal(err)
			}
			for tries := 0; e.Stats().Received == before && tries < 100_000; tries++ { // the kernel has its own clock
				time.Sleep(frame)
			}
			time.Sleep(frame)
		}
		s.Play(Say("de", AskNumber)...)
		press(1, 5, out)
		press(2, 6, nil) // in the clear: not ours
		press(3, 7, newSealer(longTag, newSecret()))
		press(4, 8, out)
		var typed string
		for len(s.Digits()) > 0 {
			typed += string(rune(<-s.Digits()))
		}
		if typed != "58" {
			t.Errorf("typed %q", typed)
		}
		heard, want := []byte{}, Say("de", AskNumber)[0].alaw
		for tries := 0; len(heard) < 50*frameBytes && tries < 100_000; tries++ {
			b, _, ok := io.read(raw)
			if !ok {
				time.Sleep(frame)
				continue
			}
			clear, ok := in.open(b)
			if !ok {
				t.Fatal("a packet that cannot be opened")
			}
			heard = append(heard, clear[rtpHeader:]...)
		}
		if len(heard) != 50*frameBytes || !bytes.HasPrefix(want, heard) {
			t.Errorf("%d bytes were heard, not the prompt's", len(heard))
		}
	})
}

func port16(p uint16) string {
	return strings.TrimPrefix(netip.AddrPortFrom(netip.IPv4Unspecified(), p).String(), "0.0.0.0:")
}
