package e2e_test

import (
	"slices"
	"strings"

	"tischlein/internal/voice/voicetest"
)

// spoken is what was said in the sound, as names of prompts. A busy machine may
// cost a packet: what was cut short counts as heard.
func (i *installation) spoken(speech []int16) []string {
	i.t.Helper()
	said, err := voicetest.Recognise(speech, "de", nil)
	i.ok(err)
	for n, s := range said {
		said[n] = strings.TrimSuffix(s, "…")
	}
	return slices.Compact(said)
}

// says fails the test unless these prompts were heard in this order, whatever was
// said between them.
func (i *installation) says(speech []int16, want ...string) {
	i.t.Helper()
	said := i.spoken(speech)
	next := 0
	for _, s := range said {
		if next < len(want) && s == want[next] {
			next++
		}
	}
	if next < len(want) {
		i.t.Fatalf("heard %q in %d samples, want %q", said, len(speech), want)
	}
}
