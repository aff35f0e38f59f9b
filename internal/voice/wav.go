package voice

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
)

// Import makes speech of a WAV file (mono, 16 bits, any rate) fit for a
// telephone: 8,000 samples a second, nothing above 3,600 Hz, an even loudness,
// without the silence around it.
func Import(wav []byte) ([]int16, error) {
	raw, rate, err := readWAV(wav)
	if err != nil {
		return nil, err
	}
	x := trim(resample(raw, rate))
	if len(x) == 0 {
		return nil, errors.New("voice: the recording is silent")
	}
	return level(x), nil
}

// readWAV finds format and samples. A writer to a pipe does not know the length:
// what is there counts.
func readWAV(b []byte) (samples []float64, rate int, err error) {
	if len(b) < 12 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WAVE" {
		return nil, 0, errors.New("voice: not a WAV file")
	}
	for b = b[12:]; len(b) >= 8; {
		name, size := string(b[:4]), int(binary.LittleEndian.Uint32(b[4:]))
		body := b[8:]
		if size < 0 || size > len(body) {
			size = len(body)
		}
		switch name {
		case "fmt ":
			if size < 16 || binary.LittleEndian.Uint16(body) != 1 || binary.LittleEndian.Uint16(body[2:]) != 1 || binary.LittleEndian.Uint16(body[14:]) != 16 {
				return nil, 0, errors.New("voice: only mono WAV of 16 bits is read")
			}
			rate = int(binary.LittleEndian.Uint32(body[4:]))
		case "data":
			if rate < sampleRate || rate > 192000 {
				return nil, 0, errors.New("voice: WAV without a usable rate")
			}
			ints := make([]int16, size/2)
			if err := binary.Read(bytes.NewReader(body[:size/2*2]), binary.LittleEndian, ints); err != nil {
				return nil, 0, err
			}
			for _, x := range ints {
				samples = append(samples, float64(x))
			}
			return samples, rate, nil
		}
		b = body[min(size+size%2, len(body)):]
	}
	return nil, 0, errors.New("voice: WAV without samples")
}

// resample converts to 8,000 samples a second by a windowed sinc.
func resample(in []float64, rate int) []float64 {
	const (
		cut   = 3600.0 // Hz
		reach = 32     // zero crossings on each side
	)
	width := reach * float64(rate) / (2 * cut) // input samples
	out := make([]float64, len(in)*sampleRate/rate)
	for i := range out {
		at := float64(i) * float64(rate) / sampleRate
		sum, weights := 0.0, 0.0
		for k := max(0, int(math.Ceil(at-width))); k < len(in) && float64(k) <= at+width; k++ {
			d := float64(k) - at
			w := 0.5 + 0.5*math.Cos(math.Pi*d/width)
			if a := 2 * math.Pi * cut * d / float64(rate); a != 0 {
				w *= math.Sin(a) / a
			}
			sum, weights = sum+w*in[k], weights+w
		}
		if weights > 0.5 { // the very ends have half a window
			out[i] = sum / weights
		}
	}
	return out
}

// trim cuts silence off both ends but for 20 ms.
func trim(x []float64) []float64 {
	const floor, margin = 150, sampleRate / 50
	first, last := -1, 0
	for i, v := range x {
		if math.Abs(v) > floor {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
		return nil
	}
	return x[max(0, first-margin):min(len(x), last+margin)]
}

// level brings speech to -20 dB of full scale, with soft limits for its peaks.
func level(x []float64) []int16 {
	const goal, ceiling = 3276.0, 28000.0
	power := 0.0
	for _, v := range x {
		power += v * v
	}
	gain := goal / math.Sqrt(power/float64(len(x)))
	out := make([]int16, len(x))
	for i, v := range x {
		out[i] = int16(ceiling * math.Tanh(v*gain/ceiling))
	}
	return out
}
