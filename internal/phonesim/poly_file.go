package phonesim

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// polyFile is what one file says. overrides: it was written at the phone.
type polyFile struct {
	values    map[string]string
	overrides bool
}

// polyMaster is the attributes of the master file, those for the model in place.
type polyMaster map[string]string

var errPolyMaster = errors.New("no APPLICATION in the master file")

func parsePolyMaster(b []byte, model string) (polyMaster, error) {
	m, found := polyMaster{}, false
	suffix := "_" + strings.ReplaceAll(model, "_", "")
	err := polyElements(b, func(name string, attrs []xml.Attr) error {
		switch name {
		case "APPLICATION":
			found = true
			for _, a := range attrs {
				if _, own := m[a.Name.Local]; !own {
					m[a.Name.Local] = a.Value
				}
			}
		case "APPLICATION" + suffix:
			for _, a := range attrs {
				m[strings.TrimSuffix(a.Name.Local, suffix)] = a.Value
			}
		}
		return nil
	})
	if err == nil && !found {
		err = errPolyMaster
	}
	if err != nil {
		return nil, err
	}
	return m, nil
}

// image is the file with the software, "" = none is wanted.
func (m polyMaster) image() string {
	path, named := m["APP_FILE_PATH"]
	if m == nil || named && path == "" {
		return ""
	}
	if path = cmp.Or(path, "sip.ld"); path == "sip.ld" {
		return polyPart + ".sip.ld"
	}
	return path
}

// files are the names in CONFIG_FILES, filled in.
func (m polyMaster) files(c *Config) []string {
	fill := strings.NewReplacer("[PHONE_MAC_ADDRESS]", string(c.MAC), "[MACADDRESS]", string(c.MAC),
		"[PHONE_MODEL]", strings.ReplaceAll(c.Model, "_", ""), "[PHONE_PART_NUMBER]", polyPart)
	var names []string
	for name := range strings.SplitSeq(m["CONFIG_FILES"], ",") {
		if name = strings.TrimSpace(fill.Replace(name)); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// in is one of the directories of the master file.
func (m polyMaster) in(name string) string {
	if m[name] == "" {
		return ""
	}
	return directory(m[name])
}

// parsePoly reads a configuration: in whatever elements they stand, attributes
// are parameters.
func parsePoly(b []byte) (map[string]string, error) {
	values := map[string]string{}
	err := polyElements(b, func(_ string, attrs []xml.Attr) error {
		for _, a := range attrs {
			if a.Name.Space == "xmlns" || a.Name.Local == "xmlns" || a.Name.Space != "" {
				continue
			}
			if _, twice := values[a.Name.Local]; twice {
				return fmt.Errorf("%s stands there twice", a.Name.Local)
			}
			values[a.Name.Local] = a.Value
		}
		return nil
	})
	return values, err
}

// polyElements walks a well-formed document.
func polyElements(b []byte, each func(name string, attrs []xml.Attr) error) error {
	d := xml.NewDecoder(bytes.NewReader(b))
	seen := false
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			if !seen {
				return errors.New("no element at all")
			}
			return nil
		}
		if err != nil {
			return err
		}
		if t, ok := tok.(xml.StartElement); ok {
			if !seen && strings.EqualFold(t.Name.Local, "html") {
				return errors.New("a page for people")
			}
			seen = true
			if err := each(t.Name.Local, t.Attr); err != nil {
				return err
			}
		}
	}
}

// parsePolyDirectory reads the speed dials of a directory, as settings of ours.
func parsePolyDirectory(b []byte) (map[string]string, error) {
	var doc struct {
		Items []struct {
			First   string `xml:"fn"`
			Last    string `xml:"ln"`
			Contact string `xml:"ct"`
			Index   string `xml:"sd"`
		} `xml:"item_list>item"`
	}
	if err := xml.Unmarshal(b, &doc); err != nil {
		return nil, err
	}
	values := map[string]string{}
	for _, i := range doc.Items {
		if n, err := strconv.Atoi(i.Index); err == nil && n > 0 && i.Contact != "" {
			values["directory."+strconv.Itoa(n)+".ct"] = i.Contact
			values["directory."+strconv.Itoa(n)+".label"] = cmp.Or(strings.TrimSpace(i.First+" "+i.Last), i.Contact)
		}
	}
	return values, nil
}

// applyPoly reads all files anew: the first that names a parameter wins, but for
// what was changed at the phone. A device's own parameters are only taken where
// the same file says so twice, and stay.
func applyPoly(s settings, docs []document, keep func(string) bool) {
	for k := range s {
		if !strings.HasPrefix(k, "device.") {
			delete(s, k)
		}
	}
	files := make([]polyFile, 0, len(docs))
	for _, d := range docs {
		files = append(files, d.body.(polyFile))
	}
	slices.SortStableFunc(files, func(a, b polyFile) int {
		switch {
		case a.overrides && !b.overrides:
			return -1
		case b.overrides && !a.overrides:
			return 1
		}
		return 0
	})
	taken := map[string]bool{}
	for _, f := range files {
		for _, k := range slices.Sorted(maps.Keys(f.values)) {
			if taken[k] || !keep(k) {
				continue
			}
			if strings.HasPrefix(k, "device.") && (strings.HasSuffix(k, ".set") || f.values["device.set"] != "1" || f.values[k+".set"] != "1") {
				continue
			}
			taken[k] = true
			s.set(k, f.values[k])
		}
	}
}
