package phonesim

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// ciscoProfile is one flat profile, in file order.
type ciscoProfile []ciscoParam

type ciscoParam struct {
	name, value string
	access      string // ua: "na", "ro" or "rw" for who stands before the phone
}

// locked is the permission that SetByUser understands.
func (p ciscoParam) locked() string {
	if p.access == "na" || p.access == "ro" {
		return "R"
	}
	return ""
}

// parseCisco reads <flat-profile>, bare or in <device>, gzipped or not. Elements
// inside a parameter mean nothing.
func parseCisco(b []byte) (ciscoProfile, error) {
	if bytes.HasPrefix(b, []byte{0x1f, 0x8b}) {
		r, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			return nil, fmt.Errorf("gzip: %w", err)
		}
		if b, err = readCapped(r); err != nil {
			return nil, fmt.Errorf("gzip: %w", err)
		}
	}
	if bytes.HasPrefix(b, []byte("Salted__")) {
		return nil, errors.New("the profile is encrypted, and the rule names no key")
	}
	type element struct {
		XMLName xml.Name
		Access  string `xml:"ua,attr"`
		Value   string `xml:",chardata"`
	}
	type flat struct {
		XMLName  xml.Name
		Elements []element `xml:",any"`
	}
	var doc struct {
		XMLName xml.Name
		Inner   []byte `xml:",innerxml"`
	}
	dec := xml.NewDecoder(bytes.NewReader(b))
	if err := dec.Decode(&doc); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) && err != nil {
		return nil, err
	}
	var profiles []flat
	switch doc.XMLName.Local {
	case "flat-profile":
		var f flat
		if err := xml.Unmarshal(b, &f); err != nil {
			return nil, err
		}
		profiles = []flat{f}
	case "device":
		var d struct {
			Flat []flat `xml:"flat-profile"`
		}
		if err := xml.Unmarshal(b, &d); err != nil {
			return nil, err
		}
		profiles = d.Flat
	}
	if len(profiles) == 0 {
		return nil, fmt.Errorf("<%s> holds no flat-profile", doc.XMLName.Local)
	}
	var all ciscoProfile
	for _, f := range profiles {
		for _, e := range f.Elements {
			all = append(all, ciscoParam{name: e.XMLName.Local, value: strings.TrimSpace(e.Value), access: e.Access})
		}
	}
	return all, nil
}

// ciscoStep is what a rule comes down to.
type ciscoStep struct{ url, user, password string }

// parseCiscoRule chooses the first alternative whose condition holds. Macros are
// filled in already. ok is false when none does, or it leads nowhere over HTTP.
func parseCiscoRule(rule string) (ciscoStep, bool) {
	for _, alternative := range strings.Split(rule, "|") {
		condition, rest, conditional := strings.Cut(alternative, " ? ")
		if !conditional {
			rest = alternative
		} else if !ciscoHolds(condition) {
			continue
		}
		var step ciscoStep
		rest = strings.TrimSpace(rest)
		if options, url, found := strings.Cut(strings.TrimPrefix(rest, "["), "]"); found && strings.HasPrefix(rest, "[") {
			words := strings.Fields(options)
			for n := 0; n+1 < len(words); n++ {
				switch words[n] {
				case "--uid":
					step.user = words[n+1]
				case "--pwd":
					step.password = words[n+1]
				}
			}
			rest = strings.TrimSpace(url)
		}
		step.url = rest
		return step, strings.HasPrefix(rest, "http://") || strings.HasPrefix(rest, "https://")
	}
	return ciscoStep{}, false
}

// ciscoHolds evaluates comparisons of quoted texts that are joined by "and".
func ciscoHolds(condition string) bool {
	for _, part := range strings.Split(strings.Trim(strings.TrimSpace(condition), "()"), " and ") {
		fields := splitQuoted(strings.TrimSpace(part), ' ')
		if len(fields) != 3 {
			return false
		}
		same := unquote(fields[0]) == unquote(fields[2])
		switch fields[1] {
		case "eq", "==":
			if !same {
				return false
			}
		case "ne", "!=":
			if same {
				return false
			}
		default:
			return false
		}
	}
	return true
}
