package main

import (
	"runtime"
	"testing"
)

func TestQ12_OneProcessorIsShared(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, c := range []struct {
		set            string
		have, thenHave int
	}{{"", 1, 2}, {"", 3, 3}, {"1", 1, 1}} {
		t.Setenv("GOMAXPROCS", c.set)
		runtime.GOMAXPROCS(c.have)
		shareProcessor()
		if got := runtime.GOMAXPROCS(0); got != c.thenHave {
			t.Errorf("GOMAXPROCS=%q and %d processors: %d goroutines at once, not %d", c.set, c.have, got, c.thenHave)
		}
	}
}
