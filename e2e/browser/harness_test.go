package browser_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"tischlein/e2e/browser"
)

const strict = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:"

// site serves pages of HTML under a strict policy; script and style are its own files.
func site(t *testing.T, pages map[string]string) string {
	t.Helper()
	mux := http.NewServeMux()
	for path, body := range pages {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			body := body
			w.Header().Set("Content-Security-Policy", strict)
			switch {
			case strings.HasSuffix(path, ".js"):
				w.Header().Set("Content-Type", "text/javascript")
			case strings.HasSuffix(path, ".css"):
				w.Header().Set("Content-Type", "text/css")
			default:
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				if !strings.HasPrefix(body, "<!") {
					body = page(body)
				}
				body = strings.ReplaceAll(body, "{language}", r.Header.Get("Accept-Language"))
				body = strings.ReplaceAll(body, "{query}", r.URL.RawQuery)
			}
			fmt.Fprint(w, body)
		})
	}
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

func page(body string) string {
	return `<!DOCTYPE html><html lang="de"><meta name="viewport" content="width=device-width"><title>Seite</title><link rel="icon" href="data:,"><main><h1>Seite</h1>` + body + `</main>`
}

// A harness that overlooks things makes every test above it worthless.
func TestHarnessNoticesWhatGoesWrongUnseen(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"a script in the page":        {`<script>document.title = "x"</script>`, "Content-Security-Policy"},
		"a style attribute":           {`<p style="color: red">x</p>`, "Content-Security-Policy"},
		"an error of a script":        {`<script src="/error.js"></script>`, "exception"},
		"something on the console":    {`<script src="/console.js"></script>`, "console.error"},
		"a file that is not there":    {`<script src="/missing.js"></script>`, "answer: 404"},
		"a picture from another host": {`<img src="http://127.0.0.1:1/x.png" alt="x">`, "Content-Security-Policy"},
		"nothing":                     {`<p>x</p>`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			url := site(t, map[string]string{
				"/{$}": c.body, "/error.js": `throw new Error("broken")`, "/console.js": `console.error("oh")`,
			})
			got := browser.Unseen(t, url)
			if c.want == "" && len(got) != 0 || c.want != "" && !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, c.want) }) {
				t.Errorf("noticed %q, want %q", got, c.want)
			}
		})
	}
}

func TestHarnessFindsWhatBreaksTheGuidelines(t *testing.T) {
	b := browser.Open(t, browser.As{})
	b.Go(site(t, map[string]string{"/{$}": `<p class="pale">kaum zu lesen</p><input name="x"><link rel="stylesheet" href="/pale.css">`, "/pale.css": `.pale { color: #ccc }`}))
	var ids []string
	for _, v := range b.Violations() {
		ids = append(ids, v.ID)
	}
	slices.Sort(ids)
	if !slices.Equal(ids, []string{"color-contrast", "label"}) {
		t.Errorf("found %q", ids)
	}
}

func TestHarnessFindsWhatIsTooWide(t *testing.T) {
	b := browser.Open(t, browser.As{Width: browser.Phone})
	b.Go(site(t, map[string]string{
		"/{$}": `<div class="wide">x</div><link rel="stylesheet" href="/wide.css">`, "/narrow": `<p>x</p>`, "/wide.css": `.wide { width: 400px }`,
	}))
	if s := b.Sideways(); !strings.Contains(s, "div.wide") {
		t.Errorf("at 375 px: %q", s)
	}
	b.Become(browser.As{})
	if s := b.Sideways(); s != "" {
		t.Errorf("at 1440 px: %q", s)
	}
	b.Become(browser.As{Width: 640, Zoom: 200})
	if s := b.Sideways(); !strings.Contains(s, "of 320 px") {
		t.Errorf("at 640 px and 200 %%: %q", s)
	}
}

func TestHarnessSitsBeforeTheBrowserAsAsked(t *testing.T) {
	url := site(t, map[string]string{
		"/{$}":      `<p>{language}</p><noscript><p>ohne Skripte</p></noscript><script src="/on.js"></script><link rel="stylesheet" href="/dark.css"><i>dunkel</i>`,
		"/on.js":    `document.querySelector("p").append(" mit Skripten")`,
		"/dark.css": `i { display: none } @media (prefers-color-scheme: dark) { i { display: inline } }`,
	})
	b := browser.Open(t, browser.As{})
	b.Go(url)
	b.Reads("de mit Skripten")
	b.ReadsNot("ohne Skripte", "dunkel")
	b.Become(browser.As{Language: "nl", NoScript: true, Dark: true})
	b.Reload()
	b.Reads("nl", "ohne Skripte", "dunkel")
	b.ReadsNot("mit Skripten")
}

func TestHarnessPressesTypesAndTaps(t *testing.T) {
	url := site(t, map[string]string{
		"/{$}": `<form action="/sent"><label>Name <input name="name" value="alt"></label>
			<label>Kanäle <select name="channel" multiple><option>Empfang</option><option>Küche</option><option>Lager</option></select></label>
			<label>Sprache <select name="language"><option>Deutsch</option><option>Niederländisch</option></select></label>
			<label><input type="checkbox" name="on"> Multi-Login</label>
			<button>Speichern</button></form><link rel="stylesheet" href="/ring.css">`,
		"/sent":     `<h2>{query}</h2>`,
		"/ring.css": `:focus-visible { outline: 2px solid black }`,
	})
	const want = "name=%C3%84nne&channel=Empfang&channel=Lager&language=Niederl%C3%A4ndisch&on=on"
	adjoining := strings.Replace(want, "Lager", "K%C3%BCche", 1) // more the browser's own list does not do by keyboard
	for name, as := range map[string]browser.As{"mouse": {}, "without scripts": {NoScript: true}} {
		t.Run(name, func(t *testing.T) {
			b := browser.Open(t, as)
			b.Go(url)
			b.Fill(browser.Field("Name"), "Änne")
			b.Click(browser.Option("Empfang"))
			b.CtrlClick(browser.Option("Lager"))
			b.Choose(browser.Field("Sprache"), "Niederländisch")
			b.Click(browser.Checkbox("Multi-Login"))
			b.Click(browser.Button("Speichern"))
			b.Sees(browser.Heading(want))
		})
	}
	t.Run("keyboard", func(t *testing.T) {
		b := browser.Open(t, browser.As{})
		b.Go(url)
		b.TabTo(browser.Field("Name"))
		b.Write("Änne")
		b.TabTo(browser.List("Kanäle"))
		b.Press("ArrowDown", "Shift+ArrowDown")
		b.TabTo(browser.Field("Sprache"))
		b.Press("ArrowDown")
		b.TabTo(browser.Checkbox("Multi-Login"))
		b.Press("Space", "Enter")
		b.Sees(browser.Heading(adjoining))
	})
	t.Run("touch", func(t *testing.T) {
		b := browser.Open(t, browser.As{Touch: true, Width: browser.Phone})
		b.Go(url)
		b.Click(browser.Checkbox("Multi-Login"))
		b.Click(browser.Button("Speichern"))
		b.Sees(browser.Heading("name=alt&language=Deutsch&on=on"))
	})
}
