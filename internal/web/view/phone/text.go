package phone

import (
	"strings"
	"unicode"
)

// align is where in its box a text stands.
type align int

const (
	left align = iota
	centre
	right
)

// write puts one line of text into a box, vertically centred, cut with an
// ellipsis where it would not fit, and clipped should a font be wider still.
func (p *pen) write(class string, b box, size float64, a align, text string) {
	text = fit(text, b.w, size)
	if text == "" {
		return
	}
	p.inside("ph-clip", b, func() { p.put(class, box{0, 0, b.w, b.h}, size, a, text) })
}

// put writes without measuring.
func (p *pen) put(class string, b box, size float64, a align, text string) {
	rtl := rightToLeft(text)
	x, anchor := b.x, "start"
	switch a {
	case centre:
		x, anchor = b.midX(), "middle"
	case right:
		x, anchor = b.x+b.w, "end"
	}
	attrs := []string{"class", class, "x", number(x), "y", number(b.midY() + size*0.35), "font-size", number(size)}
	if rtl { // for such text "start" is its right end
		anchor = map[string]string{"start": "end", "end": "start", "middle": "middle"}[anchor]
		attrs = append(attrs, "direction", "rtl")
	}
	if anchor != "start" {
		attrs = append(attrs, "text-anchor", anchor)
	}
	p.element("text", text, append(attrs, "unicode-bidi", "plaintext")...)
}

// rightToLeft: the first letter with a direction decides, as in plaintext.
func rightToLeft(s string) bool {
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko):
			return true
		case unicode.IsLetter(r):
			return false
		}
	}
	return false
}

// fit cuts text to a width, never inside a character that consists of several
// runes (accents, flags, joined emoji).
func fit(text string, width, size float64) string {
	if measure(text)*size <= width {
		return text
	}
	kept := strings.TrimRight(whole(text, width-measure("…")*size, size), " ")
	if kept == "" {
		return ""
	}
	return kept + "…"
}

// wrap breaks text at spaces, and a word that is wider than a line inside, into
// at most n lines that fit.
func wrap(text string, width, size float64, n int) []string {
	var lines []string
	rest := strings.Fields(text)
	for len(rest) > 0 {
		if len(lines) == n-1 {
			return append(lines, fit(strings.Join(rest, " "), width, size))
		}
		line := ""
		for len(rest) > 0 && measure(join(line, rest[0]))*size <= width {
			line, rest = join(line, rest[0]), rest[1:]
		}
		if line == "" {
			head := whole(rest[0], width, size)
			if head == "" { // narrower than a letter
				return lines
			}
			line, rest[0] = head, rest[0][len(head):]
		}
		lines = append(lines, line)
	}
	return lines
}

// balance wraps like wrap, with lines of like length: no word alone on the last.
func balance(text string, width, size float64, n int) []string {
	best := wrap(text, width, size, n)
	if len(best) < 2 || strings.HasSuffix(best[len(best)-1], "…") {
		return best
	}
	for w := width - size; w > size; w -= size {
		lines := wrap(text, w, size, n)
		if len(lines) > len(best) || strings.Join(lines, " ") != strings.Join(best, " ") {
			return best
		}
		best = lines
	}
	return best
}

func join(line, word string) string {
	if line == "" {
		return word
	}
	return line + " " + word
}

// whole is as much of the beginning of a text as fits.
func whole(text string, width, size float64) string {
	n := 0
	for _, c := range clusters(text) {
		if width -= measure(c) * size; width < 0 {
			break
		}
		n += len(c)
	}
	return text[:n]
}

// clusters are the pieces that must stay whole: slices of the text, also where
// its octets are not UTF-8.
func clusters(s string) []string {
	var out []string
	start, joined, flag := 0, false, false
	for i, r := range s {
		regional := r >= 0x1f1e6 && r <= 0x1f1ff
		extends := unicode.In(r, unicode.Mn, unicode.Me, unicode.Mc) || r == 0x200d ||
			r >= 0xfe00 && r <= 0xfe0f || r >= 0x1f3fb && r <= 0x1f3ff || r >= 0xe0020 && r <= 0xe007f
		switch {
		case i == 0:
			flag = regional
		case extends || joined || regional && flag:
			flag = false
		default:
			out = append(out, s[start:i])
			start, flag = i, regional
		}
		joined = r == 0x200d
	}
	if s != "" {
		out = append(out, s[start:])
	}
	return out
}

// measure is the width of a text in ems, on the wide side of the usual system
// fonts: they differ, and the drawing does not know which one it will get.
func measure(s string) float64 {
	w := 0.0
	for _, c := range clusters(s) {
		w += em([]rune(c)[0])
	}
	return w
}

// bold is how much wider than measured a text in bold may be.
const bold = 1.07

func em(r rune) float64 {
	switch {
	case strings.ContainsRune("ijl.,:;'|!I", r):
		return 0.31
	case strings.ContainsRune("frt()[]/- ·", r):
		return 0.39
	case strings.ContainsRune("mwMW@%—", r):
		return 0.93
	case r == '…':
		return 0.9
	case r >= 'a' && r <= 'z':
		return 0.57
	case r >= '0' && r <= '9':
		return 0.61
	case unicode.IsUpper(r):
		return 0.7
	case r >= 0x1100 && r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 ||
		r >= 0xf900 && r <= 0xfaff || r >= 0xff00 && r <= 0xff60 || r >= 0x2600 && r <= 0x27bf || r >= 0x1f000:
		return 1.3
	case r == 0x200d || unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	}
	return 0.65
}
