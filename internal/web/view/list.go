package view

import (
	"net/url"
	"strings"

	"github.com/a-h/templ"
)

// Place is where in a list one is: its address with what is sorted, filtered and
// which page is shown. It is all in the URL, so that it can be kept and shared.
type Place struct {
	Path   string
	Values url.Values
}

// With is the address with one value changed. A changed order or filter begins at
// the first page.
func (p Place) With(key, value string) templ.SafeURL {
	v := url.Values{}
	for k, x := range p.Values {
		if k != "cursor" || key == "cursor" {
			v[k] = x
		}
	}
	v.Set(key, value)
	if value == "" {
		v.Del(key)
	}
	if len(v) == 0 {
		return templ.SafeURL(p.Path)
	}
	return templ.SafeURL(p.Path + "?" + v.Encode())
}

// Get is a value of the address.
func (p Place) Get(key string) string { return p.Values.Get(key) }

// Filtered reports whether something narrows the list.
func (p Place) Filtered() bool {
	for k, v := range p.Values {
		if k != "sort" && k != "cursor" && len(v) > 0 && v[0] != "" {
			return true
		}
	}
	return false
}

// Column is one column of a table.
type Column struct {
	Label string // already worded
	Sort  string // the word it is sorted by, "" = it cannot be
	Class string // name (the row's main column), right, tight, wide (hidden when narrow), bare (no label when stacked), tools-cell
	Quiet bool   // the label is for screen readers only
}

// Table is the head of a list.
type Table struct {
	Caption string // what the list is, for screen readers
	Columns []Column
	Place   Place
	Default string // how it is sorted when the address does not say
}

// sorted is ascending, descending or "" for a column.
func (t Table) sorted(c Column) string {
	sort := t.Place.Get("sort")
	if sort == "" {
		sort = t.Default
	}
	switch {
	case c.Sort == "":
		return ""
	case sort == c.Sort:
		return "ascending"
	case sort == "-"+c.Sort:
		return "descending"
	}
	return ""
}

// sortHref turns the order round, or begins to sort by the column.
func (t Table) sortHref(c Column) templ.SafeURL {
	if t.sorted(c) == "ascending" {
		return t.Place.With("sort", "-"+c.Sort)
	}
	return t.Place.With("sort", c.Sort)
}

func (t Table) sortIcon(c Column) string {
	return map[string]string{"ascending": "sort-up", "descending": "sort-down", "": "sort"}[t.sorted(c)]
}

func (c Column) stacked() string {
	if c.Quiet || strings.Contains(c.Class, "name") {
		return ""
	}
	return c.Label
}

// Pager leads through the pages of a list.
type Pager struct {
	Place      Place
	Prev, Next string // cursors, "" = none
	Shown      int    // rows on this page
	Total      int    // rows in all, -1 = not counted
}

// Choice is one entry of a plain choice.
type Choice struct {
	Value, Label string
}

// Filter is a choice that narrows a list; its first entry is usually "all" with
// the value "".
type Filter struct {
	Name    string // in the URL
	Label   string
	Choices []Choice
}

// Filters is the bar above a list.
type Filters struct {
	Place   Place
	Target  string // id of the element that holds table and pager
	Search  string // label of the search field, "" = none; its name in the URL is q
	Filters []Filter
	Count   string // already worded: "128 Kanäle"
}
