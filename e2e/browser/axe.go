package browser

import (
	_ "embed"
	"fmt"
	"strings"
)

// axe is axe-core 4.14.1 (MPL-2.0, see testdata/axe); it is used for tests and never served.
//
//go:embed testdata/axe/axe.min.js
var axe string

// Violation is a rule of WCAG 2.2 AA that the page breaks.
type Violation struct {
	ID    string
	Help  string
	Nodes []struct {
		HTML           string
		FailureSummary string
	}
}

func (v Violation) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s (%s), %d times", v.Help, v.ID, len(v.Nodes))
	for i, n := range v.Nodes {
		if i == 3 {
			break
		}
		fmt.Fprintf(&s, "\n\t%.300s\n\t%s", n.HTML, strings.ReplaceAll(n.FailureSummary, "\n", "\n\t"))
	}
	return s.String()
}

// Violations asks axe-core for what of WCAG 2.2 AA the page breaks as it is now.
func (b *Tab) Violations() []Violation {
	b.t.Helper()
	b.settle()
	b.still()
	js[any](b, `window.axe ? 0 : void (()=>{`+axe+"\n})()")
	return js[[]Violation](b, `axe.run(document, {
		runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]},
		resultTypes: ["violations"], elementRef: false,
	}).then(r => r.violations.map(v => ({ID: v.id, Help: v.help, Nodes: v.nodes.map(n => ({HTML: n.html, FailureSummary: n.failureSummary}))})))`)
}

// still waits for what moves or fades to come to its end: half-way colours are nobody's.
func (b *Tab) still() {
	b.t.Helper()
	js[any](b, `new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r))).then(() => Promise.allSettled(document.getAnimations()
		.filter(a => a.effect?.getComputedTiming().endTime < 5000).map(a => a.finished))).then(() => 0)`)
}

// Accessible fails the test for each violation of WCAG 2.2 AA on the page as it is now.
func (b *Tab) Accessible() {
	b.t.Helper()
	for _, v := range b.Violations() {
		b.t.Errorf("WCAG 2.2 AA at %s: %s", b.URL(), v)
	}
}
