package web

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	guessBurst   = 20              // wrong guesses a source may make at once
	guessEvery   = 5 * time.Second // then one each so often
	guessSources = 4096            // sources remembered
)

// guessLimit counts wrong passwords, codes and links per source, an IPv6 source
// being its /64 (X03). Per person, app counts.
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

// allowed reports whether the source may guess now. Only failures count.
func (g *guessLimit) allowed(a netip.Addr) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	l := g.sources[source(a)]
	return l == nil || l.TokensAt(g.now()) >= 1
}

// failed counts a wrong guess.
func (g *guessLimit) failed(a netip.Addr) {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := source(a)
	l := g.sources[p]
	if l == nil {
		if len(g.sources) >= guessSources {
			for old := range g.sources { // any: whoever guesses hard comes back
				delete(g.sources, old)
				break
			}
		}
		l = rate.NewLimiter(rate.Every(guessEvery), guessBurst)
		g.sources[p] = l
	}
	l.AllowN(g.now(), 1)
}
