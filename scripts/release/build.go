package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// build makes the program out of the folder root. Nothing of the machine gets into it: no path, no C, no state of a
// repository; what it calls itself is the version that it is given.
func build(root, to, version, arch string, env ...string) error {
	env = append(env, "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+arch, "GOAMD64=v1", "GOARM64=v8.0", "GOEXPERIMENT=", "GOFLAGS=")
	_, err := run(root, env, "go", "build", "-trimpath", "-buildvcs=false", "-mod=readonly",
		"-ldflags=-s -w -X main.version="+version, "-o", to, "./cmd/tischlein")
	return err
}

// same builds from two folders and tells whether the two programs are the same octets. The environment is the second
// one's alone: a compiler's cache of its own, for who wants to wait for all of it to be made again.
func same(first, second, to, version, arch string, env ...string) error {
	if err := build(first, to, version, arch); err != nil {
		return err
	}
	again := to + ".again"
	if err := build(second, again, version, arch, env...); err != nil {
		return err
	}
	one, err := os.ReadFile(to)
	if err != nil {
		return fmt.Errorf("reading the program: %w", err)
	}
	two, err := os.ReadFile(again)
	if err != nil {
		return fmt.Errorf("reading the program: %w", err)
	}
	if !bytes.Equal(one, two) {
		return errors.New("the same source gave two different programs: " + to + ", " + again)
	}
	return os.Remove(again)
}

// texts are the licences of all that is in the program, which they ask to have passed on.
func texts(root string, all []module) ([]byte, error) {
	var b bytes.Buffer
	add := func(name string, text []byte) {
		fmt.Fprintf(&b, "%s\n%s\n\n%s\n\n", name, strings.Repeat("=", len(name)), bytes.TrimSpace(text))
	}
	goroot, err := run(root, nil, "go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	std, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(goroot)), "LICENSE"))
	if err != nil {
		return nil, fmt.Errorf("reading Go's licence: %w", err)
	}
	add("Go's standard library", std)
	for _, m := range all {
		if !m.inside {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(m.legal.texts)) {
			add(m.Path+" "+m.Version+": "+name, []byte(m.legal.texts[name]))
		}
	}
	static, err := os.ReadFile(filepath.Join(root, "internal/web/static/LICENSES.txt"))
	if err != nil {
		return nil, fmt.Errorf("reading the licences of the files for browsers: %w", err)
	}
	add("Files for browsers", static)
	return b.Bytes(), nil
}
