package web

import (
	"net/http"
	"strings"

	"tischlein/internal/app"
	"tischlein/internal/auth"
	"tischlein/internal/web/view"
)

var searchRoutes = []Route{
	get("/search", SignedIn, (*Portal).search).needs(auth.ScopeRead),
}

// How many matches the suggestions and the page hold.
const (
	suggested = 10
	found     = 50
)

// search answers what the bar of every page asks (U02): suggestions while somebody
// types, and the page with all kinds of matches.
func (p *Portal) search(c *Call) error {
	q := strings.Join(strings.Fields(c.R.FormValue("q")), " ")
	most := found
	if c.Fragment() {
		most = suggested
	}
	hits, err := p.app.Search(c.R.Context(), c.Actor, q, most)
	if err != nil {
		return err
	}
	m := view.Matches{Query: q, Groups: matchGroups(hits), More: len(hits) == most, OneCustomer: c.Actor.Role == auth.CustomerAdmin}
	if c.Fragment() {
		return c.Part(http.StatusOK, view.Suggestions(m))
	}
	return c.Page(http.StatusOK, view.Page{Title: c.T("search.title"), Query: q, Narrow: true}, view.SearchPage(m))
}

// matchGroups puts matches of a kind together, the kind of the best match first.
func matchGroups(hits []app.Hit) (groups []view.MatchGroup) {
	at := map[string]int{}
	for _, h := range hits {
		i, seen := at[h.Kind]
		if !seen {
			i = len(groups)
			at[h.Kind] = i
			groups = append(groups, view.MatchGroup{Kind: h.Kind})
		}
		groups[i].Matches = append(groups[i].Matches, view.Match{
			Kind: h.Kind, ID: h.ID, CustomerID: h.CustomerID, Customer: h.Customer, Number: h.Number, Name: h.Name, MAC: h.MAC,
		})
	}
	return groups
}
