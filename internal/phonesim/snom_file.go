package phonesim

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// snomFile is one parsed <settings> or <setting-files> document.
type snomFile struct {
	items   []snomItem
	replace []string // blocks with e="2": what was there goes first
	files   []string // <file url="..."/>
}

// snomItem is <name idx="1" perm="RW">value</name>.
type snomItem struct {
	block, name, idx, perm, label, value string
}

var errSnomRoot = errors.New("root is neither <settings> nor <setting-files>")

// key is "name" or "name:idx".
func (i snomItem) key() string {
	if i.idx == "" {
		return i.name
	}
	return i.name + ":" + i.idx
}

// parseSnom reads either document. Only two levels below the root matter: a
// block and its settings; what is nested deeper (tbook entries) is passed over.
func parseSnom(b []byte) (snomFile, error) {
	var f snomFile
	d := xml.NewDecoder(bytes.NewReader(b))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	var path []string
	var item snomItem
	var text strings.Builder
	root := ""
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return f, fmt.Errorf("reading XML: %w", err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			path = append(path, t.Name.Local)
			attr := attributes(t)
			switch {
			case len(path) == 1:
				root = t.Name.Local
				if root != "settings" && root != "setting-files" {
					return f, fmt.Errorf("%w: <%s>", errSnomRoot, root)
				}
			case root == "setting-files" && t.Name.Local == "file" && attr["url"] != "":
				f.files = append(f.files, attr["url"])
			case len(path) == 2 && attr["e"] == "2":
				f.replace = append(f.replace, t.Name.Local)
			case len(path) == 3 && root == "settings":
				item = snomItem{block: path[1], name: t.Name.Local, idx: attr["idx"], perm: attr["perm"], label: attr["label"]}
				text.Reset()
			}
		case xml.CharData:
			if len(path) == 3 {
				text.Write(t)
			}
		case xml.EndElement:
			if len(path) == 3 && root == "settings" {
				item.value = strings.TrimSpace(text.String())
				f.items = append(f.items, item)
			}
			path = path[:len(path)-1]
		}
	}
	if root == "" {
		return f, errSnomRoot
	}
	return f, nil
}

func attributes(t xml.StartElement) map[string]string {
	m := make(map[string]string, len(t.Attr))
	for _, a := range t.Attr {
		m[a.Name.Local] = a.Value
	}
	return m
}

// applySnom merges one file. perm rules what the person at the phone changed:
// RW and $ leave it alone, R and empty overwrite it.
func applySnom(s settings, f snomFile, keep func(string) bool) {
	for _, block := range f.replace {
		switch block {
		case "functionKeys":
			s.dropPrefix("fkey:")
		case "phone-settings":
			for k := range s {
				// How to reach the server is not thrown away with the rest.
				if k != snomURL && !strings.HasPrefix(k, "http_client_") && !strings.HasPrefix(k, "fkey:") {
					delete(s, k)
				}
			}
		}
	}
	for _, i := range f.items {
		if i.block != "phone-settings" && i.block != "functionKeys" {
			continue
		}
		k := i.key()
		if !keep(k) {
			continue
		}
		if old, ok := s[k]; ok && old.user && (i.perm == "RW" || i.perm == "$" || i.perm == "!") {
			continue
		}
		s[k] = entry{value: i.value, perm: i.perm}
		if i.block == "functionKeys" {
			s[k+":label"] = entry{value: i.label, perm: i.perm}
		}
	}
}
