package voice

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"
)

// wav is a file of samples; length is what its header claims.
func wav(rate, channels int, samples []int16, length uint32) []byte {
	var b bytes.Buffer
	b.WriteString("RIFF\xff\xff\xff\xffWAVELIST\x03\x00\x00\x00abc\x00fmt ")
	for _, v := range []any{uint32(16), uint16(1), uint16(channels), uint32(rate), uint32(rate * 2), uint16(2), uint16(16)} {
		_ = binary.Write(&b, binary.LittleEndian, v)
	}
	b.WriteString("data")
	_ = binary.Write(&b, binary.LittleEndian, length)
	_ = binary.Write(&b, binary.LittleEndian, samples)
	return b.Bytes()
}

func sine(rate int, hz float64, n int) []int16 {
	out := make([]int16, n)
	for i := range out {
		out[i] = int16(8000 * math.Sin(2*math.Pi*hz*float64(i)/float64(rate)))
	}
	return out
}

func TestRecordingsAreMadeFitForATelephone(t *testing.T) {
	tone := append(make([]int16, 22050), sine(22050, 1000, 22050)...) // a second of nothing first
	for name, length := range map[string]uint32{"length known": 88200, "written to a pipe": 0x7ffff000} {
		x, err := Import(wav(22050, 1, tone, length))
		if err != nil {
			t.Fatal(name, err)
		}
		if n := len(x); n < 7900 || n > 8400 {
			t.Errorf("%s: %d samples of a second", name, n)
		}
		crossings, power := 0, 0.0
		for i := 400; i < 7600; i++ {
			if (x[i] < 0) != (x[i-1] < 0) {
				crossings++
			}
			power += float64(x[i]) * float64(x[i])
		}
		if crossings < 1790 || crossings > 1810 {
			t.Errorf("%s: 1,000 Hz became %d crossings in 0.9 s", name, crossings)
		}
		if rms := math.Sqrt(power / 7200); rms < 2800 || rms > 3800 {
			t.Errorf("%s: loudness %.0f", name, rms)
		}
	}
	high := resample(toFloat(sine(22050, 5000, 22050)), 22050)
	for i := 400; i < len(high)-400; i++ {
		if math.Abs(high[i]) > 200 {
			t.Fatalf("5,000 Hz comes back as %.0f", high[i])
		}
	}
	for name, b := range map[string][]byte{
		"empty": nil, "no WAV": []byte("OggS and more of it"), "stereo": wav(22050, 2, tone, 88200), "silent": wav(22050, 1, make([]int16, 22050), 44100),
		"rate 0": wav(0, 1, tone, 88200), "no samples": wav(22050, 1, nil, 0), "cut in its head": wav(22050, 1, tone, 88200)[:30],
	} {
		if x, err := Import(b); err == nil {
			t.Errorf("%s: %d samples", name, len(x))
		}
	}
}

func toFloat(x []int16) (out []float64) {
	for _, v := range x {
		out = append(out, float64(v))
	}
	return out
}

func FuzzImport(f *testing.F) {
	f.Add(wav(22050, 1, sine(22050, 1000, 500), 1000))
	f.Add(wav(8000, 1, sine(8000, 1000, 100), 0xffffffff))
	f.Fuzz(func(t *testing.T, b []byte) {
		if x, err := Import(b); err == nil && (len(x) == 0 || len(x) > len(b)) {
			t.Fatalf("%d samples of %d bytes", len(x), len(b))
		}
	})
}
