package api

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	guessBurst   = 20              // wrong tokens a source may send at once
	guessEvery   = 5 * time.Second // then one each so often
	guessSources = 4096            // sources remembered, about 100 bytes each
)

// guessLimit counts wrong tokens per source address, an IPv6 source being its
// /64: whoever holds one address there holds them all.
type guessLimit struct {
	now     func() time.Time
	mu      sync.Mutex
	sources map[netip.Prefix]*rate.Limiter
}

func newGuessLimit(now func() time.Time) *guessLimit {
	return &guessLimit{now: now, sources: map[netip.Prefix]*rate.Limiter{}}
}

func source(a netip.Addr) netip.Prefix {
	bits := 32
	if a.Is6() {
		bits = 64
	}
	p, _ := a.WithZone("").Prefix(bits)
	return p
}

// allowed reports whether the source may try a token now. It takes nothing: only
// failures count.
func (g *guessLimit) allowed(a netip.Addr) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	l := g.sources[source(a)]
	return l == nil || l.TokensAt(g.now()) >= 1
}

// failed counts a wrong token.
func (g *guessLimit) failed(a netip.Addr) {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := source(a)
	l := g.sources[p]
	if l == nil {
		if len(g.sources) >= guessSources {
			g.makeRoom()
		}
		l = rate.NewLimiter(rate.Every(guessEvery), guessBurst)
		g.sources[p] = l
	}
	l.AllowN(g.now(), 1)
}

// makeRoom forgets one of a few sources met at random, the one with the most
// tokens left: the cost is the same whatever the size, and who guesses hardest
// is forgotten last.
func (g *guessLimit) makeRoom() {
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
