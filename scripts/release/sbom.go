package main

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// component is one of CycloneDX 1.6.
type component struct {
	Type     string   `json:"type"`
	Ref      string   `json:"bom-ref"`
	Name     string   `json:"name"`
	Version  string   `json:"version"`
	Hashes   []digest `json:"hashes,omitempty"`
	Licences []named  `json:"licenses"`
	PURL     string   `json:"purl,omitempty"`
}

type digest struct {
	Alg     string `json:"alg"`
	Content string `json:"content"`
}

type named struct {
	Licence struct {
		ID string `json:"id"`
	} `json:"license"`
}

func licensed(id string) []named {
	var n named
	n.Licence.ID = id
	return []named{n}
}

// sbom lists what is in a program, by what the linker wrote into it: the bill of materials is of this file and not of a
// folder it may have come from. It holds no time and no serial number, so the same program gives the same bill.
func sbom(program, version string, all []module) ([]byte, error) {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return nil, fmt.Errorf("reading what is in the program: %w", err)
	}
	known := map[string]module{}
	for _, m := range all {
		known[m.Path] = m
	}
	goVersion := strings.TrimPrefix(info.GoVersion, "go")
	parts := []component{{Type: "library", Ref: "pkg:golang/std@" + goVersion, Name: "std", Version: goVersion,
		Licences: licensed("BSD-3-Clause"), PURL: "pkg:golang/std@" + goVersion}}
	for _, d := range info.Deps {
		sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(d.Sum, "h1:"))
		if err != nil || len(sum) == 0 {
			return nil, fmt.Errorf("reading what is in the program: %s has no checksum", d.Path)
		}
		purl := "pkg:golang/" + d.Path + "@" + d.Version
		parts = append(parts, component{Type: "library", Ref: purl, Name: d.Path, Version: d.Version, PURL: purl,
			Hashes: []digest{{"SHA-256", hex.EncodeToString(sum)}}, Licences: licensed(known[d.Path].legal.id)})
	}
	for _, v := range vendored {
		if v.inside {
			purl := "pkg:npm/" + v.name + "@" + v.version
			parts = append(parts, component{Type: "library", Ref: purl, Name: v.name, Version: v.version, PURL: purl,
				Licences: licensed(v.licence)})
		}
	}
	octets, err := os.ReadFile(program)
	if err != nil {
		return nil, fmt.Errorf("summing up the program: %w", err)
	}
	ours := component{Type: "application", Ref: "tischlein@" + version, Name: "tischlein", Version: version,
		Hashes: []digest{{"SHA-256", fmt.Sprintf("%x", sha256.Sum256(octets))}}, Licences: licensed("Apache-2.0")}
	out, err := json.MarshalIndent(map[string]any{
		"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
		"metadata": map[string]any{"component": ours}, "components": parts,
	}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("writing the bill of materials: %w", err)
	}
	return append(out, '\n'), nil
}
