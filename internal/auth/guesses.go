package auth

import (
	"net/netip"
	"time"
)

// What one phone may get wrong before it must wait: a whole office mistypes at one
// in the morning, nobody needs forty tries an hour.
const (
	guessBurst = 6
	guessEvery = 90 * time.Second
)

// Guesses bounds wrong PINs per phone, and per source of phones, whatever numbers
// are tried there (X03): the lock of D20 is an extension's and does not see who goes
// from one to the next. It is apart from Sources, so that somebody without a phone,
// who shares an office's address, cannot keep its phones from logging people in.
type Guesses struct {
	phones  ledger[string]
	sources *Sources
}

// NewGuesses makes an empty Guesses.
func NewGuesses() *Guesses {
	return &Guesses{ledger[string]{buckets: map[string]bucket{}}, NewSources()}
}

func guesses(phone string) []limit[string] {
	if phone == "" {
		return nil
	}
	return []limit[string]{{phone, guessEvery, guessBurst}}
}

// Blocked reports until when no PIN is judged at the phone, zero if one is.
func (g *Guesses) Blocked(phone string, from netip.Addr, now time.Time) time.Time {
	if until := g.phones.blocked(guesses(phone), now); !until.IsZero() {
		return until
	}
	return g.sources.Blocked(from, now)
}

// Wrong counts a wrong PIN; phone is "" for one that counts for the source only.
func (g *Guesses) Wrong(phone string, from netip.Addr, now time.Time) {
	g.phones.take(guesses(phone), now)
	g.sources.Take(from, now)
}

// Tell reports whether this is the first refusal since the phone, or its source, was
// blocked.
func (g *Guesses) Tell(phone string, from netip.Addr, now time.Time) bool {
	if g.phones.blocked(guesses(phone), now).IsZero() {
		return g.sources.Tell(from)
	}
	return g.phones.tell(guesses(phone))
}
