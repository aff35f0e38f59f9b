package drivers

import (
	"bytes"
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
