package phonesim

// Codecs of a call, by their RTP payload types (RFC 3551).
const (
	pcmu = 0
	pcma = 8
)

// encodeSample writes a 16-bit sample in G.711.
func encodeSample(codec byte, x int16) byte {
	if codec == pcmu {
		return toMu(x)
	}
	return toA(x)
}

// decodeSample reads it back.
func decodeSample(codec, b byte) int16 {
	if codec == pcmu {
		return fromMu(b)
	}
	return fromA(b)
}

func toMu(x int16) byte {
	const bias, clip = 0x84, 32635
	v, sign := int(x), byte(0)
	if v < 0 {
		v, sign = -v, 0x80
	}
	v = min(v, clip) + bias
	exponent := byte(7)
	for mask := 0x4000; exponent > 0 && v&mask == 0; mask >>= 1 {
		exponent--
	}
	return ^(sign | exponent<<4 | byte(v>>(exponent+3))&0x0f)
}

func fromMu(b byte) int16 {
	b = ^b
	exponent := b >> 4 & 7
	v := (int(b&0x0f)<<3+0x84)<<exponent - 0x84
	if b&0x80 != 0 {
		v = -v
	}
	return int16(v)
}

func toA(x int16) byte {
	v, sign := int(x), byte(0x80)
	if v < 0 {
		v, sign = -v-1, 0
	}
	v >>= 4 // 11 bits are left
	b := byte(v)
	if v >= 32 {
		exponent := byte(2)
		for v>>(exponent-1) >= 32 {
			exponent++
		}
		b = exponent<<4 | byte(v>>(exponent-1))&0x0f
	}
	return (b | sign) ^ 0x55
}

func fromA(b byte) int16 {
	b ^= 0x55
	exponent, v := b>>4&7, int(b&0x0f)<<4+8
	if exponent > 0 {
		v = (v + 0x100) << (exponent - 1)
	}
	if b&0x80 == 0 {
		v = -v
	}
	return int16(v)
}
