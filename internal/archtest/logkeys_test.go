package archtest

import (
	"go/ast"
	"go/token"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// logKeys are the keys of log lines: one word for one thing, so that an operator
// can search for it. docs/operations.md explains them.
var logKeys = []string{
	"action", "bulk", "component", "count", "cpe", "customer", "err", "from", "method", "operation", "outcome",
	"sip_user", "stack", "status", "task", "token", "tries",
}

// firstKey is where the keys begin among the arguments of a method of a logger.
var firstKey = map[string]int{
	"Debug": 1, "Info": 1, "Warn": 1, "Error": 1, "With": 0,
	"DebugContext": 2, "InfoContext": 2, "WarnContext": 2, "ErrorContext": 2, "Log": 3,
}

// keysOf are the keys that a call gives to a logger, "" for one that is no plain
// text; ok tells whether it is such a call. A logger is what is called log.
func keysOf(n ast.Node) (keys []string, ok bool) {
	call, is := n.(*ast.CallExpr)
	if !is {
		return nil, false
	}
	method, is := call.Fun.(*ast.SelectorExpr)
	if !is {
		return nil, false
	}
	var on string
	switch x := method.X.(type) {
	case *ast.Ident:
		on = x.Name
	case *ast.SelectorExpr:
		on = x.Sel.Name
	case *ast.CallExpr: // slog.Default().Info
		if f, is := x.Fun.(*ast.SelectorExpr); is && f.Sel.Name == "Default" {
			on = "slog"
		}
	}
	from, is := firstKey[method.Sel.Name]
	if !is || !slices.Contains([]string{"log", "slog", "logger"}, strings.ToLower(on)) {
		return nil, false
	}
	for i := from; i < len(call.Args); i += 2 {
		key := ""
		if text, is := call.Args[i].(*ast.BasicLit); is && text.Kind == token.STRING {
			key, _ = strconv.Unquote(text.Value)
		}
		keys = append(keys, key)
	}
	return keys, true
}

func TestLogLinesHaveTheFixedKeysAndTheyAreExplained(t *testing.T) {
	used := map[string]bool{}
	for _, s := range sources(t) {
		if s.test() || !below(s.dir, "internal") && !below(s.dir, "cmd") {
			continue
		}
		ast.Inspect(s.tree, func(n ast.Node) bool {
			keys, _ := keysOf(n)
			for _, k := range keys {
				used[k] = true
				if !slices.Contains(logKeys, k) {
					t.Errorf("%s logs with the key %q, which is none of the fixed ones", s.path, k)
				}
			}
			return true
		})
	}
	if got := slices.Sorted(maps.Keys(used)); !slices.Equal(got, logKeys) {
		t.Errorf("the keys in use are %q, fixed are %q", got, logKeys)
	}
	page, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range logKeys {
		if !strings.Contains(string(page), "\n| `"+k+"` |") {
			t.Errorf("docs/operations.md does not explain the key %q", k)
		}
	}
}
