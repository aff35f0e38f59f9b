package api

import (
	"strings"

	"tischlein/internal/app"
)

// Sorted asks for a piece of a list that can be sorted and narrowed.
type Sorted struct {
	Page
	Sort   string `query:"sort" maxLength:"40" doc:"A word of the list, named above; - before it turns the order round."`
	Filter string `query:"filter" maxLength:"40" doc:"A word of the list, named above: only what is so now."`
	Count  bool   `query:"count" doc:"Give total as well."`
}

func (s Sorted) query() app.Query {
	q := s.Page.query()
	q.Sort, q.Filter, q.Count = s.Sort, s.Filter, s.Count
	return q
}

// sortedBy is the sentence that names a list's words.
func sortedBy(sorts, filters []string) string {
	return " Sorted by " + strings.Join(sorts, ", ") + " (the first by default); narrowed to " + strings.Join(filters, ", ") + "."
}

type sortedBody[T any] struct {
	Items []T    `json:"items" nullable:"false" doc:"In the order asked for."`
	Next  string `json:"next,omitempty" doc:"The cursor of the next piece; absent at the end. A cursor belongs to its sort."`
	Prev  string `json:"prev,omitempty" doc:"The cursor of the piece before; absent at the beginning."`
	Total *int   `json:"total,omitempty" doc:"With count: how many match."`
	More  bool   `json:"more,omitempty" doc:"With count: total is a lower bound, counting on would take as long as the list is."`
}

type sorted[T any] struct{ Body sortedBody[T] }

func sortedOf[A, B any](s Sorted, l app.List[A], show func(A) B) *sorted[B] {
	b := sortedBody[B]{Items: each(l.Items, show), Next: l.Next, Prev: l.Prev}
	if s.Count {
		b.Total, b.More = &l.Total, l.More
	}
	return &sorted[B]{b}
}
