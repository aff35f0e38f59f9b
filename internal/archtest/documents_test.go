package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// documents are the pages that people read, by their path in the module.
func documents(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/adr/*.md", "bench/*.md"} {
		found, err := filepath.Glob("../../" + pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			out[strings.TrimPrefix(filepath.ToSlash(path), "../../")] = string(text)
		}
	}
	if len(out) < 20 {
		t.Fatalf("only %d documents were found", len(out))
	}
	return out
}

var (
	link     = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading  = regexp.MustCompile(`(?m)^#+ +(.+)$`)
	noAnchor = regexp.MustCompile(`[^\p{L}\p{N} _-]+`)
	named    = regexp.MustCompile("`((?:internal|cmd|docs|scripts|bench|e2e)/[A-Za-z0-9_./-]+)")
	target   = regexp.MustCompile("(?m)(?:^|`)make ([a-z]+)")
)

// anchors are what a page's headings can be linked by, as the usual forges make them.
func anchors(text string) map[string]bool {
	out := map[string]bool{}
	for _, h := range heading.FindAllStringSubmatch(text, -1) {
		out[strings.ReplaceAll(noAnchor.ReplaceAllString(strings.ToLower(h[1]), ""), " ", "-")] = true
	}
	return out
}

func TestLinksOfDocumentsLeadSomewhere(t *testing.T) {
	pages := documents(t)
	for name, text := range pages {
		for _, l := range link.FindAllStringSubmatch(text, -1) {
			if strings.Contains(l[1], "://") {
				continue
			}
			path, anchor, _ := strings.Cut(l[1], "#")
			to := name
			if path != "" {
				to = filepath.ToSlash(filepath.Join(filepath.Dir(name), path))
			}
			if _, err := os.Stat("../../" + to); err != nil {
				t.Errorf("%s links to %s, which is not there", name, l[1])
			} else if anchor != "" && !anchors(pages[to])[anchor] {
				t.Errorf("%s links to %s, which has no such heading", name, l[1])
			}
		}
	}
}

// A package that the rules know has a row on the page that shows the house, and a decision has one in its index.
func TestHouseAndDecisionsAreListed(t *testing.T) {
	pages := documents(t)
	for _, r := range rules {
		if name, ours := strings.CutPrefix(r.dir, "internal/"); ours && !strings.Contains(pages["docs/architecture.md"], "`"+name+"`") {
			t.Errorf("docs/architecture.md does not show %s", name)
		}
	}
	for name := range pages {
		if file, is := strings.CutPrefix(name, "docs/adr/0"); is && !strings.Contains(pages["docs/adr/README.md"], "(0"+file+")") {
			t.Errorf("docs/adr/README.md does not list %s", name)
		}
	}
}

func TestDocumentsNameFilesAndTargetsThatExist(t *testing.T) {
	made, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range documents(t) {
		for _, p := range named.FindAllStringSubmatchIndex(text, -1) {
			path := strings.TrimRight(text[p[2]:p[3]], "./")
			// A pattern, or a name with a place to fill in, is no name.
			if rest := text[p[3]:]; rest == "" || strings.ContainsAny(rest[:1], "<*{…[") || strings.Contains(path, "NNNN") {
				continue
			}
			if _, err := os.Stat("../../" + path); err != nil {
				t.Errorf("%s names %s, which is not there", name, path)
			}
		}
		for _, m := range target.FindAllStringSubmatch(text, -1) {
			if !strings.Contains(string(made), "\n"+m[1]+":") {
				t.Errorf("%s names make %s, which the Makefile does not have", name, m[1])
			}
		}
	}
}
