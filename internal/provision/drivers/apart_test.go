package drivers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each vendor can be deleted by itself: what its files declare, no other file of the
// package uses. Files that belong to no vendor are everybody's.
func TestP06_NoVendorLeansOnAnothersFile(t *testing.T) {
	var vendors []string
	for _, drv := range All().Drivers() {
		vendors = append(vendors, strings.ReplaceAll(drv.Info().Vendor, "-", "_"))
	}
	of := func(file string) (vendor string) {
		for _, v := range vendors {
			if len(v) > len(vendor) && (file == v+".go" || strings.HasPrefix(file, v+"_")) { // snom_dect.go is not snom's
				vendor = v
			}
		}
		return vendor
	}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	files, owner := map[string]*ast.File{}, map[string]string{}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = f
		if v := of(e.Name()); v != "" {
			for name := range f.Scope.Objects {
				owner[name] = v
			}
		}
	}
	seen := map[string]bool{}
	for name, f := range files {
		for _, id := range f.Unresolved {
			if v := owner[id.Name]; v != "" && v != of(name) && !seen[name+id.Name] {
				seen[name+id.Name] = true
				t.Errorf("%s uses %s, which is %s's", name, id.Name, v)
			}
		}
	}
}

// A new vendor edits nothing but its own files (the recipe): the last that came by it
// are named in no other code of the program.
func TestP06_TheLastVendorsAreNamedInTheirOwnFilesOnly(t *testing.T) {
	last, looked := []string{"htek", "alcatel", "jitsi"}, 0
	err := filepath.WalkDir("../../..", func(path string, e fs.DirEntry, err error) error {
		name := e.Name()
		if err != nil || e.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || name == "gaps.go" {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			word := ""
			switch n := n.(type) {
			case *ast.BasicLit:
				word = strings.Trim(n.Value, "\"`")
			case *ast.Ident:
				word = n.Name
			}
			for _, v := range last {
				switch own := strings.Contains(name, v); {
				case !strings.EqualFold(word, v):
				case own:
					looked++
				default:
					t.Errorf("%s names %s", path, word)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || looked == 0 {
		t.Errorf("%d places, %v", looked, err)
	}
}
