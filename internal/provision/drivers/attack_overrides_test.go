package drivers

import (
	"strings"
	"testing"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

// What an operator sets is one value of one parameter, whatever it is written with:
// a file's structure and everybody else's values stay as they are.
func TestP08_OverridesCannotSmuggleSettings(t *testing.T) {
	texts := []string{"a\nb = c", "a\r\nb", `"/><x y="1`, "</settings><x>", "]]>", "a & b", "a;b", "a#b", "a=b", "%NULL%", "${secret}", "$(x)", "a\x00b", "a\u2028b", "'\"", `a\nb`, "a\\", "<!--", " a ",
		"https://h.example/\"><x>", "https://h.example/a&b='c", "https://h.example/a;b#c"}
	for _, text := range hostile {
		texts = append(texts, text)
	}
	for _, drv := range under() {
		cat, ok := drv.(provision.Catalogued)
		if !ok || !drv.Info().Fetches() {
			continue
		}
		vendor, c := drv.Info().Vendor, cat.Catalogue()
		plain := settingsOf(t, drv, desk(vendor, func(*telephony.Desired) {}))
		for _, p := range c.Params() {
			if !p.Open || p.Type == provision.Int || p.Type == provision.Bool || p.Type == provision.Enum {
				continue
			}
			name := strings.ReplaceAll(p.Name, "#", "1")
			for _, text := range texts {
				if c.Overridable(name, text) != nil {
					continue
				}
				got := settingsOf(t, drv, desk(vendor, func(d *telephony.Desired) { d.Overrides = []telephony.Override{{Name: name, Value: text}} }))
				if got[name] != text {
					t.Errorf("%s: %s = %q is read as %q", vendor, name, text, got[name])
				}
				for other, v := range got {
					if was, had := plain[other]; other != name && (!had || was != v) {
						t.Errorf("%s: %s = %q changes %s from %q to %q", vendor, name, text, other, was, v)
					}
				}
			}
		}
	}
}
