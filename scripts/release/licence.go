package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// shippable are the licences under which something may be inside the program, testable those under which it may at least
// run beside it: the Mozilla licence asks for the source of what is passed on, and we pass none of it on.
var (
	shippable = map[string]bool{"0BSD": true, "Apache-2.0": true, "BSD-2-Clause": true, "BSD-3-Clause": true, "ISC": true, "MIT": true}
	testable  = map[string]bool{"MPL-2.0": true}
)

var (
	legalFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)`)
	mainFile  = regexp.MustCompile(`(?i)^(licen[cs]e|copying)(\.md|\.txt)?$`)
	spaces    = regexp.MustCompile(`[\s*#>]+`)
)

// identify names a licence by the sentence that makes it, as SPDX does; "" where it is none that we know.
func identify(text string) string {
	text = strings.ToLower(spaces.ReplaceAllString(text, " "))
	has := func(words string) bool { return strings.Contains(text, words) }
	switch {
	case has("mozilla public license version 2.0"):
		return "MPL-2.0" // names the GNU licences as secondary ones
	case has("general public license"):
		return ""
	case has("apache license version 2.0"):
		return "Apache-2.0"
	case has("permission is hereby granted, free of charge, to any person obtaining a copy"):
		return "MIT"
	case has("redistribution and use in source and binary forms") && has("endorse or promote products"):
		return "BSD-3-Clause"
	case has("redistribution and use in source and binary forms"):
		return "BSD-2-Clause"
	case has("permission to use, copy, modify, and/or distribute this software"):
		if has("provided that the above copyright notice") {
			return "ISC"
		}
		return "0BSD"
	}
	return ""
}

// legal is what a module's folder says of its licence.
type legal struct {
	id    string
	texts map[string]string // file name → text: licences, notices, grants of patents
}

func readLegal(dir string) (legal, error) {
	out := legal{texts: map[string]string{}}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return out, fmt.Errorf("reading a module's folder: %w", err)
	}
	for _, e := range entries {
		if e.IsDir() || !legalFile.MatchString(e.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return out, fmt.Errorf("reading a licence: %w", err)
		}
		out.texts[e.Name()] = string(text)
		if mainFile.MatchString(e.Name()) {
			out.id = identify(string(text))
		}
	}
	return out, nil
}
