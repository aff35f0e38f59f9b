package auth

import "time"

// What one phone may get wrong before it must wait: a whole office mistypes at one
// in the morning, nobody needs forty tries an hour.
const (
	guessBurst = 6
	guessEvery = 90 * time.Second
)

// Guesses bounds wrong PINs per phone, whatever numbers are tried there (X03): the
// lock of D20 is an extension's and does not see who goes from one to the next.
type Guesses struct{ ledger[string] }

// NewGuesses makes an empty Guesses.
func NewGuesses() *Guesses { return &Guesses{ledger[string]{buckets: map[string]bucket{}}} }

func guesses(phone string) []limit[string] { return []limit[string]{{phone, guessEvery, guessBurst}} }

// Blocked reports until when no PIN is judged at the phone, zero if one is.
func (g *Guesses) Blocked(phone string, now time.Time) time.Time {
	return g.blocked(guesses(phone), now)
}

// Wrong counts a wrong PIN.
func (g *Guesses) Wrong(phone string, now time.Time) { g.take(guesses(phone), now) }

// Tell reports whether this is the first refusal since the phone was blocked.
func (g *Guesses) Tell(phone string) bool { return g.tell(guesses(phone)) }
