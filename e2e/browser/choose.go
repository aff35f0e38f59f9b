package browser

import "strings"

// Choose chooses the entry that holds these words from a drop-down list of the browser,
// with the keys that a person without a mouse has: its pop-up is not part of the page.
func (b *Tab) Choose(t Target, option string) {
	b.t.Helper()
	e := b.Find(t)
	if _, err := ask[any](e, `function() { this.focus() }`); err != nil {
		b.fail("%s: %v", t, err)
	}
	chosen := func() string {
		b.t.Helper()
		s, err := ask[string](e, `function() { return this.selectedOptions?.[0]?.text.trim() ?? "" }`)
		b.ok(err)
		return s
	}
	b.key("Home")
	for at := chosen(); !strings.Contains(at, option); {
		b.key("ArrowDown")
		next := chosen()
		if next == at {
			b.fail("%s does not offer %q; the last is %q", t, option, at)
		}
		at = next
	}
	b.settle()
}
