package voice

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"hash"
	"strconv"
	"strings"
)

const (
	keyBytes  = 16
	saltBytes = 14
	macBytes  = 20
	longTag   = 10
)

// secret is a master key and its salt (RFC 4568 6.1).
type secret [keyBytes + saltBytes]byte

// suite is a crypto suite by the length of its tags. Both encrypt with AES-CM and
// a key of 128 bits.
type suite int

var suites = map[string]suite{"AES_CM_128_HMAC_SHA1_80": longTag, "AES_CM_128_HMAC_SHA1_32": 4}

func (s suite) String() string {
	if s == longTag {
		return "AES_CM_128_HMAC_SHA1_80"
	}
	return "AES_CM_128_HMAC_SHA1_32"
}

// crypto is an a=crypto line that we can speak. Its zero value is none: plain RTP.
type crypto struct {
	tag   int
	suite suite
	key   secret
}

// parseCrypto reads `1 AES_CM_128_HMAC_SHA1_80 inline:…|2^20`. Lines with a master
// key identifier, several keys or parameters that change the packets are none of ours.
func parseCrypto(value string) (c crypto, ok bool) {
	f := strings.Fields(value)
	if len(f) < 3 {
		return c, false
	}
	for _, parameter := range f[3:] {
		if !strings.HasPrefix(parameter, "WSH=") { // the size of our window is ours
			return c, false
		}
	}
	tag, err := strconv.ParseUint(f[0], 10, 30)
	c.tag, c.suite = int(tag), suites[f[1]]
	text, inline := strings.CutPrefix(f[2], "inline:")
	text, rest, _ := strings.Cut(text, "|")
	key, err2 := base64.StdEncoding.DecodeString(text)
	if err != nil || err2 != nil || !inline || c.suite == 0 || len(key) != len(c.key) || strings.ContainsAny(rest, ":;") {
		return crypto{}, false
	}
	copy(c.key[:], key)
	return c, true
}

func (c crypto) line(key secret) string {
	return strconv.Itoa(c.tag) + " " + c.suite.String() + " inline:" + base64.StdEncoding.EncodeToString(key[:])
}

func newSecret() (s secret) {
	_, _ = rand.Read(s[:]) // never fails
	return s
}

// sealer protects or opens the packets of one source (RFC 3711). It is for one
// direction: one for what we send, one for what comes.
type sealer struct {
	suite suite
	block cipher.Block
	salt  [saltBytes]byte
	mac   hash.Hash
	sum   [macBytes]byte

	begun bool
	ssrc  uint32 // of whom the index is
	top   uint64 // highest index so far: roll-over counter and sequence number
	seen  uint64 // of the 64 indices up to top, bit 0 for top: what came may not come again
}

func newSealer(s suite, master secret) *sealer {
	x := &sealer{suite: s}
	prf, err := aes.NewCipher(master[:keyBytes])
	if err != nil {
		panic(err) // the key has the right length
	}
	derive := func(label byte, n int) []byte { // RFC 3711 4.3, without a rate
		var iv [aes.BlockSize]byte
		copy(iv[:], master[keyBytes:])
		iv[7] ^= label
		out := make([]byte, n)
		cipher.NewCTR(prf, iv[:]).XORKeyStream(out, out)
		return out
	}
	if x.block, err = aes.NewCipher(derive(0, keyBytes)); err != nil {
		panic(err)
	}
	x.mac = hmac.New(sha1.New, derive(1, macBytes))
	copy(x.salt[:], derive(2, saltBytes))
	return x
}

// crypt encrypts or decrypts a payload in place (RFC 3711 4.1.1).
func (x *sealer) crypt(ssrc uint32, index uint64, payload []byte) {
	var iv, i [aes.BlockSize]byte
	copy(iv[:], x.salt[:])
	binary.BigEndian.PutUint32(i[4:], ssrc)
	binary.BigEndian.PutUint64(i[8:], index<<16)
	subtle.XORBytes(iv[:], iv[:], i[:])
	cipher.NewCTR(x.block, iv[:]).XORKeyStream(payload, payload)
}

// tag authenticates a packet (RFC 3711 4.2), valid until the next call.
func (x *sealer) tag(packet []byte, index uint64) []byte {
	var roc [4]byte
	binary.BigEndian.PutUint32(roc[:], uint32(index>>16))
	x.mac.Reset()
	x.mac.Write(packet)
	x.mac.Write(roc[:])
	return x.mac.Sum(x.sum[:0])[:x.suite]
}

// seal protects a packet of ours with a bare header in place, and appends its tag.
func (x *sealer) seal(packet []byte) []byte {
	seq, ssrc := binary.BigEndian.Uint16(packet[2:]), binary.BigEndian.Uint32(packet[8:])
	if !x.begun {
		x.begun, x.top = true, uint64(seq)
	}
	x.top += uint64(seq - uint16(x.top)) // ours go up by one
	x.crypt(ssrc, x.top, packet[rtpHeader:])
	return append(packet, x.tag(packet, x.top)...)
}

// open takes a packet that came and gives it in the clear, changed in place; ok is
// false for one that is forged, damaged or came before.
func (x *sealer) open(packet []byte) (clear []byte, ok bool) {
	if len(packet) < rtpHeader+int(x.suite) {
		return nil, false
	}
	body, tag := packet[:len(packet)-int(x.suite)], packet[len(packet)-int(x.suite):]
	k, ok := parsePacket(body[:headerEnd(body)])
	if !ok {
		return nil, false
	}
	index := uint64(k.seq)
	if x.begun && k.ssrc == x.ssrc {
		index = x.guess(k.seq)
		if behind := x.top - index; index <= x.top && (behind > 63 || x.seen>>behind&1 != 0) {
			return nil, false
		}
	}
	if subtle.ConstantTimeCompare(x.tag(body, index), tag) == 0 {
		return nil, false
	}
	switch {
	case !x.begun || k.ssrc != x.ssrc:
		x.begun, x.ssrc, x.top, x.seen = true, k.ssrc, index, 1
	case index > x.top:
		x.seen = x.seen<<min(index-x.top, 64) | 1
		x.top = index
	default:
		x.seen |= 1 << (x.top - index)
	}
	x.crypt(k.ssrc, index, body[headerEnd(body):])
	return body, true
}

// guess is the index of a sequence number: the nearest to the highest so far
// (RFC 3711 3.3.1).
func (x *sealer) guess(seq uint16) uint64 {
	step := int64(int16(seq - uint16(x.top)))
	if step < 0 && uint64(-step) > x.top {
		return x.top + uint64(seq-uint16(x.top)) // before the beginning of time
	}
	return uint64(int64(x.top) + step)
}

// headerEnd is where the encrypted part of a packet begins: behind sources and
// extension. It is the whole length where that does not fit.
func headerEnd(b []byte) int {
	n := rtpHeader + 4*int(b[0]&0x0f)
	if b[0]&0x10 != 0 && n+4 <= len(b) {
		n += 4 + 4*int(binary.BigEndian.Uint16(b[n+2:]))
	}
	return min(n, len(b))
}
