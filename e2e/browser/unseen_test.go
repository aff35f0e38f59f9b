package browser

import (
	"fmt"
	"testing"
)

// Unseen opens an address and gives what was noticed, without failing the test for it.
func Unseen(t *testing.T, url string) []string {
	b := open(t, As{})
	b.Go(url)
	var out []string
	for _, p := range b.seen.problems() {
		out = append(out, fmt.Sprint(p))
	}
	return out
}
