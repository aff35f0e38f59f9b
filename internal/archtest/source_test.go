package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "tischlein/"

// source is one Go file that is no test.
type source struct {
	path    string // relative to the module
	dir     string
	lines   int
	tree    *ast.File
	imports []string
}

func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	set := token.NewFileSet()
	err := filepath.WalkDir("../..", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && len(d.Name()) > 2 || strings.HasPrefix(d.Name(), "_") || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(p, ".go") {
			return nil
		}
		tree, err := parser.ParseFile(set, p, nil, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel("../..", p)
		if err != nil {
			return err
		}
		s := source{path: filepath.ToSlash(rel), tree: tree, lines: set.File(tree.FileStart).LineCount()}
		s.dir = path.Dir(s.path)
		for _, i := range tree.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			s.imports = append(s.imports, name)
		}
		out = append(out, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 50 {
		t.Fatalf("only %d files found: the walk is broken", len(out))
	}
	return out
}

func (s source) test() bool { return strings.HasSuffix(s.path, "_test.go") }

func below(p, dir string) bool { return p == dir || strings.HasPrefix(p, dir+"/") }

// ruleFor is the rule of the longest directory that holds dir.
func ruleFor(dir string) (best rule, ok bool) {
	for _, r := range rules {
		if below(dir, r.dir) && (!ok || len(r.dir) > len(best.dir)) {
			best, ok = r, true
		}
	}
	return best, ok
}

// broken lists what is wrong with one import.
func broken(r rule, dir, imported string) string {
	if ours, is := strings.CutPrefix(imported, module); is {
		name := strings.TrimPrefix(ours, "internal/")
		own, mine := ours, below(ours, r.dir)
		for _, may := range r.ours {
			if may == "*" || name == may || may == "storagetest" && below(name, may) {
				return ""
			}
		}
		if sub, ok := ruleFor(own); mine && ok && sub.dir == r.dir {
			return "" // within the same part of the house
		}
		return "may not know " + ours
	}
	for _, d := range r.deny {
		// net/netip is a value type and no network.
		if below(imported, d) && !(d == "net" && imported != "net" && !below(imported, "net/http")) {
			return "must not import " + imported
		}
	}
	if r.std && strings.Contains(strings.SplitN(imported, "/", 2)[0], ".") {
		return "must do with the standard library, not " + imported
	}
	for lib, places := range only {
		if below(imported, lib) {
			for _, p := range places {
				if below(dir, p) {
					return ""
				}
			}
			return "must not import " + imported + ": it belongs to " + strings.Join(places, ", ")
		}
	}
	return ""
}
