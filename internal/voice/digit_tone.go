package voice

import "math"

// What a block of samples must show to be a DTMF digit (ITU-T Q.23, Q.24).
const (
	toneBlock   = 102  // samples, 12.75 ms: a bin is as wide as the tolerance of a tone
	toneFloor   = 8e7  // energy of each tone: about -45 dBm0
	toneTwist   = 6.31 // high tone at most 8 dB above the low one
	toneReverse = 3.98 // low tone at most 6 dB above the high one
	tonePeak    = 6.31 // 8 dB above every other tone of its group
	toneShare   = 42.0 // of the block's energy, times toneBlock/2: 82 %, which speech never has
	toneBlocks  = 2    // that must agree before it counts
	toneMisses  = 2    // without it before it may come again
	toneKeys    = "123A456B789C*0#D"
)

var toneCoefficients = func() (c [8]float64) {
	for i, hz := range [8]float64{697, 770, 852, 941, 1209, 1336, 1477, 1633} {
		c[i] = 2 * math.Cos(2*math.Pi*hz/sampleRate)
	}
	return c
}()

// toneReader finds DTMF digits in speech by eight Goertzel filters.
type toneReader struct {
	v1, v2  [8]float64
	energy  float64
	n       int
	last    byte // digit of the block before
	agree   int  // blocks in a row that showed it
	current byte // digit that sounds and has been counted
	misses  int
}

// read takes samples and appends the digits that begin in them.
func (r *toneReader) read(digits []byte, codec Codec, samples []byte) []byte {
	for _, b := range samples {
		x := float64(codec.Decode(b))
		r.energy += x * x
		for i, c := range toneCoefficients {
			r.v1[i], r.v2[i] = x+c*r.v1[i]-r.v2[i], r.v1[i]
		}
		if r.n++; r.n == toneBlock {
			if d := r.judge(r.block()); d != 0 {
				digits = append(digits, d)
			}
			r.v1, r.v2, r.energy, r.n = [8]float64{}, [8]float64{}, 0, 0
		}
	}
	return digits
}

// block is the digit that the finished block shows, 0 if none.
func (r *toneReader) block() byte {
	var e [8]float64
	low, high := 0, 4
	for i, c := range toneCoefficients {
		e[i] = r.v1[i]*r.v1[i] + r.v2[i]*r.v2[i] - c*r.v1[i]*r.v2[i]
		if i < 4 && e[i] > e[low] {
			low = i
		}
		if i >= 4 && e[i] > e[high] {
			high = i
		}
	}
	l, h := e[low], e[high]
	if l < toneFloor || h < toneFloor || h > l*toneTwist || l > h*toneReverse || l+h < toneShare*r.energy {
		return 0
	}
	for i := range e {
		if i < 4 && i != low && e[i]*tonePeak > l || i >= 4 && i != high && e[i]*tonePeak > h {
			return 0
		}
	}
	return toneKeys[low*4+high-4]
}

// judge is the digit that begins with this block, 0 if none.
func (r *toneReader) judge(d byte) byte {
	if d != 0 && d == r.last {
		r.agree++
	} else {
		r.agree = 1
	}
	r.last = d
	if r.current != 0 {
		if d == r.current {
			r.misses = 0
			return 0
		}
		if r.misses++; r.misses < toneMisses {
			return 0
		}
		r.current, r.misses = 0, 0
	}
	if d == 0 || r.agree < toneBlocks {
		return 0
	}
	r.current = d
	return d
}
