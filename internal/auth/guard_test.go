package auth

import (
	"fmt"
	"net/netip"
	"testing"
	"time"
)

var guardNow = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func TestX03_EachFailureFromTheFifthOnLocksLonger(t *testing.T) {
	var g Guard
	for i, want := range []time.Duration{0, 0, 0, 0, 30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 15 * time.Minute, 15 * time.Minute} {
		g = g.Failed(guardNow)
		if got := max(0, g.LockedUntil.Sub(guardNow)); got != want && !(want == 0 && g.LockedUntil.IsZero()) {
			t.Errorf("failure %d locks for %v, want %v", i+1, got, want)
		}
	}
	for range 100 {
		g = g.Failed(guardNow)
	}
	if g.LockedUntil != guardNow.Add(15*time.Minute) || !g.Locked(guardNow) || g.Locked(g.LockedUntil) {
		t.Errorf("%+v", g)
	}
	if g = g.Failed(guardNow.Add(GuardKeeps)); g.Failures != 1 {
		t.Errorf("after a day: %+v", g)
	}
}

func TestX03_SourcesWaitAfterTheirBurst(t *testing.T) {
	for _, c := range []struct {
		name         string
		first, other string // other shares what is bounded narrowly
		neighbour    string // shares the network only
		stranger     string
	}{
		{"IPv4", "203.0.113.7", "::ffff:203.0.113.7", "203.0.113.8", "203.0.112.1"},
		{"IPv6", "2001:db8:1:1::1", "2001:db8:1:1:ffff::2", "2001:db8:1:2::1", "2001:db8:2::1"},
	} {
		s, a := NewSources(), netip.MustParseAddr(c.first)
		for i := range sourceBurst {
			if _, ok := s.Take(a, guardNow); !ok {
				t.Fatalf("%s: try %d was refused", c.name, i+1)
			}
		}
		until, ok := s.Take(netip.MustParseAddr(c.other), guardNow)
		if ok || until != guardNow.Add(sourceEvery) {
			t.Errorf("%s: %v until %v", c.name, ok, until)
		}
		if _, ok := s.Take(netip.MustParseAddr(c.neighbour), guardNow); !ok {
			t.Errorf("%s: a neighbour pays for it", c.name)
		}
		if _, ok := s.Take(a, until); !ok {
			t.Errorf("%s: refused at the promised time", c.name)
		}
		s.GiveBack(a)
		if _, ok := s.Take(a, until); !ok {
			t.Errorf("%s: what was given back is gone", c.name)
		}
	}
}

func TestX03_ANetworkOfManyAddressesIsBoundedToo(t *testing.T) {
	s, taken := NewSources(), 0
	for i := range 256 {
		if _, ok := s.Take(netip.MustParseAddr(fmt.Sprintf("203.0.113.%d", i)), guardNow); ok {
			taken++
		}
	}
	if taken != networkBurst {
		t.Errorf("%d tries from one /24", taken)
	}
	if _, ok := s.Take(netip.MustParseAddr("203.0.112.1"), guardNow); !ok {
		t.Error("another network pays for it")
	}
}

func TestX03_SourcesRememberBoundedManyAndTheHardestLongest(t *testing.T) {
	s, hard := NewSources(), netip.MustParseAddr("198.51.100.1")
	for range sourceBurst {
		s.Take(hard, guardNow)
	}
	for i := range 3 * ledgerMost {
		s.Take(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), guardNow)
	}
	if len(s.buckets) > ledgerMost {
		t.Errorf("%d sources are remembered", len(s.buckets))
	}
	if _, ok := s.Take(hard, guardNow); ok {
		t.Error("who guessed hardest was forgotten")
	}
}

func TestU09_LoginsAreComparedInOneForm(t *testing.T) {
	for in, want := range map[string]string{" Ada.Wirt@Example.COM ": "Ada.Wirt@Example.COM", "Jürgen": "Jürgen", "Ju\u0308rgen": "Jürgen", "o'neill+x": "o'neill+x"} {
		if got, err := Login("login", in); err != nil || got != want {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "ab", "a b c", "<script>", "x\x00yz", "kaputt\xff", string(make([]byte, 5000))} {
		if got, err := Login("login", in); err == nil {
			t.Errorf("%q became %q", in, got)
		}
	}
	if LoginKey("JU\u0308RGEN ") != LoginKey("jürgen") || LoginKey("a\x00b\xff") == LoginKey("ab") {
		t.Error("keys")
	}
}
