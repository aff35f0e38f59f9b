package provision

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func shown(d []DiffLine) string {
	var b strings.Builder
	for _, l := range d {
		b.WriteByte(l.Op)
		b.WriteString(l.Text + "|")
	}
	return b.String()
}

func TestP08_DiffShowsWhatChanged(t *testing.T) {
	for _, c := range []struct{ before, after, want string }{
		{"", "", ""},
		{"", "a\n", "+a|"},
		{"a\n", "", "-a|"},
		{"a\r\nb\r\n", "a\nb\n", " a| b|"},
		{"a\nb\nc\n", "a\nx\nc\n", " a|-b|+x| c|"},
		{"a\nb\nc\nd\n", "b\nd\ne\n", "-a| b|-c| d|+e|"},
	} {
		if got := shown(Diff(c.before, c.after)); got != c.want {
			t.Errorf("%q → %q: %s, want %s", c.before, c.after, got, c.want)
		}
	}
}

// TestP08_DiffHoldsBothTexts: whatever is compared, the lines of either side
// stand in it, whole and in order.
func TestP08_DiffHoldsBothTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "d"}), 0, 12)
		a, b := text.Draw(t, "before"), text.Draw(t, "after")
		var before, after []string
		for _, l := range Diff(strings.Join(a, "\n"), strings.Join(b, "\n")) {
			if l.Op != '+' {
				before = append(before, l.Text)
			}
			if l.Op != '-' {
				after = append(after, l.Text)
			}
		}
		if strings.Join(before, ",") != strings.Join(a, ",") || strings.Join(after, ",") != strings.Join(b, ",") {
			t.Fatalf("%v → %v became %v and %v", a, b, before, after)
		}
	})
}
