package main

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"time"
)

// The collector's default, a run whenever the heap has doubled, suits programs that
// share a machine. Here it costs a tenth of a core's work and most of the p99 of
// pages (Q10), so garbage may pile up to four times what lives, as long as that is
// no more than spare bytes (ADR 0019).
const (
	garbageMost  = 400
	garbageLeast = 100
	garbageSpare = 640 << 20
)

// tuneCollector adapts the collector to the heap until ctx ends. Who has set GOGC
// or GOMEMLIMIT has decided otherwise.
func tuneCollector(ctx context.Context) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	spare := min(garbageSpare, memoryThere()/4)
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	percent := 0
	tick := time.NewTicker(5 * time.Second)
	defer tick.Stop()
	for {
		metrics.Read(live)
		if want := garbagePercent(live[0].Value.Uint64(), spare); want != percent {
			percent = want
			debug.SetGCPercent(percent)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// garbagePercent is how much garbage, in percent of what lives, may be there before
// it is collected.
func garbagePercent(live, spare uint64) int {
	return int(min(max(100*spare/max(live, 1), garbageLeast), garbageMost))
}

// memoryThere is what the machine or, if that is less, the container has, in bytes.
// Where neither says so, it is 4 GiB.
func memoryThere() uint64 {
	most := uint64(4 << 30)
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		if f := strings.Fields(string(text)); len(f) > 1 && f[0] == "MemTotal:" {
			if kib, err := strconv.ParseUint(f[1], 10, 64); err == nil {
				most = kib << 10
			}
		}
	}
	if text, err := os.ReadFile("/sys/fs/cgroup/memory.max"); err == nil {
		if bytes, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64); err == nil {
			most = min(most, bytes)
		}
	}
	return most
}
