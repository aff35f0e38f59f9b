package main

import (
	"strings"
	"unicode/utf8"
)

const screenWidth = 24 // of a drawn phone, frame included

// drawScreen draws one phone as a small box: title in the frame, screen inside.
func drawScreen(title string, lines []string, height int) []string {
	inner := screenWidth - 4
	title = clip(title, inner)
	out := []string{"┌ " + title + " " + strings.Repeat("─", inner-utf8.RuneCountInString(title)) + "┐"}
	for i := range height {
		text := ""
		if i < len(lines) {
			text = clip(lines[i], inner)
		}
		out = append(out, "│ "+pad(text, inner)+" │")
	}
	return append(out, "└"+strings.Repeat("─", screenWidth-2)+"┘")
}

// beside joins boxes of one height to a row.
func beside(boxes ...[]string) string {
	var b strings.Builder
	for row := range boxes[0] {
		for i, box := range boxes {
			if i > 0 {
				b.WriteString("  ")
			}
			b.WriteString(box[row])
		}
		b.WriteString("\n")
	}
	return b.String()
}

func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

func pad(s string, n int) string {
	return s + strings.Repeat(" ", max(0, n-utf8.RuneCountInString(s)))
}
