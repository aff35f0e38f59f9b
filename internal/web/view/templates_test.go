package view

import (
	"bytes"
	"go/ast"
	"go/format"
	goparser "go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/a-h/templ/generator"
	"github.com/a-h/templ/parser/v2"
	"github.com/a-h/templ/parser/v2/visitor"
)

// templates are all templates of the portal, by path.
func templates(t *testing.T) map[string]*parser.TemplateFile {
	t.Helper()
	out := map[string]*parser.TemplateFile{}
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(p, ".templ") {
			return err
		}
		f, err := parser.Parse(p)
		if err != nil {
			t.Errorf("%s: %v", p, err)
			return nil
		}
		out[filepath.ToSlash(p)] = f
		return nil
	})
	if err != nil || len(out) < 10 {
		t.Fatalf("%d templates: %v", len(out), err)
	}
	return out
}

func TestGeneratedTemplatesAreFresh(t *testing.T) {
	for p, f := range templates(t) {
		var b bytes.Buffer
		if _, err := generator.Generate(f, &b, generator.WithVersion("v0.3.977"), generator.WithFileName(p)); err != nil {
			t.Errorf("%s: %v", p, err)
			continue
		}
		want, err := format.Source(b.Bytes())
		if err != nil {
			t.Errorf("%s: %v", p, err)
			continue
		}
		got, err := os.ReadFile(strings.TrimSuffix(p, ".templ") + "_templ.go")
		if err != nil || !bytes.Equal(pathless(got), pathless(want)) {
			t.Errorf("%s: what was generated from it is stale (%v); go generate ./internal/web/view, and commit it too", p, err)
		}
	}
}

// fileName is where generated code says what it came from, which depends on where
// the generator was run.
var fileName = regexp.MustCompile("FileName: `[^`]*`")

func pathless(b []byte) []byte { return fileName.ReplaceAll(b, []byte("FileName: ``")) }

// seen are attributes whose text people see or hear.
var seen = map[string]bool{"aria-label": true, "placeholder": true, "title": true, "alt": true, "label": true, "aria-description": true, "aria-valuetext": true, "value": true}

// unworded are words that are the same in every language, and what a switched-on box
// sends.
var unworded = map[string]bool{"Tischlein": true, "Tischlein · ": true, " · Tischlein": true, "· Tischlein": true, "on": true}

var letter = regexp.MustCompile(`\p{L}`)

// TestU01_NoVisibleWordBypassesTheTexts looks for words that stand in a template
// instead of the files of texts, and for what the Content-Security-Policy would
// not let through (X04).
func TestU01_NoVisibleWordBypassesTheTexts(t *testing.T) {
	for p, f := range templates(t) {
		v := visitor.New()
		wrong := func(what, s string) { t.Errorf("%s: %s %q belongs into the texts", p, what, s) }
		v.Text = func(n *parser.Text) error {
			if letter.MatchString(n.Value) && !unworded[strings.TrimSpace(n.Value)] {
				wrong("the text", n.Value)
			}
			return nil
		}
		v.StringExpression = func(n *parser.StringExpression) error {
			if s, err := strconv.Unquote(n.Expression.Value); err == nil && letter.MatchString(s) && !unworded[s] {
				wrong("the text", s)
			}
			return nil
		}
		v.ConstantAttribute = func(n *parser.ConstantAttribute) error {
			name := n.Key.String()
			if seen[name] && letter.MatchString(n.Value) && !unworded[n.Value] && !(name == "value" && n.Value == strings.ToLower(n.Value)) {
				wrong("the attribute "+name, n.Value)
			}
			if name == "style" || strings.HasPrefix(name, "on") || strings.HasPrefix(name, "hx-on") {
				t.Errorf("%s: the browser will not run the attribute %s", p, name)
			}
			if name == "hx-trigger" && strings.ContainsAny(n.Value, "[]") || strings.Contains(n.Value, "js:") {
				t.Errorf("%s: %s=%q would need eval", p, name, n.Value)
			}
			return nil
		}
		elements := v.TemplElementExpression
		v.TemplElementExpression = func(n *parser.TemplElementExpression) error {
			for _, s := range labels(n.Expression.Value) {
				wrong("the label", s)
			}
			return elements(n)
		}
		if err := f.Visit(v); err != nil {
			t.Errorf("%s: %v", p, err)
		}
	}
}

// said are members of models whose text people see.
var said = map[string]bool{
	"Title": true, "Label": true, "Hint": true, "Caption": true, "Placeholder": true, "Do": true, "Text": true, "Message": true,
	"Detail": true, "Refused": true, "Search": true, "Count": true, "Advice": true, "About": true,
}

// labels are the words in a Go expression that are given to such a member.
func labels(expression string) (out []string) {
	tree, err := goparser.ParseExpr(expression)
	if err != nil {
		return nil
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		kv, ok := n.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		key, ok := kv.Key.(*ast.Ident)
		value, isText := kv.Value.(*ast.BasicLit)
		if ok && isText && value.Kind == token.STRING && said[key.Name] {
			if s, err := strconv.Unquote(value.Value); err == nil && letter.MatchString(s) && !unworded[s] {
				out = append(out, s)
			}
		}
		return true
	})
	return out
}

// The same holds where handlers and models fill views.
func TestU01_NoHandlerSaysAWordItself(t *testing.T) {
	set := token.NewFileSet()
	read := 0
	for _, pattern := range []string{"*.go", "../*.go"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go") {
				continue
			}
			read++
			tree, err := goparser.ParseFile(set, name, nil, goparser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(tree, func(n ast.Node) bool {
				kv, ok := n.(*ast.KeyValueExpr)
				if !ok {
					return true
				}
				key, _ := kv.Key.(*ast.Ident)
				value, isText := kv.Value.(*ast.BasicLit)
				if key == nil || !isText || value.Kind != token.STRING || !said[key.Name] || key.Name == "Message" {
					return true // a telephony.Error's Message is for logs
				}
				if s, err := strconv.Unquote(value.Value); err == nil && letter.MatchString(s) && !unworded[s] {
					t.Errorf("%s says %q itself: it belongs into the texts", set.Position(value.Pos()), s)
				}
				return true
			})
		}
	}
	if read < 20 {
		t.Fatalf("only %d files were read", read)
	}
}
