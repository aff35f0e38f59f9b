package text_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tischlein/internal/web/text"
)

// thrown finds the reasons of refusals in the code that refuses.
var thrown = regexp.MustCompile(`(?:Conflictf|Forbiddenf|codeWrong)\("([a-z_0-9]+)"|Invalidf\([^,()]+, *"([a-z_0-9]+)"|Reason: *"([a-z_0-9]+)"|(?:taken|free)\([^\n]*?"([a-z]+_taken)"|^\t\t"[a-z]+", "([a-z]+_taken)"`)

// never are reasons that no page can bring about: they are the API's, or mean that
// we made a mistake.
var never = map[string]bool{
	"base_url_malformed": true, "line_incomplete": true, "root_ca_malformed": true, "sip_server_incomplete": true, "internal": true, "mac_disagrees": true,
	"page_malformed": true, "page_too_large": true, // of what a phone sends by its keys
}

func TestU01_EveryRefusalHasItsWords(t *testing.T) {
	p := text.For(text.German, nil)
	used := map[string]bool{}
	for _, dir := range []string{"telephony", "app", "auth", "storage", "provision", "web"} {
		err := filepath.WalkDir("../../"+dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			code, err := os.ReadFile(path)
			for _, m := range thrown.FindAllStringSubmatch(string(code), -1) {
				reason := m[1] + m[2] + m[3] + m[4] + m[5]
				used[reason] = true
				if !never[reason] && !p.Has("errors.reason_"+reason) {
					t.Errorf("%s refuses with %q, which has no words in errors.toml: reason_%s", path, reason, reason)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(used) < 80 {
		t.Fatalf("only %d reasons were found", len(used))
	}
	for _, id := range text.IDs() {
		if reason, ok := strings.CutPrefix(id, "errors.reason_"); ok && !used[reason] {
			t.Errorf("nobody refuses with %q any more", reason)
		}
	}
}
