package view

import (
	"net/url"
	"testing"
)

func TestU04_PlaceOfAListIsItsAddress(t *testing.T) {
	p := Place{Path: "/customers/7/channels", Values: url.Values{"sort": {"name"}, "state": {"failed"}, "cursor": {"abc"}}}
	for _, c := range []struct{ key, value, want string }{
		{"sort", "-name", "/customers/7/channels?sort=-name&state=failed"}, // another order begins at the first page
		{"cursor", "def", "/customers/7/channels?cursor=def&sort=name&state=failed"},
		{"state", "", "/customers/7/channels?sort=name"},
		{"q", "ä&=", "/customers/7/channels?q=%C3%A4%26%3D&sort=name&state=failed"},
	} {
		if got := string(p.With(c.key, c.value)); got != c.want {
			t.Errorf("%s=%s leads to %s, want %s", c.key, c.value, got, c.want)
		}
	}
	if got := string(Place{Path: "/x"}.With("q", "")); got != "/x" || !p.Filtered() || (Place{Values: url.Values{"sort": {"name"}, "q": {""}}}).Filtered() {
		t.Errorf("%s", got)
	}
}

func TestU04_HeadOfAColumnTurnsTheOrderRound(t *testing.T) {
	name, state := Column{Sort: "name"}, Column{Sort: "state"}
	for _, c := range []struct {
		sort   string
		column Column
		now    string
		next   string
	}{
		{"", name, "ascending", "/x?sort=-name"}, // the default
		{"", state, "", "/x?sort=state"},
		{"state", state, "ascending", "/x?sort=-state"},
		{"-state", state, "descending", "/x?sort=state"},
		{"state", name, "", "/x?sort=name"},
		{"state", Column{}, "", "/x"},
	} {
		tab := Table{Place: Place{Path: "/x", Values: url.Values{"sort": {c.sort}}}, Default: "name"}
		if got := tab.sorted(c.column); got != c.now {
			t.Errorf("%q: %s is %q, want %q", c.sort, c.column.Sort, got, c.now)
		}
		if c.column.Sort != "" {
			if got := string(tab.sortHref(c.column)); got != c.next {
				t.Errorf("%q: %s leads to %s, want %s", c.sort, c.column.Sort, got, c.next)
			}
		}
	}
}
