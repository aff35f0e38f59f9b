package voicetest

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"

	"tischlein/internal/voice"
)

const (
	loud     = 150 // a sample above it begins a sound
	alike    = 0.9 // correlation of two frames that are the same sound
	shortest = 10  // frames that must agree
	cutShort = 40  // frames of a prompt that is cut short; below it may be several
)

// shifts are where a sound may begin beside where it gets loud: another codec
// moves that by a few samples.
var shifts = []int{0, 1, -1, 2, -2, 3, -3, 4, -4, 6, -6, 8, -8, 10, -10, 12, -12}

// Recognise is what was said, in order: names of prompts, with "…" where one was
// cut short (not named if that was in its first words), "?" for a sound that is none. more are clips beside the prompts.
func Recognise(speech []int16, language string, more map[string]voice.Clip) ([]string, error) {
	known, err := sounds(language)
	if err != nil {
		return nil, err
	}
	if len(more) > 0 {
		known = maps.Clone(known)
		for name, c := range more {
			known[name] = soundOf(c)
		}
	}
	var out []string
	for at := 0; at < len(speech); {
		onset := slices.IndexFunc(speech[at:], isLoud)
		if onset < 0 {
			break
		}
		at += onset
		best, most, whole, end := "?", shortest-1, true, at+samples
		for _, shift := range shifts {
			for name, s := range known {
				clip := s.samples
				from := min(max(at-s.onset+shift, 0), len(speech))
				if n := agree(speech[from:], clip); n > most || n == most && best != "?" && name < best {
					best, most, whole = name, n, n >= len(clip)/samples
					if end = from + len(clip); !whole {
						end = from + n*samples
					}
				}
			}
			if best != "?" {
				break
			}
		}
		switch n := len(out); {
		case best == "?" && n > 0 && out[n-1] == "?":
		case whole || best == "?":
			out = append(out, best)
		default:
			if most >= cutShort {
				out = append(out, best+"…")
			}
			end += 2 * samples // the frame it was cut in
		}
		at = end
	}
	return out, nil
}

// sound is a prompt as it is to be recognised.
type sound struct {
	samples []int16
	onset   int // its first loud sample
}

func soundOf(c voice.Clip) sound {
	x := c.Samples()
	return sound{x, max(slices.IndexFunc(x, isLoud), 0)}
}

func isLoud(x int16) bool { return x > loud || x < -loud }

var languages sync.Map // language → map[string]sound

func sounds(language string) (map[string]sound, error) {
	if known, ok := languages.Load(language); ok {
		return known.(map[string]sound), nil
	}
	texts, err := voice.Texts(language)
	if err != nil {
		return nil, err
	}
	known := map[string]sound{}
	for name := range texts {
		known[string(name)] = soundOf(voice.Say(language, name)[0])
	}
	languages.Store(language, known)
	return known, nil
}

// Resting reports whether the last third of a second was silent: the moment to ask
// what was said.
func (p *Phone) Resting() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.heard)
	return n > 3200 && !slices.ContainsFunc(p.heard[n-2700:], isLoud)
}

// agree counts the frames from the beginning that sound alike.
func agree(a, b []int16) int {
	n := min(len(a), len(b)) / samples
	for i := range n {
		if !same(a[i*samples:(i+1)*samples], b[i*samples:(i+1)*samples]) {
			return i
		}
	}
	return n
}

// same correlates two frames; quiet ones only have to be both quiet.
func same(a, b []int16) bool {
	var ab, aa, bb float64
	for i := range a {
		x, y := float64(a[i]), float64(b[i])
		ab, aa, bb = ab+x*y, aa+x*x, bb+y*y
	}
	const quiet = 100 * 100 * samples
	if aa < quiet || bb < quiet {
		return aa < 4*quiet && bb < 4*quiet
	}
	return ab/math.Sqrt(aa*bb) > alike
}

// Transcript is what a phone heard, and an error where its media was not right.
func (p *Phone) Transcript(language string, more map[string]voice.Clip) ([]string, error) {
	speech, problems := p.Heard()
	if len(problems) > 0 {
		return nil, fmt.Errorf("%d problems, first: %s", len(problems), problems[0])
	}
	return Recognise(speech, language, more)
}
