package voice

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
)

// Prompt names a sentence that exists in every language.
type Prompt string

// The prompts. Their texts are in prompts/<language>.txt.
const (
	AskNumber      Prompt = "ask_number"
	AskPIN         Prompt = "ask_pin"
	PINMustChange  Prompt = "pin_must_change"
	AskNewPIN      Prompt = "ask_new_pin"
	RepeatNewPIN   Prompt = "repeat_new_pin"
	PINsDiffer     Prompt = "pins_differ"
	PINMalformed   Prompt = "pin_malformed"
	PINWeak        Prompt = "pin_weak"
	PINChanged     Prompt = "pin_changed"
	WrongLogin     Prompt = "wrong_login"
	TryAgain       Prompt = "try_again"
	Locked         Prompt = "locked"
	MaximumDevices Prompt = "maximum_devices"
	OfferMove      Prompt = "offer_move"
	DeskTaken      Prompt = "desk_taken"
	OfferReplace   Prompt = "offer_replace"
	DeskLinked     Prompt = "desk_linked"
	FixedElsewhere Prompt = "fixed_elsewhere"
	NotHere        Prompt = "not_here"
	LoggedIn       Prompt = "logged_in"
	Extension      Prompt = "extension"
	NobodyHere     Prompt = "nobody_here"
	HereOrBoth     Prompt = "here_or_both"
	LoggedOut      Prompt = "logged_out"
	LoggedOutHere  Prompt = "logged_out_here"
	LoggedOutBoth  Prompt = "logged_out_both"
	OtherIsFixed   Prompt = "other_is_fixed"
	Nothing        Prompt = "nothing_changed"
	Later          Prompt = "later"
	Goodbye        Prompt = "goodbye"
)

// Digit is the prompt of one digit, 0 to 9.
func Digit(d byte) Prompt { return Prompt("digit_" + string(rune(d))) }

// Languages are those that prompts exist in; the first is what others fall back to.
var Languages = []string{"de", "en", "nl"}

//go:embed prompts
var files embed.FS

// tongue is one language.
type tongue struct {
	texts map[Prompt]string
	clips map[Prompt]Clip
}

var tongues = func() map[string]func() *tongue {
	m := map[string]func() *tongue{}
	for _, l := range Languages {
		m[l] = sync.OnceValue(func() *tongue { return loadTongue(l) }) // 100 kB each: only what is spoken
	}
	return m
}()

func tongueOf(language string) *tongue {
	short, _, _ := strings.Cut(strings.ToLower(language), "-")
	if t, ok := tongues[short]; ok {
		return t()
	}
	return tongues[Languages[0]]()
}

// loadTongue panics where a file is missing: they are part of the program, and a
// test loads them all.
func loadTongue(language string) *tongue {
	texts, err := Texts(language)
	if err != nil {
		panic(err)
	}
	t := &tongue{texts: texts, clips: map[Prompt]Clip{}}
	for p := range texts {
		packed, err := files.ReadFile("prompts/" + language + "/" + string(p) + ".ima")
		if err != nil {
			panic(err)
		}
		t.clips[p] = unpack(packed)
	}
	return t
}

// Texts reads what the prompts of a language say: lines `name: text`, and # for remarks.
func Texts(language string) (map[Prompt]string, error) {
	b, err := files.ReadFile("prompts/" + language + ".txt")
	if err != nil {
		return nil, fmt.Errorf("reading prompts: %w", err)
	}
	out := map[Prompt]string{}
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, text, ok := strings.Cut(line, ": ")
		if _, twice := out[Prompt(name)]; !ok || twice {
			return nil, fmt.Errorf("prompts/%s.txt: line %q", language, line)
		}
		out[Prompt(name)] = strings.TrimSpace(text)
	}
	return out, nil
}

// Say gives prompts in a language, German where it is none of ours.
func Say(language string, prompts ...Prompt) []Clip {
	t := tongueOf(language)
	out := make([]Clip, 0, len(prompts))
	for _, p := range prompts {
		c, ok := t.clips[p]
		if !ok {
			panic("voice: no prompt " + string(p))
		}
		out = append(out, c)
	}
	return out
}

// SayNumber speaks a number digit by digit; what is no digit is left out.
func SayNumber(language, number string) []Clip {
	var p []Prompt
	for _, d := range []byte(number) {
		if d >= '0' && d <= '9' {
			p = append(p, Digit(d))
		}
	}
	return Say(language, p...)
}

// TextOf is what prompts say, as one text.
func TextOf(language string, prompts ...Prompt) string {
	t := tongueOf(language)
	var words []string
	for _, p := range prompts {
		words = append(words, t.texts[p])
	}
	return strings.Join(words, " ")
}

// Origin is a digest of what a prompt is made of: its text and how it is spoken.
// prompts/rendered keeps it beside each recording, so that one left behind by a
// change of its text is noticed.
func Origin(language, text string) string {
	sum := sha256.Sum256([]byte(strings.Join(append([]string{text}, Speakers[language]...), "\n")))
	return hex.EncodeToString(sum[:8])
}
