package auth

import (
	"net/netip"
	"testing"
)

func TestX03_APhoneGuessesAFewTimesOnly(t *testing.T) {
	g, nowhere := NewGuesses(), netip.Addr{}
	for n := range guessBurst {
		if until := g.Blocked("phone", nowhere, guardNow); !until.IsZero() {
			t.Fatalf("blocked until %s after %d wrong PINs", until, n)
		}
		if g.Tell("phone", nowhere, guardNow) && n == 0 {
			t.Error("told of a phone that has done nothing")
		}
		g.Wrong("phone", nowhere, guardNow)
	}
	until := g.Blocked("phone", nowhere, guardNow)
	if until.IsZero() || g.Blocked("other", nowhere, guardNow) != g.Blocked("third", nowhere, guardNow) {
		t.Fatalf("blocked until %s", until)
	}
	if !g.Tell("phone", nowhere, guardNow) || g.Tell("phone", nowhere, guardNow) {
		t.Error("the log hears of it once")
	}
	if at := g.Blocked("phone", nowhere, until); !at.IsZero() {
		t.Fatalf("still blocked until %s", at)
	}
	g.Wrong("phone", nowhere, until)
	if g.Blocked("phone", nowhere, until).IsZero() || !g.Tell("phone", nowhere, guardNow) {
		t.Error("one try was paid back, not more, and the next block is told of")
	}
}

func TestX03_SourcesCanBeAskedWithoutATry(t *testing.T) {
	s, a := NewSources(), netip.MustParseAddr("198.51.100.1")
	for range sourceBurst {
		if until := s.Blocked(a, guardNow); !until.IsZero() {
			t.Fatalf("blocked until %s", until)
		}
		s.Take(a, guardNow)
	}
	if s.Blocked(a, guardNow).IsZero() || !s.Tell(a) || s.Tell(a) {
		t.Error("not blocked, or not told once")
	}
	if until := s.Blocked(netip.Addr{}, guardNow); !until.IsZero() {
		t.Error("a caller inside the house is no source")
	}
}
