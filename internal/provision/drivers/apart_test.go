package drivers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
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
