package app

import (
	"context"
	"slices"
	"strings"

	"tischlein/internal/auth"
	"tischlein/internal/storage"
	"tischlein/internal/telephony"
)

// Hit is something that a search found.
type Hit struct {
	Kind       string // customer, extension, channel, cpe
	ID         string
	CustomerID string // of a customer its own id
	Customer   string // its name
	Number     string // customer, extension
	Name       string
	MAC        telephony.MAC // cpe
	Exact      bool          // not only the beginning of it
}

// rank puts customers before people before places before devices (U02).
var rank = map[string]int{"customer": 0, "extension": 1, "channel": 2, "cpe": 3}

// Search finds customers by name or number, extensions by number or name,
// channels by name, CPEs by MAC in any notation or name (U02): what begins with
// the text, people and places also by their last word. Exact matches come first.
// limit is 1..50, 0 = 10.
func (a *App) Search(ctx context.Context, actor auth.Actor, q string, limit int) (hits []Hit, err error) {
	if !actor.Can(auth.ScopeRead) {
		return nil, auth.Denied(auth.ScopeRead)
	}
	reach, err := reachOf(actor)
	if err != nil {
		return nil, err
	}
	if limit == 0 {
		limit = 10
	}
	if limit < 1 || limit > 50 {
		return nil, telephony.Invalidf("limit", "limit_range", "the limit must be between 1 and 50")
	}
	if len(q) > 100 {
		return nil, telephony.Invalidf("q", "text_too_long", "the search text is too long")
	}
	q = strings.Join(strings.Fields(storable(q)), " ")
	if q == "" {
		return []Hit{}, nil
	}
	var found []storage.Found
	err = a.db.View(ctx, func(tx *storage.Tx) error {
		found, err = tx.Search(reach, q, limit)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(found, func(x, y storage.Found) int {
		if x.Exact != y.Exact {
			if x.Exact {
				return -1
			}
			return 1
		}
		return rank[x.Kind] - rank[y.Kind]
	})
	hits = []Hit{}
	seen := map[string]bool{}
	for _, f := range found {
		if !seen[f.Kind+f.ID] && len(hits) < limit {
			seen[f.Kind+f.ID] = true
			hits = append(hits, Hit(f))
		}
	}
	return hits, nil
}
