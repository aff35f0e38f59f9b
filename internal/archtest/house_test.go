package archtest

import (
	"go/ast"
	"path"
	"slices"
	"strings"
	"testing"
)

func TestEveryPackageKnowsOnlyWhatItMay(t *testing.T) {
	for _, s := range sources(t) {
		r, ok := ruleFor(s.dir)
		if !ok {
			t.Errorf("%s: its directory has no rule", s.path)
			continue
		}
		if s.test() {
			continue
		}
		for _, i := range s.imports {
			if why := broken(r, s.dir, i); why != "" && excepted[s.path] != i {
				t.Errorf("%s %s", s.path, why)
			}
		}
	}
}

// The test above would pass if broken never found anything.
func TestTheTableRefuses(t *testing.T) {
	for _, c := range []struct {
		dir, imported string
		ok            bool
	}{
		{"internal/telephony", "net/netip", true},
		{"internal/telephony", "net/http", false},
		{"internal/telephony", "log/slog", false},
		{"internal/telephony", "tischlein/internal/auth", false},
		{"internal/telephony", "golang.org/x/text/cases", false},
		{"internal/sip", "tischlein/internal/app", true},
		{"internal/sip", "tischlein/internal/storage", false},
		{"internal/sip", "github.com/emiago/sipgo/sip", false},
		{"internal/call", "github.com/emiago/sipgo/sip", true},
		{"internal/sip", "tischlein/internal/sip/wire", true},
		{"internal/sip/wire", "tischlein/internal/sip", false},
		{"internal/sip/wire", "net", false},
		{"internal/sip/wire", "net/netip", true},
		{"internal/phone", "tischlein/internal/sip/wire", false},
		{"internal/api", "github.com/emiago/sipgo", false},
		{"internal/api", "tischlein/internal/phone", false},
		{"internal/phone", "tischlein/internal/provision/drivers", false},
		{"internal/provision/drivers", "tischlein/internal/provision", true},
		{"internal/provision/drivers", "net/http", false},
		{"internal/provision/drivers", "os", false},
		{"internal/provision", "tischlein/internal/provision/drivers", false},
		{"internal/app", "net/http", false},
		{"internal/app", "net/netip", true},
		{"internal/storage", "tischlein/internal/app", false},
		{"internal/reconcile", "tischlein/internal/sip", false},
		{"internal/web", "tischlein/internal/web/view", true},
		{"internal/web", "tischlein/internal/app", true},
		{"internal/web", "tischlein/internal/storage", false},
		{"internal/web", "tischlein/internal/api", false},
		{"internal/web/view", "tischlein/internal/web/text", true},
		{"internal/web/view", "tischlein/internal/app", false},
		{"internal/web/view", "net/http", false},
		{"internal/web/view/phone", "tischlein/internal/provision", true},
		{"internal/web/text", "tischlein/internal/telephony", false},
		{"internal/api", "github.com/a-h/templ", false},
		{"internal/phonesim", "tischlein/internal/provision", false},
		{"internal/config", "tischlein/internal/telephony", false},
		{"internal/server", "tischlein/internal/sip", true},
		{"cmd/tischlein", "tischlein/internal/server", true},
		{"internal/storagetest/pgserver", "tischlein/internal/storage", true},
	} {
		r, ok := ruleFor(c.dir)
		if !ok {
			t.Fatalf("%s has no rule", c.dir)
		}
		if why := broken(r, c.dir, c.imported); (why == "") != c.ok {
			t.Errorf("%s importing %s: %q, allowed should be %v", c.dir, c.imported, why, c.ok)
		}
	}
}

func TestDomainAndDriversAskNeitherClockNorNetwork(t *testing.T) {
	seen := 0
	for _, s := range sources(t) {
		if s.test() || !below(s.dir, "internal/telephony") && !below(s.dir, "internal/provision") {
			continue
		}
		seen++
		ast.Inspect(s.tree, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if pkg, ok := sel.X.(*ast.Ident); ok && slices.Contains(pureCalls[pkg.Name], sel.Sel.Name) {
				t.Errorf("%s uses %s.%s", s.path, pkg.Name, sel.Sel.Name)
			}
			return true
		})
	}
	if seen == 0 {
		t.Fatal("no file of the domain was read")
	}
}

// most is the length beyond which a file has two subjects.
const most = 500

func TestFilesStaySmallAndAreNamedForTheirSubject(t *testing.T) {
	for _, s := range sources(t) {
		if s.lines > most && !ast.IsGenerated(s.tree) {
			t.Errorf("%s has %d lines, %d are enough", s.path, s.lines, most)
		}
		for _, name := range []string{path.Base(s.dir), strings.TrimSuffix(path.Base(s.path), ".go")} {
			for _, empty := range []string{"util", "utils", "common", "helper", "helpers", "manager", "impl", "misc"} {
				if name == empty || strings.HasSuffix(name, "_"+empty) {
					t.Errorf("%s: %q says nothing about what is inside", s.path, empty)
				}
			}
		}
	}
}
