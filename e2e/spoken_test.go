package e2e_test

import (
	"math"
	"slices"
	"strings"

	"tischlein/internal/voice"
	"tischlein/internal/voice/voicetest"
)

// spoken is what was said in the sound, as names of prompts, "?" for what is none:
// a name, or what follows a question that was cut short.
func (i *installation) spoken(speech []int16) []string {
	i.t.Helper()
	said, err := voicetest.Recognise(speech, "de", nil)
	i.ok(err)
	for n, s := range said {
		said[n] = strings.TrimSuffix(s, "…")
	}
	return slices.Compact(said)
}

// says fails the test unless these prompts were heard, whole and in this order,
// whatever was said between them. It looks for each of them anywhere, so that a
// question that a key has cut short hides nothing.
func (i *installation) says(speech []int16, want ...string) {
	i.t.Helper()
	from := 0
	for _, w := range want {
		clip := voice.Say("de", voice.Prompt(w))[0].Samples()
		at, found := find(speech[from:], clip)
		if !found {
			i.t.Fatalf("%q was not heard in %d samples, but %q", w, len(speech), i.spoken(speech))
		}
		from += at + len(clip)*9/10
	}
}

const (
	sample = 1600 // of a clip, to find where it may be
	frame  = 160
)

// find is where the clip is in the speech. A busy machine may cost a packet: most
// of what is loud in the clip must be there.
func find(speech, clip []int16) (at int, found bool) {
	start := slices.IndexFunc(clip, func(x int16) bool { return x > 150 || x < -150 })
	if start < 0 || len(clip)-start < sample {
		return 0, false
	}
	probe, loudest := clip[start:start+sample], 0
	for n := 0; n+frame <= sample; n += frame {
		if energy(probe[n:n+frame]) > energy(probe[loudest:loudest+frame]) {
			loudest = n
		}
	}
	for n := 0; n+sample <= len(speech); n++ {
		if alike(speech[n+loudest:n+loudest+frame], probe[loudest:loudest+frame]) < 0.8 {
			continue // nearly always; the rest costs ten times as much
		}
		// Sentences begin alike: the first place where the whole of it is counts.
		if at = max(n-start, 0); alike(speech[n:n+sample], probe) > 0.8 && isAt(speech[at:], clip) {
			return at, true
		}
	}
	return 0, false
}

func isAt(speech, clip []int16) bool {
	if len(speech) < len(clip)*9/10 {
		return false
	}
	same, loud := 0, 0
	for n := 0; n+frame <= min(len(clip), len(speech)); n += frame {
		if energy(clip[n:n+frame]) > 200*200*frame {
			loud++
			if alike(speech[n:n+frame], clip[n:n+frame]) > 0.9 {
				same++
			}
		}
	}
	return same*10 >= loud*8
}

func energy(a []int16) (e float64) {
	for _, x := range a {
		e += float64(x) * float64(x)
	}
	return e
}

// alike correlates two pieces of sound: 1 is the same, 0 something else.
func alike(a, b []int16) float64 {
	var ab, aa, bb int64
	for i, x := range a {
		ab += int64(x) * int64(b[i])
		aa += int64(x) * int64(x)
		bb += int64(b[i]) * int64(b[i])
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return float64(ab) / math.Sqrt(float64(aa)*float64(bb))
}
