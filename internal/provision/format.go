package provision

import (
	"bytes"
	"strings"
)

// WriteLines writes settings as lines "name = value" (Yealink). Settings come
// from a Sheet, so no value can hold a line break.
func WriteLines(b *bytes.Buffer, settings []Setting) {
	for _, s := range settings {
		b.WriteString(s.Name)
		b.WriteString(" = ")
		b.WriteString(s.Value)
		b.WriteByte('\n')
	}
}

// EscapeXML writes text that can stand in an element or in an attribute.
func EscapeXML(b *bytes.Buffer, s string) { b.WriteString(escapeXML(s)) }

var xmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

func escapeXML(s string) string { return xmlEscapes.Replace(s) }
