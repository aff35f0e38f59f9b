package phonesim

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

var errHtekRoot = errors.New("root is not <hl_provision>")

// parseHtek reads <hl_provision><config><P271 para="...">. The element's name is
// what counts; para is for people.
func parseHtek(b []byte) (map[string]string, error) {
	f := map[string]string{}
	d := xml.NewDecoder(bytes.NewReader(b))
	var path []string
	var text strings.Builder
	rooted := false
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			if !rooted {
				return nil, errHtekRoot
			}
			return f, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading XML: %w", err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			path = append(path, t.Name.Local)
			switch {
			case path[0] != "hl_provision":
				return nil, errHtekRoot
			case len(path) == 3 && path[1] == "config" && !grandstreamP.MatchString(path[2]):
				return nil, fmt.Errorf("%s is no P-value", path[2])
			}
			rooted = true
			text.Reset()
		case xml.CharData:
			text.Write(t)
		case xml.EndElement:
			if len(path) == 3 && path[1] == "config" {
				f[path[2]] = strings.TrimSpace(text.String())
			}
			path = path[:len(path)-1]
			text.Reset()
		}
	}
}
