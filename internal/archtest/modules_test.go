package archtest

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// docs/dependencies.md gives each module its reason: one that somebody adds
// without, or a row that is left behind, fails.
func TestEveryModuleHasItsReason(t *testing.T) {
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../../docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	chosen, _, ok := strings.Cut(string(page), "\n## Brought along")
	if !ok {
		t.Fatal("the page does not tell apart what was chosen and what came along")
	}
	rows := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)`").FindAllStringSubmatch(chosen, -1) {
		rows[m[1]] = true
	}
	asked := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\t([a-zA-Z0-9./_-]+) v\S+( // indirect)?$`).FindAllStringSubmatch(string(mod), -1) {
		asked[m[1]] = true
		if m[2] == "" && !rows[m[1]] {
			t.Errorf("docs/dependencies.md gives no reason for %s", m[1])
		}
	}
	for name := range rows {
		if !asked[name] {
			t.Errorf("docs/dependencies.md explains %s, which go.mod does not ask for", name)
		}
	}
	if len(asked) < 10 {
		t.Fatalf("only %d modules were read", len(asked))
	}
}
