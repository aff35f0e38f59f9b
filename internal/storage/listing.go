package storage

import (
	"fmt"
	"slices"
	"strings"

	"tischlein/internal/telephony"
)

// Listing is a request for a piece of a sorted list.
type Listing struct {
	Sort   string // a word of the list
	Desc   bool
	Filter string // a word of the list, "" = all
	Search string // part of what the list searches
	At     *Mark  // go on from this row; nil: the beginning
	Back   bool   // towards the beginning
	Limit  int
}

// Mark is where a row stands in its list. Leg counts the parts of the list: rows
// without a value to sort by form a part of their own.
type Mark struct {
	Leg     int
	Key, ID string
}

// Marked is a row with its place.
type Marked[T any] struct {
	Row  T
	Mark Mark
}

// leg is one part of a sorted list, walked along an index.
type leg struct {
	from  string // FROM, with the list's own table and what it is sorted by
	key   string // what it is sorted by, a text
	where string // "" or a condition
	only  string // "" or a filter that makes the part
}

// filter narrows a list. among are the ids of its rows, or of some more, from
// indexes alone: where they are few they are read one by one, because walking a
// long list for three rows takes as long as the list is.
type filter struct {
	where string
	among set
	also  set    // or further ids, asked for apart: a union of large sets takes three times as long
	exact bool   // among holds no row that where does not
	group string // filters of one group share no row
}

// sheet is a list as SQL. Its texts hold :names where values come; see named.
type sheet[T any] struct {
	what    string
	from    string // the list's table and its alias
	id      string // its id column
	where   string // what makes it this customer's
	columns string
	joins   string // LEFT JOINs for columns and filters
	search  string
	sorts   map[string][]leg
	filters map[string]filter
	scan    func(scanner) (T, error)
}

// few is how many candidates are read one by one instead of walking the list,
// and how far matches are counted.
const few = 1000

// glance is how many of many candidates are looked at to say "more than".
const glance = 300

// reading is one request to a sheet.
type reading[T any] struct {
	*sheet[T]
	tx    *Tx
	q     Listing
	v     values
	f     filter
	known map[string][]string // candidates by their text, few+1 at most
}

func (s *sheet[T]) read(tx *Tx, q Listing, v values) (*reading[T], error) {
	f, ok := s.filters[q.Filter]
	if !ok && q.Filter != "" {
		return nil, telephony.Invalidf("filter", "filter_unknown", "%s cannot be narrowed to %q", s.what, q.Filter)
	}
	if s.sorts[q.Sort] == nil {
		return nil, telephony.Invalidf("sort", "sort_unknown", "%s cannot be sorted by %q", s.what, q.Sort)
	}
	v["like"] = Page{Search: q.Search}.like()
	return &reading[T]{sheet: s, tx: tx, q: q, v: v, f: f, known: map[string][]string{}}, nil
}

// candidates are the first ids of a filter; sparse says that these are all.
func (r *reading[T]) candidates(f filter) (ids []string, sparse bool, err error) {
	if f.among.of == "" {
		return nil, false, nil
	}
	if ids, err = r.ids(f.among); err != nil || f.also.of == "" || len(ids) > few {
		return ids, len(ids) <= few, err
	}
	more, err := r.ids(f.also)
	ids = slices.Concat(ids, more)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return ids, len(ids) <= few, err
}

// ids are the first of a set, few+1 at most.
func (r *reading[T]) ids(x set) (ids []string, err error) {
	text := fmt.Sprint(x)
	ids, ok := r.known[text]
	if !ok {
		ids, err = r.tx.first(x, few+1, r.v)
		r.known[text] = ids
	}
	return ids, err
}

// in is the condition that the row is one of ids. There are few different texts,
// so that the databases keep them prepared.
func (r *reading[T]) in(ids []string) string {
	size := 50
	if len(ids) > size {
		size = few
	}
	names := make([]string, size)
	for i := range names {
		n := fmt.Sprintf("among%d", i)
		names[i] = ":" + n
		r.v[n] = ids[min(i, len(ids)-1)]
	}
	return r.id + " IN (" + strings.Join(names, ", ") + ")"
}

func (r *reading[T]) search() string {
	if r.q.Search == "" {
		return ""
	}
	return r.sheet.search
}

func conditions(list ...string) string {
	var c []string
	for _, s := range list {
		if s != "" {
			c = append(c, "("+s+")")
		}
	}
	return strings.Join(c, " AND ")
}

// rows lists a piece, in the order asked for also when it reads backwards.
func (r *reading[T]) rows() ([]Marked[T], error) {
	legs := r.sorts[r.q.Sort]
	down := r.q.Desc != r.q.Back // descending turns the whole list round, its parts included
	n, step := 0, 1
	if down {
		n, step = len(legs)-1, -1
	}
	if r.q.At != nil {
		if n = r.q.At.Leg; n < 0 || n >= len(legs) {
			return nil, telephony.Invalidf("cursor", "cursor_malformed", "the cursor is not one that this list gave")
		}
	}
	var found []Marked[T]
	for ; n >= 0 && n < len(legs) && len(found) < r.q.Limit; n += step {
		part, err := r.part(legs[n], n, down, r.q.Limit-len(found))
		if err != nil {
			return nil, err
		}
		found = append(found, part...)
	}
	if r.q.Back {
		slices.Reverse(found)
	}
	return found, nil
}

func (r *reading[T]) part(l leg, n int, down bool, limit int) ([]Marked[T], error) {
	only := r.filters[l.only]
	if only.group != "" && only.group == r.f.group && r.q.Filter != l.only {
		return nil, nil
	}
	key, among := l.key, ""
	for _, f := range []filter{r.f, only} {
		ids, sparse, err := r.candidates(f)
		switch {
		case err != nil:
			return nil, err
		case sparse && len(ids) == 0:
			return nil, nil
		case sparse && among == "":
			// An expression, so that the order does not tempt to walk its index.
			key, among = "("+l.key+" || '')", r.in(ids)
		}
	}
	order, beyond, after := "", ">", ""
	if down {
		order, beyond = " DESC", "<"
	}
	if r.q.At != nil && n == r.q.At.Leg {
		r.v["key"], r.v["id"] = r.q.At.Key, r.q.At.ID
		after = fmt.Sprintf("(%s, %s) %s (:key, :id)", key, r.id, beyond)
	}
	r.v["limit"] = limit
	text := fmt.Sprintf("SELECT %s, %s, %s FROM %s %s WHERE %s ORDER BY %s%s, %s%s LIMIT :limit",
		l.key, r.id, r.columns, l.from, r.joins, conditions(r.where, l.where, after, r.search(), r.f.where, only.where, among), key, order, r.id, order)
	if err := r.tx.pace(set{}); err != nil {
		return nil, err
	}
	return list(r.tx, r.what, text, r.v, func(s scanner) (m Marked[T], err error) {
		m.Mark.Leg = n
		if err := s.Scan(&m.Mark.Key, &m.Mark.ID); err != nil {
			return m, err
		}
		m.Row, err = r.scan(s)
		return m, err
	})
}

// count is how many rows match search and filter; more says that there are, or
// may be, more than that: counting on would take as long as the list is.
func (r *reading[T]) count() (n int, more bool, err error) {
	ids, sparse, err := r.candidates(r.f)
	if err != nil {
		return 0, false, err
	}
	from, joins, among := r.from, r.joins, ""
	switch {
	case r.q.Search == "" && r.q.Filter == "":
		joins = ""
	case r.q.Search == "" && r.f.exact:
		if sparse {
			return len(ids), false, nil
		}
		if len(r.f.among.but) > 0 { // taking sets from each other takes as long as they are
			return few, true, nil
		}
		n, err = r.number("SELECT COUNT(*) FROM (" + r.f.among.of + ") every")
		return n, false, err
	case r.f.among.of != "" && len(ids) == 0:
		return 0, false, nil
	case r.f.among.of != "" && (sparse || r.q.Search == ""):
		bound := few
		if !sparse {
			bound = glance
		}
		among = r.in(ids[:min(bound, len(ids))])
	case r.q.Filter == "":
		joins = ""
	}
	matching := fmt.Sprintf("%s %s WHERE %s", from, joins, conditions(r.where, r.search(), r.f.where, among))
	if r.q.Search == "" && r.q.Filter == "" {
		n, err = r.number("SELECT COUNT(*) FROM " + matching)
		return n, false, err
	}
	n, err = r.number(fmt.Sprintf("SELECT COUNT(*) FROM (SELECT 1 FROM %s LIMIT %d) matching", matching, few+1))
	if n > few {
		return few, true, err
	}
	return n, among != "" && !sparse, err
}

func (r *reading[T]) number(text string) (n int, err error) {
	if err := r.tx.pace(set{}); err != nil {
		return 0, err
	}
	text, args := named(text, r.v)
	if err := r.tx.row(text, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("counting %s: %w", r.what, err)
	}
	return n, nil
}
