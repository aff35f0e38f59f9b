package peer

import (
	"net/netip"
	"testing"
	"time"
)

func TestX03_GuessesAreCountedPerSource(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	g := NewGuesses(func() time.Time { return now })
	a, beside := netip.MustParseAddr("198.51.100.9"), netip.MustParseAddr("198.51.100.10")
	for range GuessBurst {
		if !g.Allowed(a) {
			t.Fatal("refused too early")
		}
		g.Failed(a)
	}
	if g.Allowed(a) || !g.Allowed(beside) {
		t.Error("the burst is not the source's own")
	}
	now = now.Add(GuessEvery)
	if !g.Allowed(a) {
		t.Error("nothing is paid back")
	}
	x, y := netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("2001:db8::ffff:1")
	for range GuessBurst {
		g.Failed(x)
	}
	if g.Allowed(y) || !g.Allowed(netip.MustParseAddr("2001:db8:0:1::1")) {
		t.Error("an IPv6 source is not its /64")
	}
}

func TestX03_MemoryOfGuessersIsBounded(t *testing.T) {
	g := NewGuesses(time.Now)
	for i := range 3 * guessSources {
		g.Failed(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}))
	}
	if len(g.sources) > guessSources {
		t.Errorf("%d sources", len(g.sources))
	}
}
