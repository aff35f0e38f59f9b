package phone

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestU06_TextFits(t *testing.T) {
	for _, text := range []string{"Anna Schmidt 101", strings.Repeat("Donaudampfschiff", 5), "MMMMMMMMMMMM", "山田太郎営業部第二課", "שרה לוי כהן",
		"👩‍💻👩‍💻👩‍💻", "🇩🇪🇳🇱🇦🇹🇨🇭", "e\u0301e\u0301e\u0301", "", "\xffAnna\xfe\xe4Schmidt \xf0\x9f"} {
		for width := 0.0; width < 200; width += 3 {
			got := fit(text, width, 10)
			if measure(got)*10 > width+1e-9 {
				t.Errorf("%q is wider than %v", got, width)
			}
			checkCut(t, text, got)
			lines := wrap(text, width, 10, 3)
			if len(lines) > 3 {
				t.Errorf("%d lines", len(lines))
			}
			for _, l := range append(lines, balance(text, width, 10, 3)...) {
				if measure(l)*10 > width+1e-9 {
					t.Errorf("line %q is wider than %v", l, width)
				}
			}
		}
	}
}

// checkCut: what is left is a beginning of the text, of whole characters.
func checkCut(t *testing.T, text, got string) {
	t.Helper()
	kept, cut := strings.CutSuffix(got, "…")
	if utf8.ValidString(text) && !utf8.ValidString(got) || !strings.HasPrefix(text, kept) || !cut && got != "" && got != text {
		t.Errorf("%q became %q", text, got)
	}
	pieces := clusters(text)
	n := len(clusters(kept))
	if n > len(pieces) || strings.TrimRight(strings.Join(pieces[:n], ""), " ") != kept {
		t.Errorf("%q was cut inside a character: %q", text, got)
	}
}

func TestU06_CharactersStayWhole(t *testing.T) {
	for text, want := range map[string][]string{
		"Anna":        {"A", "n", "n", "a"},
		"e\u0301a":    {"e\u0301", "a"},
		"👩‍💻!":        {"👩‍💻", "!"},
		"👍🏽👍":         {"👍🏽", "👍"},
		"🇩🇪🇳🇱":        {"🇩🇪", "🇳🇱"},
		"\u0301":      {"\u0301"},
		"❤\ufe0fx":    {"❤\ufe0f", "x"},
		"\U0001f1e9x": {"\U0001f1e9", "x"},
	} {
		if got := clusters(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestU06_WrapIsBalanced(t *testing.T) {
	got := balance("Freier Platz Empfang 2", 160, 17, 3)
	if !slices.Equal(got, []string{"Freier Platz", "Empfang 2"}) {
		t.Errorf("%q", got)
	}
	if got := balance("kurz", 160, 17, 3); !slices.Equal(got, []string{"kurz"}) {
		t.Errorf("%q", got)
	}
}

func TestU06_DirectionOfTheFirstLetter(t *testing.T) {
	for text, want := range map[string]bool{"Anna שרה": false, "שרה Anna": true, "101 لیلا": true, "101": false, "": false} {
		if rightToLeft(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}
