package browser_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tischlein/e2e/browser"
	"tischlein/internal/web"
)

// TestEveryPageIsAccessibleAndFits takes the pages from the portal's own table of routes: each is looked at in both themes
// by axe-core (WCAG 2.2 AA), and at 375 px and 200 % zoom for a page that scrolls sideways. A page without an example here
// is a failure, and so is whatever goes wrong on the console.
func TestEveryPageIsAccessibleAndFits(t *testing.T) {
	h := furnish(t)
	known := map[string]bool{}
	for _, r := range web.Routes() {
		if r.Method != http.MethodGet {
			continue
		}
		known[r.Pattern] = true
		e, ok := h.examples()[r.Pattern]
		if !ok {
			t.Errorf("%s has no example in e2e/browser/furnished_test.go", r.Pattern)
			continue
		}
		t.Run(r.Pattern, func(t *testing.T) {
			if e.part != "" {
				h.isNoPage(t, e)
				return
			}
			for _, p := range append([]string{e.path}, e.also...) {
				h.look(t, p, e)
			}
		})
	}
	for pattern := range h.examples() {
		if !known[pattern] {
			t.Errorf("there is an example of %s, which is no route", pattern)
		}
	}
}

// look judges one page.
func (h *house) look(t *testing.T, path string, e example) {
	t.Helper()
	as := browser.As{Still: true}
	var b *browser.Tab
	switch {
	case e.nobody:
		b = browser.Open(t, as)
	case e.as != nil:
		b = h.EnterFor(t, as, *e.as)
	default:
		b = h.EnterFor(t, as, h.admin)
	}
	if e.status != 0 {
		b.Expect(e.status, "/")
	}
	b.Go(h.Portal + path)
	if got := strings.TrimPrefix(b.URL(), h.Portal); got != path && e.leads == "" {
		t.Fatalf("%s leads to %s", path, got)
	}
	name := h.picture(path)
	for _, dark := range []bool{false, true} {
		as.Dark = dark
		theme := map[bool]string{false: "light", true: "dark"}[dark]
		for _, width := range []int{browser.Screen, browser.Tablet, browser.Phone} {
			if browser.Shooting() && e.leads == "" {
				as.Width = width
				b.Become(as)
				b.Shoot(name + "-" + theme + "-" + map[int]string{browser.Screen: "1440", browser.Tablet: "768", browser.Phone: "375"}[width])
			}
		}
		as.Width = browser.Screen
		b.Become(as)
		if dark {
			b.Reload()
		}
		for _, v := range b.Violations() {
			t.Errorf("%s, %s: %s", path, theme, v)
		}
	}
	for what, narrow := range map[string]browser.As{"375 px": {Width: browser.Phone}, "200 %": {Width: 1280, Zoom: 200}} {
		narrow.Still = true
		b.Become(narrow)
		if s := b.Sideways(); s != "" {
			t.Errorf("%s at %s scrolls sideways: %s", path, what, s)
		}
	}
}

// picture is the name of a page's picture: its path, with words for what changes from run to run.
func (h *house) picture(path string) string {
	path = strings.NewReplacer(h.Customer.ID, "", h.channel, "one", h.extension, "one", h.cpe, "one", h.reserve, "reserve", h.guarded.ID, "one", h.partner, "one", h.multi, "multi", h.guest, "guest", h.empty, "empty", h.waiting, "waiting", h.undoable, "one", h.foreign, "foreign", h.refused, "refused", h.rollout, "one", h.firmware, "one", h.siteToken, "one", h.invited, "invitation").Replace(path)
	return strings.Trim(nameless.ReplaceAllString(path, "-"), "-")
}

var nameless = regexp.MustCompile(`[^a-z0-9]+`)

// isNoPage makes sure that nobody hides a page among the parts.
func (h *house) isNoPage(t *testing.T, e example) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.Portal+e.path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("HX-Request", "true")
	who := h.admin
	if e.as != nil {
		who = *e.as
	}
	req.Header.Set("Cookie", who.Cookie())
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	start := make([]byte, 200)
	n, _ := answer.Body.Read(start) // a stream says little, and does not end
	start = start[:n]
	if answer.StatusCode >= 400 || strings.Contains(strings.ToLower(string(start)), "<html") {
		t.Errorf("%s is said to be %s, and answers %d: %s", e.path, e.part, answer.StatusCode, start)
	}
}
