package telephony

import (
	"regexp"
	"testing"
)

// Each sentence is read back as what it was made of, and as nothing else (P03, P04).
func TestP03_EveryRefusalIsReadBack(t *testing.T) {
	gap := regexp.MustCompile(`\{(\w+)\}`)
	seen := map[string]bool{}
	for _, w := range whys {
		if seen[w.code] {
			t.Errorf("%s stands there twice", w.code)
		}
		seen[w.code] = true
		sentence := gap.ReplaceAllString(w.sentence, "80:5e:c0:12:34:56 $1")
		got, ok := WhyOf(sentence)
		if !ok || got.Code != w.code {
			t.Errorf("%q is read as %+v, %v", sentence, got, ok)
		}
		for _, g := range gap.FindAllStringSubmatch(w.sentence, -1) {
			if got.With[g[1]] != "80:5e:c0:12:34:56 "+g[1] {
				t.Errorf("%q: %s is %q", sentence, g[1], got.With[g[1]])
			}
		}
	}
	for _, foreign := range []string{"", "403 Forbidden", "it has expired", "sent a part of \nx"} {
		if w, ok := WhyOf(foreign); ok {
			t.Errorf("%q is read as %+v", foreign, w)
		}
	}
}
