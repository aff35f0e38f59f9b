package main

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const root = "../.."

var update = flag.Bool("update", false, "write docs/licences.md")

// TestX05_LicencesMayBeShipped reads the licence of every module that go.mod names and of every file of others, and holds
// the page that lists them.
func TestX05_LicencesMayBeShipped(t *testing.T) {
	all, err := modules(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		if !shippable[m.legal.id] && (m.inside || !testable[m.legal.id]) {
			t.Errorf("%s is under %q, which may not be here", m.Path, m.legal.id)
		}
	}
	for _, v := range vendored {
		if !shippable[v.licence] && (v.inside || !testable[v.licence]) {
			t.Errorf("%s is under %q, which may not be here", v.name, v.licence)
		}
	}
	page := filepath.Join(root, "docs/licences.md")
	if *update {
		if err := os.WriteFile(page, []byte(list(all)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != list(all) {
		t.Errorf("docs/licences.md is not what the modules say: go test ./scripts/release -run Licence -update")
	}
	notices, err := texts(root, all)
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"Copyright 2009 The Go Authors", "Emir", "Zero-Clause BSD", "modernc.org/libc"} {
		if !strings.Contains(string(notices), words) {
			t.Errorf("the texts to be passed on lack %q", words)
		}
	}
}

func TestX05_LicencesAreToldApart(t *testing.T) {
	for text, id := range map[string]string{
		"GNU GENERAL PUBLIC LICENSE\nVersion 3": "",
		"GNU Affero\n  General Public License. Permission is hereby granted, free of charge, to any person …":         "",
		"All rights reserved. Ask our sales department.":                                                              "",
		"Mozilla Public License Version 2.0 … GNU General Public License, Version 2.0":                                "MPL-2.0",
		"Apache License\n    Version 2.0, January 2004":                                                               "Apache-2.0",
		"Permission is hereby granted, free of charge, to any\n// person obtaining a copy":                            "",
		"Permission is hereby granted, free of charge, to any\n person obtaining a copy":                              "MIT",
		"Redistribution and use in source and\nbinary forms":                                                          "BSD-2-Clause",
		"Redistribution and use in source and binary forms … used to endorse or promote products":                     "BSD-3-Clause",
		"Permission to use, copy, modify, and/or distribute this software … provided that the above copyright notice": "ISC",
		"Permission to use, copy, modify, and/or distribute this software for any purpose":                            "0BSD",
	} {
		if got := identify(text); got != id {
			t.Errorf("%q is taken for %q, not %q", text, got, id)
		}
	}
}

// TestX05_FilesOfOthersAreAsPublished holds the vendored files to the checksums of what their makers published.
func TestX05_FilesOfOthersAreAsPublished(t *testing.T) {
	for _, v := range vendored {
		for path, want := range v.files {
			got, err := published(root, path)
			if err != nil {
				t.Fatal(err)
			}
			if got != want {
				t.Errorf("%s is not what %s %s published: %s", path, v.name, v.version, got)
			}
		}
	}
	minified, err := filepath.Glob(filepath.Join(root, "internal/web/static/js/*.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	if len(minified) != len(vendored[0].files) {
		t.Errorf("not every file of others has a checksum: %v", minified)
	}
}

// TestX05_ReleaseIsReproducible makes the program in this folder and in a copy of it elsewhere. Both share the compiler's
// cache, which does not ask for folders; make release shares nothing.
func TestX05_ReleaseIsReproducible(t *testing.T) {
	all, err := modules(root)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := t.TempDir()
	for _, part := range []string{"cmd", "internal"} {
		if err := os.CopyFS(filepath.Join(elsewhere, part), os.DirFS(filepath.Join(root, part))); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(elsewhere, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	program := filepath.Join(t.TempDir(), "tischlein")
	if err := same(root, elsewhere, program, "v0.0.1-test", runtime.GOARCH); err != nil {
		t.Fatal(err)
	}
	said, err := exec.Command(program, "version").Output()
	if err != nil || !strings.HasPrefix(string(said), "tischlein v0.0.1-test go1.") {
		t.Errorf("the program calls itself %q (%v)", said, err)
	}
	billOf(t, program, all)
}

// billOf holds the bill of materials to what is in the program.
func billOf(t *testing.T, program string, all []module) {
	t.Helper()
	text, err := sbom(program, "v0.0.1-test", all)
	if err != nil {
		t.Fatal(err)
	}
	var bill struct {
		BomFormat  string
		Components []component
	}
	if err := json.Unmarshal(text, &bill); err != nil {
		t.Fatal(err)
	}
	listed := map[string]component{}
	for _, c := range bill.Components {
		listed[c.Name] = c
		if c.Version == "" || !shippable[c.Licences[0].Licence.ID] {
			t.Errorf("the bill says too little of %+v", c)
		}
	}
	for _, m := range all {
		c, there := listed[m.Path]
		if there != m.inside {
			t.Errorf("%s: in the bill %v, in the program %v", m.Path, there, m.inside)
		}
		if there && (c.Version != m.Version || len(c.Hashes) != 1 || len(c.Hashes[0].Content) != 64) {
			t.Errorf("the bill says of %s %+v", m.Path, c)
		}
	}
	for _, name := range []string{"std", "htmx.org"} {
		if listed[name].Version == "" {
			t.Errorf("the bill lacks %s", name)
		}
	}
	if bill.BomFormat != "CycloneDX" {
		t.Errorf("it is a %q", bill.BomFormat)
	}
}
