package peer

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// What a source may guess.
const (
	GuessBurst   = 20              // wrong guesses at once
	GuessEvery   = 5 * time.Second // then one each so often
	guessSources = 4096            // sources remembered, about 100 bytes each
)

// Guesses counts wrong tokens, links and codes per source address (X03), an IPv6
// source being its /64: whoever holds one address there holds them all.
type Guesses struct {
	now     func() time.Time
	mu      sync.Mutex
	sources map[netip.Prefix]*rate.Limiter
}

// NewGuesses makes an empty Guesses; now is its clock.
func NewGuesses(now func() time.Time) *Guesses {
	return &Guesses{now: now, sources: map[netip.Prefix]*rate.Limiter{}}
}

func source(a netip.Addr) netip.Prefix {
	bits := 32
	if a.Is6() {
		bits = 64
	}
	p, _ := a.WithZone("").Prefix(bits)
	return p
}

// Allowed reports whether the source may guess now. It takes nothing: only
// failures count.
func (g *Guesses) Allowed(a netip.Addr) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	l := g.sources[source(a)]
	return l == nil || l.TokensAt(g.now()) >= 1
}

// Failed counts a wrong guess.
func (g *Guesses) Failed(a netip.Addr) {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := source(a)
	l := g.sources[p]
	if l == nil {
		if len(g.sources) >= guessSources {
			g.makeRoom()
		}
		l = rate.NewLimiter(rate.Every(GuessEvery), GuessBurst)
		g.sources[p] = l
	}
	l.AllowN(g.now(), 1)
}

// makeRoom forgets one of a few sources met at random, the one with the most
// tokens left: the cost is the same whatever the size, and who guesses hardest
// is forgotten last.
func (g *Guesses) makeRoom() {
	const sample = 8
	var best netip.Prefix
	most, n := -1.0, 0
	for p, l := range g.sources {
		if t := l.TokensAt(g.now()); t > most {
			best, most = p, t
		}
		if n++; n == sample {
			break
		}
	}
	delete(g.sources, best)
}
