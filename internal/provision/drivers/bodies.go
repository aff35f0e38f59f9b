package drivers

import (
	"path"
	"strings"

	"tischlein/internal/provision"
)

// bodyRow is what some models look like: patterns of their names split by spaces, their
// display, and the keys left and right of it or in a column. Such tables are drawn
// from looking at the phones and their pictures; nothing that reaches a phone depends
// on them.
type bodyRow struct {
	models              string
	display             provision.Display
	left, right, column int
}

// drawn is a body with what the first row that names the model says of it.
func drawn(b provision.Body, rows []bodyRow, m provision.Model) provision.Body {
	for _, r := range rows {
		for pattern := range strings.FieldsSeq(r.models) {
			if fits, _ := path.Match(pattern, m.Name); fits {
				b.Display, b.Left, b.Right, b.Column = r.display, r.left, r.right, r.column
				return b
			}
		}
	}
	return b
}

// usualSoft are the keys beneath the display that most makers' phones have.
func usualSoft() []provision.SoftKey {
	return []provision.SoftKey{{Symbol: provision.SoftHistory}, {Symbol: provision.SoftContacts}, {Symbol: provision.SoftQuiet}, {Symbol: provision.SoftMenu}}
}
