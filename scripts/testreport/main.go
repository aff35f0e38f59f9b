// Command testreport reads "go test -json" from its standard input and writes what a person wants to read: a line per
// package, the whole output of what failed, and as the last line exactly "123 passed, 0 failed, 0 skipped".
//
// It exits with 1 when anything failed or was skipped, or when no test ran at all. It runs no tests itself.
package main

import (
	"fmt"
	"os"
)

func main() {
	report := newReport(os.Stdout)
	if err := report.read(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
		os.Exit(2)
	}
	if !report.finish() {
		os.Exit(1)
	}
}
