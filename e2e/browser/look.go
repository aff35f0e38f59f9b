package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
)

// Text is what can be read on the page, line by line.
func (b *Tab) Text() string {
	s, _ := tryJS[string](b, `document.body ? document.body.innerText : ""`)
	return s
}

// Reads waits until all of these words can be read on the page.
func (b *Tab) Reads(words ...string) {
	b.t.Helper()
	b.settle()
	for _, w := range words {
		if !b.until(func() bool { return strings.Contains(b.Text(), w) }) {
			b.fail("the page does not say %q", w)
		}
	}
}

// ReadsNot waits until none of these words can be read on the page.
func (b *Tab) ReadsNot(words ...string) {
	b.t.Helper()
	b.settle()
	for _, w := range words {
		if !b.until(func() bool { return !strings.Contains(b.Text(), w) }) {
			b.fail("the page says %q", w)
		}
	}
}

// Tells waits until what can be read in the thing matches the expression.
func (b *Tab) Tells(t Target, expression string) {
	b.t.Helper()
	re, said := regexp.MustCompile(expression), ""
	b.settle()
	if !b.until(func() bool {
		found, err := b.all(t)
		if err != nil || len(found) == 0 {
			return false
		}
		said, err = found[0].text()
		return err == nil && re.MatchString(said)
	}) {
		b.fail("%s does not tell %s but %q", t, expression, said)
	}
}

// At waits until the page's path matches.
func (b *Tab) At(path string) {
	b.t.Helper()
	b.settle()
	re := regexp.MustCompile("^" + path + "$")
	if !b.until(func() bool { p, err := tryJS[string](b, `location.pathname`); return err == nil && re.MatchString(p) }) {
		b.fail("the page is not at %s", path)
	}
}

// Ground is the colour that the page is drawn on.
func (b *Tab) Ground() string {
	b.t.Helper()
	return js[string](b, `getComputedStyle(document.body).backgroundColor`)
}

// Mark marks the page as it was loaded now; Marked fails if it was loaded anew since.
func (b *Tab) Mark() { b.t.Helper(); b.settle(); js[any](b, `void (window.tischleinMark = true)`) }

// Marked fails the test if the page was loaded anew since Mark.
func (b *Tab) Marked() {
	b.t.Helper()
	if !js[bool](b, `window.tischleinMark === true`) {
		b.t.Errorf("%s was loaded anew", b.URL())
	}
}

// Sideways says what makes the page wider than the window, "" if nothing does.
func (b *Tab) Sideways() string {
	b.t.Helper()
	return js[string](b, `(() => {
		const root = document.scrollingElement, width = document.documentElement.clientWidth;
		if (root.scrollWidth <= width) return "";
		const out = [];
		for (const el of document.body.querySelectorAll("*")) {
			const r = el.getBoundingClientRect();
			if (r.right > width + 0.5 && r.width > 0 && ![...el.children].some(c => c.getBoundingClientRect().right > width + 0.5))
				out.push(el.tagName.toLowerCase() + (el.id ? "#" + el.id : "") + (el.className?.baseVal ?? el.className ? "." + (el.className.baseVal ?? el.className) : "") + " to " + Math.round(r.right));
		}
		return root.scrollWidth + " of " + width + " px: " + out.slice(0, 8).join(", ");
	})()`)
}

// Pictures names the folder that pictures of pages go to; empty or unset: none are made.
const Pictures = "TISCHLEIN_PICTURES"

// Shooting reports whether pictures are made.
func Shooting() bool { return os.Getenv(Pictures) != "" }

// Shoot makes a picture of the whole page if TISCHLEIN_PICTURES names a folder: name.png in it.
func (b *Tab) Shoot(name string) {
	b.t.Helper()
	dir := os.Getenv(Pictures)
	if dir == "" {
		return
	}
	b.settle()
	b.ok(b.shoot(filepath.Join(dir, name+".png"), true))
}

func (b *Tab) shoot(file string, whole bool) error {
	p := page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatPng}
	if whole {
		// A picture beyond the window has no scroll bar, and so another width.
		if _, err := try(b, emulation.SetScrollbarsHidden, emulation.SetScrollbarsHiddenParams{Hidden: true}); err != nil {
			return err
		}
		defer func() {
			_, _ = try(b, emulation.SetScrollbarsHidden, emulation.SetScrollbarsHiddenParams{Hidden: false})
		}()
		m, err := try(b, page.GetLayoutMetrics, cdp.Empty{})
		if err != nil {
			return err
		}
		s := m.CSSContentSize
		p.CaptureBeyondViewport = new(true)
		p.Clip = &page.Viewport{Width: s.Width, Height: min(max(s.Height, 200), 6000), Scale: 1}
	}
	r, err := try(b, page.CaptureScreenshot, p)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, r.Data, 0o644)
}

// fail ends the test and shows what the page looked like.
func (b *Tab) fail(format string, args ...any) {
	b.t.Helper()
	text := b.Text()
	if len(text) > 2500 {
		text = text[:2500] + " …"
	}
	where, _ := tryJS[string](b, `location.href`)
	seen := ""
	if dir := os.Getenv(Pictures); dir != "" {
		file := filepath.Join(dir, "failed", strings.ReplaceAll(b.t.Name(), "/", "_")+".png")
		if b.shoot(file, false) == nil {
			seen = "\npicture: " + file
		}
	}
	b.t.Fatalf("%s\nat %s%s\nunseen: %v\n---\n%s", fmt.Sprintf(format, args...), where, seen, b.seen.problems(), text)
}
