package phonesim

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// gigasetFile is one parsed <provisioning> document.
type gigasetFile struct {
	product    string // productID: "e2" for a DECT manager, "" for a Maxwell
	params     []gigasetParam
	operations []gigasetParam // <oper>, in order; a value may be their text
}

type gigasetParam struct{ name, value string }

var errGigasetRoot = errors.New("root is not <provisioning>")

// parseGigaset reads the parameters and operations below <nvm>, and the parameters
// of an operation as those of the file. Anything else is passed over.
func parseGigaset(b []byte) (gigasetFile, error) {
	var f gigasetFile
	d := xml.NewDecoder(bytes.NewReader(b))
	var path []string
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
			attr := attributes(t)
			switch {
			case len(path) == 0 && t.Name.Local != "provisioning":
				return f, fmt.Errorf("%w: <%s>", errGigasetRoot, t.Name.Local)
			case len(path) == 0:
				f.product = attr["productID"]
			case len(path) < 2 || path[1] != "nvm":
			case t.Name.Local == "param" && attr["name"] == "", t.Name.Local == "oper" && attr["name"] == "":
				return f, fmt.Errorf("<%s> without a name", t.Name.Local)
			case t.Name.Local == "param":
				f.params = append(f.params, gigasetParam{attr["name"], attr["value"]})
			case t.Name.Local == "oper":
				f.operations = append(f.operations, gigasetParam{attr["name"], attr["value"]})
			}
			path = append(path, t.Name.Local)
		case xml.EndElement:
			path = path[:len(path)-1]
		}
	}
	if f.params == nil && f.operations == nil {
		return f, errGigasetRoot
	}
	return f, nil
}

// applyGigaset merges one file. A DECT manager that is told to drops the handsets
// that the file does not name.
func applyGigaset(s settings, f gigasetFile, keep func(string) bool) {
	for _, o := range f.operations {
		if o.name == "DeleteNotProvisionedHS" && o.value != "0" {
			named := map[string]bool{}
			for _, p := range f.params {
				named[handsetOf(p.name)] = true
			}
			for k := range s {
				if h := handsetOf(k); h != "" && !named[h] {
					delete(s, k)
				}
			}
		}
	}
	for _, p := range f.params {
		if keep(p.name) {
			s.set(p.name, p.value)
		}
	}
}

// handsetOf is the number of the handset that a parameter is about, "" for none.
func handsetOf(name string) string {
	for _, prefix := range []string{"SipAccount.", "hs."} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			if n, _, ok := strings.Cut(rest, "."); ok && strings.Trim(n, "0123456789") == "" {
				return n
			}
		}
	}
	return ""
}
