package voice

import (
	"crypto/sha256"
	"encoding/hex"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// declared are the prompts that the code can say.
func declared(t *testing.T) (names []Prompt) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "prompts.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok {
			if kind, ok := v.Type.(*ast.Ident); ok && kind.Name == "Prompt" {
				text, _ := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
				names = append(names, Prompt(text))
			}
		}
		return true
	})
	for d := byte('0'); d <= '9'; d++ {
		names = append(names, Digit(d))
	}
	slices.Sort(names)
	if len(names) < 30 {
		t.Fatalf("only %d prompts found", len(names))
	}
	return names
}

func TestH02_EveryPromptExistsInEveryLanguage(t *testing.T) {
	want := declared(t)
	for _, l := range Languages {
		texts, err := Texts(l)
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Sorted(maps.Keys(texts)); !slices.Equal(got, want) {
			t.Errorf("%s has the prompts %q, the code knows %q", l, got, want)
		}
		for p, text := range texts {
			if text == "" || strings.TrimSpace(text) != text {
				t.Errorf("%s %s: %q", l, p, text)
			}
		}
	}
}

// The digests are those that the rendering wrote: of the text as it was then, and
// of the recording as it left it.
func TestH02_EveryRecordingBelongsToItsText(t *testing.T) {
	list, err := files.ReadFile("prompts/rendered")
	if err != nil {
		t.Fatal(err)
	}
	recorded := map[string][]string{}
	for line := range strings.Lines(string(list)) {
		if f := strings.Fields(line); len(f) == 3 && f[0] != "#" {
			recorded[f[0]] = f[1:]
		}
	}
	total, seen := 0, 0
	for _, l := range Languages {
		texts, err := Texts(l)
		if err != nil {
			t.Fatal(err)
		}
		for p, text := range texts {
			name := l + "/" + string(p)
			packed, err := files.ReadFile("prompts/" + name + ".ima")
			if err != nil {
				t.Error(err)
				continue
			}
			sum := sha256.Sum256(packed)
			if want := []string{Origin(l, text), hex.EncodeToString(sum[:8])}; !slices.Equal(recorded[name], want) {
				t.Errorf("%s was rendered from another text, or changed since: run scripts/render-prompts", name)
			}
			total, seen = total+len(packed), seen+1
		}
	}
	if seen != len(recorded) {
		t.Errorf("%d recordings are listed, %d have a text", len(recorded), seen)
	}
	if total > 1500<<10 {
		t.Errorf("the prompts take %d bytes", total)
	}
	err = fs.WalkDir(files, "prompts", func(p string, d fs.DirEntry, err error) error {
		if strings.HasSuffix(p, ".ima") && recorded[strings.TrimSuffix(strings.TrimPrefix(p, "prompts/"), ".ima")] == nil {
			t.Errorf("%s is left over", p)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestPromptsAreSpeech(t *testing.T) {
	for _, l := range Languages {
		for _, p := range declared(t) {
			c := Say(l, p)[0]
			x := c.Samples()
			power, peak, onset := 0.0, 0, 0
			for i, s := range x {
				power += float64(s) * float64(s)
				peak = max(peak, int(s), -int(s))
				if peak <= 150 {
					onset = i
				}
			}
			rms := math.Sqrt(power / float64(len(x)))
			if rms < 1500 || rms > 6000 || peak < 6000 || peak > 32000 {
				t.Errorf("%s %s: loudness %.0f, peak %d", l, p, rms, peak)
			}
			words := len(strings.Fields(TextOf(l, p)))
			if d := c.Duration(); d < 150*time.Millisecond*time.Duration(words) || d > time.Second*time.Duration(words) || onset > sampleRate/20 {
				t.Errorf("%s %s: %v for %d words, begins after %d samples", l, p, d, words, onset)
			}
		}
	}
}

func TestNumbersAreSpokenDigitByDigit(t *testing.T) {
	got := SayNumber("en", "+101 x")
	want := Say("en", Digit('1'), Digit('0'), Digit('1'))
	if !slices.EqualFunc(got, want, func(a, b Clip) bool { return &a.alaw[0] == &b.alaw[0] }) {
		t.Errorf("%d clips", len(got))
	}
	if a, b := Say("fr", Goodbye), Say("de-AT", Goodbye); &a[0].alaw[0] != &b[0].alaw[0] {
		t.Error("a language that is none of ours is not answered in German")
	}
}

func TestPackedSpeechComesBack(t *testing.T) {
	in := make([]int16, 8001)
	for i := range in {
		in[i] = int16(9000*math.Sin(2*math.Pi*440*float64(i)/sampleRate) + 3000*math.Sin(2*math.Pi*1900*float64(i)/sampleRate))
	}
	out := unpack(Pack(in)).Samples()
	var signal, noise float64
	for i := 200; i < len(in); i++ {
		d := float64(in[i]) - float64(out[i])
		signal, noise = signal+float64(in[i])*float64(in[i]), noise+d*d
	}
	if db := 10 * math.Log10(signal/noise); db < 20 {
		t.Errorf("%.1f dB above its noise", db)
	}
	if len(out) != 8002 || unpack(nil).alaw != nil && len(unpack(nil).alaw) != 0 {
		t.Errorf("%d samples", len(out))
	}
}
