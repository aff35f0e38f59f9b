package browser

import (
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp/kb"
)

// keys are those that type nothing; the text is what they mean to a form.
var keys = map[string]struct {
	code int64
	text string
}{
	"Tab": {9, ""}, "Enter": {13, "\r"}, "Escape": {27, ""}, "Space": {32, " "}, "Backspace": {8, ""}, "Delete": {46, ""},
	"Home": {36, ""}, "End": {35, ""}, "PageUp": {33, ""}, "PageDown": {34, ""},
	"ArrowLeft": {37, ""}, "ArrowUp": {38, ""}, "ArrowRight": {39, ""}, "ArrowDown": {40, ""},
}

// Press presses keys one after the other: "Tab", "Shift+Tab", "Ctrl+Space", "ArrowDown", "Enter", "/", "a".
func (b *Tab) Press(all ...string) {
	b.t.Helper()
	for _, k := range all {
		b.key(k)
	}
	b.settle()
}

func (b *Tab) key(k string) {
	b.t.Helper()
	var modifiers int64
	for {
		if rest, ok := strings.CutPrefix(k, "Shift+"); ok {
			modifiers, k = modifiers|Shift, rest
		} else if rest, ok := strings.CutPrefix(k, "Ctrl+"); ok {
			modifiers, k = modifiers|Ctrl, rest
		} else {
			break
		}
	}
	named, ok := keys[k]
	if !ok {
		for _, r := range k {
			b.strike(r, modifiers)
		}
		return
	}
	e := input.DispatchKeyEventParams{
		Type: input.DispatchKeyEventTypeKeyDown, Key: k, Code: k, Modifiers: modifiers,
		WindowsVirtualKeyCode: named.code, NativeVirtualKeyCode: named.code,
	}
	if k == "Space" {
		e.Key = " "
	}
	if named.text == "" || modifiers&Ctrl != 0 {
		e.Type = input.DispatchKeyEventTypeRawKeyDown
	} else {
		e.Text, e.UnmodifiedText = named.text, named.text
	}
	call(b, input.DispatchKeyEvent, e)
	e.Type, e.Text, e.UnmodifiedText = input.DispatchKeyEventTypeKeyUp, "", ""
	call(b, input.DispatchKeyEvent, e)
}

// strike types a character as a keyboard that has it would. The text goes with the key, so that a page that wants the key
// for itself can keep it from being typed.
func (b *Tab) strike(r rune, modifiers int64) {
	b.t.Helper()
	all := kb.Encode(r)
	down, up := *all[0], *all[len(all)-1]
	if modifiers&Ctrl == 0 && len(all) == 3 {
		down.Text, down.UnmodifiedText = all[1].Text, all[1].UnmodifiedText
	} else {
		down.Type = input.DispatchKeyEventTypeRawKeyDown
	}
	for _, e := range []input.DispatchKeyEventParams{down, up} {
		e.Modifiers |= modifiers
		call(b, input.DispatchKeyEvent, e)
	}
}

// Write types where the focus is.
func (b *Tab) Write(text string) {
	b.t.Helper()
	for _, r := range text {
		b.strike(r, 0)
	}
	b.settle()
}

// Fill clicks into a field and types, in place of what stands there.
func (b *Tab) Fill(t Target, text string) {
	b.t.Helper()
	b.Click(t)
	b.key("Ctrl+a")
	b.key("Delete")
	b.Write(text)
}

// Focused is what has the focus.
func (b *Tab) Focused() Element {
	b.t.Helper()
	o := call(b, runtime.Evaluate, runtime.EvaluateParams{Expression: "document.activeElement ?? document.body", ObjectGroup: "tischlein"})
	r := call(b, accessibility.GetPartialAXTree, accessibility.GetPartialAXTreeParams{ObjectID: o.Result.ObjectID, FetchRelatives: new(false)})
	if len(r.Nodes) == 0 {
		return Element{tab: b}
	}
	return b.element(r.Nodes[0])
}

// Pointed is the name of the entry that the focused field's list points at, as a screen reader is told (active descendant).
func (b *Tab) Pointed() string {
	b.t.Helper()
	return js[string](b, `(() => {
		const at = document.activeElement, id = at?.getAttribute("aria-activedescendant");
		return (id && document.getElementById(id)?.innerText || "").trim();
	})()`)
}

// TabTo presses the tabulator until the thing has the focus, and fails if that is not to be seen.
func (b *Tab) TabTo(t Target) Element {
	b.t.Helper()
	b.Find(t.First())
	var way []string
	for range 250 {
		b.key("Tab")
		e := b.Focused()
		if t.is(e.Role, e.Name) {
			if !b.focusIsVisible() {
				b.fail("the focus on %s cannot be seen", t)
			}
			return e
		}
		way = append(way, fmt.Sprintf("%s %q", e.Role, e.Name))
	}
	b.fail("the tabulator does not reach %s: %s", t, strings.Join(way[:min(len(way), 40)], ", "))
	return Element{}
}

// focusIsVisible looks for an outline, a ring or another border on the focused element or what surrounds it closely.
func (b *Tab) focusIsVisible() bool {
	return js[bool](b, `(() => {
		const at = document.activeElement;
		if (!at.matches(":focus-visible")) return false;
		const ring = el => { const s = getComputedStyle(el); return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 1 || s.boxShadow !== "none"; };
		return [at, at.parentElement, at.nextElementSibling, ...(at.labels ?? [])].some(el => el && ring(el));
	})()`)
}
