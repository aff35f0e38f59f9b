package voice

import "testing"

func TestG711KnownValues(t *testing.T) {
	for _, c := range []struct {
		codec  Codec
		linear int16
		code   byte
	}{
		{PCMA, 0, 0xd5}, {PCMA, -1, 0x55}, {PCMA, 32767, 0xaa}, {PCMA, -32768, 0x2a}, {PCMA, 1000, 0xfa}, {PCMA, -1000, 0x7a},
		{PCMU, 0, 0xff}, {PCMU, 32767, 0x80}, {PCMU, -32768, 0x00}, {PCMU, 1000, 0xce}, {PCMU, -1000, 0x4e},
	} {
		if got := c.codec.Encode(c.linear); got != c.code {
			t.Errorf("%s of %d is %#02x, want %#02x", c.codec, c.linear, got, c.code)
		}
	}
}

func TestG711EverySampleComesBackNearly(t *testing.T) {
	for _, codec := range []Codec{PCMA, PCMU} {
		for b := range 256 {
			if again := codec.Encode(codec.Decode(byte(b))); again != byte(b) && codec.Decode(again) != codec.Decode(byte(b)) {
				t.Errorf("%s %#02x comes back as %#02x", codec, b, again)
			}
		}
		for x := -32768; x <= 32767; x++ {
			got := int(codec.Decode(codec.Encode(int16(x))))
			off := max(got-x, x-got)
			if abs := max(x, -x); off > abs/24+16 && abs < 32000 {
				t.Fatalf("%s of %d comes back as %d", codec, x, got)
			}
		}
	}
}

func TestULawOfALawSoundsAlike(t *testing.T) {
	for b := range 256 {
		a, u := int(linearA[b]), int(linearU[toULaw[b]])
		if off := max(a-u, u-a); off > max(a, -a)/20+16 {
			t.Errorf("A-law %#02x is %d, in µ-law %d", b, a, u)
		}
	}
}
