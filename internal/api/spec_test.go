package api

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"tischlein/internal/app"
)

var update = flag.Bool("update", false, "write docs/openapi.yaml anew")

const specFile = "../../docs/openapi.yaml"

func TestSpec_FileIsFresh(t *testing.T) {
	want, err := Spec()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(specFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(specFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("docs/openapi.yaml is stale; run: go test ./internal/api -run TestSpec -update")
	}
}

type document struct {
	OpenAPI    string
	Security   []map[string][]string
	Paths      map[string]map[string]operation
	Components struct {
		Schemas         map[string]json.RawMessage
		SecuritySchemes map[string]json.RawMessage
	}
}

type operation struct {
	OperationID, Summary, Description string
	Tags                              []string
	Parameters                        []struct {
		Name, In string
		Required bool
	}
	Responses map[string]struct{ Content map[string]json.RawMessage }
	Security  *[]map[string][]string
}

// Every operation is described, every path parameter is declared, every
// reference leads somewhere, and only the open paths need no token.
func TestSpec_IsWellFormed(t *testing.T) {
	b, err := newServer(&app.App{}, Options{}).routes().api.OpenAPI().MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var d document
	if err := json.Unmarshal(b, &d); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(d.OpenAPI, "3.1.") || len(d.Security) != 1 || d.Components.SecuritySchemes["token"] == nil {
		t.Errorf("openapi %q, security %v", d.OpenAPI, d.Security)
	}
	ids := map[string]bool{}
	for path, ops := range d.Paths {
		for method, op := range ops {
			name := method + " " + path
			checkOperation(t, name, path, op)
			if ids[op.OperationID] {
				t.Errorf("%s: operation id %s is used twice", name, op.OperationID)
			}
			ids[op.OperationID] = true
		}
	}
	if len(ids) < 60 {
		t.Errorf("only %d operations", len(ids))
	}
	for _, ref := range regexp.MustCompile(`"#/components/schemas/([^"]+)"`).FindAllSubmatch(b, -1) {
		if d.Components.Schemas[string(ref[1])] == nil {
			t.Errorf("%s leads nowhere", ref[0])
		}
	}
}

func checkOperation(t *testing.T, name, path string, op operation) {
	t.Helper()
	if op.Summary == "" || op.Description == "" || op.OperationID == "" || len(op.Tags) == 0 {
		t.Errorf("%s is not described", name)
	}
	for _, m := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(path, -1) {
		found := false
		for _, p := range op.Parameters {
			found = found || p.In == "path" && p.Name == m[1] && p.Required
		}
		if !found {
			t.Errorf("%s does not declare {%s}", name, m[1])
		}
	}
	problems := false
	for _, r := range op.Responses {
		problems = problems || r.Content["application/problem+json"] != nil
	}
	if !problems {
		t.Errorf("%s does not say what its errors look like", name)
	}
	if unlocked := op.Security != nil && len(*op.Security) == 0; unlocked != open[path] {
		t.Errorf("%s: open in the description %v, in fact %v", name, unlocked, open[path])
	}
}
