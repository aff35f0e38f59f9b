package phonesim

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
)

// linphoneEntry is one <entry> of an lpconfig document.
type linphoneEntry struct {
	section, name, value string
	overwrite            bool
}

var errLinphoneRoot = errors.New("root is not <config>")

// parseLinphone reads <config><section name><entry name overwrite>.
func parseLinphone(b []byte) ([]linphoneEntry, error) {
	var doc struct {
		XMLName  xml.Name
		Sections []struct {
			Name      string `xml:"name,attr"`
			Overwrite string `xml:"overwrite,attr"`
			Entries   []struct {
				Name      string `xml:"name,attr"`
				Overwrite string `xml:"overwrite,attr"`
				Value     string `xml:",chardata"`
			} `xml:"entry"`
		} `xml:"section"`
	}
	d := xml.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(&doc); err != nil {
		return nil, fmt.Errorf("reading XML: %w", err)
	}
	if doc.XMLName.Local != "config" {
		return nil, fmt.Errorf("%w: <%s>", errLinphoneRoot, doc.XMLName.Local)
	}
	var out []linphoneEntry
	for _, s := range doc.Sections {
		if s.Name == "" {
			return nil, errors.New("section without a name")
		}
		for _, e := range s.Entries {
			if e.Name == "" {
				return nil, fmt.Errorf("section %q: entry without a name", s.Name)
			}
			over := e.Overwrite
			if over == "" {
				over = s.Overwrite
			}
			out = append(out, linphoneEntry{s.Name, e.Name, strings.TrimSpace(e.Value), over == "true"})
		}
	}
	return out, nil
}

// applyLinphone keeps existing values unless an entry says overwrite.
func applyLinphone(s settings, entries []linphoneEntry, keep func(string) bool) {
	for _, e := range entries {
		k := e.section + "/" + e.name
		if _, have := s[k]; (have && !e.overwrite) || !keep(k) {
			continue
		}
		s.set(k, e.value)
	}
}
