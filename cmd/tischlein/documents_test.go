package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"tischlein/internal/config"
)

var (
	typed    = regexp.MustCompile(`(?m)^(?:[A-Z_]+='[^']*' )?(?:bin/)?tischlein ([^#\n]+)`)
	inProse  = regexp.MustCompile("`(?:bin/)?tischlein ([a-z][^`\n]*)`")
	optional = regexp.MustCompile(`--[a-z][a-z-]+`)
)

// Everything that the documents say one may type is understood: whole lines with their arguments, and in a sentence the
// command and its options.
func TestU11_DocumentedCommandsExist(t *testing.T) {
	count := 0
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/adr/*.md", "bench/*.md"} {
		pages, err := filepath.Glob("../../" + pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, page := range pages {
			text, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range typed.FindAllStringSubmatch(string(text), -1) {
				count++
				if err := understood(t, strings.Fields(m[1])); err != nil {
					t.Errorf("%s: tischlein %s: %v", page, m[1], err)
				}
			}
			for _, m := range inProse.FindAllStringSubmatch(string(text), -1) {
				count++
				mentioned(t, page, m[1])
			}
		}
	}
	if count < 30 {
		t.Fatalf("only %d commands were found", count)
	}
}

func understood(t *testing.T, words []string) error {
	t.Helper()
	t.Setenv("TISCHLEIN_TOKEN", "tsl-of-nobody")
	dir := t.TempDir()
	for i, w := range words {
		// A file that an example names must be there for the program to open it.
		if i > 0 && (words[i-1] == "--config" || words[i-1] == "--secret-file") {
			words[i] = filepath.Join(dir, w)
			if err := os.WriteFile(words[i], nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	_, err := parser(t).Parse(words)
	return err
}

// mentioned looks up a command that stands in a sentence, "rotate", "token create" or "dhcp dnsmasq|kea|isc".
func mentioned(t *testing.T, page, text string) {
	t.Helper()
	node := parser(t).Model.Node
	for i, word := range strings.Fields(text) {
		child := childOf(node, word)
		if child == nil && i == 0 {
			t.Errorf("%s: there is no command %q", page, text)
		}
		if child == nil {
			break
		}
		node = child
	}
	for _, want := range optional.FindAllString(text, -1) {
		if !takes(node, strings.TrimPrefix(want, "--")) {
			t.Errorf("%s: %q has no option %s", page, text, want)
		}
	}
}

func childOf(n *kong.Node, word string) *kong.Node {
	for _, c := range n.Children {
		if c.Name == word {
			return c
		}
	}
	return nil
}

func takes(n *kong.Node, option string) bool {
	for _, group := range n.AllFlags(false) {
		for _, f := range group {
			if f.Name == option {
				return true
			}
		}
	}
	return false
}

func parser(t *testing.T) *kong.Kong {
	t.Helper()
	k, err := kong.New(&cli{}, kong.Configuration(config.Read), kong.BindTo(t.Context(), (*context.Context)(nil)))
	if err != nil {
		t.Fatal(err)
	}
	return k
}
