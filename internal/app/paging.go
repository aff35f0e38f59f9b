package app

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// What lists can be sorted by, the default first, and narrowed to.
var (
	ChannelSorts   = []string{"name", "location", "state", "cpe", "user"}
	ExtensionSorts = []string{"number", "name", "place"}
	CPESorts       = []string{"name", "mac", "model", "state", "firmware"}
	CustomerSorts  = []string{"name", "number", "health"}

	ChannelFilters   = []string{"no_device", "waiting_for_device", "failed", "offline", "pending", "logged_in", "logged_out", "linked", "unlinked", "failing"}
	ExtensionFilters = []string{"free", "linked", "hotdesked", "locked", "multi"}
	CPEFilters       = []string{"converged", "pending", "failed", "never_contacted", "offline", "unattached"}
	CustomerFilters  = []string{"failing"}
	choiceFilters    = []string{"offered", "refused"}
)

// listing turns a query into storage's, with the words that the list knows.
func listing(q Query, sorts, filters []string) (l storage.Listing, err error) {
	p, err := page(Query{Limit: q.Limit, Search: q.Search})
	if err != nil {
		return l, err
	}
	l = storage.Listing{Search: strings.TrimSpace(storable(q.Search)), Filter: q.Filter, Limit: p.Limit}
	l.Sort, l.Desc = strings.CutPrefix(q.Sort, "-")
	if l.Sort == "" {
		l.Sort = sorts[0]
	}
	if !slices.Contains(sorts, l.Sort) {
		return l, telephony.Invalidf("sort", "sort_unknown", "the list can be sorted by %s", strings.Join(sorts, ", "))
	}
	if q.Filter != "" && !slices.Contains(filters, q.Filter) {
		return l, telephony.Invalidf("filter", "filter_unknown", "the list can be narrowed to %s", strings.Join(filters, ", "))
	}
	if l.Filter == "failing" && slices.Contains(filters, string(telephony.StateFailed)) {
		l.Filter = string(telephony.StateFailed)
	}
	if q.Cursor != "" {
		return l, readCursor(&l, q.Cursor)
	}
	return l, nil
}

// storable leaves out what no stored text holds and PostgreSQL refuses to compare.
func storable(s string) string { return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "") }

// A cursor is the sort it belongs to, the way it leads, and the row's mark.
func cursor(l storage.Listing, back bool, m storage.Mark) string {
	way := "+"
	if back {
		way = "-"
	}
	sort := l.Sort
	if l.Desc {
		sort = "-" + sort
	}
	return base64.RawURLEncoding.EncodeToString([]byte(strings.Join([]string{sort, way, strconv.Itoa(m.Leg), m.Key, m.ID}, "\x00")))
}

func readCursor(l *storage.Listing, text string) error {
	malformed := telephony.Invalidf("cursor", "cursor_malformed", "the cursor is not one that this list gave")
	b, err := base64.RawURLEncoding.DecodeString(text)
	part := strings.Split(string(b), "\x00")
	if err != nil || len(part) != 5 {
		return malformed
	}
	leg, err := strconv.Atoi(part[2])
	sort, desc := strings.CutPrefix(part[0], "-")
	if err != nil || leg < 0 || !utf8.Valid(b) || sort != l.Sort || desc != l.Desc {
		return malformed
	}
	l.Back, l.At = part[1] == "-", &storage.Mark{Leg: leg, Key: part[3], ID: part[4]}
	return nil
}

// pieces cuts the row too many off, which tells whether there is more that way,
// and makes the cursors of the pages beside this one.
func pieces[R, T any](rows []storage.Marked[R], q storage.Listing, n storage.Total, show func(R) (T, error)) (l List[T], err error) {
	beyond := len(rows) == q.Limit
	if beyond && q.Back {
		rows = rows[1:]
	} else if beyond {
		rows = rows[:len(rows)-1]
	}
	l = List[T]{Items: make([]T, 0, len(rows)), Total: n.N, More: n.More}
	for _, r := range rows {
		v, err := show(r.Row)
		if err != nil {
			return l, err
		}
		l.Items = append(l.Items, v)
	}
	if len(rows) == 0 {
		return l, nil
	}
	first, last := rows[0].Mark, rows[len(rows)-1].Mark
	if q.Back || beyond {
		l.Next = cursor(q, false, last)
	}
	if q.Back && beyond || !q.Back && q.At != nil {
		l.Prev = cursor(q, true, first)
	}
	return l, nil
}
