// Command release makes what is handed out, in dist/: the program for each kind of machine, what is in each (CycloneDX),
// the licences of all that is in them, and the checksums of these files. It builds from the last commit and from nothing
// else, twice, from two folders and without any cache the second time, and gives up where the two differ (X05).
package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

func main() {
	if err := release(); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// machines are those that programs are made for.
var machines = []string{"amd64", "arm64"}

var language = regexp.MustCompile(`(?m)^go (\S+)$`)

func release() (err error) {
	version, err := run(".", nil, "git", "describe", "--tags", "--always", "--abbrev=12")
	if err != nil {
		return err
	}
	if _, err := run(".", nil, "go", "mod", "verify"); err != nil {
		return err
	}
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		return fmt.Errorf("reading which Go it takes: %w", err)
	}
	// Another compiler makes another program.
	if err := os.Setenv("GOTOOLCHAIN", "go"+string(language.FindSubmatch(mod)[1])); err != nil {
		return fmt.Errorf("choosing Go: %w", err)
	}
	work, err := os.MkdirTemp("", "tischlein-release-")
	if err != nil {
		return fmt.Errorf("making a folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	first, second := filepath.Join(work, "one"), filepath.Join(work, "another")
	for _, folder := range []string{first, second} {
		if _, err := run(".", nil, "bash", "-c", `mkdir "$1" && git archive HEAD | tar -x -C "$1"`, "-", folder); err != nil {
			return err
		}
	}
	return fill("dist", first, second, strings.TrimSpace(string(version)), "GOCACHE="+filepath.Join(work, "cache"))
}

// fill writes all files of a release into the folder to.
func fill(to, first, second, version string, env ...string) error {
	if err := os.RemoveAll(to); err != nil {
		return fmt.Errorf("emptying %s: %w", to, err)
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return fmt.Errorf("making %s: %w", to, err)
	}
	folder, err := filepath.Abs(to)
	if err != nil {
		return fmt.Errorf("finding %s: %w", to, err)
	}
	all, err := modules(first)
	if err != nil {
		return err
	}
	files := map[string][]byte{}
	for _, arch := range machines {
		name := "tischlein-" + version + "-linux-" + arch
		program := filepath.Join(folder, name)
		if err := same(first, second, program, version, arch, env...); err != nil {
			return err
		}
		if files[name], err = os.ReadFile(program); err != nil {
			return fmt.Errorf("reading the program: %w", err)
		}
		if files[name+".cdx.json"], err = sbom(program, version, all); err != nil {
			return err
		}
	}
	if files["LICENSES.txt"], err = texts(first, all); err != nil {
		return err
	}
	return write(folder, files)
}

// write puts files into a folder, and a list of their checksums beside them, for sha256sum --check.
func write(folder string, files map[string][]byte) error {
	var sums strings.Builder
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(files[name]), name)
	}
	files["SHA256SUMS"] = []byte(sums.String())
	for name, data := range files {
		// A program is there already, and stays one that can be run.
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o644); err != nil {
			return fmt.Errorf("writing a release: %w", err)
		}
	}
	fmt.Print(sums.String())
	return nil
}
