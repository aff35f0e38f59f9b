package view

import (
	"context"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
)

// Matches is what a search found, by kind.
type Matches struct {
	Query       string
	Groups      []MatchGroup
	More        bool // there may be more than shown
	OneCustomer bool // whoever searches has one customer only: its name need not stand everywhere
}

// MatchGroup are the matches of one kind: customer, extension, channel or cpe.
type MatchGroup struct {
	Kind    string
	Matches []Match
}

// Match is one object that was found.
type Match struct {
	Kind, ID, CustomerID string
	Customer             string // name
	Number, Name         string
	MAC                  telephony.MAC
}

var matchIcons = map[string]string{"customer": "customers", "extension": "extension", "channel": "channel", "cpe": "device"}

func (m Match) icon() string { return matchIcons[m.Kind] }

// href is the page of the object.
func (m Match) href() string {
	switch m.Kind {
	case "extension":
		return CustomerPath(m.CustomerID, "extensions", m.ID)
	case "channel":
		return CustomerPath(m.CustomerID, "channels", m.ID)
	case "cpe":
		return CustomerPath(m.CustomerID, "cpes", m.ID)
	}
	return CustomerPath(m.ID)
}

func (m Match) domID() string { return "match-" + m.Kind + "-" + m.ID }

func (g MatchGroup) title(ctx context.Context) string {
	return text.T(ctx, map[string]string{
		"customer": "common.nav_customers", "extension": "common.tab_extensions", "channel": "common.tab_channels", "cpe": "common.tab_cpes",
	}[g.Kind])
}

func (m Matches) count() (n int) {
	for _, g := range m.Groups {
		n += len(g.Matches)
	}
	return n
}

// said is what a screen reader hears of the suggestions.
func (m Matches) said(ctx context.Context) string {
	if m.count() == 0 {
		return text.T(ctx, "search.none", "Query", m.Query)
	}
	if m.More {
		return text.T(ctx, "search.found_more", "Count", strconv.Itoa(m.count()))
	}
	return text.N(ctx, "search.found", m.count())
}

func (m Matches) href() string { return string(Place{Path: "/search"}.With("q", m.Query)) }

// piece is a part of a text: what was searched for, or not.
type piece struct {
	text string
	hit  bool
}

// pieces cuts a text where what was searched for stands: at its beginning, or at
// that of a later word.
func pieces(s, q string) []piece {
	at, n := within(s, q)
	if n == 0 {
		return []piece{{text: s}}
	}
	var out []piece
	for _, p := range []piece{{s[:at], false}, {s[at : at+n], true}, {s[at+n:], false}} {
		if p.text != "" {
			out = append(out, p)
		}
	}
	return out
}

// within finds q in s at a word's beginning, without regard to case: where, and
// how many bytes; 0 bytes = not at all.
func within(s, q string) (at, n int) {
	q = telephony.Fold(q)
	if q == "" {
		return 0, 0
	}
	start := true
	for i, r := range s {
		if start {
			if n := begins(s[i:], q); n > 0 {
				return i, n
			}
		}
		start = !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}
	return 0, 0
}

// begins is how many bytes of s are q in another case, 0 = it does not begin so.
func begins(s, q string) (n int) {
	for _, want := range q {
		r, size := utf8.DecodeRuneInString(s[n:])
		if size == 0 || unicode.ToLower(r) != want {
			return 0
		}
		n += size
	}
	return n
}

// macPieces cuts a MAC, shown in pairs, after as many digits as were searched for
// in whatever notation.
func macPieces(m telephony.MAC, q string) []piece {
	shown := m.Colon()
	digits := strings.NewReplacer(":", "", "-", "", ".", "", " ", "").Replace(strings.ToLower(q))
	if len(digits) < 3 || !strings.HasPrefix(string(m), digits) {
		return []piece{{text: shown}}
	}
	n := len(digits) + (len(digits)-1)/2
	out := []piece{{shown[:n], true}}
	if n < len(shown) {
		out = append(out, piece{text: shown[n:]})
	}
	return out
}
