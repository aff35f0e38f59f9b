package voice

import "time"

// Clip is speech ready to send. It is shared by all sessions and never changed.
type Clip struct{ alaw []byte }

// Record makes a clip of linear samples, 8,000 a second.
func Record(samples []int16) Clip {
	b := make([]byte, len(samples))
	for i, x := range samples {
		b[i] = encodeALaw(x)
	}
	return Clip{alaw: b}
}

// Pause is silence.
func Pause(d time.Duration) Clip {
	return Record(make([]int16, d*sampleRate/time.Second))
}

// Duration is how long the clip sounds.
func (c Clip) Duration() time.Duration {
	return time.Duration(len(c.alaw)) * time.Second / sampleRate
}

// Samples are the clip's linear samples.
func (c Clip) Samples() []int16 {
	out := make([]int16, len(c.alaw))
	for i, b := range c.alaw {
		out[i] = linearA[b]
	}
	return out
}
