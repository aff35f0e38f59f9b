package phonesim

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
)

// alcatelSetting is one <setting>.
type alcatelSetting struct{ id, value string }

var errAlcatelRoot = errors.New("root is not <settings>")

// parseAlcatel reads <settings><setting id="..." value="..."/></settings>. A name
// it does not know is the phone's to ignore; an element that it does not is not.
func parseAlcatel(b []byte) ([]alcatelSetting, error) {
	var f []alcatelSetting
	d := xml.NewDecoder(bytes.NewReader(b))
	depth := 0
	rooted := false
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			if !rooted {
				return nil, errAlcatelRoot
			}
			return f, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading XML: %w", err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			depth++
			attr := attributes(t)
			_, valued := attr["value"]
			switch {
			case depth == 1 && t.Name.Local != "settings":
				return nil, errAlcatelRoot
			case depth == 1:
				rooted = true
			case depth > 2 || t.Name.Local != "setting" || attr["id"] == "" || !valued:
				return nil, fmt.Errorf("<%s> is not a setting with id and value", t.Name.Local)
			default:
				f = append(f, alcatelSetting{attr["id"], attr["value"]})
			}
		case xml.EndElement:
			depth--
		}
	}
}
