package auth

import "time"

// How wrong passwords and codes slow the next try at the same account (X03).
const (
	guardFree  = 5 // failures that cost nothing but themselves
	guardFirst = 30 * time.Second
	guardMost  = 15 * time.Minute

	// GuardKeeps is how long failures count without a new one.
	GuardKeeps = 24 * time.Hour
)

// Guard counts the failures at one account, or at one login that nobody has.
type Guard struct {
	Failures    int
	Last        time.Time
	LockedUntil time.Time
}

// Locked reports whether a try is refused unseen.
func (g Guard) Locked(now time.Time) bool { return now.Before(g.LockedUntil) }

// Failed counts one more failure. From the fifth on each one locks, twice as
// long each time up to a quarter of an hour; after a day without any it begins
// anew.
func (g Guard) Failed(now time.Time) Guard {
	if now.Sub(g.Last) >= GuardKeeps {
		g = Guard{}
	}
	g.Failures++
	g.Last = now
	if over := g.Failures - guardFree; over >= 0 {
		wait := guardMost
		if over < 10 {
			wait = min(guardFirst<<over, guardMost)
		}
		g.LockedUntil = now.Add(wait)
	}
	return g
}
