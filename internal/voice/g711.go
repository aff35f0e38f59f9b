package voice

import "math/bits"

// Codec is a form of G.711. Both have 8,000 samples a second and a byte per sample.
type Codec byte

// The codecs, with their static payload types (RFC 3551 6).
const (
	PCMU Codec = 0 // µ-law
	PCMA Codec = 8 // A-law
)

func (c Codec) String() string {
	if c == PCMU {
		return "PCMU"
	}
	return "PCMA"
}

// Encode is one linear sample in 16 bits as a byte.
func (c Codec) Encode(sample int16) byte {
	if c == PCMU {
		return encodeULaw(sample)
	}
	return encodeALaw(sample)
}

// Decode is the linear sample that a byte stands for.
func (c Codec) Decode(b byte) int16 {
	if c == PCMU {
		return linearU[b]
	}
	return linearA[b]
}

// quiet is the byte of a sample that is nothing.
func (c Codec) quiet() byte { return c.Encode(0) }

var (
	linearA, linearU [256]int16
	// toULaw is each A-law byte in µ-law: clips are kept in A-law alone,
	// because turning 160 bytes by a table costs less than keeping them twice.
	toULaw [256]byte
)

func init() {
	for i := range 256 {
		linearA[i], linearU[i] = decodeALaw(byte(i)), decodeULaw(byte(i))
		toULaw[i] = encodeULaw(linearA[i])
	}
}

// encodeALaw is G.711 table 1a: even bits inverted, sign bit set for positive.
func encodeALaw(s int16) byte {
	x, sign := int(s), byte(0x80)
	if x < 0 {
		x, sign = ^x, 0
	}
	code := byte(x >> 4)
	if x >= 256 {
		exp := bits.Len(uint(x)) - 8
		code = byte(exp<<4 | x>>(exp+3)&0x0f)
	}
	return (code | sign) ^ 0x55
}

func decodeALaw(b byte) int16 {
	b ^= 0x55
	x := int(b&0x0f)<<4 + 8
	if exp := b >> 4 & 7; exp > 0 {
		x = (x + 0x100) << (exp - 1)
	}
	if b&0x80 == 0 {
		x = -x
	}
	return int16(x)
}

const (
	biasU = 0x84
	clipU = 32635
)

// encodeULaw is G.711 table 2a: all bits inverted, sign bit set for negative.
func encodeULaw(s int16) byte {
	x, sign := int(s), byte(0)
	if x < 0 {
		x, sign = -x, 0x80
	}
	x = min(x, clipU) + biasU
	exp := bits.Len(uint(x)) - 8
	return ^(sign | byte(exp<<4|x>>(exp+3)&0x0f))
}

func decodeULaw(b byte) int16 {
	b = ^b
	x := (int(b&0x0f)<<3+biasU)<<(b>>4&7) - biasU
	if b&0x80 != 0 {
		x = -x
	}
	return int16(x)
}
