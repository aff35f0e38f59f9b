package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"tischlein/internal/app"
	"tischlein/internal/auth"
)

var (
	options = regexp.MustCompile(`<a class="match[^"]*" role="option"[^>]*href="([^"]*)"`)
	marks   = regexp.MustCompile(`<mark>(.*?)</mark>`)
	tags    = regexp.MustCompile(`<[^>]*>`)
)

// suggests is what the bar is offered: where it leads, what is marked, and all
// that can be read.
func (b *browser) suggests(q string) (to, hit []string, words string) {
	b.Helper()
	b.headers["HX-Request"] = "true"
	defer delete(b.headers, "HX-Request")
	a := b.get("/search?q="+url.QueryEscape(q)).wants(b, http.StatusOK).hides(b, "<html")
	for _, m := range options.FindAllStringSubmatch(a.text, -1) {
		to = append(to, m[1])
	}
	for _, m := range marks.FindAllStringSubmatch(a.text, -1) {
		hit = append(hit, m[1])
	}
	return to, hit, strings.Join(strings.Fields(tags.ReplaceAllString(a.text, "")), " ")
}

func TestU02_SearchOffersWhatFitsWithTheMatchMarked(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	c := h.customer("1001")
	dev := h.seat(c.ID, "Empfang", "23", "00156500aa01", "203.0.113.7")
	base := "/customers/" + c.ID
	for _, x := range []struct{ q, to, mark string }{
		{"gasth", base, "Gasth"},
		{"GASTHAUS 10", base, "Gasthaus 10"},
		{"1001", base, "1001"},
		{"23", base + "/extensions/", "23"},
		{"person", base + "/extensions/", "Person"},
		{"empf", base + "/channels/", "Empf"},
		{"00:15:65:00:aa", base + "/cpes/" + dev.ID, "00:15:65:00:aa"},
		{"00-15-65-00-AA-01", base + "/cpes/" + dev.ID, "00:15:65:00:aa:01"},
		{"0015.6500.a", base + "/cpes/" + dev.ID, "00:15:65:00:a"},
		{"00156500aa01", base + "/cpes/" + dev.ID, "00:15:65:00:aa:01"},
	} {
		to, hit, words := b.suggests(x.q)
		if len(to) == 0 || !strings.HasPrefix(to[0], x.to) || len(hit) == 0 || hit[0] != x.mark {
			t.Errorf("%q leads to %v with %v marked, want %s with %q (%s)", x.q, to, hit, x.to, x.mark, words)
		}
	}
	if _, _, words := b.suggests("gasth"); !strings.Contains(words, "Gasthaus 1001") {
		t.Errorf("the mark tears the name apart: %s", words)
	}
	if _, _, words := b.suggests("23"); !strings.Contains(words, "23 Person 23 Gasthaus 1001") {
		t.Errorf("an extension is offered as %q", words)
	}
	if to, _, words := b.suggests("   "); len(to) != 0 || words != "" {
		t.Errorf("nothing was typed, and %q is offered", words)
	}
	if to, _, words := b.suggests("<b>"); len(to) != 0 || !strings.Contains(words, "Nichts gefunden zu „&lt;b&gt;“") {
		t.Errorf("no hit says %q", words)
	}
	b.get("/search?q="+strings.Repeat("a", 101)).wants(h, http.StatusUnprocessableEntity)
}

func TestU02_SearchPageHoldsTheMatchesByKindForThoseWithoutScripts(t *testing.T) {
	h := newHouse(t)
	b := h.administrator()
	c := h.customer("1001")
	h.seat(c.ID, "Gastraum", "23", "00156500aa01", "203.0.113.7")
	a := b.get("/search?q=gas").wants(h, http.StatusOK)
	a.says(h, "<html", `id="found-customer"`, `id="found-channel"`, `href="/customers/`+c.ID+`"`, "2 Treffer", `value="gas"`).hides(h, `id="found-cpe"`)
	if strings.Index(a.text, `id="found-customer"`) > strings.Index(a.text, `id="found-channel"`) {
		t.Error("channels stand before customers")
	}
	b.get("/search?q=xyzzy").wants(h, http.StatusOK).says(h, "Nichts gefunden zu „xyzzy“")
	b.get("/search").wants(h, http.StatusOK).says(h, "Wonach suchen Sie?")
}

func TestU02_SearchFindsOnlyWhatOneMaySee(t *testing.T) {
	h := newHouse(t)
	h.administrator()
	mine, other := h.customer("1001"), h.customer("1002")
	h.seat(mine.ID, "Empfang", "23", "00156500aa01", "203.0.113.7")
	h.seat(other.ID, "Empfang", "23", "00156500aa02", "203.0.113.7")
	own := h.signedIn(app.UserSpec{Login: "karl", Role: auth.CustomerAdmin, CustomerID: mine.ID})
	for _, q := range []string{"gast", "100", "23", "person", "empf", "00156500", "gerät"} {
		to, _, words := own.suggests(q)
		if len(to) != 1 || !strings.HasPrefix(to[0], "/customers/"+mine.ID) {
			t.Errorf("%q offers %v: %s", q, to, words)
		}
	}
	nobody := h.browser()
	nobody.get("/search?q=gast").leads(h, "/sign-in?next=%2Fsearch%3Fq%3Dgast")
}
