package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// module is one that go.mod names, as it lies in the module cache.
type module struct {
	Path, Version, Sum, Dir string
	legal                   legal
	inside                  bool // of the program, not only of tests and tools
}

var required = regexp.MustCompile(`(?m)^\t([a-zA-Z0-9./_-]+) v\S+( // indirect)?$`)

// modules reads every module that root's go.mod names; what is not in the cache is fetched, against go.sum.
func modules(root string) ([]module, error) {
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return nil, fmt.Errorf("reading the modules: %w", err)
	}
	args := []string{"mod", "download", "-json"}
	for _, m := range required.FindAllStringSubmatch(string(mod), -1) {
		args = append(args, m[1])
	}
	fetched, err := run(root, nil, "go", args...)
	if err != nil {
		return nil, err
	}
	linked, err := run(root, []string{"GOOS=linux", "CGO_ENABLED=0"}, "go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", "./cmd/tischlein")
	if err != nil {
		return nil, err
	}
	inside := map[string]bool{}
	for path := range strings.Lines(string(linked)) {
		inside[strings.TrimSpace(path)] = true
	}
	var out []module
	for d := json.NewDecoder(bytes.NewReader(fetched)); ; {
		m := module{}
		if err := d.Decode(&m); errors.Is(err, io.EOF) {
			slices.SortFunc(out, func(a, b module) int { return strings.Compare(a.Path, b.Path) })
			return out, nil
		} else if err != nil {
			return nil, fmt.Errorf("reading what go mod download says: %w", err)
		}
		m.inside = inside[m.Path]
		if m.legal, err = readLegal(m.Dir); err != nil {
			return nil, err
		}
		out = append(out, m)
	}
}

// list is the page of licences.
func list(all []module) string {
	var b strings.Builder
	b.WriteString("# Licences\n\nMade from the licences in the module cache; a test keeps it fresh and knows which may be shipped\n" +
		"(`go test ./scripts/release -run Licence -update`). Why each module is there: [dependencies](dependencies.md).\n\n" +
		"| module, or npm package of which a file lies among ours | licence | in the program |\n|---|---|---|\n")
	row := func(name, licence string, inside bool) {
		where := "no: tests and tools"
		if inside {
			where = "yes"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", name, licence, where)
	}
	for _, m := range all {
		row(m.Path, m.legal.id, m.inside)
	}
	for _, v := range vendored {
		row(v.name+" "+v.version, v.licence, v.inside)
	}
	return b.String()
}

// run runs a program in dir with env beside our own, and gives what it says on its standard output.
func run(dir string, env []string, name string, args ...string) ([]byte, error) {
	c := exec.Command(name, args...)
	c.Dir, c.Env = dir, append(os.Environ(), env...)
	var words bytes.Buffer
	c.Stderr = &words
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("running %s %s: %w\n%s", name, args[0], err, words.Bytes())
	}
	return out, nil
}
