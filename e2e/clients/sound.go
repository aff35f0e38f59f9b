package clients

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"
)

const (
	rate       = 8000
	microphone = 120 // seconds: baresip takes its file's end for a broken microphone
)

// writeTone writes a WAV file of one tone, or of silence.
func writeTone(path string, hertz int) error {
	size := microphone * rate * 2
	b := make([]byte, 0, 44+size)
	le := binary.LittleEndian
	b = append(b, "RIFF"...)
	b = le.AppendUint32(b, uint32(36+size))
	b = append(b, "WAVEfmt "...)
	b = le.AppendUint32(b, 16)
	b = le.AppendUint16(b, 1) // PCM
	b = le.AppendUint16(b, 1) // mono
	b = le.AppendUint32(b, rate)
	b = le.AppendUint32(b, 2*rate)
	b = le.AppendUint16(b, 2)
	b = le.AppendUint16(b, 16)
	b = append(b, "data"...)
	b = le.AppendUint32(b, uint32(size))
	for n := range microphone * rate {
		b = le.AppendUint16(b, uint16(int16(8000*math.Sin(2*math.Pi*float64(hertz*n)/rate))))
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		return fmt.Errorf("writing what a microphone hears: %w", err)
	}
	return nil
}

// Heard waits until baresip has finished its newest recording, and returns it: what was heard in the last call that has
// ended, 8,000 samples a second. (Recordings bear the second in which they began, so that short calls replace each other.)
func (b *Baresip) Heard(ctx context.Context) ([]int16, error) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		files, err := filepath.Glob(filepath.Join(b.home, "dump-*-dec.wav"))
		if err != nil {
			return nil, err
		}
		slices.Sort(files) // their names begin with the time
		if len(files) > 0 {
			if speech, ok := readWAV(files[len(files)-1]); ok {
				return speech, nil
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for the last of %d recordings: %w\n%s", len(files), ctx.Err(), b.Output())
		}
	}
}

// Hearing is how much of the present call its newest recording has, in samples.
func (b *Baresip) Hearing() int {
	files, _ := filepath.Glob(filepath.Join(b.home, "dump-*-dec.wav")) // fails for a wrong pattern only
	if len(files) == 0 {
		return 0
	}
	is, err := os.Stat(slices.Max(files))
	if err != nil {
		return 0
	}
	return max(0, int(is.Size()-44)/2)
}

// readWAV reads a finished recording: the sizes in its head are written last.
func readWAV(path string) ([]int16, bool) {
	b, err := os.ReadFile(path)
	if err != nil || len(b) <= 44 || string(b[36:40]) != "data" || int(binary.LittleEndian.Uint32(b[40:])) != len(b)-44 {
		return nil, false
	}
	out := make([]int16, (len(b)-44)/2)
	for i := range out {
		out[i] = int16(binary.LittleEndian.Uint16(b[44+2*i:]))
	}
	return out, true
}

// Pitch is the strength of a tone in the sound, between 0 (not there) and 1 (nothing else there), where it is loudest
// over a quarter of a second.
func Pitch(speech []int16, hertz int) float64 {
	best := 0.0
	for part := range slices.Chunk(speech, rate/4) {
		var re, im, all float64
		for n, x := range part {
			at, v := 2*math.Pi*float64(hertz*n)/rate, float64(x)
			re, im, all = re+v*math.Cos(at), im+v*math.Sin(at), all+v*v
		}
		if all > 100*100*float64(len(part)) { // loud enough to be something
			best = max(best, 2*(re*re+im*im)/(all*float64(len(part))))
		}
	}
	return best
}
