package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

var update = flag.Bool("update", false, "write docs/commands.md")

const commandsHead = `# Commands

Made from the program; a test keeps it fresh (` + "`go test ./cmd/tischlein -run Commands -update`" + `). ` + "`tischlein <command> --help`" + `
says the same. What talks to a running server takes its address and a token from ` + "`TISCHLEIN_URL`" + ` and ` + "`TISCHLEIN_TOKEN`" + `.
` + "`serve`, `doctor`, `dhcp`, `token` and `user`" + ` work on the installation itself, and take its [settings](configuration.md) as
options besides those here.
`

// TestU11_CommandsHaveTheirPage holds docs/commands.md to what the program understands.
func TestU11_CommandsHaveTheirPage(t *testing.T) {
	var b strings.Builder
	b.WriteString(commandsHead)
	describe(&b, parser(t).Model.Node, "tischlein")
	if *update {
		if err := os.WriteFile("../../docs/commands.md", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	page, err := os.ReadFile("../../docs/commands.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(page) != b.String() {
		t.Error("docs/commands.md is not what the program says: go test ./cmd/tischlein -run Commands -update")
	}
}

// describe writes a command with its arguments and options, then those below it. Settings have a page of their own, and
// what all commands take is said once above.
func describe(b *strings.Builder, n *kong.Node, path string) {
	if n.Leaf() {
		fmt.Fprintf(b, "\n## `%s`\n\n%s\n", path, strings.TrimSpace(n.Help))
		rows := make([]string, 0, len(n.Positional)+len(n.Flags))
		for _, a := range n.Positional {
			rows = append(rows, fmt.Sprintf("| `%s` | %s |", a.Summary(), cell(a.Help)))
		}
		for _, f := range n.Flags {
			if !setting(f) && !f.Hidden {
				rows = append(rows, fmt.Sprintf("| `%s` | %s |", option(f), cell(f.Help)))
			}
		}
		if len(rows) > 0 {
			b.WriteString("\n| | |\n|---|---|\n" + strings.Join(rows, "\n") + "\n")
		}
	}
	for _, c := range n.Children {
		describe(b, c, path+" "+c.Name)
	}
}

// setting says whether a flag is one of docs/configuration.md, or the address and token that the head of the page tells of.
func setting(f *kong.Flag) bool { return len(f.Envs) > 0 }

// option is a flag as one types it, with the value that it has when it is left out.
func option(f *kong.Flag) string {
	s := "--" + f.Name
	if !f.IsBool() {
		s += "=" + f.FormatPlaceHolder()
	}
	return s
}

func cell(text string) string { return strings.ReplaceAll(text, "|", "\\|") }
