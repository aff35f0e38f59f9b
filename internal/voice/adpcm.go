package voice

// Prompts are kept as IMA ADPCM, DVI4 of RFC 3551 4.5.1 without its header: four
// bits a sample, the earlier sample in the upper half of a byte. That halves what
// they take in the repository; on the wire they are G.711.

var adpcmIndex = [8]int{-1, -1, -1, -1, 2, 4, 6, 8}

var adpcmStep = [...]int{
	7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66,
	73, 80, 88, 97, 107, 118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408,
	449, 494, 544, 598, 658, 724, 796, 876, 963, 1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066,
	2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630,
	9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794,
	32767,
}

// adpcm is the state that coder and decoder share.
type adpcm struct{ value, index int }

func (a *adpcm) decode(code byte) int16 {
	step := adpcmStep[a.index]
	diff := step >> 3
	if code&4 != 0 {
		diff += step
	}
	if code&2 != 0 {
		diff += step >> 1
	}
	if code&1 != 0 {
		diff += step >> 2
	}
	if code&8 != 0 {
		diff = -diff
	}
	a.value = min(max(a.value+diff, -32768), 32767)
	a.index = min(max(a.index+adpcmIndex[code&7], 0), len(adpcmStep)-1)
	return int16(a.value)
}

func (a *adpcm) encode(sample int16) byte {
	diff, code := int(sample)-a.value, byte(0)
	if diff < 0 {
		diff, code = -diff, 8
	}
	step := adpcmStep[a.index]
	for bit := byte(4); bit > 0; bit >>= 1 {
		if diff >= step {
			code |= bit
			diff -= step
		}
		step >>= 1
	}
	a.decode(code)
	return code
}

// Pack is speech as prompts are kept. An odd sample at the end is doubled.
func Pack(samples []int16) []byte {
	var a adpcm
	out := make([]byte, 0, (len(samples)+1)/2)
	for i := 0; i < len(samples); i += 2 {
		last := samples[min(i+1, len(samples)-1)]
		out = append(out, a.encode(samples[i])<<4|a.encode(last))
	}
	return out
}

// unpack is a kept prompt as a clip.
func unpack(packed []byte) Clip {
	var a adpcm
	out := make([]byte, 0, 2*len(packed))
	for _, b := range packed {
		out = append(out, encodeALaw(a.decode(b>>4)), encodeALaw(a.decode(b&0x0f)))
	}
	return Clip{alaw: out}
}
