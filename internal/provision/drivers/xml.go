package drivers

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"encoding/xml"
	"strings"

	"tischlein/internal/provision"
)

// element writes one element on a line of its own; tag may hold attributes.
func element(b *bytes.Buffer, indent, tag, text string) {
	b.WriteString(indent + "<" + tag + ">")
	provision.EscapeXML(b, text)
	name, _, _ := strings.Cut(tag, " ")
	b.WriteString("</" + name + ">\n")
}

// elements reads what element wrote: the settings of a file with one element for each.
type elements []struct {
	XMLName xml.Name
	Value   string `xml:",chardata"`
}

func (list elements) settings() []provision.Setting {
	settings := make([]provision.Setting, 0, len(list))
	for _, e := range list {
		settings = append(settings, provision.Setting{Name: e.XMLName.Local, Value: pemBare(e.Value)})
	}
	return settings
}

// attribute writes one attribute, with the space before it.
func attribute(b *bytes.Buffer, name, value string) {
	b.WriteString(" " + name + `="`)
	provision.EscapeXML(b, value)
	b.WriteByte('"')
}

// pemText is a certificate in the lines that most libraries want, from one line of
// base64.
func pemText(der string) string {
	raw, err := base64.StdEncoding.DecodeString(der)
	if err != nil {
		return "" // the catalogue has let nothing else through
	}
	return strings.TrimSuffix(string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw})), "\n")
}

// pemBare is pemText's inverse; other text stays as it is.
func pemBare(text string) string {
	if block, _ := pem.Decode([]byte(text)); block != nil {
		return base64.StdEncoding.EncodeToString(block.Bytes)
	}
	return text
}
