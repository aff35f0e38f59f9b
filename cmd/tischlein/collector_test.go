package main

import "testing"

func TestQ10_GarbageIsBoundedByWhatIsSpare(t *testing.T) {
	const mib = 1 << 20
	for _, c := range []struct {
		live, spare uint64
		want        int
	}{
		{0, 640 * mib, 400}, {20 * mib, 640 * mib, 400}, {160 * mib, 640 * mib, 400}, {320 * mib, 640 * mib, 200},
		{640 * mib, 640 * mib, 100}, {8192 * mib, 640 * mib, 100}, {100 * mib, 128 * mib, 128},
	} {
		if got := garbagePercent(c.live, c.spare); got != c.want {
			t.Errorf("%d MiB alive, %d MiB spare: %d %%, want %d", c.live/mib, c.spare/mib, got, c.want)
		}
	}
	if memoryThere() < 64*mib {
		t.Errorf("this machine has %d bytes", memoryThere())
	}
}
